# SPDX-License-Identifier: AGPL-3.0-or-later
"""What somebody is signed up for as a calendar: a private feed, or one event to add. No clock and no I/O.

Its events are those of our emails: the same UID, the same number, no METHOD (a feed is no message). The link to join
stands in those of people with a seat; the link to one's own registration in none, for people share calendars.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from icalendar import Event
from icalendar.prop import vText

from schedule.addresses import Addresses
from schedule.event_words import Gettext
from schedule.feeds import calendar_header, feed, file_header
from schedule.invitations import component_of, page_url, renumber, take_time
from schedule.model import Language, Session


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """A session that somebody has a seat in or waits for, in the language of that person's emails."""

    session: Session
    language: Language
    has_seat: bool
    number: int
    """SEQUENCE: the number of the newest message about the session to the person's email address."""
    stamp: datetime
    """DTSTAMP: the instant that the number stands for."""
    join_url: str | None
    """Private: for people with a seat in a session that takes place."""


def own_feed(
    events: Sequence[OwnEvent],
    language: Language,
    site_url: str,
    gettext_in: Callable[[Language], Gettext],
    feed_url: str,
) -> bytes:
    """Return the calendar to subscribe to at `feed_url`; `language` is that of its name."""
    addresses = Addresses(site_url, language)
    gettext = gettext_in(language)
    header = calendar_header(
        gettext("My MSIX trainings"), feed_url, addresses.whole(addresses.schedule), language
    )
    return feed(header, (_bytes(each, site_url, gettext_in) for each in events))


def own_file(
    events: Sequence[OwnEvent], language: Language, site_url: str, gettext_in: Callable[[Language], Gettext]
) -> bytes:
    """Return a calendar to add once; with no events, there is nothing to add any more."""
    return feed(file_header(language), (_bytes(each, site_url, gettext_in) for each in events))


def _bytes(own: OwnEvent, site_url: str, gettext_in: Callable[[Language], Gettext]) -> bytes:
    session, language = own.session, own.language
    gettext = gettext_in(language)
    lines = [gettext("Session page: {url}").format(url=page_url(session.id, language, site_url))]
    if not session.cancelled:
        lines.append(
            gettext("Cannot come? Cancel with the link in our email, so that others get your seat.")
            if own.has_seat
            else gettext("You are on the waiting list. We’ll email you if you get a seat.")
        )
    if own.join_url is not None:
        lines.insert(0, gettext("Join here: {url}").format(url=own.join_url))
    component = component_of(session, language, site_url, gettext, "\n".join(lines))
    if own.has_seat and not session.cancelled:
        take_time(component, session.id, own.join_url)
    elif not session.cancelled:
        _wait(component, session.training.title.text(language), gettext)
    renumber(component, own.number, own.stamp)
    # Another wording brings no email and no new number, and is news to a program that fetches a feed all the same.
    component.pop("LAST-MODIFIED", None)
    component.add("LAST-MODIFIED", max(own.stamp, session.revision.time).astimezone(UTC))
    return bytes(component.to_ical())


def _wait(component: Event, title: str, gettext: Gettext) -> None:
    """Let an event say that it may never be the person's, and leave its time free."""
    for name in ("SUMMARY", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"):
        component.pop(name, None)
    component.add("SUMMARY", gettext("Waiting list: {title}").format(title=title))
    component.add("STATUS", "TENTATIVE")
    component.add("TRANSP", "TRANSPARENT")
    component.add("X-MICROSOFT-CDO-BUSYSTATUS", vText("FREE"))
