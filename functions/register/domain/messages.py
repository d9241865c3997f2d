# SPDX-License-Identifier: AGPL-3.0-or-later
"""An email on its way: to whom, about what, and what it does to a calendar. All instants are in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from register.domain.identity import hash_of
from register.domain.model import ChangedBy, Kind, State
from schedule.model import Language


class Method(StrEnum):
    """What a calendar does with the event that an email carries (RFC 5546 §1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody's name, which may be empty, and email address."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        """What stands behind the @."""
        return self.email.rpartition("@")[2].casefold()


class MessageKey(NamedTuple):
    """What makes a message one of its own; no two are recorded with one key."""

    session_id: str
    email_hash: str
    registration_id: str
    kind: str
    occasion: str


@dataclass(frozen=True, slots=True)
class Message:
    """An email with all that is needed to write it."""

    session_id: str
    registration_id: str
    kind: Kind
    occasion: str
    """Tells two emails of a kind apart: the hour, the session's revision, or its start."""
    number: int
    """Rises from message to message to one email address in one session: order of delivery, SEQUENCE and DTSTAMP."""
    method: Method | None
    """What the email does to the person's calendar."""
    name: str
    email: str
    language: Language
    state: State
    """Of the registration when this was recorded; for a cancellation, what was canceled."""
    changed_by: ChangedBy
    """Who did what this tells of."""
    recorded: datetime
    snapshot_json: str
    join_url: str | None = None
    before_snapshot_json: str | None = None
    """The session's snapshot before a change."""
    link_generation: int = 0
    place: int | None = None
    """In the line, when this was recorded: by then it may be another."""
    other_snapshot_json: str | None = None
    """The other session's snapshot: where somebody moved to or from, or what is kept beside a place in the line."""
    besides: bool = False
    """As of the registration."""
    subject: str | None = None
    """What staff have written, as of `body`: of announcements alone."""
    body: str | None = None

    @property
    def key(self) -> MessageKey:
        """What it is stored by; what staff get does not meet what the same address gets as somebody's own."""
        to = f"staff {self.email}" if self.kind.for_staff else self.email
        return MessageKey(self.session_id, hash_of(to), self.registration_id, self.kind, self.occasion)

    @property
    def label(self) -> str:
        """What names it in logs: it tells nothing about the person."""
        return f"{self.session_id}/{self.registration_id}/{self.kind}/{self.occasion}"
