# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads a content file: `Key: value` lines, an empty line, Markdown; every header keeps its line.

Pelican's own readers lose line numbers and drop keys that they do not know, so they are not used.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from sys import intern
from textwrap import dedent
from typing import NamedTuple

from plugins.trainings.problems import ContentProblem, SiteError, nearest

MOST_BYTES = 500_000
"""A file that is larger is not read: no text of a page is."""
MOST_CHARACTERS = 50_000
MOST_BRACKETS = 1_000

_HEADER = re.compile(r"([A-Za-z][A-Za-z-]*|[A-Za-z]+[\s_-]+[A-Za-z]+)\s*[:：](?!//)\s*(.*)", re.DOTALL)
_LINK = re.compile(r"\S*(://|secret:)\S*")
_MERGE = re.compile(r"(?m)^(<{7}|\|{7}|>{7})(?: |$)")
_ITEM = re.compile(r"\s*[-*•]\s+(?=\S)")
_SEPARATES = "an empty line separates the keys from the text"
_HINTS = dict.fromkeys(("---", "```"), "delete this line")
# They come from Word, from web pages and from lists of contacts, and nobody sees them.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# Where a text's form depends on them, no-break spaces are spaces.
_FORM = re.compile(r"(?m)^[ \t>\xa0]*(?:(?:[-+*]|\d{1,9}[.)]|#{1,6})\xa0)?")


class UnreadableFile(SiteError):
    """A file of which nothing is known but what is wrong with it."""

    def __init__(self, path: str, line: int, message: str, hint: str) -> None:
        self.problem = ContentProblem(path, line, None, message, hint)
        super().__init__(str(self.problem))


class Header(NamedTuple):
    """The value of a key (lines of a long value joined by line feeds), and where it stands."""

    value: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Document:
    """A content file: `path` as the writer knows it, `stem` without endings, headers, and the text below.

    The text has a path of its own because an occurrence may inherit it from its series' file. Of an `unreadable`
    file nothing is known but its problems.
    """

    path: str
    stem: str
    headers: dict[str, Header]
    body: str
    body_path: str
    body_line: int
    problems: tuple[ContentProblem, ...] = ()
    unreadable: bool = False
    meant: tuple[str, ...] = ()
    """Keys that a line seems to mean which is told to be none: they are not missing, too.

    It is no set: thousands of files have none, and an empty tuple is one object.
    """

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


def read(file: Path, path: str, known: Collection[str] = (), texts: Collection[str] = ()) -> Document:
    """Read a file that is shown to people as `path`; what is wrong with its form is in `problems`."""
    stem = file.name.removesuffix(".md").removesuffix(".es")
    try:
        return parse(_text(file, path), path, stem, known, texts)
    except UnreadableFile as error:
        return Document(path, stem, {}, "", path, error.problem.line, (error.problem,), unreadable=True)


def read_lines(file: Path, path: str) -> list[str]:
    """Return the lines of a file without keys, but for characters that nobody sees. Raises UnreadableFile."""
    return _lines(_text(file, path), path)


def _text(file: Path, path: str) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise UnreadableFile(path, 1, "the file is too large to be a text", "is it the right file?")
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UnreadableFile(
            path, line, "the file is not UTF-8", "save it with the encoding UTF-8"
        ) from error
    except OSError as error:
        raise UnreadableFile(path, 1, f"cannot be read: {error.strerror}", "save it again") from error


def _lines(text: str, path: str) -> list[str]:
    text = _INVISIBLE.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    if merged := _MERGE.search(text):
        message = f'"{merged[1]}" is a mark of two versions that were merged'
        hint = "keep one version, and delete the lines that begin with <<<<<<<, ======= and >>>>>>>"
        raise UnreadableFile(path, text.count("\n", 0, merged.start()) + 1, message, hint)
    return text.split("\n")


