# SPDX-License-Identifier: AGPL-3.0-or-later
"""Content keys as data: one table a content type, which says all that is known of each key.

The readers, their messages and the documentation's tables (`plugins/content_keys.py`) are made from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from plugins.trainings.values import ValueKind
from schedule.model import Localized

T = TypeVar("T")
Value = TypeVar("Value", covariant=True)


@dataclass(frozen=True, slots=True)
class Words:
    """What a writer sees beside a field, in one language."""

    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class ContentKey(Generic[Value]):
    """A key of a content file; `Value` is what it reads as: Localized if it is translated, None if it may be absent.

    `required` means always: what is needed now and then, as a place, is for the content type's reader to see.
    """

    name: str
    kind: ValueKind[Any]
    words: Localized[Words]
    required: bool
    translated: bool


@dataclass(frozen=True, slots=True)
class KeyTable:
    """A content type: the folder of its files, its keys in their order, and the text below them."""

    name: str
    folder: str
    title: Localized[str]
    keys: tuple[ContentKey[Any], ...]
    body: Localized[Words]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all keys."""
        return tuple(key.name for key in self.keys)

    @property
    def translated_names(self) -> tuple[str, ...]:
        """The names of the keys that stand in a translation too."""
        return tuple(key.name for key in self.keys if key.translated)


def required(name: str, kind: ValueKind[T], *, en: Words, es: Words) -> ContentKey[T]:
    """Make a key that every file has."""
    return ContentKey(name, kind, Localized(en, es), required=True, translated=False)


def optional(name: str, kind: ValueKind[T], *, en: Words, es: Words) -> ContentKey[T | None]:
    """Make a key that may be absent."""
    return ContentKey(name, kind, Localized(en, es), required=False, translated=False)


def translated(name: str, kind: ValueKind[T], *, en: Words, es: Words) -> ContentKey[Localized[T]]:
    """Make a text that every file has, and its translation where it differs."""
    return ContentKey(name, kind, Localized(en, es), required=True, translated=True)


def optional_translated(
    name: str, kind: ValueKind[T], *, en: Words, es: Words
) -> ContentKey[Localized[T] | None]:
    """Make a text that may be absent, from the file and so from its translation."""
    return ContentKey(name, kind, Localized(en, es), required=False, translated=True)
