# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong with the content, said so that a writer can mend it: path, line, key, reason, hint."""

from __future__ import annotations

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
        key = f"{self.key}: " if self.key else ""
        hint = f" ({self.hint})" if self.hint else ""
        text = f"{self.path}:{self.line}: {'warning: ' if self.warning else ''}{key}{self.message}{hint}"
        return text.replace("\n", " ")  # a value of several lines may stand in the message


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


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return `did you mean "…"?` for the known word nearest to a mistyped one, if any is near."""
    options = list(known)
    near = get_close_matches(word, options, n=1, cutoff=0.6)
    if not near:
        near = [option for option in options if len(word) >= 4 and option.startswith(word)][:1]
    return f'did you mean "{near[0]}"?' if near else None
