# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write reaches people as they wrote it, as plain words, and does nothing else."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.domain.model import Kind, State
from schedule.model import Language, Status
from tests.support.emails import calendar_of, html_of, message, received, text_of, words_of
from tests.support.expected_emails import CONFIRMACION, CONFIRMATION
from tests.support.schedules import cancelled, session

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH


def announced(subject: str, body: str, language: Language = ENGLISH, **changes: object) -> EmailMessage:
    """Return the email of something that staff have written."""
    return received(message(Kind.ANNOUNCEMENT, language=language, subject=subject, body=body, **changes))


BODY = "Please bring a laptop.\r\nWe have none.\r\n\r\nSee https://msix.ed.gov/login."


@pytest.mark.parametrize(
    ("language", "whole", "opening"),
    [
        (
            ENGLISH,
            CONFIRMATION,
            (
                "Hello María Núñez,\n\nBring a laptop\n\nA message from the training team about MSIX overview, Thursday, "
                "December 3, 2026, 10:00 to 11:30 a.m. Pacific time:\n\nPlease bring a laptop.\nWe have none.\n\n"
                "See https://msix.ed.gov/login.\n\nMSIX overview\n"
            ),
        ),
        (
            SPANISH,
            CONFIRMACION,
            (
                "Hola, María Núñez:\n\nBring a laptop\n\nMensaje del equipo de capacitación sobre Panorama de MSIX, "
                "jueves, 3 de diciembre de 2026, de 10:00 a 11:30 a. m., hora del Pacífico:\n\n"
                "Please bring a laptop.\nWe have none.\n\nSee https://msix.ed.gov/login.\n\nPanorama de MSIX\n"
            ),
        ),
    ],
)
def test_what_staff_write_stands_above_what_all_emails_say(
    language: Language, whole: str, opening: str
) -> None:
    title = "MSIX overview\n" if language is ENGLISH else "Panorama de MSIX\n"
    rest = whole.partition(f"\n{title}\n")[2].replace(
        " If you only decline the invitation in your calendar, we won’t know.", ""
    )
    rest = rest.replace(" Si solo rechaza la invitación en su calendario, no nos enteramos.", "")

    email = announced("Bring a laptop", BODY, language)

    assert text_of(email) == f"{opening}\n{rest}"
    assert words_of(html_of(email)) == words_of(text_of(email))
    assert calendar_of(email) is None


def test_paragraphs_breaks_and_links_are_kept_as_html() -> None:
    markup = html_of(announced("Bring a laptop", BODY))

    assert '<p style="margin:0 0 12px">Please bring a laptop.<br>\nWe have none.</p>' in markup
    assert (
        '<p style="margin:0 0 12px">See <a href="https://msix.ed.gov/login">https://msix.ed.gov/login</a>.</p>'
        in markup
    )


def test_html_and_other_links_in_it_are_shown_as_text() -> None:
    body = (
        "<script>alert(1)</script> <a href='javascript:alert(1)'>x</a>\n\njavascript:alert(1) data:text/html,x"
        "\n\n{{ 7*7 }} {% raw %} %(title)s\n\n-- \n\n=HYPERLINK(1)"
    )
    email = announced("<b>Bold</b> {{ 7*7 }}", body)
    markup = html_of(email)

    assert email["Subject"] == "<b>Bold</b> {{ 7*7 }} (Thu, Dec 3): MSIX overview"
    assert "\n\n<script>alert(1)</script> <a href='javascript:alert(1)'>x</a>\n\n" in text_of(email)
    assert "\n\n{{ 7*7 }} {% raw %} %(title)s\n\n--\n\n=HYPERLINK(1)\n\n" in text_of(email)
    assert re.findall(r"<(?:script|b>Bold)", markup) == []
    assert [url for url in re.findall(r'href="([^"]*)"', markup) if not re.match(r"https:|tel:", url)] == []
    assert html.escape("<script>alert(1)</script>") in markup


@pytest.mark.parametrize(
    "subject",
    [
        "Bring it\r\nBcc: eve@evil.example",
        "=?utf-8?q?A=0D=0ABcc:_eve@evil.example?=",
        "Bring it\n\nA message from nobody",
        "Bring\x00 it\u2028now",
        "\u202etxt.exe",
        "Ñ" * 200,
        "x" * 900,
    ],
)
def test_a_subject_stays_one_header(subject: str) -> None:
    email = announced(subject, "Text")

    shown = " ".join(re.sub(r"[\x00-\x1f\u2028]", " ", subject).split())
    assert " ".join(str(email["Subject"]).split()) == f"{shown} (Thu, Dec 3): MSIX overview"
    assert email.get_all("Bcc") is None
    assert f"Hello María Núñez,\n\n{shown}\n\nA message from " in text_of(email)
    assert len(email.get_all("Subject") or []) == 1


@given(subject=st.text(max_size=80), body=st.text(max_size=200))
@settings(max_examples=60, deadline=None)
def test_whatever_staff_write_makes_one_email_with_our_headers_and_no_markup(subject: str, body: str) -> None:
    email = announced(subject, body)  # which reads its own bytes back

    plain = announced("Subject", "Text")
    assert email.keys() == plain.keys()
    tags = set(re.findall(r"<[a-z!/][^>]*>", html_of(email)))
    extra = {tag for tag in tags - set(re.findall(r"<[a-z!/][^>]*>", html_of(plain))) if tag != "<br>"}
    assert {tag for tag in extra if not re.match(r'<a href="https?://|</a>', tag, re.IGNORECASE)} == set()
    assert words_of(html_of(email)) == words_of(html.escape(text_of(email), quote=False))


def test_very_long_words_and_letters_from_right_to_left_stay_whole() -> None:
    body = f"{'w' * 5000}\n\nمرحبا \u202eabc\n\nhttps://msix.ed.gov/{'p' * 3000}"
    email = announced("Long", body)

    assert f"\n\n{body}\n\n" in text_of(email)
    assert "overflow-wrap:anywhere" in html_of(email)
    assert max(map(len, email.as_bytes().splitlines())) <= 998  # RFC 5322 §2.1.1


@pytest.mark.parametrize("language", [ENGLISH, SPANISH])
def test_about_a_canceled_session_staff_are_read_nevertheless(language: Language) -> None:
    off = cancelled(session())
    assert off.status is Status.CANCELLED
    email = announced("About yesterday", "We are sorry.", language, about=off)

    text = text_of(email)
    assert "\n\nWe are sorry.\n\n" in text
    assert "https://trainings.example.org/register/manage" in text
    assert ("Other dates of this training" in text) is (language is ENGLISH)
    assert "https://meet.example.net" not in text
    assert "<s>" in html_of(email)


def test_people_who_wait_read_it_with_their_place_in_line() -> None:
    email = received(replace(message(Kind.ANNOUNCEMENT, State.WAITLISTED), join_url=None))

    assert "Your place in line" in text_of(email)
    assert "Join the session" not in text_of(email)
