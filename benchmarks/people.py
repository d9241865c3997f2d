# SPDX-License-Identifier: AGPL-3.0-or-later
"""People who sign up in the benchmarks, and the sessions that have seats for all of them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from register.domain.model import Person, SessionTerms
from register.stores.sqlite.store import SQLiteStore
from schedule.model import Language, Status

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
_STARTS = NOW + timedelta(days=13)
_NUMBERS = itertools.count(1)


def person() -> Person:
    """Return somebody new."""
    number = next(_NUMBERS)
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))  # names hold no digits
    return Person(
        f"Ana Núñez {letters}", f"ana{number}@example.net", "Yolo COE", "recruiter", Language.SPANISH
    )


def opened(folder: Path, name: str, details: str, sessions: int = 1) -> SQLiteStore:
    """Return a new store with sessions that have seats for everybody."""
    store = SQLiteStore(folder / f"{name}.sqlite3")
    for number in range(sessions):
        expires = _STARTS + timedelta(days=180)
        one = SessionTerms(
            f"s{number}",
            _STARTS,
            _STARTS + timedelta(hours=1),
            _STARTS,
            expires,
            10**6,
            Status.SCHEDULED,
            3,
            details,
        )
        store.sync_session(one, None, expected=None)
    return store
