# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fields of what is stored, each read as what it should be; what is not is said as `Damaged`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple, TypeVar

from register.stores.errors import Damaged

_Choice = TypeVar("_Choice", bound=StrEnum)

_NUMBERS = range(10**10)
"""A queue number has ten digits; the number of a message has 31 bits (RFC 5545 §3.3.8)."""
_YEARS = range(2000, 9000)
"""Far enough from the ends of the calendar for all that is reckoned from an instant."""
_PRINTABLE = re.compile(r"[\w.#:-]{1,120}", re.ASCII)


_Raw = TypeVar("_Raw")
_Object = TypeVar("_Object")


def readable(read: Callable[[_Raw], _Object], found: Iterable[_Raw]) -> Iterator[_Object]:
    """Yield what can be read of what was found; what cannot holds up none of it, and `Store.damaged` names it."""
    for each in found:
        try:
            read_one = read(each)
        except Damaged:
            continue
        yield read_one


def instant(moment: datetime) -> str:
    """Return an instant as it is stored."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class What(NamedTuple):
    """What a record stands for, and the fields that tell it from others, but for what stands for an email address."""

    kind: str
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one row or item, each read as what it should be. All raise Damaged, which quotes no field."""

    what: What
    values: Mapping[str, object]
    """What is there; what is not stored is left out."""

    def text(self, name: str) -> str:
        """Return a text."""
        found = self.values.get(name)
        if not isinstance(found, str):
            raise self.damaged(name, "is no text")
        try:
            found.encode()
        except UnicodeEncodeError:
            raise self.damaged(name, "is no text in UTF-8") from None
        return found

    def text_if_any(self, name: str) -> str | None:
        """Return a text, if one is stored."""
        return self.text(name) if name in self.values else None

    def number(self, name: str) -> int:
        """Return a whole number, not below zero."""
        found = self.values.get(name)
        if type(found) is not int or found not in _NUMBERS:
            raise self.damaged(name, "is no whole number of ours")
        return found

    def number_if_any(self, name: str) -> int | None:
        """Return a whole number, if one is stored."""
        return self.number(name) if name in self.values else None

    def flag(self, name: str) -> bool:
        """Return yes or no; what is not stored is no."""
        found = self.values.get(name, False)
        if found not in (True, False):  # SQLite has 0 and 1
            raise self.damaged(name, "is neither yes nor no")
        return bool(found)

    def flag_if_any(self, name: str) -> bool | None:
        """Return yes or no, if one is stored."""
        return self.flag(name) if name in self.values else None

    def moment(self, name: str) -> datetime:
        """Return an instant."""
        text = self.text(name)
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise self.damaged(name, "is no date and time") from None
        if found.tzinfo is None or found.year not in _YEARS:
            raise self.damaged(name, "is no date and time of ours")
        return found

    def moment_if_any(self, name: str) -> datetime | None:
        """Return an instant, if one is stored."""
        return self.moment(name) if name in self.values else None

    def choice(self, name: str, choices: type[_Choice]) -> _Choice:
        """Return one of a few words."""
        text = self.text(name)
        try:
            return choices(text)
        except ValueError:
            raise self.damaged(name, f"is none of {', '.join(choices)}") from None

    def choice_if_any(self, name: str, choices: type[_Choice]) -> _Choice | None:
        """Return one of a few words, if one is stored."""
        return self.choice(name, choices) if name in self.values else None

    def damaged(self, name: str, problem: str) -> Damaged:
        """Return the error to raise about a field."""
        parts = (str(self.values.get(part)) for part in self.what.key)
        label = "/".join(part if _PRINTABLE.fullmatch(part) else "?" for part in parts)
        words = f"{self.what.kind} {label}".rstrip()
        return Damaged(words, name, problem if name in self.values else "is missing")
