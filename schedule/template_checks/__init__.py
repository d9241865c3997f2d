# SPDX-License-Identifier: AGPL-3.0-or-later
"""Compares the names and attributes that templates use with those that they are given, without rendering anything.

Rendering tells of a wrong name only where it comes to it: never in the branch of a canceled session while none is
canceled. So every template is gone through here, with what it includes, extends and imports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from schedule.leftovers import is_leftover
from schedule.template_checks.source import Source, TemplateProblem
from schedule.template_checks.walk import Walk
from schedule.templates import Given, environment
from schedule.walltime import ScheduleError

__all__ = ["BadTemplates", "TemplateProblem", "check"]


class BadTemplates(ScheduleError):
    """Templates that use what they are not given, or are given what they do not use; each line names one thing."""

    def __init__(self, theme: Path, problems: Iterable[TemplateProblem]) -> None:
        self.problems = tuple(problems)
        lines = (
            f"{theme.name}/templates/{problem.template}:{problem.line}: {problem.message}"
            for problem in self.problems
        )
        super().__init__("\n".join(lines))


def check(theme: Path, *given: Given, all_of_them: bool = False) -> None:
    """Check templates of a theme, and if asked that there are no others. Raises BadTemplates with all that is wrong."""
    source, folder = Source(environment(theme)), theme / "templates"
    problems = {problem for names in given for problem in _problems(source, names)}
    if all_of_them:
        files = (file for file in folder.rglob("*") if file.is_file() and not is_leftover(file))
        others = {file.relative_to(folder).as_posix() for file in files} - source.trees.keys()
        problems.update(TemplateProblem(name, 1, "nothing is made from this template") for name in others)
    if problems:
        raise BadTemplates(theme, sorted(problems))


def _problems(source: Source, given: Given) -> set[TemplateProblem]:
    walk = _walked(source, given)
    return walk.problems | set(_unused(given, walk.used))


def _walked(source: Source, given: Given) -> Walk:
    walk = Walk(source, given.shared)
    for template, context in given.contexts.items():
        walk.page(template, context)
    return walk


def _unused(given: Given, used: set[tuple[type, str]]) -> Iterator[TemplateProblem]:
    """Yield what is given in vain; what several templates are given has to serve one of them."""
    first: dict[type, str] = {}
    for template, context in given.contexts.items():
        first.setdefault(context, template)
        if given.shared is not None:
            first.setdefault(given.shared, template)
    for context, template in first.items():
        for field in fields(context):
            if (context, field.name) not in used:
                yield TemplateProblem(
                    template, 1, f'"{field.name}" of {context.__name__} is given and not used'
                )