def parse(
    text: str, path: str, stem: str, known: Collection[str] = (), texts: Collection[str] = ()
) -> Document:
    """Take a content file's text apart; `known` are the keys of its kind, `texts` those that are translated.

    Raises UnreadableFile.
    """
    lines = _lines(text, path)
    start, indent = _start(lines, known)
    if path.endswith(".es.md") and not _is_key(lines[start].removeprefix(indent), known, texts):
        headers, end, problems = dict[str, Header](), start, list[ContentProblem]()
    else:
        headers, end, problems = _headers(lines, start, indent, path, known)
    body = "\n".join(lines[end:])
    if indent and all(line.startswith(indent) for line in lines[end:] if line.strip()):
        body = dedent(body)
    first = len(body) - len(body.lstrip("\n"))
    body = body.strip()
    if "\xa0" in body:
        body = _FORM.sub(lambda form: form[0].replace("\xa0", " "), body)
    for many, message, hint in _limits(body):
        raise UnreadableFile(path, end + first + 1, f"the text has {many} {message}", hint)
    meant = {_meant(lines[problem.line - 1], known) for problem in problems}
    late = {found[0] for line in body.partition("\n\n")[0].split("\n") if (found := _header(line, known))}
    if headers and body.startswith(tuple(f"{key}:" for key in late & set(known) - headers.keys())):
        meant |= late
        message = f'"{_shown(body.partition(chr(10))[0])}" stands in the text, below an empty line'
        hint = "delete the empty line above it"
        problems.append(ContentProblem(path, end + first + 1, None, message, hint))
    return Document(
        path,
        stem,
        headers,
        body,
        path,
        end + first + 1,
        tuple(problems),
        meant=tuple(sorted(filter(None, meant))),
    )


def _limits(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield what is too much in a text: Python-Markdown's time grows with the square of what is left open."""
    if len(text) > MOST_CHARACTERS:
        yield len(text), f"characters, and {MOST_CHARACTERS} are the most", "make two pages of it"
    if text.count("[") > MOST_BRACKETS:
        hint = "delete those that begin no link"
        yield text.count("["), f'"[", and {MOST_BRACKETS} are the most', hint


def _start(lines: list[str], known: Collection[str]) -> tuple[int, str]:
    """Return where the keys begin, and the indent that they were pasted with.

    An empty first line says that there are none, unless a key that is known comes next.
    """
    first = next((place for place, line in enumerate(lines) if line.strip()), len(lines))
    found = _header(lines[first].lstrip(), known) if first < len(lines) else None
    if found is None or found[0] not in known:
        return 0, ""
    return first, lines[first][: len(lines[first]) - len(lines[first].lstrip())]


def _headers(
    lines: list[str], start: int, indent: str, path: str, known: Collection[str]
) -> tuple[dict[str, Header], int, list[ContentProblem]]:
    """Read the keys; return them, the line below them, and what is wrong with their form."""
    headers: dict[str, Header] = {}
    problems: list[ContentProblem] = []
    key: str | None = None
    understood, listed = True, False  # the lines of a value that begins below its key may be a list
    for place in range(start, len(lines)):
        line, number = lines[place].removeprefix(indent), place + 1
        if not line.strip():
            return headers, place + 1, problems
        if key is not None and (line[0].isspace() or (listed and _ITEM.match(line))):
            old = headers[key]
            more = _ITEM.sub("", line, count=1).strip() if listed else line.strip()
            headers[key] = old._replace(value=f"{old.value}\n{more}" if old.value else more)
            continue
        found = _header(line, known)
        if found is None:
            if understood:
                message = f'"{_shown(line)}" is not a "Key: value" line'
                name = _meant(line, known)
                hint = f'put a colon behind "{name}"' if name else _HINTS.get(line.strip(), _SEPARATES)
                problems.append(ContentProblem(path, number, None, message, hint))
            key, understood = None, False
            continue
        key, understood = found[0], True
        if key in headers:
            message = f"stands twice, first in line {headers[key].line}"
            problems.append(ContentProblem(path, number, key, message, "keep one of them"))
        # Thousands of files have the same keys, and values such as "online": one object of each is enough.
        headers[intern(key)], listed = Header(intern(found[1]), path, number), not found[1]
    return headers, len(lines), problems


def _header(line: str, known: Collection[str]) -> tuple[str, str] | None:
    """Return the key and the value of a line; a known key in the case and with the hyphen that it has."""
    name, colon, value = line.partition(":")
    if colon and name in known and not value.startswith("//"):
        return name, value.strip()  # as nearly all are written
    match = _HEADER.fullmatch(line)
    if match is None:
        return None
    name = "-".join(word.capitalize() for word in re.split(r"[\s_-]+", match[1]))
    if name in known:
        return name, match[2].strip()
    return None if re.search(r"[\s_]", match[1]) else (match[1], match[2].strip())


def _is_key(line: str, known: Collection[str], texts: Collection[str]) -> bool:
    """Whether a line of a translation has a key, rather than a word of the text with a colon behind it."""
    found = _header(line, known)
    return found is not None and (not texts or found[0] in known or nearest(found[0], texts) is not None)


def _meant(line: str, known: Collection[str]) -> str | None:
    """Return the key that a line without a colon begins with."""
    words = line.split()
    name = "-".join(word.capitalize() for word in words[0].split("-")) if words else ""
    return name if name in known else None


def _shown(line: str) -> str:
    """Return the beginning of a line for a message; never a link, which may be the private one."""
    return _LINK.sub("…", line.strip())[:40]
