# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sessions that somebody among staff sees, as a private feed that says how many come. No clock and no I/O.

Its events have the UIDs of all our calendars, and no METHOD (a feed is no message). Of the people in a session they
hold numbers alone: calendars are shared, and kept by whoever runs them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from schedule.addresses import Addresses
from schedule.event_words import Gettext
from schedule.feeds import calendar_header, feed
from schedule.invitations import component_of, page_url, renumber, take_time
from schedule.model import Language, Session


@dataclass(frozen=True, slots=True)
class StaffEvent:
    """A session with what staff are told of it."""

    session: Session
    seats: int
    confirmed: int
    waiting: int
    needs: int
    """How many of the people who are confirmed or wait ask for help."""
    is_own: bool
    """Whether whoever has the feed holds the session, so that it takes their time."""
    number: int
    """SEQUENCE: rises with each change of the session or of the people in it."""
    stamp: datetime
    """DTSTAMP: the instant that the number stands for."""
    join_url: str | None
    """Private: where the session takes place online."""


def staff_feed(
    events: Iterable[StaffEvent], language: Language, site_url: str, gettext: Gettext, feed_url: str
) -> bytes:
    """Return the calendar to subscribe to at `feed_url`, in one language; events come by their start, then id."""
    addresses = Addresses(site_url, language)
    header = calendar_header(
        gettext("MSIX trainings: who is coming"), feed_url, addresses.whole(addresses.staff), language
    )
    return feed(header, (_bytes(each, language, site_url, gettext) for each in events))


def _bytes(event: StaffEvent, language: Language, site_url: str, gettext: Gettext) -> bytes:
    session, addresses = event.session, Addresses(site_url, language)
    lines = [
        gettext("Roster: {url}").format(url=addresses.whole(addresses.staff_session(session.id))),
        gettext("Session page: {url}").format(url=page_url(session.id, language, site_url)),
    ]
    if event.join_url is not None and not session.cancelled:
        lines.insert(0, gettext("Join here: {url}").format(url=event.join_url))
    component = component_of(session, language, site_url, gettext, "\n".join(lines))
    if not session.cancelled:
        title = str(component.pop("SUMMARY"))
        component.add("SUMMARY", " · ".join([title, *_numbers(event, gettext)]))
        if event.is_own:
            take_time(component, session.id, event.join_url)
    renumber(component, event.number, event.stamp)
    component.pop("LAST-MODIFIED", None)
    component.add("LAST-MODIFIED", max(event.stamp, session.revision.time).astimezone(UTC))
    return bytes(component.to_ical())


def _numbers(event: StaffEvent, gettext: Gettext) -> list[str]:
    """Return what stands in the title: it is all that a month on a phone shows."""
    taken = gettext("{confirmed} of {seats}")
    numbers = [taken.format(confirmed=event.confirmed, seats=event.seats)]
    if event.waiting:
        numbers.append(gettext("{number} waiting").format(number=event.waiting))
    if event.needs:
        words = gettext("{number} need") if event.needs == 1 else gettext("{number} needs")
        numbers.append(words.format(number=event.needs))
    return numbers
