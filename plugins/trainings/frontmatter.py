# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a content file: `Key: value` lines, an empty line, Markdown; every header keeps its line.

Pelican's own readers lose line numbers and drop keys that they do not know, so they are not used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from plugins.trainings.problems import ContentProblem

_HEADER = re.compile(r"([A-Za-z][A-Za-z-]*):(?:[ \t]+(.*))?$")
_LINK = re.compile(r"\S*(://|secret:)\S*")


@dataclass(frozen=True, slots=True)
class Header:
    """The value of a key (lines of a long value joined by line feeds), and where it stands."""

    value: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """A content file: `path` as the writer knows it, `stem` without endings, headers, and the text below.

    The text has a path of its own because an occurrence may inherit it from its series' file.
    """

    path: str
    stem: str
    headers: dict[str, Header]
    body: str
    body_path: str
    body_line: int
    problems: tuple[ContentProblem, ...] = ()

    def over(self, base: Document) -> Document:
        """Return this file with the headers, and the text where it has none, that another file gives it."""
        text = self if self.body else base
        return replace(
            self,
            headers={**base.headers, **self.headers},
            body=text.body,
            body_path=text.body_path,
            body_line=text.body_line,
        )


def read(file: Path, path: str) -> Document:
    """Read a file that is shown to people as `path`; what is wrong with its form is in `problems`."""
    stem = file.name.removesuffix(".md").removesuffix(".es")
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problem = ContentProblem(path, line, None, "the file is not UTF-8", "save it with the encoding UTF-8")
        return Document(path, stem, {}, "", path, 1, (problem,))
    return parse(text, path, stem)


def _shown(line: str) -> str:
    """Return the beginning of a line for a message; never a link, which may be the private one."""
    return _LINK.sub("…", line.strip())[:40]


def parse(text: str, path: str, stem: str) -> Document:
    """Take a content file's text apart."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    headers: dict[str, Header] = {}
    problems: list[ContentProblem] = []
    key: str | None = None
    number = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            break
        if line[0] in " \t" and key is not None:
            known = headers[key]
            value = f"{known.value}\n{line.strip()}" if known.value else line.strip()
            headers[key] = replace(known, value=value)
            continue
        match = _HEADER.match(line)
        if match is None:
            problems.append(
                ContentProblem(
                    path,
                    number,
                    None,
                    f'"{_shown(line)}" is not a "Key: value" line',
                    "an empty line separates the keys from the text",
                )
            )
            key = None
            continue
        key = match[1]
        if key in headers:
            problems.append(
                ContentProblem(
                    path, number, key, f"stands twice, first in line {headers[key].line}", "keep one of them"
                )
            )
        headers[key] = Header((match[2] or "").strip(), path, number)
    else:
        number += 1
    body = "\n".join(lines[number:])
    first = len(body) - len(body.lstrip("\n"))
    return Document(path, stem, headers, body.strip(), path, number + first + 1, tuple(problems))
