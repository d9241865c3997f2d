# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a template finds in a value, told by the type that is written at a dataclass's field, a property or a method.

Only what is written is known: all else is `Any`, of which every attribute is taken to be there.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache, cached_property, reduce
from operator import or_
from types import GenericAlias, NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Type = Any
"""A class, or what stands in an annotation: `tuple[Link, ...]`, `Session | None`."""


_CALLABLE: Any = Callable


class NoAttribute(LookupError):
    """A value of this type has no such attribute."""


def attribute(of: Type, name: str) -> Type:
    """Return the type of an attribute. Raises NoAttribute where no value of this type has it."""
    found = []
    for member in _members(of):
        try:
            found.append(_attribute(member, name))
        except NoAttribute:
            continue
    if not found and of is not NoneType:
        raise NoAttribute(name)
    return either(*found)


def attributes(of: Type) -> set[str]:
    """Return the names of all attributes that are known, to find the one that was meant."""
    owners = [owner for member in _members(of) if isinstance(owner := _class_of(member), type)]
    # dir() leaves out the properties of enums.
    return {name for owner in owners for part in owner.__mro__ for name in (*_hints(part), *vars(part))}


def name_of(of: Type) -> str:
    """Return how people name a type."""
    return " or ".join(getattr(_class_of(member), "__name__", str(member)) for member in _members(of))


def either(*types: Type) -> Type:
    """Return the type of what is one of these."""
    if (
        not types
        or Any in types
        or not all(isinstance(kind, type | GenericAlias | UnionType) or get_origin(kind) for kind in types)
    ):
        return Any
    return reduce(or_, types)


def element(of: Type) -> Type:
    """Return the type of what a loop over a value gives."""
    return either(*(_element(member) for member in _members(of)))


def item(of: Type, key: object) -> Type:
    """Return the type of `value[key]`; `key` is None where it is not a constant."""
    return either(*(_item(member, key) for member in _members(of)))


def result(of: Type) -> Type:
    """Return the type of what a call gives."""
    return either(*(get_args(member)[-1] if _origin(member) is Callable else Any for member in _members(of)))


def returning(what: Type) -> Type:
    """Return the type of a function that gives this."""
    return GenericAlias(_CALLABLE, (..., what))


def tuple_of(items: Sequence[Type]) -> Type:
    """Return the type of a tuple of just these."""
    return GenericAlias(tuple, tuple(items))


def list_of(items: Sequence[Type]) -> Type:
    """Return the type of a list in which these stand."""
    return GenericAlias(list, (either(*items),))


def _origin(of: Type) -> Any:
    return get_origin(of)


def _members(of: Type) -> tuple[Type, ...]:
    """Return what a value may be; that it may be None is the template's affair, which asks `if` before."""
    if _origin(of) in {Union, UnionType}:
        return tuple(member for member in get_args(of) if member is not NoneType)
    return (of,)


def _class_of(of: Type) -> Type:
    return get_args(of)[0] if _origin(of) is type else _origin(of) or of


@cache
def _hints(of: Type) -> Mapping[str, Type]:
    return get_type_hints(of) if isinstance(of, type) else {}


def _plain(of: Type) -> Type:
    """Return a type as it is written; what a type variable stands for is not known."""
    return Any if isinstance(of, TypeVar) else of


def _attribute(of: Type, name: str) -> Type:
    owner = _class_of(of)
    if owner is Any or not isinstance(owner, type):
        return Any
    if _origin(of) is type and issubclass(owner, Enum) and name in owner.__members__:
        return owner
    if name in _hints(owner):
        return _plain(_hints(owner)[name])
    there = inspect.getattr_static(owner, name, NoAttribute)
    if there is NoAttribute:
        raise NoAttribute(name)
    if issubclass(owner, Mapping) and (types := get_args(of)):
        key, value = types
        given = {
            "get": value,
            "items": list_of([tuple_of(types)]),
            "keys": list_of([key]),
            "values": list_of([value]),
        }
        return returning(given.get(name, Any))
    if isinstance(there, property | cached_property):
        made = there.fget if isinstance(there, property) else there.func
        return _plain(get_type_hints(made).get("return", Any))
    if inspect.isfunction(there):
        return returning(_plain(get_type_hints(there).get("return", Any)))
    return returning(Any) if callable(there) else Any


def _element(of: Type) -> Type:
    types = get_args(of)
    if _origin(of) is tuple and Ellipsis not in types:
        return either(*map(_plain, types))
    return _plain(types[0]) if types else Any


def _item(of: Type, key: object) -> Type:
    types, owner = get_args(of), _origin(of)
    if not types or not isinstance(owner, type):
        return Any
    if issubclass(owner, Mapping):
        return _plain(types[1])
    if owner is tuple and Ellipsis not in types:
        return types[key] if isinstance(key, int) and -len(types) <= key < len(types) else Any
    return _plain(types[0])
