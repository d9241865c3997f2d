# SPDX-License-Identifier: AGPL-3.0-or-later
"""A session as a VEVENT, in feeds and in the invitations and cancellations that emails carry.

An event is a pure function of the session, the language and the site's address: neither a clock nor a
random number has a part in it, so that the same schedule always gives the same bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Event
from icalendar.prop import vCalAddress, vCategory, vText, vUri

from schedule.addresses import Addresses
from schedule.event_words import Gettext, categories, color, facts, place
from schedule.feeds import ZONE, bare_calendar, feed, header_bytes
from schedule.model import Language, Session
from schedule.walltime import ScheduleError, is_ambiguous

# RFC 5545 §3.8.4.7: globally unique and for good; RFC 7986 §5.3: naming no host. So not the site's address,
# which may change.
UID_DOMAIN = "msix-trainings"

# Tab and line feed are fit (RFC 5545 §3.1, CONTROL); U+0085, U+2028 and U+2029 end a line for programs that
# split lines as Unicode does (vdirsyncer); icalendar drops U+FEFF; UTF-8 has no surrogates.
_UNFIT_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


class CalendarError(ScheduleError):
    """Something cannot be said in a calendar."""


class UnfitText(CalendarError):
    """A text of a session that a calendar would not give back as it is."""

    def __init__(self, session_id: str, field: str, problem: str) -> None:
        super().__init__(f"{session_id}: {field} {problem}")
        self.session_id = session_id
        self.field = field
        self.problem = problem


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


def unfit_for_calendar(text: str) -> str | None:
    r"""Return why a calendar would lose some of a text (RFC 5545 §3.3.11), or None if it is fit.

    Only an upper-case `\N` is lost: icalendar writes a line break for it, while `\n` comes back whole.
    """
    if found := _UNFIT_CHARACTER.search(text):
        return f"contains the character U+{ord(found[0]):04X}, which calendars cannot carry"
    if r"\N" in text:
        return r"contains \N, which calendars turn into a line break"
    return None


def uid(session_id: str) -> str:
    """Return the UID of a session, the same in every feed and email for good."""
    return f"{session_id}@{UID_DOMAIN}"


def page_url(session_id: str, language: Language, site_url: str) -> str:
    """Return the address of a session's page, where people sign up."""
    addresses = Addresses(site_url, language)
    return addresses.whole(addresses.session(session_id))


def event(session: Session, language: Language, site_url: str, gettext: Gettext) -> Event:
    """Return a session as the VEVENT (RFC 5545 §3.6.1) that stands in feeds."""
    signing_up = gettext("Session page: {url}") if session.cancelled else gettext("Sign up: {url}")
    last = signing_up.format(url=page_url(session.id, language, site_url))
    return component_of(session, language, site_url, gettext, last)


def event_bytes(session: Session, language: Language, site_url: str, gettext: Gettext) -> bytes:
    """Return the serialized `event`, from which every feed of that language is put together."""
    lines = event(session, language, site_url, gettext).content_lines()
    return b"".join(folded(str(line)) + b"\r\n" for line in lines if line)


def folded(line: str) -> bytes:
    r"""Fold a content line (RFC 5545 §3.1) exactly as icalendar does, in a third of its time.

    A part has at most 74 octets, ends between characters, and never behind a `\` or `^` that begins an escape.
    """
    data = line.encode()
    parts, start = [], 0
    while len(data) - start > 74:
        end = start + 74
        while data[end] & 0xC0 == 0x80:
            end -= 1
        if data[end - 1] in b"\\^" and end - start > 1:
            end -= 1
        parts.append(data[start:end])
        start = end
    parts.append(data[start:])
    return b"\r\n ".join(parts)


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
    description = "\n\n".join(block for block in blocks if block)
    summary = gettext("Canceled: {title}").format(title=title) if session.cancelled else title

    component = Event()
    component.add("SUMMARY", _fit(session.id, "SUMMARY", summary))
    _add_times(component, session)
    component.add("DTSTAMP", session.revision.time.astimezone(UTC))
    component.add("UID", _fit_line(session.id, "UID", uid(session.id)))
    component.add("SEQUENCE", session.revision.number)
    sorts = [_fit(session.id, "CATEGORIES", one) for one in categories(session, language, gettext)]
    component.add("CATEGORIES", vCategory(sorts))
    component.add("COLOR", vText(color(session.training.slug)))
    component.add("DESCRIPTION", _fit(session.id, "DESCRIPTION", description))
    component.add("LAST-MODIFIED", session.revision.time.astimezone(UTC))
    if where:
        component.add("LOCATION", _fit(session.id, "LOCATION", where))
    component.add("STATUS", "CANCELLED" if cancelled else "CONFIRMED")
    component.add("TRANSP", "TRANSPARENT" if free else "OPAQUE")
    component.add("URL", vUri(page_url(session.id, language, site_url)))
    if free:
        component.add("X-MICROSOFT-CDO-BUSYSTATUS", vText("FREE"))
    return component


