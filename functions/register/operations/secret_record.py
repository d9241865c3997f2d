# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps which secret signed the links of which time, so that the doctor sees when links have died.

Of a secret itself nothing is kept but a fingerprint, by which nobody can sign.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple, Protocol

from register.domain.model import Registration
from register.stores.errors import Damaged

_FACT = "signing since "
_EVER = datetime.min.replace(tzinfo=UTC)


class Facts(Protocol):
    """Where it is kept; the SQLite database does."""

    def facts(self) -> Mapping[str, str]:
        """Return all facts by their names."""

    def keep_fact(self, name: str, value: str = "yes") -> None:
        """Keep one."""


class _Signed(NamedTuple):
    since: datetime
    until: datetime
    fingerprint: str


def keep(facts: Facts, secrets: Sequence[str], *, now: datetime) -> None:
    """Keep that links are signed with the first of these secrets from now on. Raises StoreError."""
    newest = fingerprint(secrets[0])
    times = _times(facts.facts(), now)
    if not times or times[-1].fingerprint != newest:
        facts.keep_fact(f"{_FACT}{now.isoformat(timespec='seconds')}", newest)


def dead_since(
    facts: Mapping[str, str], secrets: Sequence[str], people: Iterable[Registration], *, now: datetime
) -> datetime | None:
    """Return until when a secret was used that is none of these any more, if its links are still needed; else None.

    Raises Damaged.
    """
    known = {fingerprint(secret) for secret in secrets}
    signed_up = [each.signed_up for each in people if each.is_active]
    ends = [
        time.until
        for time in _times(facts, now)
        if time.fingerprint not in known and any(time.since <= each < time.until for each in signed_up)
    ]
    return max(ends, default=None)


def fingerprint(secret: str) -> str:
    """Return what tells secrets apart."""
    return hmac.digest(secret.encode(), b"register.fingerprint", hashlib.sha256).hex()[:16]


def _times(facts: Mapping[str, str], now: datetime) -> list[_Signed]:
    try:
        begun = sorted(
            (datetime.fromisoformat(name.removeprefix(_FACT)), value)
            for name, value in facts.items()
            if name.startswith(_FACT)
        )
    except ValueError:
        raise Damaged(f"fact {_FACT}…", "name", "is no date and time") from None
    ends = [*begun, (max(now, begun[-1][0] if begun else now), "")]
    times = [_Signed(since, until, mark) for (since, mark), (until, _) in pairwise(ends)]
    # Before it was first kept, that secret was there already.
    return [time._replace(since=_EVER) if number == 0 else time for number, time in enumerate(times)]
