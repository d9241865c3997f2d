# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an email is for: worked out once from its message, and asked by all that makes a part of the email."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from register.domain import snapshot
from register.domain.messages import Message, Method
from register.domain.model import Kind, State
from register.domain.rules import may_join
from register.domain.snapshot import Snapshot
from schedule.model import Session


@dataclass(frozen=True, slots=True)
class Purpose:
    """A message as its email has to be written."""

    message: Message
    kind: Kind
    """What the email says. People who ask again for the email of a canceled session learn that it was canceled."""
    snapshot: Snapshot
    before: Snapshot | None
    """The session before the change that the email tells of."""
    other: Snapshot | None
    """The other session of a move."""
    method: Method | None
    """What the email does to the person's calendar, as it was decided when the message was recorded."""
    ends: bool
    """Whether there is no seat and no place in line any more, and so nothing to look at and to give back."""
    elsewhere: bool
    """Whether what has ended here goes on: on another date, or at another email address."""
    has_seat: bool
    waits: bool
    """Whether the person waits for a seat in a session that takes place."""
    join_url: str | None
    """The private link, if the person may have it and it is known."""

    @classmethod
    def of(cls, message: Message) -> Self:
        """Read a message; nothing else parses its snapshots. Raises what `snapshot.read` raises."""
        now = snapshot.read(message.snapshot_json, message.label)
        kind = message.kind
        if now.session.cancelled and not kind.ends and kind is not Kind.ANNOUNCEMENT:
            kind = Kind.SESSION_CANCELLATION
        before = (
            snapshot.read(message.before_snapshot_json, message.label)
            if message.before_snapshot_json and kind is Kind.CHANGE
            else None
        )
        other = (
            snapshot.read(message.other_snapshot_json, message.label) if message.other_snapshot_json else None
        )
        ends = kind.ends
        has_seat = not ends and may_join(message.state, now.session.status)
        return cls(
            message=message,
            kind=kind,
            snapshot=now,
            before=before,
            other=other,
            method=message.method,
            ends=ends,
            elsewhere=kind is Kind.ADDRESS_CHANGED or (kind is Kind.CANCELLATION and other is not None),
            has_seat=has_seat,
            waits=not ends and message.state is State.WAITLISTED,
            join_url=message.join_url if has_seat else None,
        )

    @property
    def tells_of_cancellation(self) -> bool:
        """Whether it says, or has to show, that the session does not take place."""
        announced = self.kind is Kind.ANNOUNCEMENT and self.session.cancelled
        return announced or self.kind is Kind.SESSION_CANCELLATION

    @property
    def session(self) -> Session:
        """The session as it was when the message was recorded."""
        return self.snapshot.session
