# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finds the people of a meeting's report on the list of a session; who fits more than one person is left open.

An email address decides, then a name that fits one person alone. Nobody is guessed: a nickname, a telephone, a first
name or one of two people with the same name is for whoever was there to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from register.domain.identity import normalized_email, normalized_name
from register.domain.meeting_report import Joined
from register.domain.model import Registration

_ASIDE = re.compile(r"(.+?)\s*[(\[](.+?)[)\]]\s*")
"""A name with another one, a pronoun or "Guest" behind it; Zoom writes the name that somebody had before there."""
_BEHIND = re.compile(r"\s+[-–—]\s+|\s*[|/]\s*")
"""What people put between their name and where they work."""
_MOST_PARTS = 4
"""Parts of a name that are looked at; people choose what they are called in a meeting."""
_BETWEEN_WORDS = re.compile(r"[\s\-\u2010\u2011–.]+")


@dataclass(frozen=True, slots=True)
class WhoCame:
    """The people of a report, by the registration they were found to be, and those who are left."""

    found: Mapping[str, tuple[Joined, ...]]
    """By registration id: one person may have come with two devices."""
    left: tuple[Joined, ...]


def who_came(
    people: Iterable[Joined], roster: Sequence[Registration], trainers: Iterable[str] = ()
) -> WhoCame:
    """Find people on a roster; `trainers` are names of people who are there and on no list.

    Canceled registrations are looked at where no active one fits.
    """
    active = [_Listed(each) for each in roster if each.is_active]
    canceled = [_Listed(each) for each in roster if not each.is_active]
    holding = {normalized_name(name) for name in trainers}
    found: dict[str, tuple[Joined, ...]] = {}
    left = []
    for joined in people:
        names = _names(joined.name)
        fitting = _fitting(joined, names, active) or _fitting(joined, names, canceled)
        if len(fitting) == 1:
            (registration,) = fitting
            found[registration.registration_id] = (*found.get(registration.registration_id, ()), joined)
        elif fitting or holding.isdisjoint(map(normalized_name, names)):
            left.append(joined)
    return WhoCame(found, tuple(left))


def alike(name: str, roster: Iterable[Registration]) -> list[Registration]:
    """Return everybody on a roster who may be called so."""
    return _fitting(Joined(name), _names(name), map(_Listed, roster))


class _Listed:
    """A registration with what it is compared by."""

    def __init__(self, registration: Registration) -> None:
        self.registration = registration
        self.email = normalized_email(registration.person.email)
        self.whole = {normalized_name(name) for name in _names(registration.person.name)}
        self.words = _words(registration.person.name)


def _fitting(joined: Joined, names: Sequence[str], listed: Iterable[_Listed]) -> list[Registration]:
    """Return whom somebody may be: by address, among people who share it by name, else by name."""
    among = list(listed)
    sharing = [each for each in among if joined.email and each.email == joined.email]
    if len(sharing) == 1:
        return [sharing[0].registration]
    among = sharing or among
    whole = set(map(normalized_name, names))
    same = [each for each in among if not whole.isdisjoint(each.whole)]
    words = [_words(name) for name in names]
    same = same or [each for each in among if any(_fits(each.words, others) for others in words)]
    return [each.registration for each in same or sharing]


def _names(name: str) -> list[str]:
    """Return what somebody may be called who is shown so: "Ani (López, Ana) - Butte" is Ani, or Ana López."""
    parts = {name, *_BEHIND.split(name, maxsplit=_MOST_PARTS)[:_MOST_PARTS]}
    asides = filter(None, map(_ASIDE.fullmatch, parts))
    shown = parts.union(*(aside.groups() for aside in asides))
    turned = {" ".join(reversed(each.split(","))) for each in shown if each.count(",") == 1}
    return sorted(each for each in shown | turned if normalized_name(each))


def _words(name: str) -> tuple[str, ...]:
    return tuple(filter(None, map(normalized_name, _BETWEEN_WORDS.split(name))))


def _fits(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two names differ in no more than names that one of them leaves out or abbreviates.

    "Ana López" is "Ana M. López García": the first names are the same, the words come in the same order, and two of
    them are whole. "A. López" may be anybody.
    """
    short, long = sorted((one, other), key=len)
    if not short or not long or short[0] != long[0] or len(short[0]) < 2:
        return False
    whole, rest = 1, iter(long[1:])
    for word in short[1:]:
        match = next((each for each in rest if each == word or _is_initial(each, word)), None)
        if match is None:
            return False
        whole += match == word and len(word) > 1
    return whole > 1


def _is_initial(one: str, other: str) -> bool:
    return min(len(one), len(other)) == 1 and one[0] == other[0]
