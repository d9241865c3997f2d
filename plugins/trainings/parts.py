# SPDX-License-Identifier: AGPL-3.0-or-later
"""Parts of a text that are true only where people sign up on the site, or only where they do not.

A part stands between two lines: `{{ if sign-up }}`, then perhaps `{{ else }}`, then `{{ end }}`.
"""

from __future__ import annotations

from collections.abc import Iterator

from plugins.trainings.public import PLACEHOLDER

_IF, _ELSE, _END = "if sign-up", "else", "end"
MARKS = frozenset({_IF, _ELSE, _END})
"""What stands between the braces of the lines that begin, turn and end a part."""


def fitting(text: str, *, sign_up: bool) -> str:
    """Return a text without the parts that are not true, and without the lines around them."""
    if "{{" not in text:
        return text
    kept, is_shown = [], True
    for line in text.split("\n"):
        mark = _mark(line)
        if mark:
            is_shown = {_IF: sign_up, _ELSE: not sign_up, _END: True}[mark]
        elif is_shown:
            kept.append(line)
    return "\n".join(kept)


def check_parts(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield what is wrong with the parts of a text: the place of the line, what it is, and what to write."""
    began, turned = -1, False
    for place, line in enumerate(lines):
        mark = _mark(line)
        if mark is None:
            for found in PLACEHOLDER.finditer(line):
                if found[1] in MARKS:
                    yield place, f'"{found[0]}" is not alone in its line', "give it a line of its own"
        elif mark == _IF and began >= 0:
            yield place, "a part begins within another one", 'write "{{ end }}" before it'
        elif mark == _IF:
            began, turned = place, False
        elif began < 0 or (mark == _ELSE and turned):
            yield (
                place,
                f'"{{{{ {mark} }}}}" belongs to no part',
                'begin one with "{{ if sign-up }}", or delete it',
            )
        elif mark == _ELSE:
            turned = True
        else:
            began = -1
    if began >= 0:
        yield began, "a part has no end", 'write "{{ end }}" in a line of its own below it'


def _mark(line: str) -> str | None:
    """Return what a line begins, turns or ends."""
    found = PLACEHOLDER.fullmatch(line.strip())
    return found[1] if found and found[1] in MARKS else None
