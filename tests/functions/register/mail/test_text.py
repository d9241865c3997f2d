# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each mail says what it must, in words that people know, and to whom it may."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from email.message import EmailMessage

import pytest

from register.domain import snapshot as details
from register.domain.model import Kind, Message, Method, State
from register.domain.notifications import method_of
from register.mail.compose import compose
from register.mail.text import MailSettings, environment
from schedule import contract
from schedule.model import LANGUAGES, Format, Language, Localized, Status
from tests.calendars import SITE, cancelled, revised, session
from tests.conftest import ROOT, BuiltSite
from tests.functions.register.letters_wanted import CONFIRMACION, CONFIRMATION, OPENINGS
from tests.functions.register.mails import (
    ALL,
    JOIN,
    MANAGE,
    MOVED,
    NAME,
    about,
    everything_in,
    html_of,
    mail_settings,
    message,
    of,
    parsed,
    received,
    text_of,
    told,
    words_of,
)

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
CONFIRMED, WAITLISTED = State.CONFIRMED, State.WAITLISTED
JOINING = {Kind.CONFIRMATION, Kind.PROMOTION, Kind.CHANGE, Kind.REMINDER}
EVERY = pytest.mark.parametrize(
    ("kind", "state", "language"), [(*one, language) for one in ALL for language in LANGUAGES]
)


def opening(mail: EmailMessage) -> list[str]:
    """Return the subject and what stands between the greeting and the session's title."""
    blocks = text_of(mail).split("\n\n")
    title = next(
        place for place, block in enumerate(blocks) if block in {"MSIX overview", "Panorama de MSIX"}
    )
    return [mail["Subject"], *blocks[1:title]]


def links(mail: EmailMessage) -> set[str]:
    """Return the addresses that the HTML links to and those that the text holds."""
    linked = {html.unescape(one) for one in re.findall(r'href="([^"]*)"', html_of(mail))}
    return linked | set(re.findall(r"[a-z]+://\S+", text_of(mail)))


# What it says


@pytest.mark.parametrize(("language", "expected"), [(ENGLISH, CONFIRMATION), (SPANISH, CONFIRMACION)])
def test_a_confirmation_says_all_that_one_needs(language: Language, expected: str) -> None:
    assert text_of(of(Kind.CONFIRMATION, CONFIRMED, language)) == expected


@EVERY
def test_a_mail_says_first_what_it_is_about(kind: Kind, state: State, language: Language) -> None:
    assert opening(of(kind, state, language)) == OPENINGS[kind, state, language]


@EVERY
def test_both_parts_say_the_same(kind: Kind, state: State, language: Language) -> None:
    mail = of(kind, state, language)
    assert words_of(html_of(mail)) == words_of(text_of(mail))


@EVERY
def test_the_parts_are_in_the_persons_language(kind: Kind, state: State, language: Language) -> None:
    mail = of(kind, state, language)
    assert mail["Content-Language"] == language.value
    assert re.findall(r'<(html|div) lang="(\w+)"', html_of(mail)) == [
        ("html", language.value),
        ("div", language.value),
    ]


@EVERY
def test_a_mail_names_title_time_zone_place_trainers_and_whom_to_call(
    kind: Kind, state: State, language: Language
) -> None:
    said = text_of(of(kind, state, language))
    words = details.read(told(about(kind))).words[language]
    wanted = [words.title, words.day, words.time, words.duration, words.language, NAME, "(800) 342-2964"]
    assert [one for one in [*wanted, "(530) 666-1977", "(530) 555-0100"] if one not in said] == []


def test_a_text_in_another_language_is_marked_as_such() -> None:
    training = replace(session().training, title=Localized("MSIX overview"))
    one = session(training=training, note=Localized("Join early."))
    markup = html_of(received(message(language=SPANISH, about=one)))
    assert re.findall(r"<\w+ lang=\"en\"[^>]*>([^<]*)", markup) == ["MSIX overview", "Join early."]


