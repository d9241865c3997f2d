# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands that the documents give, run as they stand there.

A command is a line of a ```sh block; a line that ends with a backslash, and a text behind `<<`, go on below. A test runs it
with `run`, or all of a section with `run_section`; `unrun` finds, in the source of the tests, those that nobody runs.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TypeVar

from tests.support.constants import ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/*.md", "infra/**/*.md")
Done = TypeVar("Done")

_FENCE = re.compile(r"( *)(```+)(\w*) *")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")


@dataclass(frozen=True, slots=True)
class Command:
    """A command, and where it stands: the document, the heading above it, and its first line's number."""

    document: str
    heading: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.document}:{self.line}: {self.text}"


def commands_in(document: str, text: str) -> Iterator[Command]:
    """Yield the commands of a document in their order."""
    heading, indent, language, started, pending = "", "", None, 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        fence = _FENCE.fullmatch(line)
        if language is None:
            if fence:
                indent, language = fence[1], fence[3]
            elif line.startswith("#"):
                heading = line.lstrip("#").strip()
        elif fence and not fence[3]:
            assert not pending, f"{document}:{started}: the command has no end: {pending}"
            language = None
        elif language == "sh":
            line = line.removeprefix(indent)
            if not pending and (not line.strip() or line.startswith("#")):
                continue
            started = started if pending else number
            pending.append(line.rstrip())
            if _is_whole(pending):
                yield Command(document, heading, started, "\n".join(pending))
                pending = []


def _is_whole(lines: list[str]) -> bool:
    opened = _HEREDOC.search(lines[0])
    return lines[-1] == opened[2] if opened else not lines[-1].endswith("\\")


@cache
def commands() -> tuple[Command, ...]:
    """Return the commands of all documents."""
    files = sorted({file for pattern in DOCUMENTS for file in ROOT.glob(pattern)})
    return tuple(
        command
        for file in files
        for command in commands_in(file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8"))
    )


def run(command: str, by: Callable[[str], Done], *, words: Mapping[str, str] | None = None) -> Done:
    """Run a documented command by `by`, which is given its text, and return what that returns.

    `words` replaces what stands for something, as an address. Raises AssertionError if no document gives the command,
    or if it holds none of these words.
    """
    known = [one.text for one in commands()]
    near = get_close_matches(command, known, n=1)
    assert command in known, f"no document gives the command {command!r}; the nearest is {near}"
    return by(_replaced(command, words or {}))


def run_section(
    document: str, heading: str, by: Callable[[str], Done], *, words: Mapping[str, str] | None = None
) -> list[Done]:
    """Run all commands below one heading of a document, in their order; see `run`.

    Only those right below it count: those below a heading within the section are another section's.
    """
    found = [one.text for one in commands() if (one.document, one.heading) == (document, heading)]
    assert found, f"{document} gives no command below {heading!r}"
    words = words or {}
    missing = [word for word in words if not any(word in text for text in found)]
    assert not missing, f"no command below {heading!r} holds {missing}"
    held = [{word: instead for word, instead in words.items() if word in text} for text in found]
    return [by(_replaced(text, given)) for text, given in zip(found, held, strict=True)]


def in_shell(
    folder: Path, *, path: Path | None = None, status: int = 0, seconds: float = 120, **variables: str
) -> Callable[[str], subprocess.CompletedProcess[str]]:
    """Return what runs a text by bash in a folder, and fails if it ends with another status.

    What stands in the folder `path` goes before other programs of that name. The environment is the tests' own, less what
    make hands on, and with `variables`.
    """

    def execute(text: str) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
        }
        if path:
            environment["PATH"] = f"{path}{os.pathsep}{environment['PATH']}"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=folder,
            env=environment | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        assert done.returncode == status, f"{text}\n{done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    return execute


def _replaced(text: str, words: Mapping[str, str]) -> str:
    for word, instead in words.items():
        assert word in text, f"{text!r} does not hold {word!r}"
        text = text.replace(word, instead)
    return text


def unrun(known: Iterable[Command], sources: Iterable[str]) -> list[Command]:
    """Return the commands that no call of `run` or `run_section` in these sources names."""
    texts, sections = set[str](), set[tuple[str, str]]()
    for source in sources:
        for name, words in _calls(source):
            if name == "run":
                texts.update(words[:1])
            elif len(words) > 1:
                sections.add((words[0], words[1]))
    return [one for one in known if one.text not in texts and (one.document, one.heading) not in sections]


def _calls(source: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the calls of this module's functions in a source, each with the texts that it is given in their order."""
    tree = ast.parse(source)
    imported = {
        name.asname or name.name: name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == __name__
        for name in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
            words = [word.value for word in node.args if isinstance(word, ast.Constant)]
            yield imported[node.func.id], [word for word in words if isinstance(word, str)]
