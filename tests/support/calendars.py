# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions, calendars and readers of calendars that several tests share."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import vobject
from ical.calendar import Calendar as StrictCalendar
from ical.calendar_stream import IcsCalendarStream

from schedule.feeds import TIMEZONE, calendar_header, feed
from schedule.invitations import Address, event, event_bytes
from schedule.model import (
    ContactKind,
    Format,
    Language,
    Localized,
    Note,
    Period,
    Phone,
    Readers,
    Revision,
    Session,
    Status,
    Trainer,
    Training,
)

PACIFIC = ZoneInfo("America/Los_Angeles")
SITE = "https://trainings.example.org"
FEED_URL = f"{SITE}/calendar/all.ics"
PAGE_URL = f"{SITE}/schedule/"
FIRST_REVISION = Revision(3, datetime(2026, 9, 1, 17, 30, tzinfo=UTC))
ORGANIZER = Address("MSIX Training", "training@example.org")
ATTENDEE = Address("María Núñez", "maria@example.net")
RECORDED = datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)

SPANISH = {
    "Canceled: {title}": "Cancelada: {title}",
    "Trainer: {contact}": "Imparte: {contact}",
    "Language: {language}": "Idioma: {language}",
    "Where: {place}": "Lugar: {place}",
    "Online": "En línea",
    "Sign up: {url}": "Inscríbase: {url}",
    "Session page: {url}": "Página de la sesión: {url}",
    "Join here: {url}": "Conéctese aquí: {url}",
    "Cannot come? Cancel with the link in our email, so that others get your seat.": (
        "¿No puede asistir? Cancele con el enlace de nuestro correo electrónico para ceder su lugar."
    ),
}

YECENIA = Trainer(
    slug="yecenia-ocampo",
    name=Localized("Yecenia Ocampo"),
    role=Localized("MSIX trainer", "Capacitación sobre MSIX"),
    kind=ContactKind.TRAINER,
    phone=Phone("(530) 666-1977", "+15306661977", "8"),
    email="yecenia@example.org",
    languages=(Language.ENGLISH, Language.SPANISH),
    description=Localized(""),
)
URIEL = replace(
    YECENIA,
    slug="uriel-ramirez-torres",
    name=Localized("Uriel Ramírez Torres"),
    phone=Phone("(530) 555-0100", "+15305550100"),
)
OVERVIEW = Training(
    slug="overview",
    title=Localized("MSIX overview", "Panorama de MSIX"),
    summary=Localized("What MSIX is and what it does.", "Qué es MSIX y para qué sirve."),
    audience=Localized("Everybody"),
    topics=Localized(("Records",)),
    duration=timedelta(minutes=90),
    order=1,
    readers=Readers.STAFF,
    badge=None,
    description=Localized(""),
)
NOTE = Localized(
    Note("<p>Please join <em>five</em> minutes early.</p>", "Please join five minutes early."),
    Note("<p>Conéctese <em>cinco</em> minutos antes.</p>", "Conéctese cinco minutos antes."),
)


def english(message: str) -> str:
    """Translate nothing, as gettext does for the language of the source."""
    return message


def spanish(message: str) -> str:
    """Translate into Spanish; an unknown text is an error."""
    return SPANISH[message]


def at(text: str) -> datetime:
    """Return the instant of "2026-12-03 10:00" on the Pacific clock (the first, if it comes twice)."""
    return datetime.fromisoformat(text).replace(tzinfo=PACIFIC).astimezone(UTC)


def timed(start: str, end: str) -> Period:
    """Return a period between two times on the Pacific clock."""
    return Period(at(start), at(end), PACIFIC)


def all_day(first: str, last: str) -> Period:
    """Return the period of whole days from the first to the last."""
    after = date.fromisoformat(last) + timedelta(days=1)
    return Period(at(f"{first} 00:00"), at(f"{after} 00:00"), PACIFIC, all_day=True)


def session(identifier: str = "2026-12-03-overview", period: Period | None = None, **changes: Any) -> Session:
    """Return a session that says something in every field, with some of it changed."""
    period = period or timed("2026-12-03 10:00", "2026-12-03 11:30")
    whole = Session(
        id=identifier,
        training=OVERVIEW,
        period=period,
        trainers=(YECENIA, URIEL),
        capacity=40,
        language=Language.SPANISH,
        format=Format.ONLINE,
        location=None,
        status=Status.SCHEDULED,
        registration_closes=period.start,
        note=NOTE,
        revision=FIRST_REVISION,
    )
    return replace(whole, **changes)


