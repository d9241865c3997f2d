# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions, people and their registrations, without I/O, clock or random numbers.

All instants are in UTC. Names are MSIX's and RFC 5545's where they have one (`revision` is SEQUENCE).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from register.domain.announcements import Announcement
from register.domain.identity import digest, hash_of, identity_of
from schedule.model import Language, Status


class State(StrEnum):
    """What a registration gives."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class Kind(StrEnum):
    """Why an email is sent."""

    CONFIRMATION = "confirmation"
    WAITING_LIST = "waiting-list"
    PROMOTION = "promotion"
    CHANGE = "change"
    LINK = "link"
    """The link to join, which was not known before; nothing else has changed."""
    CANCELLATION = "cancellation"
    """A registration was canceled; `ChangedBy` says by whom."""
    SESSION_CANCELLATION = "session-cancellation"
    REMINDER = "reminder"
    CORRECTION = "correction"
    """What is stored of the person by now; to the address as it is now."""
    ADDRESS_CHANGED = "address-changed"
    """The registration has another email address now; to the one before, without a name."""
    ANNOUNCEMENT = "announcement"
    """What staff write to the people of a session in their own words; no other email says it."""
    STAFF_LINK = "staff-link"
    """The link by which a member of staff signs in."""
    STAFF_NEEDS = "staff-needs"
    """Somebody asks for an interpreter or other help."""
    STAFF_ROSTER = "staff-roster"
    """Names and needs, the day before."""
    STAFF_DAILY = "staff-daily"
    """The sign-ups and cancellations of a day."""
    STAFF_PROBLEMS = "staff-problems"
    """What somebody in the office should act on."""

    @property
    def for_staff(self) -> bool:
        """Whether it goes to staff, and to nobody who has signed up."""
        return self.value.startswith("staff-")

    @property
    def stands_alone(self) -> bool:
        """Whether it says what no newer email to the same address says, too."""
        return self.for_staff or self is Kind.ANNOUNCEMENT

    @property
    def ends(self) -> bool:
        """Whether its reader has no seat and no place in the line any more."""
        return self in {Kind.CANCELLATION, Kind.SESSION_CANCELLATION, Kind.ADDRESS_CHANGED}


class ChangedBy(StrEnum):
    """Who brought a registration into its state, or a message about."""

    PERSON = "person"
    STAFF = "staff"
    SCHEDULE = "schedule"
    """The schedule, and what follows by itself: promotions, changes of the session, reminders."""
    ERASURE = "erasure"
    """All that was kept about the person has been erased."""


@dataclass(frozen=True, slots=True)
class Person:
    """What somebody tells us, and nothing else; `role` and `organization` may be empty, `needs` often is.

    `email` is empty for people without email who walk in: nothing is sent to them.
    """

    name: str
    email: str
    organization: str = ""
    role: str = ""
    language: Language = Language.ENGLISH
    needs: str = ""

    @property
    def identity(self) -> str:
        """The same for the same name with the same email address, however they are written."""
        return identity_of(self.email, self.name)

    @property
    def email_hash(self) -> str:
        """The same for everybody with this email address; stands for it in keys."""
        return hash_of(self.email)


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """What the schedule says of a session, as far as sign-ups and emails need it.

    `snapshot_json` is a contract of this session alone (`register.domain.snapshot`); `join_url` is private, for
    people with a seat; `expires` is when all that people told us about themselves goes.
    """

    session_id: str
    starts: datetime
    ends: datetime
    closes: datetime
    expires: datetime
    capacity: int
    status: Status
    revision: int
    snapshot_json: str
    join_url: str | None = None

    @property
    def fingerprint(self) -> str:
        """The same for equal terms only: what is written under it was made from the terms that hold."""
        times = (self.starts, self.ends, self.closes, self.expires)
        return digest(
            self.session_id,
            *(time.astimezone(UTC).isoformat() for time in times),
            str(self.capacity),
            self.status,
            str(self.revision),
            self.snapshot_json,
            "" if self.join_url is None else f"={self.join_url}",
        )


@dataclass(frozen=True, slots=True)
class Notice:
    """A change of a session of which not everybody concerned has an email yet."""

    kind: Kind
    recorded: datetime
    before_snapshot_json: str
    """The session's snapshot before the change."""
    to_waiting: bool = True
    """Whether it concerns people who wait, too: a new link to join does not."""


@dataclass(frozen=True, slots=True)
class Occupancy:
    """A session as the store holds it: its terms, and how many people have taken them."""

    terms: SessionTerms
    confirmed: int = 0
    waiting: int = 0
    notice: Notice | None = None
    announcement: Announcement | None = None
    """What staff have written of which not everybody has an email yet."""
    reminded: datetime | None = None
    """The start for which all reminders have been written."""
    highest_erased: int = 0
    """The highest number of a message to people who have been erased since, or of a change of theirs."""

    @property
    def seats_left(self) -> int:
        """How many could sign up and be confirmed now."""
        return 0 if self.waiting else max(0, self.terms.capacity - self.confirmed)


@dataclass(frozen=True, slots=True)
class Registration:
    """One person's seat, place in the line or canceled sign-up; its id is random, and its own for good."""

    session_id: str
    registration_id: str
    state: State
    person: Person
    signed_up: datetime
    since: datetime
    """When it came into its state."""
    changed: datetime
    """When anything about it was changed last, which never falls: a state, what is stored of the person, a tick."""
    queue_number: int | None = None
    """Drawn once by people who wait; the line goes by it. It is no place: that is counted when it is shown."""
    link_generation: int = 0
    """Raised to make all links to this registration dead that were sent before."""
    bounced: str | None = None
    """What the email server said when an email bounced."""
    changed_by: ChangedBy = ChangedBy.PERSON
    """Who brought it into its state."""
    moved_to: str | None = None
    """The session that somebody moved to, who was canceled here for that."""
    besides: bool = False
    """Whether it is one of somebody who waits here and kept another date meanwhile."""
    attended: bool | None = None
    """Whether somebody with a seat was there; None while nobody has said so."""
    used_link: bool = False
    """Whether something was changed by the link in an email: then it is known who reads that address."""

    @property
    def is_active(self) -> bool:
        """Whether it is a seat or a place in the line."""
        return self.state is not State.CANCELLED


@dataclass(frozen=True, slots=True)
class SignedUp:
    """The answer to a sign-up: the registration, the place of somebody who waits, and whether it was there before."""

    registration: Registration
    place: int | None
    repeated: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What one email address has in one session, where families and offices share it."""

    active: int = 0
    """How many people are confirmed or wait."""
    seats: int = 0
    """How many of them are confirmed: one email address is one calendar user (RFC 5546 §3.2.5), with one event."""
    last: int = 0
    """The number of the newest message to it."""


_STATES = tuple(State)


def roster_of(registrations: Iterable[Registration]) -> list[Registration]:
    """Return each person's newest registration: the confirmed by `since`, then the line, then the canceled."""
    newest: dict[str, Registration] = {}
    for registration in sorted(
        registrations, key=lambda each: (each.is_active, each.changed, each.signed_up, each.since)
    ):
        newest[registration.person.identity] = registration
    return sorted(
        newest.values(),
        key=lambda each: (
            _STATES.index(each.state),
            each.queue_number or 0,
            each.since,
            each.registration_id,
        ),
    )
