# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pickles frozen dataclasses with slots by the values of their fields.

By themselves they look up their fields again for each instance, when it is written and when it is read
(https://github.com/python/cpython/blob/3.11/Lib/dataclasses.py, _dataclass_getstate): of a build with one change, which
reads tens of thousands, that is a twentieth. Those with another way of their own are left to it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any


class DataclassPickler(pickle.Pickler):
    """Writes what `pickle.load` reads without knowing of it."""

    def reducer_override(self, obj: object) -> Any:
        """Return how to make a dataclass again (https://docs.python.org/3/library/pickle.html, reducer_override)."""
        cls: Any = type(obj)
        values = _values_of(cls)
        return NotImplemented if values is None else (remade, (cls, *values(obj)))


def remade(cls: Any, *values: object) -> object:
    """Return an instance with these values of its fields, in their order; it need not be checked again.

    Raises ValueError where the class has other fields by now.
    """
    made: object = cls.__new__(cls)
    for name, value in zip(_names(cls), values, strict=True):
        object.__setattr__(made, name, value)
    return made


@cache
def _names(cls: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(cls))


@cache
def _values_of(cls: type) -> Callable[[Any], tuple[object, ...]] | None:
    """Return what gives the values of an instance's fields; None for what dataclasses gave no way to be pickled."""
    given = getattr(vars(cls).get("__setstate__"), "__module__", "")
    if not is_dataclass(cls) or given != "dataclasses" or cls.__reduce__ is not object.__reduce__:
        return None
    names = _names(cls)
    if len(names) == 1:
        return lambda one: (getattr(one, names[0]),)
    return attrgetter(*names) if names else lambda _: ()
