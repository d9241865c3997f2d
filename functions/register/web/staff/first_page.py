# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first page of the staff desk: the sessions ahead and of the last weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Response

from register.web.staff.desk import DESK, Desk, DeskSession

if TYPE_CHECKING:
    from register.web.staff.contexts import SessionRow

LAST_WEEKS = timedelta(weeks=4)
"""For how long a session that is over stays on the first page."""


class FirstPage:
    """`/register/staff/` for people who have signed in, and the search."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self) -> Response:
        """List the sessions."""
        from register.web.staff.contexts import StaffFirstContext

        now = self._desk.now
        found = [*self._desk.sessions(now - LAST_WEEKS)]
        context = StaffFirstContext(
            page=self._desk.page(DESK),
            member=self._desk.member,
            coming=tuple(self._row(each) for each in found if each.terms.ends > now),
            past=tuple(self._row(each) for each in reversed(found) if each.terms.ends <= now),
        )
        return self._desk.show(context)

    def search(self) -> Response:
        """Look for people."""
        return self.show()

    def _row(self, found: DeskSession) -> SessionRow:
        from register.web.staff.contexts import SessionRow

        words = found.words(self._desk.language)
        return SessionRow(found.session, words, self._desk.at.staff_session(found.session.id))
