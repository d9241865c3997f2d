# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads `content/organizations.md`: the names that the sign-up form offers, one per line, for both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from plugins.trainings.folders import Found
from plugins.trainings.frontmatter import UnreadableFile, read_lines
from plugins.trainings.problems import BadValue, ContentProblem
from plugins.trainings.public import UNFIT_HINT
from plugins.trainings.values import LINE, plain
from schedule.organizations import MOST, OTHER, folded
from schedule.signup import ORGANIZATION

_BULLET = re.compile(r"[-*•]\s+")
_SIGNS = re.compile(r"[*_`~<>\[\]|\\]")
_HOW = 'write a name alone, as in "Sample County Office of Education"'


def read_organizations(file: Found) -> tuple[tuple[str, ...], tuple[ContentProblem, ...]]:
    """Return the names in the order of the file, and what is wrong with it."""
    try:
        lines = read_lines(file.file, file.path)
    except UnreadableFile as error:
        return (), (error.problem,)
    names: dict[str, tuple[str, int]] = {}
    problems: list[ContentProblem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            name = _name(line, names)
        except BadValue as bad:
            problems.append(ContentProblem(file.path, number, None, bad.message, bad.hint))
            continue
        if len(names) == MOST:
            hint = "keep those that most people come from; anything else may be typed"
            problems.append(ContentProblem(file.path, number, None, f"{MOST} names are the most", hint))
            break
        names[folded(name)] = name, number
    if not names and not problems:
        problems.append(
            ContentProblem(file.path, 1, None, "has no name in it", f"{_HOW}, or delete the file")
        )
    return tuple(name for name, _ in names.values()), tuple(problems)


def _name(line: str, names: Mapping[str, tuple[str, int]]) -> str:
    """Return the name that a line holds, which may be an item of a list. Raises BadValue.

    `names` are those of the lines above, each by its folded form, with its line.
    """
    text = _BULLET.sub("", line.strip(), count=1)
    LINE.convert(text)
    name = plain(text)
    shown = f'"{name[:40]}"'
    if not name.isprintable() or "\ufffd" in name:
        raise BadValue(f"{shown} has a character that no name has", UNFIT_HINT)
    if name.startswith("#"):
        raise BadValue(f"{shown} is a heading, and the form would offer it", "delete this line")
    if _SIGNS.search(name):
        right = plain(_SIGNS.sub(" ", name))
        raise BadValue(
            f"{shown} is marked as in a text", f'did you mean "{right}"?' if folded(right) else _HOW
        )
    if ";" in name:
        raise BadValue(f"{shown} has a semicolon", "write one name a line")
    if not any(character.isalpha() for character in name):
        raise BadValue(f"{shown} is no name", _HOW)
    if len(name) > ORGANIZATION.limit:
        most = f"has {len(name)} characters, and {ORGANIZATION.limit} are the most"
        raise BadValue(f"{shown} {most}", "write one name a line")
    if folded(name) == OTHER:
        raise BadValue(f"{shown} is what the report calls all that are not listed", "delete this line")
    if known := names.get(folded(name)):
        raise BadValue(f"{shown} is in the list already, in line {known[1]}", "keep one of them")
    return name
