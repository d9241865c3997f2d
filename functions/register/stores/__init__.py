# SPDX-License-Identifier: AGPL-3.0-or-later
"""The port: what every store does, each verb atomic. `memory.py`, `sqlite/` and `dynamodb/` are its adapters.

A port of verbs and not a unit of work, because DynamoDB has no interactive transactions. Every verb that
changes something about a person records the email about it in the same transaction. All instants are in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from register.domain.admission import Admission
from register.domain.changes import Moved
from register.domain.model import (
    ChangedBy,
    Notice,
    Occupancy,
    Person,
    Registration,
    SessionTerms,
    SignedUp,
    Tally,
)
from register.domain.rate_limits import Limit
from register.domain.trail import TrailEntry
from register.stores.desk import StaffDesk
from register.stores.errors import StoreError
from register.stores.outbox import Outbox, Wishes


class Registrations(Protocol):
    """Who has a seat or waits.

    Guessing costs: what a verb refuses because of its sessions alone comes first, and counts for no limit. Then the
    `limits` count, all or none. Whatever else is answered depends on what is stored of people, so it comes after;
    where that is refused, the hits stay, and nothing else is written.

    What is done `by` staff stands in the session's trail, written with it: `staff` is the email address of whoever
    did it, empty where it was done by command.
    """

    def registration(self, session_id: str, registration_id: str) -> Registration | None:
        """Return a registration; None once the same person has canceled it and signed up again."""

    def place(self, registration: Registration) -> int | None:
        """Return the number in the line of somebody who waits, counted now, from 1 on; None for anybody else."""

    def roster(self, session_id: str) -> list[Registration]:
        """Return each person's newest registration, as `roster_of` orders them. Raises UnknownSession."""

    def registrations_of(self, email: str) -> list[Registration]:
        """Return all registrations with an email address, by session and registration id."""

    def registrations_of_hash(self, email_hash: str) -> list[Registration]:
        """Return what `registrations_of` does, given no more than the `hash_of` the address."""

    def tally(self, session_id: str, email_hash: str) -> Tally:
        """Return the counts of an email address in a session; of one that has none there, zeros."""

    def sign_up(
        self,
        session_id: str,
        person: Person,
        *,
        registration_id: str,
        now: datetime,
        limits: Sequence[Limit] = (),
        admission: Admission = Admission.FORM,
        by: ChangedBy = ChangedBy.PERSON,
        staff: str = "",
    ) -> SignedUp:
        """Give a seat or a place in the line, and record the email; a repeat gives what is stored.

        Raises UnknownSession, SessionCancelled, SessionOver, SignUpClosed, TooEarly; LimitReached; LineClosed, which
        people with a seat are spared, and TooManyNames. `admission` says what staff may; where that gives a seat
        by hand, somebody who waits gets it by signing up again, and by walking in everybody is ticked.
        """

    def cancel(
        self, session_id: str, registration_id: str, *, now: datetime, by: ChangedBy, staff: str = ""
    ) -> Registration:
        """Cancel, hand the seat to the first person who waits, and record both emails; once more changes nothing.

        An erasure is told by one email for all people of an address, which has no name.

        Raises UnknownSession, UnknownRegistration (also if the person has signed up again), SessionOver.
        """

    def amend(
        self,
        session_id: str,
        registration_id: str,
        person: Person,
        *,
        now: datetime,
        by: ChangedBy,
        link_generation: int | None = None,
        receipt: bool = False,
        limits: Sequence[Limit] = (),
        staff: str = "",
    ) -> Registration:
        """Correct what is stored of a person, who keeps seat or place, and record the email; all alike changes nothing.

        Another address makes all links dead, and is told to the old one. `link_generation` or `receipt` tell by which
        link or page it was asked for (`changes.allow_link`). Raises UnknownSession, SessionCancelled, SessionOver (by
        staff once its data has expired); LimitReached; UnknownRegistration, NotActive, PersonTaken; TooManyNames, but
        by staff.
        """

    def move(
        self,
        session_id: str,
        registration_id: str,
        *,
        to: str,
        new_registration_id: str,
        now: datetime,
        by: ChangedBy,
        link_generation: int | None = None,
        limits: Sequence[Limit] = (),
        staff: str = "",
    ) -> Moved:
        """Move somebody to another date of the training: a cancel and a sign-up in one, each with its email.

        Where all seats are taken they wait there, and keep what they have here. Once more changes nothing.
        Raises SameSession, UnknownSession, OtherTraining; LimitReached; UnknownRegistration, NotActive; SessionOver,
        SessionStarted of the session that is left, and of the other what `sign_up` raises, which people are spared who
        have moved already.
        """

    def resend(
        self,
        session_id: str,
        registration_id: str,
        *,
        now: datetime,
        by: ChangedBy = ChangedBy.PERSON,
        staff: str = "",
    ) -> bool:
        """Record the email of the registration's state again; False if it was `recorded_lately`, or has no address.

        Raises UnknownSession, UnknownRegistration.
        """

    def attend(
        self,
        session_id: str,
        registration_id: str,
        *,
        attended: bool | None,
        expected: bool | None,
        now: datetime,
        staff: str,
    ) -> Registration:
        """Keep whether somebody with a seat attended, or that nobody knows; return the registration as it is stored.

        Nothing is written if that is stored already, or if somebody has changed it from what was `expected`.
        Raises UnknownSession, SessionCancelled, TooEarly, SessionOver (its data has expired); UnknownRegistration,
        NotActive, also of somebody who waits: staff give a seat to people who walk in.
        """

    def trail(self, session_id: str) -> list[TrailEntry]:
        """Return what staff did about a session and its people, in order; of an unknown session, nothing."""

    def count(self, limits: Sequence[Limit], *, now: datetime) -> None:
        """Count a request that may write nothing else, so that one for an unknown email address counts alike.

        As `Limit.hit` says. Raises LimitReached: then it counts for none of the limits.
        """

    def bounced(self, email: str, problem: str, *, now: datetime) -> int:
        """Keep at the registrations of an email address that email to it bounced; return how many there are.

        An empty problem takes it back: somebody has seen to it.
        """

    def erase(self, email: str, *, now: datetime) -> int:
        """Delete all that is stored about an email address, its messages included; return how many registrations.

        Its wishes, too. Cancellations that are still to be sent stay, each with the address alone, until they are
        settled as sent, and for `KEPT_AFTER_ERASING` at most; none is sent while somebody is sending what is deleted.
        The highest number of its messages stays at each session. Cancel what is active first: this frees no seat.
        Raises StillActive if something is active in a session that is not over.
        """


