# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the staff desk keeps in SQLite."""

from __future__ import annotations

from datetime import datetime

from register.domain.counts import SessionCounts
from register.stores.desk import StaffAccount
from register.stores.fields import instant, readable
from register.stores.sqlite import rows
from register.stores.sqlite.database import Database

_RAISE = (
    "INSERT INTO staff (email_hash, {name}) VALUES (?, 1) "
    "ON CONFLICT (email_hash) DO UPDATE SET {name} = {name} + 1 RETURNING *"
)
_END_SESSIONS, _NEW_FEED = (_RAISE.format(name=name) for name in ("session_generation", "feed_generation"))


class SQLiteDesk:
    """`register.stores.StaffDesk` in a database, but for what transactions do."""

    database: Database

    def staff_account(self, email_hash: str) -> StaffAccount:
        """See `StaffDesk.staff_account`."""
        with self.database.read() as connection:
            row = connection.execute("SELECT * FROM staff WHERE email_hash = ?", (email_hash,)).fetchone()
        return StaffAccount() if row is None else rows.account(row)

    def end_staff_sessions(self, email_hash: str) -> int:
        """See `StaffDesk.end_staff_sessions`."""
        return self._raised(_END_SESSIONS, email_hash).session_generation

    def new_staff_feed(self, email_hash: str) -> int:
        """See `StaffDesk.new_staff_feed`."""
        return self._raised(_NEW_FEED, email_hash).feed_generation

    def counts(self, after: datetime) -> list[SessionCounts]:
        """See `StaffDesk.counts`."""
        statement = "SELECT * FROM counts WHERE starts >= ? ORDER BY starts, session_id"
        with self.database.read() as connection:
            found = connection.execute(statement, (instant(after),)).fetchall()
        return list(readable(rows.counts, found))

    def _raised(self, statement: str, email_hash: str) -> StaffAccount:
        with self.database.write() as connection:
            return rows.account(connection.execute(statement, (email_hash,)).fetchone())
