# SPDX-License-Identifier: AGPL-3.0-or-later
"""The life of one process, which ends between any two things that it does with the world."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any
from weakref import WeakSet

from register.stores import Store
from tests.support.dynamodb_faults import Between


class Killed(BaseException):
    """Ends a process in the middle of what it does; nothing of ours catches it."""


class Life:
    """Counts what a process does through its ports, and ends it when it is told to.

    Whoever is dead does nothing more: not even `finally` reaches the world.
    """

    def __init__(self) -> None:
        self.is_over = False
        self._left: int | None = None

    def ends_after(self, touches: int | None) -> None:
        """End after so many touches of the world; None lets the process live on."""
        self._left = touches

    def touch(self) -> None:
        """Do something with the world. Raises Killed."""
        if self.is_over:
            raise Killed
        if self._left is not None:
            self._left -= 1
            if self._left <= 0:
                self.is_over = True
                raise Killed

    def doing(self, step: Callable[[], Any]) -> Any:
        """Do a step; the process may end right before it or right after it."""
        self.touch()
        answer = step()
        self.touch()
        return answer


class MortalStore:
    """A store as one process has it, which may end between its verbs."""

    def __init__(self, store: Store, life: Life) -> None:
        self._store, self._life = store, life

    def __getattr__(self, name: str) -> Any:
        verb = getattr(self._store, name)
        return lambda *values, **named: self._life.doing(lambda: verb(*values, **named))


class Connection(sqlite3.Connection):
    """A connection of one process, which may end between any two statements."""

    def __init__(self, *values: Any, life: Life | None = None, **named: Any) -> None:
        super().__init__(*values, **named)
        self._life = life
        self._cursors: WeakSet[sqlite3.Cursor] = WeakSet()

    def execute(self, *values: Any) -> sqlite3.Cursor:
        """Execute a statement."""
        if self._life is None:
            return super().execute(*values)
        cursor: sqlite3.Cursor = self._life.doing(partial(self._execute, *values))
        return cursor

    def _execute(self, *values: Any) -> sqlite3.Cursor:
        cursor = super().execute(*values)
        self._cursors.add(cursor)
        return cursor

    def bury(self) -> None:
        """Let go of everything, as an operating system does: what was not committed is gone."""
        for cursor in self._cursors:  # a statement that a traceback still holds would keep its lock
            cursor.close()
        self.rollback()
        self.close()


def mortal_client(client: Any, life: Life) -> Between:
    """Return a client of DynamoDB whose process may end before and after each call."""
    return Between(client, lambda call, _operation, _request: life.doing(call))
