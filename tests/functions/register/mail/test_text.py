# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each email says what it must, in words that people know, and only to people who may know it."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from register.domain import snapshot
from register.domain.messages import Message
from register.domain.model import ChangedBy, Kind, State
from register.domain.notifications import method_of
from register.domain.snapshot import Snapshot
from register.mail.compose import compose
from schedule import contract
from schedule.model import LANGUAGES, Format, Language, Localized, Note, Session, Status
from tests.support.built_site import BuiltSite
from tests.support.constants import SITE_URL
from tests.support.emails import (
    FEED,
    JOIN,
    KINDS_AND_STATES,
    MANAGE,
    MINE,
    MOVED,
    NAME,
    about,
    email_for,
    everything_in,
    html_of,
    mail_settings,
    message,
    parsed,
    received,
    snapshot_json,
    text_of,
    words_of,
)
from tests.support.expected_emails import (
    CONFIRMACION,
    CONFIRMATION,
    LINE_CLOSED,
    LINE_CLOSES_THE_EVENING_BEFORE,
    OPENINGS,
    STAFF_SIGNED_UP,
    WHO_CANCELED,
)
from tests.support.schedules import all_day, cancelled, noted, revised, session, timed

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
CONFIRMED, WAITLISTED = State.CONFIRMED, State.WAITLISTED
JOINING = {
    Kind.CONFIRMATION,
    Kind.PROMOTION,
    Kind.CHANGE,
    Kind.LINK,
    Kind.REMINDER,
    Kind.CORRECTION,
    Kind.ANNOUNCEMENT,
}
ENDED = {Kind.CANCELLATION, Kind.SESSION_CANCELLATION, Kind.ADDRESS_CHANGED}
EVERY = pytest.mark.parametrize(
    ("kind", "state", "language"), [(*each, language) for each in KINDS_AND_STATES for language in LANGUAGES]
)


def opening(email: EmailMessage) -> list[str]:
    """Return the subject and what stands between the greeting and the session's title."""
    blocks = text_of(email).split("\n\n")
    title = next(
        place for place, block in enumerate(blocks) if block in {"MSIX overview", "Panorama de MSIX"}
    )
    return [email["Subject"], *blocks[1:title]]


def links(email: EmailMessage) -> set[str]:
    """Return the URLs that the HTML links to and those that the text holds."""
    linked = {html.unescape(url) for url in re.findall(r'href="([^"]*)"', html_of(email))}
    return linked | set(re.findall(r"[a-z]+://\S+", text_of(email)))


# What it says


@pytest.mark.parametrize(("language", "expected"), [(ENGLISH, CONFIRMATION), (SPANISH, CONFIRMACION)])
def test_a_confirmation_says_all_that_a_person_needs(language: Language, expected: str) -> None:
    assert text_of(email_for(Kind.CONFIRMATION, CONFIRMED, language)) == expected


@EVERY
def test_an_email_says_first_what_it_is_about(kind: Kind, state: State, language: Language) -> None:
    assert opening(email_for(kind, state, language)) == OPENINGS[kind, state, language]


@EVERY
def test_both_parts_say_the_same(kind: Kind, state: State, language: Language) -> None:
    email = email_for(kind, state, language)
    assert words_of(html_of(email)) == words_of(text_of(email))


@EVERY
def test_the_parts_are_in_the_persons_language(kind: Kind, state: State, language: Language) -> None:
    email = email_for(kind, state, language)
    assert email["Content-Language"] == language.value
    assert re.findall(r'<(html|div) lang="(\w+)"', html_of(email)) == [
        ("html", language.value),
        ("div", language.value),
    ]


@EVERY
def test_an_email_names_title_time_zone_place_trainers_and_whom_to_call(
    kind: Kind, state: State, language: Language
) -> None:
    text = text_of(email_for(kind, state, language))
    words = snapshot.read(snapshot_json(about(kind))).words[language]
    wanted = [words.title, words.day, words.time, words.duration, words.language, "(800) 342-2964"]
    wanted += [NAME] if kind is not Kind.ADDRESS_CHANGED else []
    assert [fact for fact in [*wanted, "(530) 666-1977", "(530) 555-0100"] if fact not in text] == []


def test_a_text_in_another_language_is_marked_as_such() -> None:
    training = replace(session().training, title=Localized("MSIX overview"))
    english = session(training=training, note=noted("Join early."))
    markup = html_of(received(message(language=SPANISH, about=english)))
    assert re.findall(r"<\w+ lang=\"en\"[^>]*>(?:<p>)?([^<]*)", markup) == ["MSIX overview", "Join early."]


