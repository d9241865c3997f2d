# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one email address is signed up for, read from the store, and its calendars."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Response, request

from register.domain.errors import UnknownSession
from register.domain.model import Occupancy, Registration, State, roster_of
from register.domain.notifications import instant_of
from register.domain.rules import may_join
from register.domain.snapshot import Snapshot, UnreadableSnapshot, read
from register.stores import Store
from register.stores.errors import Damaged
from schedule.model import DEFAULT_LANGUAGE, Language

if TYPE_CHECKING:
    from schedule.own_calendars import OwnEvent


@dataclass(frozen=True, slots=True)
class Own:
    """A registration with its session."""

    registration: Registration
    occupancy: Occupancy
    snapshot: Snapshot

    def is_over(self, now: datetime) -> bool:
        """Whether the session is over."""
        return self.occupancy.terms.ends <= now

    def counts(self, now: datetime) -> bool:
        """Whether it is a seat or a place in the line of a session that is still to come."""
        return self.registration.is_active and not self.is_over(now) and not self.snapshot.session.cancelled

    def same_training(self, other: Own) -> bool:
        """Whether another one is of the same person, for a session of the same training."""
        mine, theirs = (each.snapshot.session.training.slug for each in (self, other))
        return mine == theirs and self.registration.person.identity == other.registration.person.identity

    @property
    def join_url(self) -> str | None:
        """The link to join, for people who have a seat."""
        terms = self.occupancy.terms
        return terms.join_url if may_join(self.registration.state, terms.status) else None

    def in_calendar(self, now: datetime) -> bool:
        """Whether it stands in a calendar: seats for good, what is canceled until its day is over (as in feeds)."""
        session, state = self.snapshot.session, self.registration.state
        if session.cancelled and state is not State.CANCELLED:
            return session.period.last_day >= now.astimezone(session.period.zone).date()
        return state is State.CONFIRMED or (state is State.WAITLISTED and not self.is_over(now))


def owned(store: Store, email_hash: str, *, whole: bool = False) -> list[Own]:
    """Return the newest registration of each person of an email address in each session, by start, seats first.

    A session that cannot be read is left out, since it costs nobody the others, and `register doctor` names it; where
    the list must be `whole`, it raises Damaged or UnreadableSnapshot.
    """
    unread = () if whole else (Damaged, UnreadableSnapshot)
    by_session: dict[str, list[Registration]] = {}
    for registration in store.registrations_of_hash(email_hash):
        by_session.setdefault(registration.session_id, []).append(registration)
    found = []
    for session_id, registrations in by_session.items():
        with suppress(UnknownSession, *unread):  # it has just been withdrawn, and they with it
            occupancy = store.session(session_id)
            snapshot = read(occupancy.terms.snapshot_json, session_id)
            found += [Own(registration, occupancy, snapshot) for registration in roster_of(registrations)]
    return sorted(found, key=lambda own: (own.occupancy.terms.starts, own.occupancy.terms.session_id))


def language_of(everything: Iterable[Own]) -> Language:
    """Return the language of what was signed up for last."""
    newest = max(everything, key=lambda own: own.registration.signed_up, default=None)
    return DEFAULT_LANGUAGE if newest is None else newest.registration.person.language


def own_events(store: Store, everything: Iterable[Own], now: datetime) -> list[OwnEvent]:
    """Return the events of registrations in their order: one a session, for one address is one calendar user."""
    from schedule.own_calendars import OwnEvent

    first: dict[str, Own] = {}
    for own in everything:
        if own.in_calendar(now):
            first.setdefault(own.registration.session_id, own)
    events = []
    for session_id, own in first.items():
        person = own.registration.person
        # The last number that an email had: a client that reads both never takes one for older than it is.
        number = store.tally(session_id, person.email_hash).last
        has_seat = own.registration.state is State.CONFIRMED
        stamp = instant_of(number)
        events.append(OwnEvent(own.snapshot.session, person.language, has_seat, number, stamp, own.join_url))
    return events


def calendar_response(data: bytes) -> Response:
    """Return a private calendar. Programs ask every few hours, most of the time for what they have (RFC 9110 §13).

    `no-store`, as pages have it, would forbid them to keep what they have, and so to ask whether it is still the same;
    `private` keeps it out of caches that others use, `no-cache` has each use ask here first.
    """
    from schedule.calendar_http import TYPE

    response = Response(data, content_type=TYPE)
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
