# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether one may sign up for a session now: one rule for the pages, for the function and for status.json."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from schedule.model import Session, Status


class SignUpState(StrEnum):
    """What people find when they want to sign up; the values stand in status.json."""

    OPEN = "open"
    FULL = "full"
    """One may sign up, and waits for a seat."""
    CLOSED = "closed"
    CANCELLED = "cancelled"
    PAST = "past"
    """Said by pages alone: status.json has no sessions that are over."""

    @property
    def takes_sign_ups(self) -> bool:
        """Whether one may sign up, be it for a seat or to wait for one."""
        return self in {SignUpState.OPEN, SignUpState.FULL}


def sign_up_state(
    *,
    status: Status,
    closes: datetime,
    ends: datetime,
    now: datetime,
    seats_left: int | None = None,
    line_open: bool = True,
) -> SignUpState:
    """Return the state of a session at `now`; all times are aware.

    Where nobody joins the line any more (`line_open`), a full session is CLOSED. The static site does not know
    `seats_left`; without it, a full session is OPEN.
    """
    if status is Status.CANCELLED:
        return SignUpState.CANCELLED
    if ends <= now:
        return SignUpState.PAST
    if closes <= now:
        return SignUpState.CLOSED
    if seats_left == 0:
        return SignUpState.FULL if line_open else SignUpState.CLOSED
    return SignUpState.OPEN


def state_of(session: Session, now: datetime) -> SignUpState:
    """Return the state of a session as the schedule alone tells it."""
    return sign_up_state(
        status=session.status, closes=session.registration_closes, ends=session.period.end, now=now
    )