def test_nothing_but_the_note_goes_into_the_html_unescaped() -> None:
    marks = "<b>&amp;</b>"
    about = session(
        training=replace(session().training, title=Localized(marks)),
        format=Format.IN_PERSON,
        location=Localized(marks),
        note=Localized(Note(f"<p>{marks}</p>", "and")),
    )
    markup = html_of(
        received(message(name=marks, about=about, join_url=f"https://meet.example.net/?{marks}"))
    )
    assert f'<div style="margin:0 0 12px"><p>{marks}</p></div>' in markup
    assert markup.count(marks) == 1


def test_a_sample_schedule_is_called_one() -> None:
    email = parsed(compose(message(), mail_settings(sample=True)).content)
    assert text_of(email).startswith("Sample site: example dates and details.\n\nHello")
    assert words_of(html_of(email)) == words_of(text_of(email))


def test_without_a_reply_to_nobody_is_asked_to_reply() -> None:
    email = parsed(compose(message(), mail_settings(reply_to=False)).content)
    assert email["Reply-To"] is None
    assert "\nCall us.\n" in text_of(email)


def test_a_session_in_a_place_names_it_and_promises_no_link() -> None:
    there = session(format=Format.IN_PERSON, location=Localized("Room 5, Woodland", "Sala 5, Woodland"))
    text = text_of(received(message(about=there, join_url=None)))
    assert "Where: Room 5, Woodland\n" in text
    assert "link to join" not in text


@pytest.mark.parametrize("kind", sorted(JOINING))
def test_a_link_that_is_not_there_yet_is_promised_to_people_with_a_seat(kind: Kind) -> None:
    text = text_of(email_for(kind, CONFIRMED, join_url=None))
    assert "We’ll send you the link to join before the session." in text


def test_a_change_names_every_fact_that_has_changed() -> None:
    there = revised(
        session(),
        format=Format.IN_PERSON,
        location=Localized("Room 5", "Sala 5"),
        language=ENGLISH,
        trainers=session().trainers[:1],
    )
    email = received(message(Kind.CHANGE, CONFIRMED, about=there, join_url=None))
    assert opening(email)[3:] == [
        "Where\nbefore: Online\nnow: Room 5",
        "Language\nbefore: Spanish\nnow: English",
        "Trainer\nbefore: Yecenia Ocampo and Uriel Ramírez Torres\nnow: Yecenia Ocampo",
    ]


def test_a_change_of_the_link_alone_is_said_in_words() -> None:
    email = received(message(Kind.CHANGE, CONFIRMED))
    assert opening(email)[2:] == [
        "You still have your seat.",
        "There is a new link to join. The earlier one may no longer work.",
    ]


def test_a_link_that_was_taken_away_is_said_to_be_dead() -> None:
    email = received(message(Kind.CHANGE, CONFIRMED, join_url=None))
    assert opening(email)[2:] == ["You still have your seat.", "The earlier link to join no longer works."]


@pytest.mark.parametrize(("by", "state", "language"), WHO_CANCELED)
def test_a_cancellation_says_by_whom_and_thanks_the_person_alone(
    by: ChangedBy, state: State, language: Language
) -> None:
    email = email_for(Kind.CANCELLATION, state, language, changed_by=by)
    assert opening(email)[2:] == [WHO_CANCELED[by, state, language]]
    assert words_of(html_of(email)) == words_of(text_of(email))
    assert ("Thank you" in text_of(email) or "Gracias" in text_of(email)) is (by is ChangedBy.PERSON)


@pytest.mark.parametrize(("kind", "state", "language"), STAFF_SIGNED_UP)
def test_people_whom_staff_sign_up_are_told_so(kind: Kind, state: State, language: Language) -> None:
    email = email_for(kind, state, language, changed_by=ChangedBy.STAFF)
    usual = OPENINGS[kind, state, language]
    assert opening(email) == [*usual[:2], f"{STAFF_SIGNED_UP[kind, state, language]} {usual[2]}", *usual[3:]]


@pytest.mark.parametrize(("language", "closed"), LINE_CLOSED.items())
@pytest.mark.parametrize("kind", [Kind.WAITING_LIST, Kind.REMINDER])
def test_people_who_wait_are_not_told_to_hope_for_a_seat_once_the_line_is_closed(
    kind: Kind, language: Language, closed: str
) -> None:
    closes = session().period.start - timedelta(hours=1)
    place = OPENINGS[kind, WAITLISTED, language][2:3] if kind is Kind.REMINDER else []

    just_before = email_for(kind, WAITLISTED, language, recorded=closes - timedelta(microseconds=1))
    email = email_for(kind, WAITLISTED, language, recorded=closes)

    assert opening(just_before) == OPENINGS[kind, WAITLISTED, language]
    assert opening(email)[2:] == [*place, closed]
    assert words_of(html_of(email)) == words_of(text_of(email))


