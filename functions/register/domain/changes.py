# SPDX-License-Identifier: AGPL-3.0-or-later
"""Correcting and moving: what becomes of it, by the rules alone. All instants are in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from register.domain import outcomes, snapshot
from register.domain.errors import (
    NotActive,
    OtherTraining,
    PersonTaken,
    SameSession,
    SessionCancelled,
    SessionOver,
    SessionStarted,
    TooManyNames,
    UnknownRegistration,
)
from register.domain.model import ChangedBy, Occupancy, Person, Registration, SessionTerms, State, Tally
from register.domain.outcome import Outcome, RegistrationChange
from register.domain.rules import NAMES_FOR_ONE_EMAIL, allow_sign_up, promotion_due, state_for_next
from register.domain.trail import TrailAction
from schedule.model import Status


class MoveResult(StrEnum):
    """What became of a move."""

    MOVED = "moved"
    """They have a seat there, and nothing here any more."""
    WAITS_TOO = "waits-too"
    """They wait there, and keep what they have here."""
    THERE_ALREADY = "there-already"
    """They had a seat there, and nothing has changed."""
    WAITING_ALREADY = "waiting-already"
    """They waited there, and nothing has changed."""


@dataclass(frozen=True, slots=True)
class Moved:
    """The answer to a move: both registrations as they are now, and the place there of somebody who waits."""

    result: MoveResult
    left: Registration
    there: Registration
    place: int | None


def allow_link(known: Registration, link_generation: int | None, *, receipt: bool = False) -> None:
    """Allow what was asked for by a link of this generation, or by a receipt. Raises UnknownRegistration.

    A receipt has no power any more once the link was used: somebody reads what is sent to the address.
    """
    if link_generation not in {None, known.link_generation} or (receipt and known.used_link):
        raise UnknownRegistration(known.session_id)


def allow_amending_in(terms: SessionTerms, now: datetime, by: ChangedBy) -> None:
    """Allow corrections in a session, also after sign-up has closed, until it ends.

    Staff may correct until the data expires: people who walked in are often written down in a hurry, and who left no
    email address can be erased once one is known. Raises SessionCancelled, SessionOver.
    """
    if terms.status is Status.CANCELLED:
        raise SessionCancelled(terms.session_id)
    if (terms.expires if by is ChangedBy.STAFF else terms.ends) <= now:
        raise SessionOver(terms.session_id, terms.ends)


def allow_amending(
    known: Registration, person: Person, *, taken_by: Registration | None, tally: Tally, by: ChangedBy
) -> None:
    """Allow a correction. What it raises tells of people: count the limits before.

    `taken_by` has the new name and email address, `tally` are the counts of that address, which staff may give to any
    number of people.

    Raises NotActive, PersonTaken, TooManyNames.
    """
    if not known.is_active:
        raise NotActive(known.session_id)
    if taken_by is not None and taken_by.registration_id != known.registration_id:
        raise PersonTaken(known.session_id)
    is_full = by is not ChangedBy.STAFF and tally.active >= NAMES_FOR_ONE_EMAIL
    if person.email_hash != known.person.email_hash and is_full:
        raise TooManyNames(known.session_id, NAMES_FOR_ONE_EMAIL)


def allow_sessions(source: SessionTerms, target: SessionTerms) -> None:
    """Allow moves between two dates of one training. Raises OtherTraining, UnreadableSnapshot."""
    trainings = {
        snapshot.read(terms.snapshot_json, terms.session_id).session.training.slug
        for terms in (source, target)
    }
    if len(trainings) > 1:
        raise OtherTraining(source.session_id, target.session_id)


def allow_other(session_id: str, to: str) -> None:
    """Allow another session than the one that is left. Raises SameSession."""
    if session_id == to:
        raise SameSession(session_id)


@dataclass(frozen=True, slots=True)
class Move:
    """A move to another date, with what was read of both: what it gives, and what it changes there."""

    source: SessionTerms
    target: Occupancy
    known: Registration
    there: Registration | None
    """What the person has at the other date by now."""
    place: int | None
    """The person's place in the line there."""
    tally: Tally
    """What the email address has there by now."""
    new_registration_id: str
    now: datetime
    by: ChangedBy
    staff: str = ""
    """The email address of whoever of the staff moves them."""

    def result(self) -> MoveResult:
        """Return what the move gives.

        Raises NotActive, SessionOver, SessionStarted; what `rules.allow_sign_up` raises of the target. Count the limits
        before: somebody who has moved already is answered where others are refused.
        """
        source, target, there, now = self.source, self.target, self.there, self.now
        # My own write, whose answer was lost.
        if there is not None and there.registration_id == self.new_registration_id:
            return MoveResult.WAITS_TOO if self.known.is_active else MoveResult.MOVED
        if not self.known.is_active:
            if self.known.moved_to == target.terms.session_id and there is not None:
                return MoveResult.MOVED  # sent twice
            raise NotActive(source.session_id)
        if source.ends <= now:
            raise SessionOver(source.session_id, source.ends)
        if source.starts <= now:
            raise SessionStarted(source.session_id, source.starts)
        allow_sign_up(target, there, self.tally, now, by=self.by)
        if there is None:
            has_seat = state_for_next(target, now) is State.CONFIRMED
            return MoveResult.MOVED if has_seat else MoveResult.WAITS_TOO
        if there.state is State.CONFIRMED:
            return MoveResult.THERE_ALREADY
        return MoveResult.MOVED if self._seat_for_place() else MoveResult.WAITING_ALREADY

    def joins_line(self, result: MoveResult) -> bool:
        """Whether the person is new in the line there, and so needs a queue number."""
        return self.there is None and result is MoveResult.WAITS_TOO

    def arrival(self, result: MoveResult, queue_number: int | None) -> Outcome:
        """Return what the move changes at the other date.

        A new registration begins anew but for what bounced, which is the address's.
        """
        target, known, there = self.target, self.known, self.there
        if there is None:
            waits = result is MoveResult.WAITS_TOO
            new = Registration(
                session_id=target.terms.session_id,
                registration_id=self.new_registration_id,
                state=State.WAITLISTED if waits else State.CONFIRMED,
                person=known.person,
                signed_up=self.now,
                since=self.now,
                changed=self.now,
                queue_number=queue_number,
                bounced=known.bounced,
                changed_by=self.by,
                besides=waits,
            )
            action = TrailAction.ADDED if waits else TrailAction.MOVED_HERE
            signed_up = outcomes.signed_up(target, new, self.tally, other=self.source)
            return signed_up.noted(action, self.now, self.by, self.staff)
        if result is MoveResult.MOVED and known.is_active:
            arrived = outcomes.arrived(target, there, self.tally, self.now, self.by, self.source)
            return arrived.noted(TrailAction.MOVED_HERE, self.now, self.by, self.staff)
        return Outcome(target.terms.session_id, registrations=(RegistrationChange(there, there),))

    def _seat_for_place(self) -> bool:
        """Whether a free seat is that of the person's place in the line, as after seats were added."""
        free = self.target.terms.capacity - self.target.confirmed
        return promotion_due(self.target, self.now) and self.place is not None and self.place <= free
