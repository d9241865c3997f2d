# SPDX-License-Identifier: AGPL-3.0-or-later
"""A session as a VEVENT, in feeds and in the invitations and cancellations that emails carry.

An event is a pure function of the session, the language and the site's address: neither a clock nor a
random number has a part in it, so that the same schedule always gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import starmap

from icalendar import Event
from icalendar.prop import vCalAddress, vText

from schedule.addresses import Addresses
from schedule.calendar_text import CalendarError, fit, fit_line
from schedule.event_lines import Value, line
from schedule.event_words import Gettext, categories, color, facts, place
from schedule.feeds import bare_calendar, feed, header_bytes
from schedule.model import Language, Session
from schedule.walltime import ZONE, is_ambiguous

# RFC 5545 §3.8.4.7: globally unique and for good; RFC 7986 §5.3: naming no host. So not the site's address,
# which may change.
UID_DOMAIN = "msix-trainings"

# icalendar would write a property that it does not know without escapes unless told that it is text.
_FREE, _BUSY = vText("FREE"), vText("BUSY")


class UnknownZone(CalendarError):
    """A session in a time zone for which calendars carry no VTIMEZONE."""

    def __init__(self, session_id: str, zone: str) -> None:
        super().__init__(f"{session_id}: calendars define {ZONE} alone, not {zone}")
        self.session_id = session_id
        self.zone = zone


class NothingToInviteTo(CalendarError):
    """An invitation to a canceled session; what is due then is a cancellation (RFC 5546 §3.2.5)."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"{session_id}: is canceled; send a cancellation")
        self.session_id = session_id


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody's name and email address."""

    name: str
    email: str


def uid(session_id: str) -> str:
    """Return the UID of a session, the same in every feed and email for good."""
    return f"{session_id}@{UID_DOMAIN}"


def page_url(session_id: str, language: Language, site_url: str) -> str:
    """Return the address of a session's page, where people sign up."""
    addresses = Addresses(site_url, language)
    return addresses.whole(addresses.session(session_id))


def event(session: Session, language: Language, site_url: str, gettext: Gettext) -> Event:
    """Return a session as the VEVENT (RFC 5545 §3.6.1) that stands in feeds."""
    last = _last_of_event(session, language, site_url, gettext)
    return component_of(session, language, site_url, gettext, last)


def event_bytes(session: Session, language: Language, site_url: str, gettext: Gettext) -> bytes:
    """Return the serialized `event`, from which every feed of that language is put together."""
    last = _last_of_event(session, language, site_url, gettext)
    properties = _properties(session, language, site_url, gettext, last)
    return b"".join((b"BEGIN:VEVENT\r\n", *starmap(line, properties), b"END:VEVENT\r\n"))


def invitation(
    session: Session,
    language: Language,
    site_url: str,
    gettext: Gettext,
    *,
    organizer: Address,
    attendee: Address,
    number: int,
    stamp: datetime,
    join_url: str | None = None,
) -> bytes:
    """Return the METHOD:REQUEST (RFC 5546 §3.2.2) for one attendee.

    `number` is the SEQUENCE, and rises from email to email; `stamp` is the DTSTAMP.

    `join_url` is private: give it for a confirmed person only. The link to one's own registration is
    never in here, since people forward invitations.
    """
    if session.cancelled:
        raise NothingToInviteTo(session.id)
    lines = [gettext("Session page: {url}").format(url=page_url(session.id, language, site_url))]
    if join_url is not None:
        lines.insert(0, gettext("Join here: {url}").format(url=join_url))
    lines.append(gettext("Cannot come? Cancel with the link in our email, so that others get your seat."))
    component = component_of(session, language, site_url, gettext, "\n".join(lines))
    take_time(component, session.id, join_url)
    return _message("REQUEST", component, language, organizer, attendee, number, stamp, session.id)


def cancellation(
    session: Session,
    language: Language,
    site_url: str,
    gettext: Gettext,
    *,
    organizer: Address,
    attendee: Address,
    number: int,
    stamp: datetime,
) -> bytes:
    """Return the METHOD:CANCEL (RFC 5546 §3.2.5) that takes a session from one attendee's calendar.

    It serves a canceled session and a canceled registration alike; only the first is called
    canceled in its title.
    """
    last = gettext("Session page: {url}").format(url=page_url(session.id, language, site_url))
    component = component_of(session, language, site_url, gettext, last, cancelled=True)
    return _message("CANCEL", component, language, organizer, attendee, number, stamp, session.id)


def component_of(
    session: Session,
    language: Language,
    site_url: str,
    gettext: Gettext,
    last: str,
    *,
    cancelled: bool = False,
) -> Event:
    """Return the VEVENT whose description ends in `last`."""
    component = Event()
    for name, value in _properties(session, language, site_url, gettext, last, cancelled=cancelled):
        component.add(name, list(value) if isinstance(value, tuple) else value)
    return component