@pytest.mark.parametrize("state", [CONFIRMED, WAITLISTED])
def test_a_session_that_takes_place_after_all_is_said_to_do_so(state: State) -> None:
    again = message(Kind.CHANGE, state, about=MOVED, before_snapshot_json=snapshot_json(cancelled(session())))
    told = opening(received(again))
    assert told[:3] == [
        "Back on (Fri, Dec 4): MSIX overview",
        "This session is back on",
        "We had canceled this session, but it will take place after all. Here are the details.",
    ]
    assert told[4].startswith("When\nbefore: Thursday, December 3, 2026")


def test_a_canceled_session_is_canceled_whatever_else_has_changed() -> None:
    gone = message(
        Kind.SESSION_CANCELLATION,
        CONFIRMED,
        about=cancelled(MOVED),
        before_snapshot_json=snapshot_json(session()),
    )
    assert opening(received(gone))[1:] == OPENINGS[Kind.SESSION_CANCELLATION, CONFIRMED, ENGLISH][1:]


def test_people_who_ask_again_for_the_email_of_a_canceled_session_learn_that_it_is_canceled() -> None:
    off = cancelled(session())
    for kind in sorted(JOINING - {Kind.ANNOUNCEMENT}):
        email = received(message(kind, CONFIRMED, about=off))
        assert opening(email) == OPENINGS[Kind.SESSION_CANCELLATION, CONFIRMED, ENGLISH]
        assert JOIN not in everything_in(email)
    waits = message(Kind.WAITING_LIST, WAITLISTED, about=off)
    assert opening(received(waits)) == OPENINGS[Kind.SESSION_CANCELLATION, WAITLISTED, ENGLISH]


# To whom it may be said


@EVERY
def test_the_link_to_join_is_told_to_people_with_a_seat_and_to_nobody_else(
    kind: Kind, state: State, language: Language
) -> None:
    may = state is CONFIRMED and kind in JOINING
    assert (JOIN in everything_in(email_for(kind, state, language))) is may


@EVERY
def test_the_personal_links_stand_in_the_text_and_never_in_the_calendar(
    kind: Kind, state: State, language: Language
) -> None:
    email = email_for(kind, state, language)
    ended = kind in ENDED
    for link in (MANAGE, MINE, FEED):
        assert (link in text_of(email)) is (f'href="{link}"' in html_of(email)) is not ended
    attached = [
        part.get_payload(decode=True) for part in email.walk() if "calendar" in part.get_content_type()
    ]
    attached += [part.get_payload(decode=True) for part in email.iter_attachments()]
    unfolded = [part.replace(b"\r\n ", b"") for part in attached]
    assert not [part for part in unfolded if b"/register/" in part]


@EVERY
def test_all_links_lead_to_the_site_to_a_telephone_or_to_the_session(
    kind: Kind, state: State, language: Language
) -> None:
    email = email_for(kind, state, language)
    assert {url for url in links(email) if not url.startswith((f"{SITE_URL}/", "tel:+"))} <= {JOIN}
    home = f"{SITE_URL}/" if language is ENGLISH else f"{SITE_URL}/es/"
    assert {home, f"{home}privacy/"} <= links(email)


def test_after_a_cancellation_the_way_back_is_shown() -> None:
    assert f"{SITE_URL}/schedule/2026-12-03-overview/" in links(email_for(Kind.CANCELLATION, CONFIRMED))
    assert f"{SITE_URL}/es/schedule/2026-12-03-overview/" in links(
        email_for(Kind.CANCELLATION, WAITLISTED, SPANISH)
    )
    assert f"{SITE_URL}/es/trainings/overview/" in links(
        email_for(Kind.SESSION_CANCELLATION, WAITLISTED, SPANISH)
    )


def test_a_waiting_list_email_names_no_place_in_the_line() -> None:
    text = text_of(email_for(Kind.WAITING_LIST, WAITLISTED))
    assert "Your personal page shows your place in line." in text
    assert not re.search(r"number \d|place \d|\d+(st|nd|rd|th)\b", text)


