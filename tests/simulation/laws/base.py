# SPDX-License-Identifier: AGPL-3.0-or-later
"""A law that does not hold."""

from __future__ import annotations

from datetime import timedelta

LINE_CLOSES_BEFORE = timedelta(hours=1)
"""How long before the start the line closes: nobody who waits would hear of a seat in time."""


class LawBroken(BaseException):
    """Something that must hold does not. No `except Exception` catches it: emails arrive in the middle of delivery."""

    def __init__(self, law: str, words: str) -> None:
        super().__init__(f"{law}: {words}")
        self.law = law


def hold(law: str, holds: bool, words: str) -> None:
    """Raise LawBroken where a law does not hold."""
    if not holds:
        raise LawBroken(law, words)
