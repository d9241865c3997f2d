# SPDX-License-Identifier: AGPL-3.0-or-later
"""Wishes in SQLite."""

from __future__ import annotations

from datetime import datetime, timedelta

from register.domain.identity import hash_of
from register.domain.wishes import Wish
from register.stores.fields import instant
from register.stores.sqlite import rows
from register.stores.sqlite.database import Database
from register.stores.sqlite.rows import insert

_FREE = "(lease IS NULL OR lease <= :now) AND expires > :now AND coalesce(wish_id = :of, TRUE)"
_OLDEST = f"SELECT wish_id FROM wishes WHERE {_FREE} ORDER BY recorded, wish_id LIMIT 1"
_TAKE = f"UPDATE wishes SET lease = :until WHERE wish_id = ({_OLDEST}) RETURNING *"


class SQLiteWishes:
    """`register.stores.Wishes` in a database."""

    database: Database

    def record_wish(self, wish: Wish) -> None:
        """See `Wishes.record_wish`."""
        values = rows.wish_values(wish)
        with self.database.write() as connection:
            connection.execute(insert("wishes", values), values)

    def wishes(self, *, now: datetime) -> list[Wish]:
        """See `Wishes.wishes`."""
        return self._wishes("expires > ?", instant(now))

    def wishes_of(self, email: str) -> list[Wish]:
        """See `Wishes.wishes_of`."""
        return self._wishes("email_hash = ?", hash_of(email))

    def claim_wish(self, *, now: datetime, lease: timedelta, of: str | None = None) -> Wish | None:
        """See `Wishes.claim_wish`."""
        values = {"now": instant(now), "until": instant(now + lease), "of": of}
        with self.database.read() as connection:
            if connection.execute(_OLDEST, values).fetchone() is None:
                return None
        with self.database.write() as connection:
            taken = connection.execute(_TAKE, values).fetchone()
        # One that cannot be read stays taken, and so holds up no other.
        return None if taken is None else rows.wish(taken)

    def delete_wish(self, wish: Wish) -> None:
        """See `Wishes.delete_wish`."""
        with self.database.write() as connection:
            connection.execute("DELETE FROM wishes WHERE wish_id = ?", (wish.wish_id,))

    def _wishes(self, condition: str, value: str) -> list[Wish]:
        statement = f"SELECT * FROM wishes WHERE {condition} ORDER BY recorded, wish_id"
        with self.database.read() as connection:
            found = connection.execute(statement, (value,)).fetchall()
        return [rows.wish(row) for row in found]
