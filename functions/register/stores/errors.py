# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a store could not do; each message names the thing and the next step."""

from __future__ import annotations

from register.domain.errors import RegisterError


class StoreError(RegisterError):
    """The store could not do what was asked; it may be asked again."""


class StoreUnavailable(StoreError):
    """The store does not answer, or not in time."""


class Conflict(StoreError):
    """A session has been changed by somebody else since it was read; read it again."""

    def __init__(self, session_id: str) -> None:
        super().__init__(f"{session_id}: was changed by another sync at the same time; run sync again")
        self.session_id = session_id


class StillActive(StoreError):
    """An email address is to be erased while somebody with it has a seat or waits."""

    def __init__(self) -> None:
        super().__init__("somebody with this email address is still signed up; cancel that first")


class Damaged(StoreError):
    """Something is stored that this program cannot read; the message names it, and quotes nothing."""

    def __init__(self, what: str, field: str, problem: str) -> None:
        super().__init__(f'{what}: "{field}" {problem}; see docs/operations.md, What is damaged')
        self.what = what
        self.field = field
