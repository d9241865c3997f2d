# SPDX-License-Identifier: AGPL-3.0-or-later
"""The documents: what they name is there, from commands and their options to headings that others point to."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path

import click
import pytest

from register.entrypoints.command_line import main
from tests.support.constants import ROOT
from tests.support.documented import DOCUMENTS, commands, unrun

FILES = sorted({file for pattern in DOCUMENTS for file in ROOT.glob(pattern)})
EACH_DOCUMENT = pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(ROOT).as_posix())
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
SETTINGS = MAKEFILE + "".join((ROOT / name).read_text() for name in ("pelicanconf.py", "publishconf.py"))
HELP = re.findall(r"(?m)^([a-z-]+):.*## ", MAKEFILE)

_FENCED = re.compile(r"(?ms)^( *)```.*?^\1```$")
_SPAN = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_VARIABLE = re.compile(r"([A-Z][A-Z_]+)=(\S*)")


def prose(text: str) -> str:
    """Return a document without its blocks of code."""
    return _FENCED.sub("", text)


def spans(text: str) -> list[str]:
    """Return what a document's sentences and tables quote as code, each in one line."""
    return [" ".join(span.split()) for span in _SPAN.findall(prose(text))]


def anchors(text: str) -> set[str]:
    """Return what the code host makes of a document's headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", prose(text))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def astray(file: Path, text: str) -> list[str]:
    """Return the links of a document to files and headings of the project that are not there."""
    found = []
    for link in _LINK.findall(_SPAN.sub("", prose(text))):
        path, _, anchor = link.partition("#")
        target = (file.parent / path).resolve() if path else file
        if re.match(r"[a-z]+:", link):
            continue
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            found.append(link)
    return found


def unknown(span: str) -> list[str]:
    """Return what a quoted command names that is not there: targets and variables of make, modules, our own options."""
    words = shlex.split(span.replace("'", "’")) if span.count('"') % 2 == 0 else []
    set_before = list(takewhile(_VARIABLE.fullmatch, words))
    program, *rest = words[len(set_before) :] or [""]
    if program == "make":
        given = [word for word in rest if not word.startswith("-")]
        return [*filter(None, map(unknown_to_make, [*set_before, *given]))]
    if program.endswith("bin/python") and rest[:1] == ["-m"]:
        files = [word for word in rest[2:] if rest[1] == "pytest" and word.startswith("tests/")]
        missing = [file for file in files if not (ROOT / file).exists()]
        return missing if find_spec(rest[1]) else [rest[1]]
    if program.removeprefix(".venv/bin/") == "register":
        return list(unknown_options(rest))
    return []


def unknown_to_make(word: str) -> str | None:
    """Return a target, or the name of a variable, that neither make nor the settings know."""
    variable = _VARIABLE.fullmatch(word)
    if variable:
        return None if re.search(rf"\b{variable[1]}\b", SETTINGS) else variable[1]
    return None if word in HELP else word


def unknown_options(words: list[str]) -> Iterator[str]:
    """Yield the words of a command `register …` that are no command and no option of it."""
    command: click.Command = main
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name = words.pop(0)
        if name == "…":
            return
        if name not in command.commands:
            yield name
            return
        command = command.commands[name]
    known = {option for one in command.params for option in (*one.opts, *one.secondary_opts)} | {"--help"}
    yield from (word for word in words if word.startswith("--") and word not in known)


@EACH_DOCUMENT
def test_each_link_leads_to_a_file_and_a_heading_that_are_there(file: Path) -> None:
    assert astray(file, file.read_text("utf-8")) == []


@EACH_DOCUMENT
def test_each_command_in_a_sentence_is_there_with_its_options(file: Path) -> None:
    found = {span: missing for span in spans(file.read_text("utf-8")) if (missing := unknown(span))}
    assert found == {}


def test_each_line_of_a_block_of_commands_is_run_by_a_test() -> None:
    sources = (file.read_text("utf-8") for file in sorted((ROOT / "tests").rglob("*.py")))
    assert [str(command) for command in unrun(commands(), sources)] == []


def test_the_table_of_commands_has_those_that_make_lists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("## All commands")[2].partition("\n## ")[0]
    assert sorted(re.findall(r"(?m)^\| `make ([a-z-]+)`", table)) == sorted(HELP)
    declared = re.findall(r"(?m)^\.PHONY: (.+)$", MAKEFILE.replace("\\\n", " "))
    assert sorted(" ".join(declared).split()) == sorted(HELP)


@pytest.mark.parametrize(
    ("span", "missing"),
    [
        ("make serve PORT=8001", []),
        ("make PYTHON=python3.12 check test", []),
        ("make serv", ["serv"]),
        ("make serve PROT=1", ["PROT"]),
        ("SITEULR=x make publish", ["SITEULR"]),
        (".venv/bin/python -m plugins.build", []),
        (".venv/bin/python -m plugins.bild --x", ["plugins.bild"]),
        (".venv/bin/python -m pytest -x tests/test_nothing.py", ["tests/test_nothing.py"]),
        ("register add SESSION … --late", []),
        (".venv/bin/register sync --dry-run", []),
        ("register sink", ["sink"]),
        ("register sync --try", ["--try"]),
        ("register staff sign-out EMAIL", []),
        ("register staff sign-off EMAIL", ["sign-off"]),
        ("register …", []),
        ("registered", []),
    ],
)
def test_a_command_that_is_not_there_is_found(span: str, missing: list[str]) -> None:
    assert unknown(span) == missing


def test_a_link_that_leads_astray_is_found(tmp_path: Path) -> None:
    text = "# One two: `three`\n[a](#one-two-three) [b](#one) [c](b.md#here) [d](https://example.org/#x) [e](c.md)\n"
    (tmp_path / "b.md").write_text("# There\n\n```sh\n# here\n```\n")
    (tmp_path / "a.md").write_text(text)

    assert astray(tmp_path / "a.md", text) == ["#one", "b.md#here", "c.md"]
