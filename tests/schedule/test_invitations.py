# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a session says in feeds, in its own file, and in invitations and cancellations."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from babel.messages.extract import extract_from_dir

import schedule
from plugins.calendar_rules import CalendarKind, lint
from schedule.calendar_text import CalendarError, UnfitText, unfit_for_calendar
from schedule.feeds import TIMEZONE, calendar_header, feed, file_header, session_file
from schedule.invitations import (
    Address,
    NothingToInviteTo,
    UnknownZone,
    cancellation,
    event_bytes,
    invitation,
    page_url,
)
from schedule.model import Format, Language, Localized, Period, Session
from schedule.walltime import ScheduleError
from tests.support.calendar_messages import lint_message
from tests.support.calendars import (
    ATTENDEE,
    FEED_URL,
    ORGANIZER,
    PAGE_URL,
    RECORDED,
    SPANISH,
    english,
    header,
    in_feed,
    lines,
    plain_feed,
    spanish,
    strictly_read,
    unfolded,
    vobject_read,
)
from tests.support.constants import PACIFIC, SITE_URL
from tests.support.schedules import all_day, at, cancelled, noted, revised, session, timed, titled

JOIN_URL = "https://meet.example.net/j/123?pwd=secret"
MAIL = {"organizer": ORGANIZER, "attendee": ATTENDEE, "number": 217_325_730, "stamp": RECORDED}


def described(data: bytes) -> str:
    return str(strictly_read(data).events[0].description)


def in_spanish(one: Session) -> bytes:
    return event_bytes(one, Language.SPANISH, SITE_URL, spanish)


def invited(one: Session, join_url: str | None = None) -> bytes:
    return invitation(one, Language.ENGLISH, SITE_URL, english, join_url=join_url, **MAIL)


def called_off(one: Session) -> bytes:
    return cancellation(one, Language.ENGLISH, SITE_URL, english, **MAIL)


def test_an_event_says_all_that_a_calendar_needs() -> None:
    data = event_bytes(session(), Language.ENGLISH, SITE_URL, english)

    assert unfolded(data) == [
        "BEGIN:VEVENT",
        "SUMMARY:MSIX overview",
        "DTSTART;TZID=America/Los_Angeles:20261203T100000",
        "DTEND;TZID=America/Los_Angeles:20261203T113000",
        "DTSTAMP:20260901T173000Z",
        "UID:2026-12-03-overview@msix-trainings",
        "SEQUENCE:3",
        "CATEGORIES:MSIX overview,Spanish,Online,For staff",
        "COLOR:navy",
        (
            "DESCRIPTION:What MSIX is and what it does.\\n\\n"
            "Trainer: Yecenia Ocampo\\, (530) 666-1977\\, extension 8\\n"
            "Trainer: Uriel Ramírez Torres\\, (530) 555-0100\\n"
            "Language: Spanish\\nWhere: Online\\n\\n"
            "Please join five minutes early.\\n\\n"
            "Sign up: https://trainings.example.org/schedule/2026-12-03-overview/"
        ),
        "LAST-MODIFIED:20260901T173000Z",
        "LOCATION:Online",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
        "URL:https://trainings.example.org/schedule/2026-12-03-overview/",
        "END:VEVENT",
    ]


def test_a_spanish_event_has_the_same_identity_and_time_in_spanish_words() -> None:
    one = session()
    ours = unfolded(event_bytes(one, Language.ENGLISH, SITE_URL, english))
    theirs = unfolded(in_spanish(one))

    assert [line for line in theirs if line not in ours] == [
        "SUMMARY:Panorama de MSIX",
        "CATEGORIES:Panorama de MSIX,español,En línea,Para el personal",
        (
            "DESCRIPTION:Qué es MSIX y para qué sirve.\\n\\n"
            "Imparte: Yecenia Ocampo\\, (530) 666-1977\\, extensión 8\\n"
            "Imparte: Uriel Ramírez Torres\\, (530) 555-0100\\n"
            "Idioma: español\\nLugar: En línea\\n\\n"
            "Conéctese cinco minutos antes.\\n\\n"
            "Inscríbase: https://trainings.example.org/es/schedule/2026-12-03-overview/"
        ),
        "LOCATION:En línea",
        "URL:https://trainings.example.org/es/schedule/2026-12-03-overview/",
    ]


def test_a_session_in_person_tells_its_place_in_the_language_of_the_feed() -> None:
    one = session(format=Format.IN_PERSON, location=Localized("Room 5, Woodland", "Sala 5, Woodland"))

    assert lines(in_feed(one), "LOCATION") == ["LOCATION:Room 5\\, Woodland"]
    assert "Where: Room 5, Woodland\n" in described(in_feed(one))
    assert lines(in_spanish(one), "LOCATION") == ["LOCATION:Sala 5\\, Woodland"]


