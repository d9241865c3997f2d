# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which tests run when: `make test` leaves out what is long and nothing else, `make test-all` nothing at all."""

from __future__ import annotations

import ast
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.constants import ROOT
from tests.support.temporary import NEEDED, fits

COMMON = ["--numprocesses", "2", "--dist", "worksteal"]
SETTINGS = "--strict-markers --strict-config --import-mode=importlib -q"


def options(target: str) -> list[list[str]]:
    """Return what a target of the Makefile gives to pytest, run by run."""
    text = (ROOT / "Makefile").read_text()
    (pytest_itself,) = re.findall(r"(?m)^PYTEST := (.*)$", text)
    text = text.replace("$(PYTEST)", pytest_itself).replace("$(WORKERS)", shlex.join(COMMON))
    (recipe,) = re.findall(rf"(?m)^{target}:.*\n((?:\t.*\n)+)", text)
    return [shlex.split(given) for given in re.findall(r"-m pytest (.*)", recipe)]


def test_make_test_leaves_out_what_is_long_and_nothing_else() -> None:
    assert options("test") == [[*COMMON, "-m", "not long"]]


def test_make_test_all_leaves_out_nothing() -> None:
    assert options("test-all") == [
        [*COMMON, "-m", "not long", "--cov", "--cov-report=term"],
        [*COMMON, "-m", "long"],
    ]


def test_no_setting_leaves_out_a_test() -> None:
    settings = (ROOT / "pyproject.toml").read_text()
    assert re.findall(r"(?m)^(?:addopts|testpaths|python_\w+|norecursedirs|collect_\w+) = .*", settings) == [
        'testpaths = ["tests"]',
        f'addopts = "{SETTINGS}"',
    ]


def test_ci_runs_everything() -> None:
    assert (ROOT / ".ci/run").read_text().split("\n")[-2] == "make check test-all"


def left_out(source: str) -> list[str]:
    """Return what in a test's source would leave out a test, or sleep."""
    forbidden = {"skip", "skipif", "importorskip", "xfail", "SkipTest", "sleep"}
    nodes = list(ast.walk(ast.parse(source)))
    found = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    found |= {name.name for node in nodes if isinstance(node, ast.ImportFrom) for name in node.names}
    return sorted(found & forbidden)


def test_no_test_is_skipped_or_sleeps() -> None:
    files = sorted((ROOT / "tests").rglob("*.py"))
    assert {str(file): found for file in files if (found := left_out(file.read_text()))} == {}


def test_a_test_that_is_skipped_or_sleeps_is_found() -> None:
    source = (
        "from time import sleep\n@pytest.mark.skipif(True)\ndef test_a():\n    pytest.importorskip('x')\n"
    )
    assert left_out(source) == ["importorskip", "skipif", "sleep"]


def test_memory_is_for_temporary_folders_where_it_holds_all_of_them_and_runs_programs() -> None:
    assert fits(os.ST_NODEV | os.ST_NOSUID, NEEDED)
    assert not fits(os.ST_NOEXEC, NEEDED)
    assert not fits(0, NEEDED - 1)


CONFTEST = """\
from tests.support.time_limit import TimeLimit

def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(TimeLimit({seconds}))
    config.addinivalue_line("markers", "long: may take its time")
"""
TESTS = """\
import pytest

def test_quick(): pass

@pytest.mark.long
def test_slow(): pass
"""


@pytest.mark.parametrize(("seconds", "status"), [(0, 1), (1000, 0)], ids=["too slow", "quick"])
def test_a_run_fails_in_which_a_test_was_too_slow_that_is_not_marked(
    tmp_path: Path, seconds: float, status: int
) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.format(seconds=seconds))
    (tmp_path / "test_it.py").write_text(TESTS)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (status, "")
    named = set(re.findall(r"(?m)^[\d.]+ s (?:setup|call|teardown) (\S+)$", done.stdout))
    assert named == ({"test_it.py::test_quick"} if status else set())
