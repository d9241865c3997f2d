# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions, calendars and readers of calendars that several tests share."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import icalendar
import vobject
from ical.calendar import Calendar as StrictCalendar
from ical.calendar_stream import IcsCalendarStream

from schedule.feeds import TIMEZONE, calendar_header, feed
from schedule.invitations import Address, event, event_bytes
from schedule.model import (
    Language,
    Session,
)
from tests.support.constants import SITE_URL

FEED_URL = f"{SITE_URL}/calendar/all.ics"
PAGE_URL = f"{SITE_URL}/schedule/"
ORGANIZER = Address("MSIX Training", "training@example.org")
ATTENDEE = Address("María Núñez", "maria@example.net")
RECORDED = datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)

SPANISH = {
    "Canceled: {title}": "Cancelada: {title}",
    "Trainer: {contact}": "Imparte: {contact}",
    "Language: {language}": "Idioma: {language}",
    "Where: {place}": "Lugar: {place}",
    "Online": "En línea",
    "In person": "Presencial",
    "For staff": "Para el personal",
    "For parents": "Para las familias",
    "Sign up: {url}": "Inscríbase: {url}",
    "Session page: {url}": "Página de la sesión: {url}",
    "Join here: {url}": "Conéctese aquí: {url}",
    "Cannot come? Cancel with the link in our email, so that others get your seat.": (
        "¿No puede asistir? Cancele con el enlace de nuestro correo electrónico para ceder su lugar."
    ),
}


def english(message: str) -> str:
    """Translate nothing, as gettext does for the language of the source."""
    return message


def spanish(message: str) -> str:
    """Translate into Spanish; an unknown text is an error."""
    return SPANISH[message]


def header(language: Language = Language.ENGLISH, name: str = "MSIX trainings") -> bytes:
    """Return how the feed of everything begins."""
    return calendar_header(name, FEED_URL, PAGE_URL, language)


def in_feed(*sessions: Session) -> bytes:
    """Return the English feed of sessions, put together from bytes."""
    return feed(header(), [event_bytes(one, Language.ENGLISH, SITE_URL, english) for one in sessions])


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
        calendar.add_component(event(one, language, SITE_URL, gettext))
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
