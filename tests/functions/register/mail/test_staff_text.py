# SPDX-License-Identifier: AGPL-3.0-or-later
"""Emails to staff, whole, in both languages; and whatever people typed stays words."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from register.domain.model import Kind
from register.domain.staff_news import StaffNews
from register.mail.compose import compose
from schedule.model import LANGUAGES, Language
from tests.support.emails import composed, html_of, mail_settings, message, text_of, words_of
from tests.support.staff_emails import (
    EXPECTED,
    NEWS,
    OFFICE,
    TRAINER,
    about,
    email_saying,
    somebody,
    staff_email,
    to_staff,
)

EVERY = pytest.mark.parametrize(
    ("name", "language"), [(name, language) for name in NEWS for language in LANGUAGES]
)


@EVERY
def test_an_email_to_staff_says_this(name: str, language: Language) -> None:
    email = staff_email(name, language)

    assert (email["Subject"], text_of(email)) == EXPECTED[name, language]


@EVERY
def test_both_parts_say_the_same_in_the_language_of_whoever_reads_it(name: str, language: Language) -> None:
    email = staff_email(name, language)

    assert words_of(html_of(email)) == words_of(text_of(email))
    assert re.findall(r'<(html|div) lang="(\w+)"', html_of(email)) == [
        ("html", language.value),
        ("div", language.value),
    ]
    assert email["Content-Language"] == language.value


@EVERY
def test_all_links_lead_to_the_site_and_hold_nothing_of_a_person(name: str, language: Language) -> None:
    email = staff_email(name, language)

    urls = {html.unescape(url) for url in re.findall(r'href="([^"]*)"', html_of(email))}
    assert {url for url in urls if not url.startswith("https://trainings.example.org/")} == set()
    assert set(re.findall(r"https?://\S+", text_of(email))) == urls
    assert [url for url in urls if "ana" in url.casefold() or "@" in url] == []


def test_every_kind_to_staff_is_among_these() -> None:
    assert {kind for kind, _ in NEWS.values()} == {kind for kind in Kind if kind.for_staff}


def test_an_email_to_staff_has_no_invitation_and_the_headers_of_all_emails() -> None:
    email = staff_email("roster")

    assert [part.get_content_type() for part in email.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert email["To"] == "office@example.org"
    assert email["Auto-Submitted"] == "auto-generated"


def test_two_of_staff_get_emails_of_their_own() -> None:
    settings = replace(mail_settings(), staff_news=lambda _: StaffNews(stuck=1))
    first, second = (
        compose(to_staff(Kind.STAFF_PROBLEMS, email=member.email), settings) for member in (OFFICE, TRAINER)
    )

    assert first.name != second.name
    assert b"Message-ID" in first.content
    assert re.findall(rb"Message-ID: (.*)", first.content) != re.findall(rb"Message-ID: (.*)", second.content)


HOSTILE = "<b>Eve</b>\r\n\r\nBcc: eve@evil.example\u2028=1+1\t{{ 7*7 }} %(count)s <a href='https://evil.example'>x</a>"


def test_what_people_typed_is_shown_on_one_line_as_it_is() -> None:
    person = somebody(HOSTILE, organization='=HYPERLINK("https://evil.example")', needs=HOSTILE)
    email = email_saying(Kind.STAFF_NEEDS, StaffNews((about(asks=(person,)),)))

    shown = "<b>Eve</b> Bcc: eve@evil.example =1+1 {{ 7*7 }} %(count)s <a href='https://evil.example'>x</a>"
    formula = '=HYPERLINK("https://evil.example")'
    assert f"Who asks\n- {shown}, {formula}, x@example.net\n  Needs: {shown}\n" in text_of(email)
    markup = html_of(email)
    assert html.escape(shown).replace("&#x27;", "&#39;") in markup.replace("&#34;", "&quot;")
    assert [url for url in re.findall(r'href="([^"]*)"', markup) if "evil" in url] == []
    assert "Bcc" not in email


def test_the_same_person_as_staff_and_participant_has_two_threads() -> None:
    to_them = to_staff(Kind.STAFF_DAILY, email="maria@example.net")
    assert to_them.key.email_hash != message().key.email_hash
    assert composed(message()).recipient == to_them.email
