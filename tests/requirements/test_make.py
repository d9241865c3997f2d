# SPDX-License-Identifier: AGPL-3.0-or-later
"""The environment that make makes: small for serving, whole for testing, and never trusted half-made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.constants import ROOT

GOOD = "sys.exit(0)"
KILLED = "os.killpg(0, signal.SIGKILL)"
WITHOUT_PIP = "sys.exit(1)"
"""How Debian's Python ends without the package python3-venv: bin/python is there, pip is not."""

# Stands in for the Python of the system, and for that of the environment; notes what it is started with.
PYTHON = """#!{real}
import os, pathlib, signal, sys
if sys.argv[1] == "-c":
    sys.exit(0)
with open({log!r}, "a") as log:
    print(*sys.argv[1:], file=log)
if sys.argv[1:3] == ["-m", "venv"]:
    bin = pathlib.Path(sys.argv[3], "bin")
    bin.mkdir(parents=True)
    (bin / "python").symlink_to(__file__)
    {end}
"""


class Clone:
    """A fresh clone, as far as make needs one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.venv = folder / ".venv"
        self._log = folder / "log"
        self._python = folder / "python"
        shutil.copy(ROOT / "Makefile", folder)
        shutil.copy(ROOT / "pyproject.toml", folder)
        shutil.copytree(ROOT / "requirements", folder / "requirements")

    def make(self, *arguments: str, end: str = GOOD) -> subprocess.CompletedProcess[str]:
        """Run make with a Python whose making of an environment ends in this way."""
        self._python.write_text(PYTHON.format(real=sys.executable, log=str(self._log), end=end))
        self._python.chmod(0o755)
        ours = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
        return subprocess.run(
            ["make", f"PYTHON={self._python}", *arguments],
            cwd=self.folder,
            env=ours,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
        )

    def started(self) -> list[str]:
        """Return what the Pythons were started with since the last time that this was asked."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        return lines

    def stamps(self) -> set[str]:
        return {file.name for file in self.venv.iterdir() if file.is_file()} if self.venv.exists() else set()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


MAKES = "-m venv .venv"
SERVES = "-m requirements.install requirements/serve.txt"
TESTS = "-m requirements.install requirements/dev.txt"
BUILDS = "-m plugins.build --cache .cache/builds/html"


def test_the_first_command_makes_what_it_needs_and_the_next_ones_use_it(clone: Clone) -> None:
    clone.make("html")
    assert clone.started() == [MAKES, SERVES, BUILDS]

    clone.make("html")
    assert clone.started() == [BUILDS]

    clone.make(".venv/ready")
    assert clone.started() == [TESTS]
    assert clone.stamps() == {"made", "ready-to-serve", "ready"}


@pytest.mark.parametrize(
    ("target", "lists"),
    [
        *((target, ["serve"]) for target in ("serve", "check-content", "html", "publish", "lambda", "lock")),
        *((target, ["serve", "dev"]) for target in ("test", "check", "bench")),
        *((target, []) for target in ("help", "clean")),
    ],
)
def test_only_what_tests_and_measures_needs_everything(target: str, lists: list[str], clone: Clone) -> None:
    planned = clone.make("--dry-run", target).stdout.splitlines()

    assert [line for line in planned if "requirements.install" in line] == [
        f".venv/bin/python -m requirements.install requirements/{name}.txt" for name in lists
    ]
    assert [line for line in planned if "-m venv" in line] != [] or not lists


@pytest.mark.parametrize(
    ("changed", "installed"),
    [
        ("requirements/serve.txt", [SERVES, TESTS]),
        ("requirements/uv.txt", [SERVES, TESTS]),
        ("pyproject.toml", [SERVES, TESTS]),
        ("requirements/dev.txt", [TESTS]),
        ("requirements/function.txt", []),
    ],
)
def test_a_changed_list_is_installed_into_the_same_environment(
    changed: str, installed: list[str], clone: Clone
) -> None:
    clone.make(".venv/ready")
    clone.started()
    later = (clone.venv / "ready").stat().st_mtime + 1
    os.utime(clone.folder / changed, (later, later))
    clone.make(".venv/ready")

    assert clone.started() == installed


def test_an_environment_that_python_cannot_finish_is_deleted_and_the_way_out_is_named(clone: Clone) -> None:
    failed = clone.make("html", end=WITHOUT_PIP)

    assert failed.returncode == 2
    assert failed.stderr.splitlines()[0] == (
        ".venv could not be made; Python says why, above. On Debian and Ubuntu, run: sudo apt install python3-venv. "
        "Then run make again."
    )
    assert not clone.venv.exists()
    assert clone.started() == [MAKES]

    clone.make("html")
    assert clone.started() == [MAKES, SERVES, BUILDS]


def test_an_environment_whose_making_was_killed_is_made_anew(clone: Clone) -> None:
    clone.make("html", end=KILLED)
    assert (clone.venv / "bin/python").exists()
    assert clone.stamps() == set()
    (clone.venv / "left-over").touch()
    clone.started()

    clone.make("html")
    assert clone.started() == [MAKES, SERVES, BUILDS]
    assert clone.stamps() == {"made", "ready-to-serve"}


def test_an_environment_whose_python_has_gone_is_made_anew(clone: Clone) -> None:
    clone.make(".venv/ready")
    (clone.venv / "bin/python").unlink()
    (clone.venv / "bin/python").symlink_to("/no/such/python3.11")
    clone.started()

    clone.make("html")
    assert clone.started() == [MAKES, SERVES, BUILDS]
    assert clone.stamps() == {"made", "ready-to-serve"}


def test_a_python_that_is_too_old_is_named_before_anything_is_made(clone: Clone) -> None:
    old = clone.folder / "old"
    old.write_text(f'#!/bin/sh\nexec {sys.executable} -c "import sys; sys.version_info = (3, 10); $2"\n')
    old.chmod(0o755)
    failed = clone.make(f"PYTHON={old}", "html")

    assert (failed.returncode, failed.stderr.splitlines()[0]) == (
        2,
        "Python 3.11 or newer is needed: make PYTHON=…",
    )
    assert not clone.venv.exists()
