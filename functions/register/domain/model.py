# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who takes a seat, who waits and who is promoted: the rules alone, without I/O, clock or random numbers.

All instants are in UTC. Names are MSIX's and RFC 5545's where they have one (`revision` is SEQUENCE).
"""

from __future__ import annotations

import hashlib
import unicodedata
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from schedule.model import Language, Status

NAMES_FOR_ONE_ADDRESS = 5
"""How many people of one family or office may sign up for a session with one address."""

REMINDER_BEFORE = timedelta(days=1)
"""How long before the start the reminder goes out."""

REPEAT_AFTER = timedelta(hours=1)
"""A repeated sign-up and a lost mail bring the same mail again at most this often."""


class RegisterError(Exception):
    """Base of all errors that the sign-up function raises."""


class Refused(RegisterError):
    """Somebody asked for what the rules do not give; nothing was written."""


class UnknownSession(Refused):
    """There is no session of that id (any more)."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"no session {session_id!r}; the schedule lists those that there are")
        self.session_id = session_id


class SessionCancelled(Refused):
    """The session does not take place."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"{session_id}: is cancelled; choose another session")
        self.session_id = session_id


class SessionOver(Refused):
    """The session has taken place."""

    def __init__(self, session_id: str, ended: datetime) -> None:
        super().__init__(f"{session_id}: ended at {ended:%Y-%m-%dT%H:%MZ}; choose another session")
        self.session_id = session_id
        self.ended = ended


class SignUpClosed(Refused):
    """The time to sign up is over."""

    def __init__(self, session_id: str, closed: datetime) -> None:
        super().__init__(f"{session_id}: sign-up closed at {closed:%Y-%m-%dT%H:%MZ}; choose another session")
        self.session_id = session_id
        self.closed = closed


class TooManyNames(Refused):
    """One address has signed up as many people as it may."""

    def __init__(self, session_id: str, most: int = NAMES_FOR_ONE_ADDRESS) -> None:
        super().__init__(f"{session_id}: one address may sign up {most} people; use another address")
        self.session_id = session_id
        self.most = most


class LimitReached(Refused):
    """Too much of one kind in one window of time; `what` is `client` or `recipient`, never whose."""

    def __init__(self, what: str, most: int, window: timedelta) -> None:
        super().__init__(f"limit by {what}: {most} in {window}; try again later")
        self.what = what
        self.most = most
        self.window = window


class UnknownRegistration(Refused):
    """A registration that is not there, or that a newer one of the same person has replaced."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"{session_id}: no such registration; the newest mail has the link that works")
        self.session_id = session_id


class State(StrEnum):
    """What a registration gives."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """Why a mail is sent."""

    CONFIRMATION = "confirmation"
    WAITING_LIST = "waiting-list"
    PROMOTION = "promotion"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    """The person has cancelled."""
    SESSION_CANCELLATION = "session-cancellation"
    REMINDER = "reminder"


_ENDINGS = frozenset({Kind.CANCELLATION, Kind.SESSION_CANCELLATION})


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody's name, which may be empty, and email address."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.email.rpartition("@")[2].casefold()


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody tells us, and nothing else; `role` and `organization` may be empty, `needs` often is."""

    name: str
    email: str
    organization: str = ""
    role: str = ""
    language: Language = Language.ENGLISH
    needs: str = ""

    @property
    def identity(self) -> str:
        """The same for the same name at the same address, however they are written."""
        return digest(normalized_email(self.email), normalized_name(self.name))

    @property
    def address(self) -> str:
        """The same for everybody with this e-mail address."""
        return address_of(self.email)


def normalized_email(email: str) -> str:
    """Return an address as it is compared: nobody has two mailboxes that differ in case alone."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def normalized_name(name: str) -> str:
    """Return a name as it is compared: without regard to case, width and spacing."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def address_of(email: str) -> str:
    """Return what stands for an e-mail address in keys."""
    return digest(normalized_email(email))


