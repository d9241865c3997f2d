# SPDX-License-Identifier: AGPL-3.0-or-later
"""Ticking people in DynamoDB: one transaction a person, with its entry in the trail."""

from __future__ import annotations

from datetime import datetime

from register.domain.attendance import ticked
from register.domain.errors import UnknownRegistration
from register.domain.model import Registration
from register.domain.rules import refusal_of_attendance
from register.stores.dynamodb.client import Unmet
from register.stores.dynamodb.items import registration
from register.stores.dynamodb.keys import registration_key
from register.stores.dynamodb.writing import Writing


class Attendance(Writing):
    """Ticking people who attended."""

    def attend(
        self,
        session_id: str,
        registration_id: str,
        *,
        attended: bool | None,
        expected: bool | None,
        now: datetime,
        staff: str,
    ) -> Registration:
        """See `Registrations.attend`."""
        for _ in self.table.rounds(session_id):
            occupancy, [item] = self._read(session_id, registration_key(session_id, registration_id))
            if refused := refusal_of_attendance(occupancy.terms, now):
                raise refused
            known = self._current(None if item is None else registration(item))
            if known is None:
                raise UnknownRegistration(session_id)
            outcome = ticked(known, attended=attended, expected=expected, now=now, staff=staff)
            if outcome.changes_anything:
                try:
                    self.table.transact(*self._beside_session(occupancy, outcome))
                except Unmet:
                    continue  # somebody was faster: read again
            return outcome.registrations[0].after
        raise AssertionError  # rounds() has raised