def test_a_sample_schedule_is_called_one() -> None:
    mail = parsed(compose(message(), mail_settings(sample=True)).content)
    assert text_of(mail).startswith("Sample schedule: these dates are examples.\n\nHello")
    assert words_of(html_of(mail)) == words_of(text_of(mail))


def test_without_an_address_for_answers_nobody_is_asked_to_reply() -> None:
    mail = parsed(compose(message(), mail_settings(reply_to=False)).content)
    assert mail["Reply-To"] is None
    assert "\nCall us.\n" in text_of(mail)


def test_a_session_in_a_place_names_it_and_promises_no_link() -> None:
    there = session(format=Format.IN_PERSON, location=Localized("Room 5, Woodland", "Sala 5, Woodland"))
    said = text_of(received(message(about=there, join_url=None)))
    assert "Where: Room 5, Woodland\n" in said
    assert "link to join" not in said


@pytest.mark.parametrize("kind", sorted(JOINING))
def test_a_link_that_is_not_there_yet_is_promised_to_who_has_a_seat(kind: Kind) -> None:
    said = text_of(of(kind, CONFIRMED, join_url=None))
    assert "We send you the link to join before the session." in said


def test_a_change_names_every_fact_that_is_another() -> None:
    there = revised(
        session(),
        format=Format.IN_PERSON,
        location=Localized("Room 5", "Sala 5"),
        language=ENGLISH,
        trainers=session().trainers[:1],
    )
    mail = received(message(Kind.CHANGE, CONFIRMED, about=there, join_url=None))
    assert opening(mail)[3:] == [
        "Where\nbefore: Online\nnow: Room 5",
        "Held in\nbefore: Spanish\nnow: English",
        "With\nbefore: Yecenia Ocampo and Uriel Ramírez Torres\nnow: Yecenia Ocampo",
    ]


def test_a_change_of_the_link_alone_is_said_in_words() -> None:
    mail = received(message(Kind.CHANGE, CONFIRMED))
    assert opening(mail)[2:] == [
        "You still have your seat.",
        "There is a new link to join. The earlier one may no longer work.",
    ]


def test_a_link_that_was_taken_away_is_said_to_be_dead() -> None:
    mail = received(message(Kind.CHANGE, CONFIRMED, join_url=None))
    assert opening(mail)[2:] == ["You still have your seat.", "The earlier link to join no longer works."]


@pytest.mark.parametrize("state", [CONFIRMED, WAITLISTED])
def test_a_session_that_takes_place_after_all_is_said_to_do_so(state: State) -> None:
    again = message(Kind.CHANGE, state, about=MOVED, before_snapshot_json=told(cancelled(session())))
    said = opening(received(again))
    assert said[:3] == [
        "Takes place after all (Fri, Dec 4): MSIX overview",
        "This session takes place after all",
        "We had cancelled this session. It takes place after all, as described here.",
    ]
    assert said[4].startswith("When\nbefore: Thursday, December 3, 2026")


def test_a_cancelled_session_is_cancelled_whatever_else_has_changed() -> None:
    gone = message(
        Kind.SESSION_CANCELLATION, CONFIRMED, about=cancelled(MOVED), before_snapshot_json=told(session())
    )
    assert opening(received(gone))[1:] == OPENINGS[Kind.SESSION_CANCELLATION, CONFIRMED, ENGLISH][1:]


def test_who_asks_again_for_the_mail_of_a_cancelled_session_learns_that_it_is_cancelled() -> None:
    off = cancelled(session())
    for kind in (Kind.CONFIRMATION, Kind.REMINDER, Kind.PROMOTION, Kind.CHANGE):
        mail = received(message(kind, CONFIRMED, about=off))
        assert opening(mail) == OPENINGS[Kind.SESSION_CANCELLATION, CONFIRMED, ENGLISH]
        assert JOIN not in everything_in(mail)
        assert message(kind, CONFIRMED, about=off).method is Method.CANCEL
    waits = message(Kind.WAITING_LIST, WAITLISTED, about=off)
    assert opening(received(waits)) == OPENINGS[Kind.SESSION_CANCELLATION, WAITLISTED, ENGLISH]
    assert waits.method is None


