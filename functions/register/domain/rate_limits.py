# SPDX-License-Identifier: AGPL-3.0-or-later
"""At most so many of one kind in one window of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from register.domain.errors import LimitReached
from register.domain.identity import hash_of


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
class Rate:
    """How many in a window of time."""

    most: int
    window: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """Makes the limits that a store counts; None turns one off."""

    client: Rate | None
    recipient: Rate | None

    def of_client(self, key: str) -> tuple[Limit, ...]:
        """Return the limit for what comes from one network; `key` is what stands for it."""
        return _limit("client", key, self.client)

    def of_recipient(self, email: str) -> tuple[Limit, ...]:
        """Return the limit for emails to one email address."""
        return _limit("recipient", hash_of(email), self.recipient)


def _limit(what: str, key: str, rate: Rate | None) -> tuple[Limit, ...]:
    return () if rate is None else (Limit(what, f"{what}:{key}", rate.most, rate.window),)