def noted(english: str, spanish: str | None = None) -> Localized[Note]:
    """Return a note of plain words."""
    return Localized(english, spanish).converted(lambda text: Note(f"<p>{escape(text)}</p>", text))


def titled(title: str, **changes: Any) -> Session:
    """Return a session of a training with this title and summary."""
    training = replace(OVERVIEW, title=Localized(title), summary=Localized(title))
    return session(training=training, **changes)


def cancelled(one: Session) -> Session:
    """Return the session as it is after somebody cancelled it."""
    return revised(one, status=Status.CANCELLED)


def revised(one: Session, **changes: Any) -> Session:
    """Return the session changed, one revision and an hour later."""
    later = Revision(one.revision.number + 1, one.revision.time + timedelta(hours=1))
    return replace(one, revision=later, **changes)


def header(language: Language = Language.ENGLISH, name: str = "MSIX trainings") -> bytes:
    """Return how the feed of everything begins."""
    return calendar_header(name, FEED_URL, PAGE_URL, language)


def in_feed(*sessions: Session) -> bytes:
    """Return the English feed of sessions, put together from bytes."""
    return feed(header(), [event_bytes(one, Language.ENGLISH, SITE, english) for one in sessions])


def plain_feed(name: str, sessions: Iterable[Session], language: Language, gettext: Any = english) -> bytes:
    """Return a feed the plain way, as icalendar builds and writes one; the measure for ours."""
    calendar = icalendar.Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", f"-//MSIX trainings//Schedule//{language.value.upper()}")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("NAME", icalendar.vText(name))
    calendar.add("X-WR-CALNAME", icalendar.vText(name))
    calendar.add("X-WR-TIMEZONE", "America/Los_Angeles")
    calendar.add("REFRESH-INTERVAL", icalendar.vDuration(timedelta(hours=6)), {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", icalendar.vDuration(timedelta(hours=6)))
    calendar.add("SOURCE", icalendar.vUri(FEED_URL), {"VALUE": "URI"})
    calendar.add("URL", icalendar.vUri(PAGE_URL))
    calendar.add_component(icalendar.Timezone.from_ical(TIMEZONE))
    for one in sessions:
        calendar.add_component(event(one, language, SITE, gettext))
    return bytes(calendar.to_ical())


def unfolded(data: bytes) -> list[str]:
    """Return the content lines of a calendar."""
    return data.replace(b"\r\n ", b"").decode().removesuffix("\r\n").split("\r\n")


def lines(data: bytes, *names: str) -> list[str]:
    """Return the content lines with one of these names, in their order."""
    return [line for line in unfolded(data) if line.replace(":", ";").split(";")[0] in names]


def strictly_read(data: bytes) -> StrictCalendar:
    """Read a calendar with the `ical` package."""
    return IcsCalendarStream.calendar_from_ics(data.decode())


def strict_instants(data: bytes) -> list[tuple[str, datetime, datetime]]:
    """Return UID, start and end in UTC of each event, as `ical` reads them."""
    return [
        (one.uid, one.dtstart.astimezone(UTC), one.dtend.astimezone(UTC))
        for one in strictly_read(data).events
    ]


def vobject_read(data: bytes) -> Any:
    """Read a calendar with the `vobject` package."""
    return vobject.readOne(data.decode())


def vobject_instants(data: bytes) -> list[tuple[str, datetime, datetime]]:
    """Return UID, start and end in UTC of each event, as `vobject` reads them with the file's VTIMEZONE."""
    return [
        (one.uid.value, one.dtstart.value.astimezone(UTC), one.dtend.value.astimezone(UTC))
        for one in getattr(vobject_read(data), "vevent_list", [])
    ]


class Site:
    """A web site of a few calendars, whose content a test may change between requests."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.calendars: dict[str, bytes] = {}


@contextmanager
def served() -> Iterator[Site]:
    """Serve calendars over HTTP on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.calendars.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in http.server
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Site(server.server_port)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