# To whom it may be said


@EVERY
def test_the_link_to_join_is_told_to_who_has_a_seat_and_to_nobody_else(
    kind: Kind, state: State, language: Language
) -> None:
    may = state is CONFIRMED and kind in JOINING
    assert (JOIN in everything_in(of(kind, state, language))) is may


@EVERY
def test_the_personal_link_stands_in_the_letter_and_never_in_the_calendar(
    kind: Kind, state: State, language: Language
) -> None:
    mail = of(kind, state, language)
    ended = kind in {Kind.CANCELLATION, Kind.SESSION_CANCELLATION}
    assert (MANAGE in text_of(mail)) is (f'href="{MANAGE}"' in html_of(mail)) is not ended
    attached = [
        part.get_payload(decode=True) for part in mail.walk() if "calendar" in part.get_content_type()
    ]
    attached += [part.get_payload(decode=True) for part in mail.iter_attachments()]
    assert not [one for one in attached if b"manage" in one.replace(b"\r\n ", b"")]


@EVERY
def test_all_links_lead_to_the_site_to_a_telephone_or_to_the_session(
    kind: Kind, state: State, language: Language
) -> None:
    mail = of(kind, state, language)
    assert {one for one in links(mail) if not one.startswith((f"{SITE}/", "tel:+"))} <= {JOIN}
    home = f"{SITE}/" if language is ENGLISH else f"{SITE}/es/"
    assert {home, f"{home}privacy/"} <= links(mail)


def test_after_a_cancellation_the_way_back_is_shown() -> None:
    assert f"{SITE}/schedule/2026-12-03-overview/" in links(of(Kind.CANCELLATION, CONFIRMED))
    assert f"{SITE}/es/schedule/2026-12-03-overview/" in links(of(Kind.CANCELLATION, WAITLISTED, SPANISH))
    assert f"{SITE}/es/trainings/overview/" in links(of(Kind.SESSION_CANCELLATION, WAITLISTED, SPANISH))


def test_a_waiting_list_mail_names_no_place_in_the_line() -> None:
    said = text_of(of(Kind.WAITING_LIST, WAITLISTED))
    assert "Your personal page shows your place in line." in said
    assert not re.search(r"number \d|place \d|\d+(st|nd|rd|th)\b", said)


@EVERY
def test_the_html_fetches_nothing_and_styles_itself(kind: Kind, state: State, language: Language) -> None:
    markup = html_of(of(kind, state, language))
    assert re.findall(r"(?i)<(?:img|style|link|script|iframe|table)|src=|url\(|@import", markup) == []


# The real site


def test_every_session_of_the_site_makes_every_mail(site: BuiltSite) -> None:
    data = json.loads((site.private / "schedule.json").read_text())
    real = MailSettings(
        **{
            **{
                name: getattr(mail_settings(), name)
                for name in ("sender", "reply_to", "site_url", "manage_url")
            },
            "site": json.loads((site.private / "site.json").read_text()),
            "templates": environment(ROOT / "theme"),
        }
    )
    whole = contract.from_json(data)
    for one in whole.schedule.sessions:
        stored = details.write(whole, one.id)
        for kind, state in ALL:
            for language in LANGUAGES:
                sent: Message = message(
                    kind,
                    state,
                    language,
                    snapshot_json=stored,
                    before_snapshot_json=stored,
                    method=method_of(kind, state, one.status),
                )
                mail = parsed(compose(sent, real).content)
                assert words_of(html_of(mail)) == words_of(text_of(mail)), (one.id, kind, language)
                if one.status is Status.CANCELLED:
                    assert JOIN not in everything_in(mail)
