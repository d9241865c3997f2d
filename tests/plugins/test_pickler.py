# SPDX-License-Identifier: AGPL-3.0-or-later
"""Frozen dataclasses that are pickled by the values of their fields, and others that are not."""

from __future__ import annotations

import io
import pickle
from dataclasses import dataclass, field
from typing import NamedTuple

from plugins.pickler import DataclassPickler


@dataclass(frozen=True, slots=True)
class Nothing:
    """Has no field."""


@dataclass(frozen=True, slots=True)
class Name:
    """Has one field, which may itself be a tuple."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Has fields that are given by name alone, one that it makes itself, and one that changes."""

    name: Name
    friends: list[Person] = field(default_factory=list, compare=False)
    length: int = field(init=False)

    def __post_init__(self) -> None:
        """Count, once."""
        object.__setattr__(self, "length", len(self.name.parts))


@dataclass(frozen=True, slots=True)
class Trainer(Name):
    """Has a field more than the class that it comes from."""

    phone: str


@dataclass
class Plain:
    """Has no slots, and so may have more than its fields."""

    number: int


@dataclass(slots=True)
class Changing:
    """Is not frozen, and so may hold itself, or have fields without a value."""

    other: object = None
    unset: int = field(init=False)


@dataclass(frozen=True, slots=True)
class OwnWay:
    """Says itself how it is kept."""

    number: int

    def __getstate__(self) -> int:
        """Keep the number alone."""
        return self.number

    def __setstate__(self, number: int) -> None:
        """Take it back, and one more."""
        object.__setattr__(self, "number", number + 1)


@dataclass(frozen=True, slots=True)
class Failure(Exception):
    """Is made by its own class alone."""

    reason: str


class Line(NamedTuple):
    """Is no dataclass."""

    text: str


def again(value: object) -> object:
    """Return what is read again of a value."""
    opened = io.BytesIO()
    DataclassPickler(opened, pickle.HIGHEST_PROTOCOL).dump(value)
    return pickle.loads(opened.getvalue())  # noqa: S301 - our own


def test_every_kind_of_dataclass_is_read_as_it_was() -> None:
    ana = Person(name=Name(("Ana", "Núñez")))
    values = [
        Nothing(),
        Name(()),
        Name(("Ana",)),
        ana,
        Trainer(("Lupe",), "916"),
        Plain(3),
        Line("text"),
        Name,
    ]
    found = again(values)
    assert found == values
    assert isinstance(found, list)
    assert [type(one) for one in found] == [type(one) for one in values]
    assert found[3].length == 2


def test_what_is_the_same_object_stays_so() -> None:
    name = Name(("Ana",))
    first, second = Person(name=name), Person(name=name)
    first.friends.append(second)
    found = again([first, second])
    assert isinstance(found, list)
    assert found[0].name is found[1].name
    assert found[0].friends[0] is found[1]


def test_what_dataclasses_leave_to_others_is_left_to_them() -> None:
    changing = Changing()
    changing.other = changing
    found = again([changing, OwnWay(3)])
    assert isinstance(found, list)
    assert found[0].other is found[0]
    assert not hasattr(found[0], "unset")
    assert found[1] == OwnWay(4)


def test_an_error_that_is_a_dataclass_is_read_as_it_was() -> None:
    found = again(Failure("no reason"))
    assert isinstance(found, Failure)
    assert (found.reason, found.args) == ("no reason", ("no reason",))


def test_what_a_dataclass_without_slots_has_besides_is_kept() -> None:
    plain = Plain(3)
    plain.more = "more"  # type: ignore[attr-defined]  # that is the point
    found = again(plain)
    assert vars(found) == {"number": 3, "more": "more"}


def test_what_was_checked_when_it_was_made_is_not_checked_again() -> None:
    ana = Person(name=Name(("Ana",)))
    object.__setattr__(ana, "length", 7)
    found = again(ana)
    assert isinstance(found, Person)
    assert found.length == 7
