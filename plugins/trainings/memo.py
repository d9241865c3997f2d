# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps what a build made, for the next build in the same process (`make serve`)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Memo:
    """Results by key, each with the inputs that it was made from.

    Inputs are compared, not hashed: what is the very same object costs nothing to compare, and all that
    a build reads is frozen. A key holds one result; `sweep` forgets those that the last build did not ask for.
    A process that builds once has no use for what it kept: with `keep=False` everything is made anew.
    """

    def __init__(self, *, keep: bool = True) -> None:
        self._keep = keep
        self._results: dict[Hashable, tuple[object, Any]] = {}
        self._used: set[Hashable] = set()

    def get(self, key: Hashable, inputs: object, make: Callable[[], T]) -> T:
        """Return what `make` gave for these inputs, calling it only if they have changed."""
        if not self._keep:
            return make()
        self._used.add(key)
        known = self._results.get(key)
        if known is not None and known[0] == inputs:
            return cast("T", known[1])
        result = make()
        self._results[key] = (inputs, result)
        return result

    def same(self, key: Hashable, inputs: object) -> bool:
        """Note the inputs of something kept elsewhere, and say whether they are those of the last time."""
        if not self._keep:
            return False
        self._used.add(key)
        known = self._results.get(key)
        if known is not None and known[0] == inputs:
            return True
        self._results[key] = (inputs, None)
        return False

    def sweep(self) -> None:
        """End a build: forget what nobody has asked for since the last sweep."""
        for key in self._results.keys() - self._used:
            del self._results[key]
        self._used.clear()
