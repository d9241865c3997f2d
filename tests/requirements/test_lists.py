# SPDX-License-Identifier: AGPL-3.0-or-later
"""The locked lists: complete, checked by hashes, in one version each, and from no place in particular."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from pathlib import Path

import pytest

from tests.support.constants import ROOT

FOLDER = ROOT / "requirements"
LOCKS = ("uv", "dev", "serve", "function", "template", "bench")
ENTRY = re.compile(
    r"^([a-z0-9.-]+)==(\S+)(?: ; [^\\]+?)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", re.MULTILINE
)

OUR_OWN = {"register", "schedule", "plugins", "infra", "requirements"}


def text(lock: str) -> str:
    return (FOLDER / f"{lock}.txt").read_text(encoding="utf-8")


def versions(lock: str) -> dict[str, str]:
    return {name: version for name, version, _ in ENTRY.findall(text(lock))}


def asked(name: str) -> set[str]:
    """Return what a list asks for, and the lists that it takes in."""
    lines = [line.partition("#")[0].strip() for line in (FOLDER / f"{name}.in").read_text().splitlines()]
    inner = [line.removeprefix("-r ").removesuffix(".in") for line in lines if line.startswith("-r ")]
    own = {re.split("[<>=]", line.lower())[0] for line in lines if line and not line.startswith("-")}
    return own.union(*map(asked, inner))


def imported(folder: str) -> set[str]:
    """Return the names at the top of all that a folder's modules import, but for Python's own and ours."""
    names: set[str] = set()
    for file in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module)
    return {name.partition(".")[0] for name in names} - sys.stdlib_module_names - OUR_OWN


def test_every_locked_list_belongs_to_one_that_people_write() -> None:
    # The editor's program is npm's: plugins/editor/program.py reads its list of one.
    assert {file.stem for file in FOLDER.glob("*.txt")} == {*LOCKS, "editor"}
    assert {file.stem for file in FOLDER.glob("*.in")} == {*LOCKS, "site"}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_everything_and_names_no_place(lock: str) -> None:
    assert ENTRY.sub("", text(lock)) == ""
    assert versions(lock) != {}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_all_that_its_list_asks_for(lock: str) -> None:
    assert asked(lock) - versions(lock).keys() == set()


@pytest.mark.parametrize("lock", ["serve", "function"])
def test_no_package_is_locked_in_two_versions(lock: str) -> None:
    everything = versions("dev")

    assert versions(lock) == {name: everything.get(name) for name in versions(lock)}


def test_what_the_function_needs_is_there_when_the_site_is_served() -> None:
    assert versions("function").items() - versions("serve").items() == set()


@pytest.mark.parametrize(
    ("folder", "lock"),
    [
        ("functions/register", "function"),
        ("schedule", "function"),
        ("plugins", "serve"),
        ("infra", "serve"),
    ],
)
def test_every_library_that_runs_without_the_tests_is_locked_for_it(folder: str, lock: str) -> None:
    homes = importlib.metadata.packages_distributions()
    needed = {homes[name][0].lower().replace("_", "-") for name in imported(folder) if name in homes}

    assert needed - versions(lock).keys() == set()


def test_what_installs_the_libraries_needs_none() -> None:
    assert imported("requirements") == set()


def test_an_import_is_found_wherever_it_stands(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text(
        "import os.path\nimport moto.core\ndef late():\n    from pelican import signals\n"
    )

    assert imported(str(tmp_path)) == {"moto", "pelican"}