OTHERS = (
    revised(session(), id="2026-12-10-overview", period=timed("2026-12-10 13:00", "2026-12-10 14:30")),
    revised(
        session(),
        id="2026-12-17-overview",
        period=timed("2026-12-17 10:00", "2026-12-17 11:30"),
        language=ENGLISH,
    ),
)
NAMED = {
    ENGLISH: """
Other dates with seats
You can sign up for another date and keep your place in line.
Thursday, December 10, 2026, 1:00 to 2:30 p.m. Pacific time
https://trainings.example.org/schedule/2026-12-10-overview/
Thursday, December 17, 2026, 10:00 to 11:30 a.m. Pacific time (Language: English)
https://trainings.example.org/schedule/2026-12-17-overview/
""",
    SPANISH: """
Otras fechas con lugares disponibles
Puede inscribirse en otra fecha sin perder su lugar en la lista.
jueves, 10 de diciembre de 2026, de 1:00 a 2:30 p. m., hora del Pacífico
https://trainings.example.org/es/schedule/2026-12-10-overview/
jueves, 17 de diciembre de 2026, de 10:00 a 11:30 a. m., hora del Pacífico (Idioma: inglés)
https://trainings.example.org/es/schedule/2026-12-17-overview/
""",
}


@EVERY
def test_people_who_wait_and_nobody_else_are_told_of_other_dates_with_seats(
    kind: Kind, state: State, language: Language
) -> None:
    asked = []

    def others(_: Message, about: Session) -> list[Snapshot]:
        asked.append(about.id)
        return [snapshot.read(snapshot_json(each)) for each in OTHERS]

    settings = replace(mail_settings(), other_dates=others)
    email = parsed(compose(message(kind, state, language, about(kind)), settings).content)
    waits = state is WAITLISTED and kind not in ENDED

    assert (NAMED[language] in text_of(email)) is (OTHERS[0].id in html_of(email)) is waits
    assert asked == [session().id] * waits
    assert words_of(html_of(email)) == words_of(text_of(email))
    assert links(email) >= (
        {url for url in NAMED[language].split() if url.startswith("https")} if waits else set()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_no_other_date_has_seats_nothing_is_said_of_them(language: Language) -> None:
    text = text_of(email_for(Kind.WAITING_LIST, WAITLISTED, language))
    assert NAMED[language].split("\n")[1] not in text


@EVERY
def test_how_to_come_is_for_people_who_have_a_seat(kind: Kind, state: State, language: Language) -> None:
    note = {ENGLISH: "Please join five minutes early.", SPANISH: "Conéctese cinco minutos antes."}[language]
    email = email_for(kind, state, language)
    said = (note in text_of(email), note in re.sub(r"</?em>", "", html_of(email)))
    assert said == ((kind in JOINING and state is CONFIRMED,) * 2)


@EVERY
def test_the_html_fetches_nothing_and_styles_itself(kind: Kind, state: State, language: Language) -> None:
    markup = html_of(email_for(kind, state, language))
    assert re.findall(r"(?i)<(?:img|style|link|script|iframe|table)|src=|url\(|@import", markup) == []


# The real site


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_session_of_the_site_makes_every_email(site: BuiltSite, language: Language) -> None:
    data = json.loads((site.private / "schedule.json").read_text())
    real = replace(mail_settings(), site=site.told)
    whole = contract.from_json(data)
    for about_it in whole.schedule.sessions:
        stored = snapshot.write(whole, about_it.id)
        for kind, state in KINDS_AND_STATES:
            sent: Message = message(
                kind,
                state,
                language,
                snapshot_json=stored,
                before_snapshot_json=stored,
                method=method_of(kind, state, about_it.status),
            )
            email = parsed(compose(sent, real).content)
            assert words_of(html_of(email)) == words_of(text_of(email)), (about_it.id, kind, language)
            if about_it.status is Status.CANCELLED:
                assert JOIN not in everything_in(email)


@pytest.mark.parametrize(("language", "closes"), LINE_CLOSES_THE_EVENING_BEFORE.items())
@pytest.mark.parametrize("kind", [Kind.WAITING_LIST, Kind.REMINDER])
def test_people_who_wait_for_whole_days_read_that_the_line_closes_the_evening_before(
    kind: Kind, language: Language, closes: str
) -> None:
    email = received(
        message(kind, WAITLISTED, language, session(period=all_day("2026-12-03", "2026-12-03")), place=3)
    )

    usual = OPENINGS[kind, WAITLISTED, language]
    assert opening(email)[1:-1] == usual[1:-1]
    assert opening(email)[-1] == f"{closes}{usual[-1][usual[-1].index('.') :]}"


def test_the_spanish_half_of_the_day_stays_in_one_line() -> None:
    html = html_of(email_for(Kind.CHANGE, CONFIRMED, SPANISH))
    assert (html.count("p.\u00a0m."), html.count("a.\u00a0m."), html.count(". m.")) == (2, 1, 0)