class Sessions(Protocol):
    """What the schedule says, and what follows from its changes."""

    def session(self, session_id: str) -> Occupancy:
        """Return a session. Raises UnknownSession."""

    def sessions(self, after: datetime) -> list[Occupancy]:
        """Return the sessions that end after an instant, by start and id.

        One that cannot be read holds up none of the others: it is left out, and `damaged` names it.
        """

    def sync_session(self, terms: SessionTerms, notice: Notice | None, *, expected: Occupancy | None) -> None:
        """Put the schedule's newest word of a session in place, with the notice that is then due.

        `expected` is what the plan was made from, None for a new session. Raises Conflict if the stored terms
        or notice are others, or if the stored notice is not written out yet.
        """

    def withdraw(self, session_id: str) -> bool:
        """Delete a session in which nobody is confirmed or waits; return whether it could be.

        Its canceled registrations go with it; emails that are still to be sent stay. Raises UnknownSession.
        """

    def promote_one(self, session_id: str, *, now: datetime) -> bool:
        """Give a free seat to the first person who waits, if that is due; return whether it was."""

    def write_out_notice(self, session_id: str) -> int:
        """Record a message for each person whom the notice concerns, then clear it; return how many are new.

        Also renews when their data expires. May be repeated after a crash, and then does the rest.
        """

    def write_reminders(self, session_id: str, *, now: datetime) -> int:
        """Record the reminders of a session, if they are due, with their place for people who wait.

        Returns how many are new.
        """


class Store(Registrations, Sessions, Outbox, Wishes, StaffDesk, Protocol):
    """All of it, in one place."""

    def damaged(self) -> list[StoreError]:
        """Return what is stored that cannot be read, one error each, having read all there is.

        Raises StoreUnavailable.
        """

    def health(self) -> str:
        """Return what the store is, in a few words, having asked it. Raises StoreUnavailable."""

    def purge(self, *, now: datetime) -> int:
        """Delete what has expired, as far as the store does not by itself; return how many rows."""

    def close(self) -> None:
        """Let go of connections."""
