# SPDX-License-Identifier: AGPL-3.0-or-later
"""What must hold, whatever happens: each law in a module of its own, and when they are looked at.

After each step the sessions and addresses that it touched are looked at, after each day all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.simulation.laws.calendars import Calendars
from tests.simulation.laws.emails import Emails
from tests.simulation.laws.forgetting import nothing_is_left
from tests.simulation.laws.promptness import Promptness
from tests.simulation.laws.sessions import Sessions

if TYPE_CHECKING:
    from tests.simulation.world import World


class Laws:
    """All laws, and what they have seen of a world so far."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.emails = Emails(world)
        self.sessions = Sessions(world, self.emails)
        self.calendars = Calendars(world, self.sessions)
        self.promptness = Promptness(world)

    def tick(self) -> None:
        """Time has passed."""
        self.promptness.check()

    def after_step(self, sessions: Iterable[str], emails: Iterable[str]) -> None:
        """Something has happened to these sessions and addresses."""
        for session_id in sorted(sessions):
            self.sessions.check(session_id)
        self.calendars.check(sorted(emails))

    def erased(self, email: str) -> None:
        """All that is known of an address is erased now."""
        self._world.erased |= {(email, session_id) for session_id in self.sessions.seen}
        self.emails.erased(email)
        self.calendars.erased(email)

    def after_day(self) -> None:
        """Look at everything."""
        for session_id in sorted(self._world.office.published | self.sessions.seen.keys()):
            self.sessions.check(session_id)
        self.sessions.everybody_was_reminded()
        self.calendars.check(sorted(self._world.recipients))
        self.emails.check()

    def after_term(self) -> None:
        """All is told, and all is forgotten."""
        self.emails.check(finally_=True)

    def after_retention(self) -> None:
        """Nobody is known any more."""
        nothing_is_left(self._world)
