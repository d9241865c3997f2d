# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong with the content, said so that a writer can mend it: path, line, key, reason, hint."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches


class SiteError(Exception):
    """Base of all errors that the site's plugins raise."""


@dataclass(frozen=True, slots=True)
class ContentProblem:
    """One thing to mend (or, as a warning, to look at) in one place of the content."""

    path: str
    line: int
    key: str | None
    message: str
    hint: str | None = None
    warning: bool = False

    def __str__(self) -> str:
        return f"{visible(self.path)}:{self.line}: {'warning: ' if self.warning else ''}{self.text}"

    @property
    def text(self) -> str:
        """What is wrong, without the place: key, message and hint in one line."""
        key = f"{self.key}: " if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        return visible(f"{key}{self.message}{hint}")


class Problems:
    """The problems of one run, each once, in the order of the files and their lines."""

    def __init__(self) -> None:
        self._found: dict[ContentProblem, None] = {}

    def add(self, problem: ContentProblem) -> None:
        """Note a problem; one that is known already is not noted twice."""
        self._found[problem] = None

    def extend(self, problems: Iterable[ContentProblem]) -> None:
        """Note several problems."""
        self._found.update(dict.fromkeys(problems))

    def __iter__(self) -> Iterator[ContentProblem]:
        return iter(
            sorted(
                self._found,
                key=lambda problem: (problem.path, problem.line, problem.key or "", problem.message),
            )
        )

    @property
    def errors(self) -> tuple[ContentProblem, ...]:
        """Those that stop the build."""
        return tuple(problem for problem in self if not problem.warning)


class ContentError(SiteError):
    """The content cannot become a site; `problems` says why."""

    def __init__(self, problems: tuple[ContentProblem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class BadValue(SiteError):
    """A value that its key does not take; the caller knows where it stands."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a mistyped one resembles most, in whatever case it is written."""
    options = {option.lower(): option for option in known}
    near = get_close_matches(word.lower(), options, n=1, cutoff=0.6)
    if not near:
        near = [option for option in options if len(word) >= 4 and option.startswith(word.lower())][:1]
    return options[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return `did you mean "…"?` for the known word nearest to a mistyped one, if any is near."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else None


def visible(text: str) -> str:
    """Return a text for a message: in one line, with a name for each character that nobody would see."""
    text = text.replace("\n", " ")
    return "".join(one if one.isprintable() else f"[{_named(one)}]" for one in text)


def _named(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}").lower().replace("u+", "U+")
