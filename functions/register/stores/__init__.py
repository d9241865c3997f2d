# SPDX-License-Identifier: AGPL-3.0-or-later
"""The port: what every store does, each verb atomic; `sqlite.py` and `dynamodb.py` are its adapters.

A port of verbs and not a unit of work, because DynamoDB has no interactive transactions. Every verb that
changes something about a person records its mail in the same transaction. All instants are in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from register.domain.errors import RegisterError
from register.domain.model import Message, Notice, Occupancy, Person, Registration, SessionTerms, SignedUp
from register.domain.rate_limits import Limit

KEPT_AFTER_SENDING = timedelta(days=7)
"""How long a mail that was sent stays, so that it is not written twice; then the personal data in it goes."""


class StoreError(RegisterError):
    """The store could not do what was asked; it may be asked again."""


class StoreUnavailable(StoreError):
    """The store does not answer, or not in time."""


class Conflict(StoreError):
    """A session has been changed by somebody else since it was read; read it again."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"{session_id}: was changed by another sync at the same time; run sync again")
        self.session_id = session_id


@dataclass(frozen=True, slots=True)
class Delivery:
    """How far a message is on its way."""

    message: Message
    due: datetime | None
    """When it is to be tried (again); None once it is sent or given up."""
    attempts: int = 0
    """How often it has failed; that the server was down does not count."""
    problem: str | None = None
    """What went wrong the last time."""
    sent: datetime | None = None


def held_back(message: Message, pending: Iterable[Delivery]) -> bool:
    """Whether an older mail of the same registration is still to be sent: the newest state must arrive last."""
    return any(
        one.due is not None
        and (one.message.session_id, one.message.registration_id)
        == (message.session_id, message.registration_id)
        and one.message.recorded < message.recorded
        for one in pending
    )


class Store(Protocol):
    """Sessions, registrations and the outbox."""

    def health(self) -> str:
        """Return what the store is, in a few words, having asked it. Raises StoreUnavailable."""

    # Reading

    def session(self, session_id: str) -> Occupancy:
        """Return a session. Raises UnknownSession."""

    def sessions(self, after: datetime) -> list[Occupancy]:
        """Return the sessions that end after an instant, by start and id."""

    def registration(self, session_id: str, identity: str) -> Registration | None:
        """Return the newest registration of a person in a session, whatever its state."""

    def place(self, registration: Registration) -> int | None:
        """Return the number in the line of who waits, counted now, from 1 on; None for who does not wait."""

    def roster(self, session_id: str) -> list[Registration]:
        """Return all registrations: confirmed by `since`, then waitlisted by queue_number, then cancelled by `since`.

        Raises UnknownSession.
        """

    def registrations_of(self, email: str) -> list[Registration]:
        """Return all registrations with an address, by session id and identity."""

    def messages_of(self, email: str) -> list[Delivery]:
        """Return all messages to an address that still are there, by the time they were recorded."""

    # Changing

    def sign_up(
        self,
        session_id: str,
        person: Person,
        *,
        registration_id: str,
        now: datetime,
        limits: Sequence[Limit] = (),
        late: bool = False,
    ) -> SignedUp:
        """Give a seat or a place in the line, and record the mail; a repeat gives what is stored.

        Raises UnknownSession, SessionCancelled, SessionOver, SignUpClosed, TooManyNames, LimitReached: then
        nothing was written (DynamoDB counts limits first). `late` is for staff: until the session is over.
        """

    def cancel(self, session_id: str, identity: str, registration_id: str, *, now: datetime) -> Registration:
        """Cancel, hand the seat to the first who waits, and record both mails; a second time changes nothing.

        Raises UnknownSession, UnknownRegistration (also if a newer registration has another id), SessionOver.
        """

    def promote_one(self, session_id: str, *, now: datetime) -> bool:
        """Give a free seat to the first who waits, if that is due; return whether it was."""

    def resend(self, session_id: str, identity: str, *, now: datetime, limits: Sequence[Limit] = ()) -> bool:
        """Record the mail of the registration's state again; False if this hour has one already.

        Raises UnknownSession, UnknownRegistration, LimitReached.
        """

    def count(self, limits: Sequence[Limit], *, now: datetime) -> None:
        """Count a request that may write nothing else, so that one for an unknown address counts alike.

        Raises LimitReached.
        """

    def sync_session(self, terms: SessionTerms, notice: Notice | None, *, expected: Occupancy | None) -> None:
        """Put the schedule's newest word of a session in place, with the notice that is then due.

        `expected` is what the plan was made from, None for a new session. Raises Conflict if the stored terms
        or notice is another, or if the stored notice is not written out yet.
        """

    def withdraw(self, session_id: str) -> bool:
        """Delete a session for which nobody is confirmed or waits; return whether it could be.

        Its cancelled registrations go with it; mails that are still to be sent stay. Raises UnknownSession.
        """

    def write_out_notice(self, session_id: str) -> int:
        """Record a message for each person whom the notice concerns, then clear it; return how many are new.

        Also renews when their data expires. May be repeated after a crash, and then does the rest.
        """

    def write_reminders(self, session_id: str, *, now: datetime) -> int:
        """Record the reminders of a session, if they are due; return how many are new."""

    # The outbox

    def claim(self, *, now: datetime, lease: timedelta, most: int) -> list[Delivery]:
        """Take messages that are due and that nobody else has taken, for the time of the lease, oldest first.

        One that is `held_back` is left alone until the older one is sent or given up.
        """

    def claim_one(
        self,
        session_id: str,
        identity: str,
        registration_id: str,
        kind: str,
        occasion: str,
        *,
        now: datetime,
        lease: timedelta,
    ) -> Delivery | None:
        """Take one message by its key.

        None if it is sent, given up, not due yet, held back, taken, or not there.
        """

    def settle_sent(self, message: Message, *, now: datetime) -> None:
        """Keep that a message is out, also if it was given up before."""

    def settle_later(self, message: Message, *, due: datetime, problem: str, counted: bool = True) -> None:
        """Keep that a try has failed, and when the next one is due; `counted` if this message was at fault.

        One that was given up is due again, and its tries are counted from nought. One that is sent stays sent.
        """

    def settle_failed(self, message: Message, *, now: datetime, problem: str) -> None:
        """Keep that a message cannot be delivered, for `register doctor`. One that is sent stays sent."""

    def bounced(self, email: str, problem: str, *, now: datetime) -> int:
        """Keep at the registrations of an address that its mail came back; return how many there are.

        An empty problem takes it back: somebody has seen to it.
        """

    def pending(self) -> list[Delivery]:
        """Return the messages that are still to be sent, by when they are due."""

    def failed(self) -> list[Delivery]:
        """Return the messages that were given up."""

    # Keeping house

    def erase(self, email: str, *, now: datetime) -> int:
        """Delete all that is stored about an address, its messages included; return how many registrations.

        Cancel what is active first: this frees no seat. Raises StoreError if something is active still in a
        session that is not over.
        """

    def purge(self, *, now: datetime) -> int:
        """Delete what has expired, as far as the store does not by itself; return how many rows."""

    def close(self) -> None:
        """Let go of connections."""
