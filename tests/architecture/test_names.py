# SPDX-License-Identifier: AGPL-3.0-or-later
"""One class a name: whoever reads a name, or looks for it, finds one thing."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest

from tests.support.constants import ROOT

PARTS = ("schedule", "plugins", "functions/register")
# What both wings hand to the same templates.
SHARED = {"Page", "Link"}


def modules_by_class(folder: Path) -> dict[str, list[str]]:
    """Return the modules of a package that give each name to a public class of their own."""
    modules: dict[str, list[str]] = defaultdict(list)
    for file in sorted(folder.rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                modules[node.name].append(f"{folder.name}/{file.relative_to(folder)}")
    return modules


def names_of_several(folders: Iterable[Path]) -> dict[str, list[str]]:
    """Return the names of classes that more than one of the packages has, with their modules."""
    found: dict[str, list[list[str]]] = defaultdict(list)
    for folder in folders:
        for name, modules in modules_by_class(folder).items():
            found[name].append(modules)
    return {name: list(chain(*modules)) for name, modules in found.items() if len(modules) > 1}


def test_no_two_parts_give_one_name_to_different_classes() -> None:
    found = names_of_several(ROOT / part for part in PARTS)

    assert {name: modules for name, modules in found.items() if name not in SHARED} == {}


@pytest.mark.parametrize("part", PARTS)
def test_no_two_modules_of_a_part_give_one_name_to_different_classes(part: str) -> None:
    assert {name: found for name, found in modules_by_class(ROOT / part).items() if len(found) > 1} == {}


def test_a_name_that_is_given_twice_is_found(tmp_path: Path) -> None:
    files = {
        "a/one.py": "class Kind: ...\n",
        "b/two.py": "class Kind: ...\nclass Other: ...\nclass _Own: ...\n",
        "b/three.py": "class Other: ...\nclass _Own: ...\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")

    assert names_of_several([tmp_path / "a", tmp_path / "b"]) == {"Kind": ["a/one.py", "b/two.py"]}
    assert modules_by_class(tmp_path / "b") == {"Kind": ["b/two.py"], "Other": ["b/three.py", "b/two.py"]}
