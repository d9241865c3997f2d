# SPDX-License-Identifier: AGPL-3.0-or-later
"""At most so many of one kind in any window of time, wherever it begins. All instants are in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from register.domain.errors import LimitReached
from register.domain.identity import hash_of, normalized_email

_GOOGLE = ("gmail.com", "googlemail.com")


def mailbox_of(email: str) -> str:
    """Return what stands for the mailbox behind an email address: a key of limits, and of nothing else.

    What follows a "+" is the owner's choice on most servers (RFC 5233); at Google dots are as well
    (https://support.google.com/mail/answer/7436150), and both of its domains are one.
    """
    local, _, domain = normalized_email(email).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _GOOGLE:
        local, domain = local.replace(".", ""), _GOOGLE[0]
    return f"{local}@{domain}"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many in a window of time; `key` says of what, and names nobody."""

    what: str
    key: str
    most: int
    window: timedelta

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """Return the instants between which, both excluded, a hit counts together with one now.

        Later ones count as well, since clocks differ and are set back.
        """
        return now - self.window, now + self.window

    def hit(self, hits: Iterable[datetime], now: datetime) -> tuple[datetime, ...]:
        """Return the hits to keep, in order, one now among them; `hits` are those that were kept before.

        The newest are kept even when they have left the window, for a clock that is set back. What is more than
        a window ahead goes: it is from a clock that was wrong, and must lock nobody out. Raises LimitReached.
        """
        since, until = self.span(now)
        known = [hit for hit in hits if hit < until]
        if sum(hit > since for hit in known) >= self.most:
            raise self.reached()
        return tuple(sorted((*known, now))[-self.most :])

    def expires(self, hits: Sequence[datetime]) -> datetime:
        """Return when the newest of hits has left the window, and all of them may go."""
        return hits[-1] + self.window

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

    def of_recipients(self, *emails: str) -> tuple[Limit, ...]:
        """Return the limits for emails to some mailboxes, each once."""
        keys = dict.fromkeys(hash_of(mailbox_of(email)) for email in emails)
        return tuple(limit for key in keys for limit in _limit("recipient", key, self.recipient))

    def of_staff_link(self, email: str) -> tuple[Limit, ...]:
        """Return the limit for links by which staff sign in, to one mailbox.

        It is counted by itself: what a stranger asks for with the other forms must not lock staff out.
        """
        return _limit("staff-recipient", hash_of(mailbox_of(email)), self.recipient)


def _limit(what: str, key: str, rate: Rate | None) -> tuple[Limit, ...]:
    return () if rate is None else (Limit(what, f"{what}:{key}", rate.most, rate.window),)
