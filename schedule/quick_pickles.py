# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lets dataclasses of which there are thousands be pickled at less cost, between one build and the next."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


def quick(frozen: type[T]) -> type[T]:
    """Look up once how to read and set the fields of a frozen dataclass with slots and at least two fields.

    What dataclasses do of themselves (`_dataclass_getstate`) looks the fields up again for each object.
    """
    names = [field.name for field in fields(frozen)]  # type: ignore[arg-type]  # a dataclass
    values = attrgetter(*names)
    setters = [getattr(frozen, name).__set__ for name in names]

    def state(self: T) -> Any:
        return values(self)

    def set_state(self: T, state: tuple[Any, ...]) -> None:
        for setter, value in zip(setters, state, strict=True):
            setter(self, value)

    frozen.__getstate__ = state  # type: ignore[method-assign, assignment]
    frozen.__setstate__ = set_state  # type: ignore[attr-defined]
    return frozen