def digest(*parts: str) -> str:
    """Return the SHA-256 of texts, in 43 characters that may stand in addresses (RFC 4648 §5)."""
    raw = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Offer:
    """What the schedule says of a session, as far as sign-ups and mails need it.

    `details` is the JSON of a contract of this session alone (`schedule.contract.only`); `join_url` is
    private, for those who have a seat; `expires` is when all that people told us about themselves goes.
    """

    session_id: str
    starts: datetime
    ends: datetime
    closes: datetime
    expires: datetime
    capacity: int
    status: Status
    revision: int
    details: str
    join_url: str | None = None

    @property
    def mark(self) -> str:
        """The same for equal offers only: who remembers an offer can tell whether it still holds."""
        times = (self.starts, self.ends, self.closes, self.expires)
        return digest(
            self.session_id,
            *(one.astimezone(UTC).isoformat() for one in times),
            str(self.capacity),
            self.status,
            str(self.revision),
            self.details,
            "" if self.join_url is None else f"={self.join_url}",
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """A change of a session of which not everybody concerned has a mail yet."""

    kind: Kind
    recorded: datetime
    before: str
    """The session's `details` before the change."""
    to_waiting: bool = True
    """Whether it concerns who waits, too: a new link to join does not."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A session as the store holds it: the offer, and how many have taken it."""

    offer: Offer
    confirmed: int = 0
    waiting: int = 0
    notice: Notice | None = None
    reminded: datetime | None = None
    """The start for which all reminders have been written."""

    @property
    def seats_left(self) -> int:
        """How many could sign up and be confirmed now."""
        return 0 if self.waiting else max(0, self.offer.capacity - self.confirmed)


@dataclass(frozen=True, slots=True)
class Registration:
    """One person's seat, place in the line or cancelled sign-up; `rid` is random, a new one each time."""

    session_id: str
    identity: str
    rid: str
    state: State
    person: Person
    signed_up: datetime
    since: datetime
    """When it came into its state."""
    ticket: int | None = None
    """Drawn once by who waits; the line goes by it. It is no place: that is counted when it is shown."""
    bounced: str | None = None
    """What the mail server said when a mail came back."""


@dataclass(frozen=True, slots=True)
class SignedUp:
    """The answer to a sign-up: the state, the place in the line for who waits, and whether it was there before."""

    registration: Registration
    place: int | None
    repeated: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in a window of time; `key` says of what, and names nobody."""

    what: str
    key: str
    most: int
    window: timedelta

    def window_of(self, now: datetime) -> int:
        """Return the number of the window that an instant lies in."""
        return int(now.timestamp() // self.window.total_seconds())

    def expires(self, now: datetime) -> datetime:
        """Return when the window's count may go."""
        return now + self.window

    def reached(self) -> LimitReached:
        """Return the error to raise."""
        return LimitReached(self.what, self.most, self.window)


@dataclass(frozen=True, slots=True)
class Message:
    """A mail with all that is needed to write it. Session, identity, rid, kind and stamp together are its key."""

    session_id: str
    identity: str
    rid: str
    kind: Kind
    stamp: str
    """Tells two mails of a kind apart: the hour, the session's revision, or its start."""
    name: str
    email: str
    language: Language
    state: State
    """Of the registration when this was written; for a cancellation, what was cancelled."""
    recorded: datetime
    details: str
    join_url: str | None = None
    before: str | None = None
    """The session's `details` before a change."""

    @property
    def key(self) -> str:
        """What names it in logs: it tells nothing about the person."""
        return f"{self.session_id}/{self.rid}/{self.kind}/{self.stamp}"


def refusal(offer: Offer, now: datetime, *, late: bool = False) -> Refused | None:
    """Return why nobody may sign up for a session now, or None if people may; `late` for whom staff sign up."""
    if offer.status is Status.CANCELLED:
        return SessionCancelled(offer.session_id)
    if offer.ends <= now:
        return SessionOver(offer.session_id, offer.ends)
    if offer.closes <= now and not late:
        return SignUpClosed(offer.session_id, offer.closes)
    return None


def state_for_next(standing: Standing) -> State:
    """Return what the next who signs up gets: a seat while some are free and nobody waits."""
    return State.CONFIRMED if standing.seats_left else State.WAITLISTED


def hands_on(standing: Standing, now: datetime) -> bool:
    """Whether a seat that is given back goes to the first who waits at once.

    Not after a cut in seats, as long as more are confirmed than there are seats.
    """
    return _may_promote(standing, now) and standing.confirmed <= standing.offer.capacity


def promotion_due(standing: Standing, now: datetime) -> bool:
    """Whether somebody waits beside a free seat, as after seats were added."""
    return _may_promote(standing, now) and standing.confirmed < standing.offer.capacity


def _may_promote(standing: Standing, now: datetime) -> bool:
    offer = standing.offer
    return standing.waiting > 0 and offer.status is Status.SCHEDULED and now < offer.starts


def reminder_due(standing: Standing, now: datetime) -> bool:
    """Whether the reminders of a session are to be written."""
    offer = standing.offer
    soon = offer.starts - REMINDER_BEFORE <= now < offer.starts
    return soon and offer.status is Status.SCHEDULED and standing.reminded != offer.starts


def is_reminded(registration: Registration, offer: Offer) -> bool:
    """Whether a person gets the reminder; not who has just had the confirmation."""
    return registration.state is State.CONFIRMED and registration.since < offer.starts - REMINDER_BEFORE


def is_told(registration: Registration, notice: Notice) -> bool:
    """Whether a change concerns a registration.

    Also one that is newer than the change: clocks differ, and a mail too many is better than one too few.
    """
    return registration.state is State.CONFIRMED or (
        registration.state is State.WAITLISTED and notice.to_waiting
    )


def state_mail(registration: Registration, offer: Offer, now: datetime) -> Message:
    """Return the mail that tells who has a seat or waits how things stand; the same one within an hour."""
    kind = Kind.CONFIRMATION if registration.state is State.CONFIRMED else Kind.WAITING_LIST
    hour = str(int(now.timestamp() // REPEAT_AFTER.total_seconds()))
    return mail(kind, registration, offer, hour, now)


def promotion_mail(registration: Registration, offer: Offer, now: datetime) -> Message:
    """Return the mail to who has got a seat from the waiting list, which happens once to a registration."""
    return mail(Kind.PROMOTION, registration, offer, "once", now)


def cancellation_mail(registration: Registration, offer: Offer, now: datetime) -> Message:
    """Return the mail to who cancels this seat or place, which happens once to a registration."""
    return mail(Kind.CANCELLATION, registration, offer, "once", now)


def reminder_mail(registration: Registration, offer: Offer, now: datetime) -> Message:
    """Return the reminder; a session that is moved afterward gets another."""
    return mail(Kind.REMINDER, registration, offer, str(int(offer.starts.timestamp())), now)


def comes_too_late(message: Message, now: datetime) -> bool:
    """Whether a mail is of no use any more: the reminder of what has begun, by the start in its stamp."""
    return message.kind is Kind.REMINDER and int(message.stamp) <= now.timestamp()


def notice_mail(registration: Registration, offer: Offer, notice: Notice) -> Message:
    """Return the mail that tells one person about a change."""
    return mail(notice.kind, registration, offer, str(offer.revision), notice.recorded, before=notice.before)


def mail(
    kind: Kind,
    registration: Registration,
    offer: Offer,
    stamp: str,
    now: datetime,
    *,
    before: str | None = None,
) -> Message:
    """Return a mail, with the link to join for who has a seat in a session that takes place, and for nobody else."""
    joins = registration.state is State.CONFIRMED and kind not in _ENDINGS
    return Message(
        session_id=offer.session_id,
        identity=registration.identity,
        rid=registration.rid,
        kind=kind,
        stamp=stamp,
        name=registration.person.name,
        email=registration.person.email,
        language=registration.person.language,
        state=registration.state,
        recorded=now,
        details=offer.details,
        join_url=offer.join_url if joins else None,
        before=before,
    )