def take_time(component: Event, session_id: str, join_url: str | None) -> None:
    """Let an event take its time in the calendar of somebody who takes part, for whole days too.

    Where they join goes where phones offer it: into LOCATION.
    """
    for name in ("TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"):
        component.pop(name, None)
    component.add("TRANSP", "OPAQUE")
    component.add("X-MICROSOFT-CDO-BUSYSTATUS", vText("BUSY"))
    if join_url is not None:
        component.pop("LOCATION", None)
        component.add("LOCATION", _fit_line(session_id, "LOCATION", join_url))


def renumber(component: Event, number: int, stamp: datetime) -> None:
    """Let an event go by what is sent to one person, and not by the session's revision."""
    del component["DTSTAMP"], component["SEQUENCE"]
    component.add("DTSTAMP", stamp.astimezone(UTC))
    component.add("SEQUENCE", number)


def _add_times(component: Event, session: Session) -> None:
    """Add DTSTART and DTEND: dates (the end exclusive, RFC 5545 §3.6.1) or times on the zone's clock.

    A local time that occurs twice means the first (RFC 5545 §3.3.5), but many programs take it for the second:
    both are said in UTC.
    """
    period = session.period
    if period.zone.key != ZONE:
        raise UnknownZone(session.id, period.zone.key)
    if period.all_day:
        component.add("DTSTART", period.first_day)
        component.add("DTEND", period.last_day + timedelta(days=1))
        return
    start, end = period.local_start, period.local_end
    in_utc = any(is_ambiguous(time.replace(tzinfo=None, fold=0), period.zone) for time in (start, end))
    component.add("DTSTART", period.start.astimezone(UTC) if in_utc else start)
    component.add("DTEND", period.end.astimezone(UTC) if in_utc else end)


def _fit(session_id: str, field: str, text: str) -> str:
    if problem := unfit_for_calendar(text):
        raise UnfitText(session_id, field, problem)
    return text


def _fit_line(session_id: str, field: str, text: str) -> str:
    """Return a text that has no escape for a line break where it stands."""
    if "\n" in text:
        raise UnfitText(session_id, field, "contains a line break")
    return _fit(session_id, field, text)


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
    invited = vCalAddress(f"mailto:{_fit_line(session_id, 'ATTENDEE', attendee.email)}")
    # The person has signed up already, and no answer of the calendar reaches the function.
    for name, value in {"PARTSTAT": "ACCEPTED", "ROLE": "REQ-PARTICIPANT", "RSVP": "FALSE"}.items():
        invited.params[name] = value
    if attendee.name:
        invited.params["CN"] = _fit_line(session_id, "ATTENDEE", attendee.name)
    renumber(component, number, stamp)
    inviting = vCalAddress(f"mailto:{_fit_line(session_id, 'ORGANIZER', organizer.email)}")
    if organizer.name:
        inviting.params["CN"] = _fit_line(session_id, "ORGANIZER", organizer.name)
    component.add("ORGANIZER", inviting)
    component.add("ATTENDEE", invited)
    calendar = bare_calendar(language)
    calendar.add("METHOD", method)
    return feed(header_bytes(calendar), (bytes(component.to_ical()),))