def _last_of_event(session: Session, language: Language, site_url: str, gettext: Gettext) -> str:
    """Return how the description of an event in a feed ends."""
    words = gettext("Session page: {url}") if session.cancelled else gettext("Sign up: {url}")
    return words.format(url=page_url(session.id, language, site_url))


def _properties(
    session: Session,
    language: Language,
    site_url: str,
    gettext: Gettext,
    last: str,
    *,
    cancelled: bool = False,
) -> Iterator[tuple[str, Value]]:
    """Yield the properties of an event in the order in which icalendar writes them."""
    cancelled = cancelled or session.cancelled
    free = cancelled or session.period.all_day
    title = session.training.title.text(language)
    where = place(session, language, gettext)
    blocks = (
        session.training.summary.text(language),
        "\n".join(facts(session, language, gettext)),
        session.note.text(language).text if session.note else "",
        last,
    )
    summary = gettext("Canceled: {title}").format(title=title) if session.cancelled else title
    sorts = categories(session, language, gettext)
    start, end = _times(session)
    changed = session.revision.time.astimezone(UTC)

    yield "SUMMARY", fit(session.id, "SUMMARY", summary)
    yield "DTSTART", start
    yield "DTEND", end
    yield "DTSTAMP", changed
    yield "UID", fit_line(session.id, "UID", uid(session.id))
    yield "SEQUENCE", session.revision.number
    yield "CATEGORIES", tuple(fit(session.id, "CATEGORIES", one) for one in sorts)
    yield "COLOR", vText(color(session.training.slug))
    yield "DESCRIPTION", fit(session.id, "DESCRIPTION", "\n\n".join(block for block in blocks if block))
    yield "LAST-MODIFIED", changed
    if where:
        yield "LOCATION", fit(session.id, "LOCATION", where)
    yield "STATUS", "CANCELLED" if cancelled else "CONFIRMED"
    yield "TRANSP", "TRANSPARENT" if free else "OPAQUE"
    yield "URL", page_url(session.id, language, site_url)
    if free:
        yield "X-MICROSOFT-CDO-BUSYSTATUS", _FREE


def take_time(component: Event, session_id: str, join_url: str | None) -> None:
    """Let an event take its time in the calendar of somebody who takes part, for whole days too.

    Where they join goes where phones offer it: into LOCATION.
    """
    for name in ("TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"):
        component.pop(name, None)
    component.add("TRANSP", "OPAQUE")
    component.add("X-MICROSOFT-CDO-BUSYSTATUS", _BUSY)
    if join_url is not None:
        component.pop("LOCATION", None)
        component.add("LOCATION", fit_line(session_id, "LOCATION", join_url))


def renumber(component: Event, number: int, stamp: datetime) -> None:
    """Let an event go by what is sent to one person, and not by the session's revision."""
    del component["DTSTAMP"], component["SEQUENCE"]
    component.add("DTSTAMP", stamp.astimezone(UTC))
    component.add("SEQUENCE", number)


def _times(session: Session) -> tuple[date, date]:
    """Return DTSTART and DTEND: dates (the end exclusive, RFC 5545 §3.6.1) or times on the zone's clock.

    A local time that occurs twice means the first (RFC 5545 §3.3.5), but many programs take it for the second:
    both are said in UTC.
    """
    period = session.period
    if period.zone.key != ZONE:
        raise UnknownZone(session.id, period.zone.key)
    if period.all_day:
        return period.first_day, period.last_day + timedelta(days=1)
    start, end = period.local_start, period.local_end
    if any(is_ambiguous(time.replace(tzinfo=None, fold=0), period.zone) for time in (start, end)):
        return period.start.astimezone(UTC), period.end.astimezone(UTC)
    return start, end


def _message(
    method: str,
    component: Event,
    language: Language,
    organizer: Address,
    attendee: Address,
    number: int,
    stamp: datetime,
    session_id: str,
) -> bytes:
    """Return a calendar with a METHOD, numbered by the message and not by the session's revision."""
    invited = vCalAddress(f"mailto:{fit_line(session_id, 'ATTENDEE', attendee.email)}")
    # The person has signed up already, and no answer of the calendar reaches the function.
    for name, value in {"PARTSTAT": "ACCEPTED", "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"}.items():
        invited.params[name] = value
    if attendee.name:
        invited.params["CN"] = fit_line(session_id, "ATTENDEE", attendee.name)
    renumber(component, number, stamp)
    inviting = vCalAddress(f"mailto:{fit_line(session_id, 'ORGANIZER', organizer.email)}")
    if organizer.name:
        inviting.params["CN"] = fit_line(session_id, "ORGANIZER", organizer.name)
    component.add("ORGANIZER", inviting)
    component.add("ATTENDEE", invited)
    calendar = bare_calendar(language)
    calendar.add("METHOD", method)
    return feed(header_bytes(calendar), (bytes(component.to_ical()),))
