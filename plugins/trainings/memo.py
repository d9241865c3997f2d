# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps what a build made, for the next build in this process or, kept on disk, in another."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")


class Memo:
    """Results by key, each with the inputs that it was made from.

    Inputs are compared, not hashed: what is the very same object costs nothing to compare, and all that
    a build reads is frozen. A key holds one result; `sweep` forgets those that the last build did not ask for.
    """

    def __init__(self) -> None:
        self._results: dict[Hashable, tuple[object, Any]] = {}
        self._used: set[Hashable] = set()

    def get(self, key: Hashable, inputs: object, make: Callable[[], T]) -> T:
        """Return what `make` gave for these inputs, calling it only if they have changed."""
        self._used.add(key)
        known = self._results.get(key)
        if known is not None and known[0] == inputs:
            return cast("T", known[1])
        result = make()
        self._results[key] = (inputs, result)
        return result

    def the_same(self, key: Hashable, value: T) -> T:
        """Return the value that the last build had here, if it is equal: the same object is compared at no cost."""
        return self.get(key, value, lambda: value)

    def known(self, key: Hashable, inputs: object) -> Any | None:
        """Return what is kept for these inputs; None if there is nothing."""
        known = self._results.get(key)
        return known[1] if known is not None and known[0] == inputs else None

    def forget(self, key: Hashable) -> None:
        """Let what a key holds be made anew."""
        self._results.pop(key, None)

    def sweep(self) -> None:
        """End a build: forget what nobody has asked for since the last sweep."""
        for key in self._results.keys() - self._used:
            del self._results[key]
        self._used.clear()
