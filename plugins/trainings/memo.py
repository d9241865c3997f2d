# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps what a build made, for the next build in this process or, kept on disk, in another."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")

Result = list[Any]
"""Inputs, what was made of them, the results that were asked for meanwhile, and the last build that asked for it."""


class _Build:
    """Stands for one build; nothing is known of it but that it is another one than all others."""


class Memo:
    """Results by key, each with the inputs that it was made from, and with the results that it was made of.

    Inputs are compared, not hashed: what is the very same object costs nothing to compare. Inputs and results are
    frozen. A key holds one result; `sweep` forgets those that the last build had no use for.
    """

    def __init__(self) -> None:
        self.results: dict[Hashable, Result] = {}
        self._build = _Build()
        self._parts: list[list[Result]] = []
        """For each result that is being made now, those that were asked for."""

    def get(self, key: Hashable, inputs: object, make: Callable[[], T]) -> T:
        """Return what `make` gave for these inputs, calling it only if they have changed."""
        known = self.results.get(key)
        if known is None or known[0] != inputs:
            parts: list[Result] = []
            self._parts.append(parts)
            try:
                made = make()
            finally:
                self._parts.pop()
            known = self.results[key] = [inputs, made, tuple(parts), self._build]
        else:
            known[3] = self._build
        if self._parts:
            self._parts[-1].append(known)
        return cast("T", known[1])

    def the_same(self, key: Hashable, value: T) -> T:
        """Return the value that the last build had here, if it is equal: the same object is compared at no cost."""
        return self.get(key, value, lambda: value)

    def known(self, key: Hashable, inputs: object) -> Any | None:
        """Return what is kept for these inputs; None if there is nothing."""
        known = self.results.get(key)
        return known[1] if known is not None and known[0] == inputs else None

    def forget(self, key: Hashable) -> None:
        """Let what a key holds be made anew."""
        self.results.pop(key, None)

    def sweep(self) -> None:
        """End a build: forget what it has not asked for, unless something that it has asked for was made of it."""
        build = self._build
        used = [result for result in self.results.values() if result[3] is build]
        while used:
            parts = [part for result in used for part in result[2] if part[3] is not build]
            for part in parts:
                part[3] = build
            used = parts
        for key in [key for key, result in self.results.items() if result[3] is not build]:
            del self.results[key]
        self._build = _Build()
