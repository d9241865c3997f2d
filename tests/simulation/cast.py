# SPDX-License-Identifier: AGPL-3.0-or-later
"""The people of a term: alone or as families with one email address; every word about them is theirs alone."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from register.domain.identity import hash_of
from register.domain.model import Person
from schedule.model import Language

_GIVEN = ("Ana", "José", "María", "Bảo", "Zoë", "O'Neil", "Ana María", "Søren", "Мария", "Lê")
_FIRST, _SECOND = "bdfgklmnprstvz", "aeiou"
_LARGEST_FAMILY = 4
_ALONE = 0.6
"""The share of people who have an email address of their own."""


def cast(chance: Random, number: int) -> list[Person]:
    """Return people; those of one family have one email address."""
    surnames = _surnames(chance)
    people: list[Person] = []
    while len(people) < number:
        size = 1 if chance.random() < _ALONE else chance.randint(2, _LARGEST_FAMILY)
        email = f"{next(surnames).casefold()}@example.net"
        for _ in range(min(size, number - len(people))):
            surname = next(surnames)
            person = Person(
                name=f"{chance.choice(_GIVEN)} {surname}",
                email=email,
                organization=chance.choice(("Yolo COE", "Fresno Unified")),
                role=chance.choice(("recruiter", "other")),
                language=chance.choice(tuple(Language)),
                needs=f"The sign language of {surname}" if chance.random() < 0.1 else "",
            )
            people.append(person)
    return people


def traces(person: Person) -> Iterator[bytes]:
    """Yield what is left where something is left of somebody: a name, an address, or what stands for them in keys."""
    yield person.name.rpartition(" ")[2].encode()
    yield person.email.partition("@")[0].encode()
    yield hash_of(person.email).encode()
    yield person.identity.encode()


def _surnames(chance: Random) -> Iterator[str]:
    """Yield names of ten letters, none of them twice."""
    seen = set[str]()
    while True:
        name = "".join(chance.choice(_FIRST) + chance.choice(_SECOND) for _ in range(5)).capitalize()
        if name not in seen:
            seen.add(name)
            yield name
