# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions, people and their registrations, without I/O, clock or random numbers.

All instants are in UTC. Names are MSIX's and RFC 5545's where they have one (`revision` is SEQUENCE).
"""

from __future__ import annotations

import hashlib
import unicodedata
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from schedule.model import Language, Status


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
class SessionTerms:
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
    def fingerprint(self) -> str:
        """The same for equal offers only: who remembers an terms can tell whether it still holds."""
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
class Occupancy:
    """A session as the store holds it: the terms, and how many have taken it."""

    terms: SessionTerms
    confirmed: int = 0
    waiting: int = 0
    notice: Notice | None = None
    reminded: datetime | None = None
    """The start for which all reminders have been written."""

    @property
    def seats_left(self) -> int:
        """How many could sign up and be confirmed now."""
        return 0 if self.waiting else max(0, self.terms.capacity - self.confirmed)


@dataclass(frozen=True, slots=True)
class Registration:
    """One person's seat, place in the line or cancelled sign-up; `registration_id` is random, a new one each time."""

    session_id: str
    identity: str
    registration_id: str
    state: State
    person: Person
    signed_up: datetime
    since: datetime
    """When it came into its state."""
    queue_number: int | None = None
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
class Message:
    """An email with all that is needed to write it.

    Session, identity, registration id, kind and occasion together are its key.
    """

    session_id: str
    identity: str
    registration_id: str
    kind: Kind
    occasion: str
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
        return f"{self.session_id}/{self.registration_id}/{self.kind}/{self.occasion}"