def test_a_session_without_a_place_or_a_note_leaves_them_out() -> None:
    one = session(format=Format.IN_PERSON, note=None, trainers=())

    assert lines(in_feed(one), "LOCATION") == []
    assert described(in_feed(one)) == (
        "What MSIX is and what it does.\n\nLanguage: Spanish\n\n"
        "Sign up: https://trainings.example.org/schedule/2026-12-03-overview/"
    )


def test_a_cancelled_session_stays_in_the_feed_with_a_translated_prefix() -> None:
    one = cancelled(session())
    names = ("SUMMARY", "UID", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")
    same = ["STATUS:CANCELLED", "TRANSP:TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
    uid = "UID:2026-12-03-overview@msix-trainings"

    assert lines(in_feed(one), *names) == ["SUMMARY:Canceled: MSIX overview", uid, *same]
    assert lines(in_spanish(one), *names) == ["SUMMARY:Cancelada: Panorama de MSIX", uid, *same]
    assert described(in_feed(one)).endswith(
        "\n\nSession page: https://trainings.example.org/schedule/2026-12-03-overview/"
    )
    assert lint(in_feed(one), CalendarKind.FEED) == []


def test_an_all_day_session_blocks_nobodys_time() -> None:
    data = in_feed(session(period=all_day("2026-12-10", "2026-12-10")))

    assert lines(data, "TRANSP", "STATUS", "X-MICROSOFT-CDO-BUSYSTATUS") == [
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
    ]


def test_the_uid_survives_every_edit_and_the_sites_move() -> None:
    before = session()
    after = revised(
        before, training=titled("Another").training, period=timed("2027-01-01 08:00", "2027-01-01 09:00")
    )
    moved = event_bytes(after, Language.SPANISH, "https://elsewhere.example.com", spanish)

    assert lines(moved, "UID") == lines(in_feed(before), "UID") == ["UID:2026-12-03-overview@msix-trainings"]


def test_stamps_come_from_the_revision_in_whatever_zone_it_is_written() -> None:
    one = session()
    elsewhere = one.revision.time.astimezone(ZoneInfo("Asia/Tokyo"))
    revision = type(one.revision)(one.revision.number, elsewhere)

    assert in_feed(session(revision=revision)) == in_feed(one)


def test_a_feed_says_how_to_refresh_it_and_where_it_comes_from() -> None:
    assert unfolded(header(Language.SPANISH, "Capacitaciones; todas, de MSIX")) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//MSIX trainings//Schedule//ES",
        "CALSCALE:GREGORIAN",
        "NAME:Capacitaciones\\; todas\\, de MSIX",
        "X-WR-CALNAME:Capacitaciones\\; todas\\, de MSIX",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "SOURCE;VALUE=URI:https://trainings.example.org/calendar/all.ics",
        "URL:https://trainings.example.org/schedule/",
        "X-PUBLISHED-TTL:PT6H",
        "X-WR-TIMEZONE:America/Los_Angeles",
    ]


def test_the_time_zone_is_a_constant_that_icalendar_writes_alike() -> None:
    assert icalendar.Timezone.from_ical(TIMEZONE).to_ical() == TIMEZONE
    assert lines(TIMEZONE, "RRULE", "RDATE") == [
        "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
    ]


@pytest.mark.parametrize("language", list(Language))
def test_a_feed_put_together_from_parts_is_the_bytes_of_the_plain_way(language: Language) -> None:
    gettext = {Language.ENGLISH: english, Language.SPANISH: spanish}[language]
    sessions = [
        session("a"),
        cancelled(session("b")),
        titled("ñ€👩🏽‍💻," * 30),
        session("d", all_day("2026-12-04", "2026-12-06")),
        session("e", Period(at("2026-11-01 00:30"), datetime(2026, 11, 1, 9, 30, tzinfo=UTC), PACIFIC)),
    ]
    name = "Name, with; signs \\ and a length that has to be folded, ñandú and emoji 👩🏽‍💻 too"
    ours = feed(
        calendar_header(name, FEED_URL, PAGE_URL, language),
        (event_bytes(one, language, SITE_URL, gettext) for one in sessions),
    )

    assert ours == plain_feed(name, sessions, language, gettext)


def test_a_sessions_own_file_is_for_adding_it_once() -> None:
    event = event_bytes(session(), Language.ENGLISH, SITE_URL, english)
    data = session_file(file_header(Language.ENGLISH), event)

    assert data == (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//MSIX trainings//Schedule//EN\r\nCALSCALE:GREGORIAN\r\n"
        + TIMEZONE
        + event
        + b"END:VCALENDAR\r\n"
    )
    assert lint(data, CalendarKind.FILE) == []


def test_an_invitation_asks_one_person_and_wants_no_answer() -> None:
    data = invited(session(), JOIN_URL)

    assert lines(data, "METHOD", "ORGANIZER", "ATTENDEE", "UID", "SEQUENCE", "STATUS", "TRANSP") == [
        "METHOD:REQUEST",
        "UID:2026-12-03-overview@msix-trainings",
        "SEQUENCE:217325730",
        'ATTENDEE;CN="María Núñez";PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:maria@example.net',
        'ORGANIZER;CN="MSIX Training":mailto:training@example.org',
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
    ]
    assert lint_message(data) == []


def test_an_invitation_ends_with_the_link_to_join_the_page_and_how_to_cancel() -> None:
    ending = (
        "Session page: https://trainings.example.org/schedule/2026-12-03-overview/\n"
        "Cannot come? Cancel with the link in our email, so that others get your seat."
    )

    assert described(invited(session(), JOIN_URL)).split("\n\n")[-1] == f"Join here: {JOIN_URL}\n{ending}"
    assert described(invited(session())).split("\n\n")[-1] == ending


def test_people_who_take_part_join_at_the_location_and_are_busy_on_whole_days_too() -> None:
    whole_day = session(period=all_day("2026-12-10", "2026-12-11"))
    there = session(format=Format.IN_PERSON, location=Localized("Room 5", None))

    busy = ["TRANSP:OPAQUE", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY"]
    assert lines(invited(session(), JOIN_URL), "LOCATION") == [f"LOCATION:{JOIN_URL}"]
    assert lines(invited(there), "LOCATION") == ["LOCATION:Room 5"]
    assert lines(invited(whole_day), "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS") == busy
    assert lint_message(invited(whole_day)) == []
    assert lines(in_feed(whole_day), "TRANSP") == ["TRANSP:TRANSPARENT"]


def test_the_link_to_join_is_in_an_invitation_alone() -> None:
    one = session()

    assert JOIN_URL.encode() in invited(one, JOIN_URL).replace(b"\r\n ", b"")
    for data in (invited(one), called_off(one), called_off(cancelled(one)), in_feed(one), in_spanish(one)):
        assert b"meet.example.net" not in data.replace(b"\r\n ", b"")


@pytest.mark.parametrize(
    ("one", "title"),
    [(session(), "MSIX overview"), (cancelled(session()), "Canceled: MSIX overview")],
    ids=["a registration", "a session"],
)
def test_a_cancellation_takes_the_session_out_of_one_calendar(one: Session, title: str) -> None:
    data = called_off(one)

    assert lines(data, "METHOD", "SUMMARY", "UID", "SEQUENCE", "ORGANIZER", "STATUS", "TRANSP") == [
        "METHOD:CANCEL",
        f"SUMMARY:{title}",
        "UID:2026-12-03-overview@msix-trainings",
        "SEQUENCE:217325730",
        'ORGANIZER;CN="MSIX Training":mailto:training@example.org',
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
    ]
    assert lines(data, "ATTENDEE") == lines(invited(session()), "ATTENDEE")
    assert lint_message(data) == []


def test_messages_are_stamped_with_the_instant_of_their_number() -> None:
    one = session()

    for data in (invited(one), called_off(one)):
        assert lines(data, "DTSTAMP", "LAST-MODIFIED") == [
            "DTSTAMP:20261120T081530Z",
            "LAST-MODIFIED:20260901T173000Z",
        ]


def test_messages_and_feed_agree_on_everything_but_who_and_when() -> None:
    one = session()
    own = (
        *("METHOD", "ATTENDEE", "ORGANIZER", "DTSTAMP", "SEQUENCE", "DESCRIPTION"),
        "X-MICROSOFT-CDO-BUSYSTATUS",
    )
    told = [line for line in unfolded(invited(one)) if line not in lines(invited(one), *own)]
    ours = unfolded(
        session_file(file_header(Language.ENGLISH), event_bytes(one, Language.ENGLISH, SITE_URL, english))
    )

    assert told == [line for line in ours if line not in lines("\r\n".join(ours).encode(), *own)]


def test_nobody_is_invited_to_a_cancelled_session() -> None:
    with pytest.raises(NothingToInviteTo, match=r"^2026-12-03-overview: is canceled; send a cancellation$"):
        invited(cancelled(session()))


@pytest.mark.parametrize("name", ['Ann "Annie" O’Neil, M.A.; x:y', "Ñandú ^n 👩🏽‍💻" * 9])
def test_a_name_with_signs_stays_in_its_parameter(name: str) -> None:
    one = invitation(
        session(),
        Language.ENGLISH,
        SITE_URL,
        english,
        organizer=ORGANIZER,
        attendee=Address(name, "ann@example.net"),
        number=7,
        stamp=RECORDED,
    )

    attendee = vobject_read(one).vevent.attendee
    assert attendee.value == "mailto:ann@example.net"
    assert attendee.params["CN"] == [name.replace("^", "^^").replace('"', "^'")]  # RFC 6868
    assert lint_message(one) == []


@pytest.mark.parametrize(
    ("attendee", "problem"),
    [
        (Address("Ann", "ann@example.net\nATTENDEE:mailto:eve@example.net"), "contains a line break"),
        (Address("Ann\nEve", "ann@example.net"), "contains a line break"),
        (Address("Ann\r", "ann@example.net"), "contains the character U+000D, which calendars cannot carry"),
    ],
)
def test_an_attendee_cannot_bring_a_line_of_their_own(attendee: Address, problem: str) -> None:
    with pytest.raises(UnfitText) as caught:
        invitation(session(), Language.ENGLISH, SITE_URL, english, **{**MAIL, "attendee": attendee})

    assert str(caught.value) == f"2026-12-03-overview: ATTENDEE {problem}"


@pytest.mark.parametrize(
    "code", [*range(9), 0x0B, 0x0D, 0x1F, 0x7F, 0x85, 0x9F, 0x2028, 0x2029, 0xD800, 0xFEFF]
)
def test_a_character_that_calendars_cannot_carry_is_named(code: int) -> None:
    assert unfit_for_calendar(f"a{chr(code)}b") == (
        f"contains the character U+{code:04X}, which calendars cannot carry"
    )


def test_an_upper_case_escape_is_unfit_since_icalendar_writes_a_line_break_for_it() -> None:
    text = r"C:\Nueva"

    assert unfit_for_calendar(text) == r"contains \N, which calendars turn into a line break"
    assert icalendar.vText(text).to_ical() == rb"C:\nueva"


@pytest.mark.parametrize("text", ["", "a\tb\nc", r"C:\new", "a,b;c\\", "ñ€👩🏽‍💻\u200d\u00a0", "\\\nN"])
def test_an_ordinary_text_is_fit(text: str) -> None:
    assert unfit_for_calendar(text) is None


@pytest.mark.parametrize(
    ("one", "field"),
    [
        (titled("a\x07b"), "SUMMARY"),
        (session(note=noted("a\x07b")), "DESCRIPTION"),
        (session(format=Format.IN_PERSON, location=Localized("a\x07b")), "DESCRIPTION"),
        (session("a\x07b"), "UID"),
    ],
)
def test_an_unfit_text_is_refused_rather_than_lost(one: Session, field: str) -> None:
    with pytest.raises(UnfitText) as caught:
        in_feed(one)

    problem = "contains the character U+0007, which calendars cannot carry"
    assert (caught.value.session_id, caught.value.field, caught.value.problem) == (one.id, field, problem)
    assert str(caught.value) == f"{one.id}: {field} {problem}"


def test_a_session_in_another_zone_is_refused_since_no_calendar_defines_it() -> None:
    period = Period(at("2026-12-03 10:00"), at("2026-12-03 11:00"), ZoneInfo("America/New_York"))

    with pytest.raises(
        UnknownZone, match=r"calendars define America/Los_Angeles alone, not America/New_York$"
    ):
        in_feed(session(period=period))


def test_all_errors_have_one_base() -> None:
    assert CalendarError.__base__ is ScheduleError
    assert {error.__base__ for error in (UnfitText, UnknownZone, NothingToInviteTo)} == {CalendarError}


def test_the_page_of_a_session_does_not_depend_on_a_slash_after_the_sites_address() -> None:
    assert [page_url("x", Language.ENGLISH, site) for site in (SITE_URL, f"{SITE_URL}/")] == [
        "https://trainings.example.org/schedule/x/"
    ] * 2


def test_every_phrase_is_found_by_the_extractor_of_translations() -> None:
    folder = Path(schedule.__file__).parent
    found = extract_from_dir(
        str(folder), method_map=[("invitations.py", "python"), ("event_words.py", "python")]
    )

    assert {message for _, _, message, _, _ in found} == set(SPANISH)


def test_the_bytes_do_not_depend_on_the_process_its_zone_or_its_hash_seed() -> None:
    program = (
        "import hashlib; from tests.support.calendars import in_feed; from tests.support.schedules import all_day, cancelled, session; "
        "data = in_feed(session(), cancelled(session('x', all_day('2026-12-10', '2026-12-11')))); "
        "print(hashlib.sha256(data).hexdigest())"
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
        )
        for seed, zone in (("1", "Asia/Tokyo"), ("2", "UTC"))
    ]
    outputs = [process.communicate()[0] for process in processes]

    assert [process.returncode for process in processes] == [0, 0]
    assert outputs[0] == outputs[1]
    assert len(outputs[0].strip()) == 64
