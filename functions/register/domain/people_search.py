# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whether somebody is meant by a few words: parts of a name or an email address, however they are written."""

from __future__ import annotations

from dataclasses import dataclass

from register.domain.identity import normalized_email, normalized_name
from register.domain.model import Person

SHORTEST = 2
"""Letters that a search needs; fewer would find nearly everybody."""


@dataclass(frozen=True, slots=True)
class SearchWords:
    """What is looked for: each word as a part of a name, and as a part of an email address."""

    words: tuple[tuple[str, str], ...]

    @property
    def is_enough(self) -> bool:
        """Whether there is so much of it that it means somebody."""
        return sum(len(in_email) for _in_name, in_email in self.words) >= SHORTEST

    def mean(self, person: Person) -> bool:
        """Whether every word is in the person's name or email address, which what has an @ in it begins."""
        name, email = normalized_name(person.name), normalized_email(person.email)
        return all(
            (in_name and in_name in name)
            # What has an @ in it begins an address: Ana's is a part of Dana's.
            or (email.startswith(in_email) if "@" in in_email.lstrip("@") else in_email in email)
            for in_name, in_email in self.words
        )


def words_of(text: str) -> SearchWords:
    """Return what somebody looks for."""
    return SearchWords(tuple((normalized_name(word), normalized_email(word)) for word in text.split()))
