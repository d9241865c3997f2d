# SPDX-License-Identifier: AGPL-3.0-or-later
"""uv installs, pip where uv cannot, and what did not finish is begun anew."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from requirements.install import PIP, PROJECT, UV, UV_ITSELF, Installer, InstallFailed
from tests.support.constants import ROOT

LIST = Path("requirements/serve.txt")
HASHED = ("--require-hashes", "--requirement", str(LIST))

GET_UV = (*PIP, *UV_ITSELF)
BY_UV = (*UV, *HASHED)
LINK_BY_UV = (*UV, *PROJECT)
BY_PIP = (*PIP, *HASHED)
BY_PIP_ANEW = (*PIP, "--force-reinstall", *HASHED)
LINK_BY_PIP = (*PIP, "--quiet", *PROJECT)

BEGUN = ["Installing uv …", "Installing requirements/serve.txt …"]
FALLEN_BACK = "uv could not be used: pip installs the same requirements/serve.txt, which takes longer."
ANEW = "The last installation did not finish: everything is installed anew."


class Machine:
    """Runs nothing: remembers the commands, and fails those that it is told to fail."""

    def __init__(self, folder: Path, *failing: Sequence[str]) -> None:
        self.folder = folder
        self.failing = failing
        self.ran: list[tuple[str, ...]] = []
        self.environments: list[Mapping[str, str]] = []
        self.said: list[str] = []

    def run(self, command: Sequence[str], environment: Mapping[str, str]) -> bool:
        assert (self.folder / "unfinished").exists()
        self.ran.append(tuple(command))
        self.environments.append(environment)
        return tuple(command) not in self.failing

    def install(self) -> None:
        def settings() -> str:
            return "global.index-url='https://index.example/simple'\n"

        Installer(self.folder, self.run, self.said.append, settings).install(LIST)


def test_pip_fetches_uv_and_uv_installs_the_list_and_the_project(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.install()

    assert machine.ran == [GET_UV, BY_UV, LINK_BY_UV]
    assert [one.get("UV_DEFAULT_INDEX") for one in machine.environments] == [
        None,
        "https://index.example/simple",
        "https://index.example/simple",
    ]
    assert machine.said == BEGUN
    assert list(tmp_path.iterdir()) == []


def test_where_uv_cannot_be_had_pip_installs_the_same_list_and_says_so(tmp_path: Path) -> None:
    machine = Machine(tmp_path, GET_UV)
    machine.install()

    assert machine.ran == [GET_UV, BY_PIP, LINK_BY_PIP]
    assert machine.said == [*BEGUN, FALLEN_BACK]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("failing", "tried"), [(BY_UV, [BY_UV]), (LINK_BY_UV, [BY_UV, LINK_BY_UV])])
def test_where_uv_fails_pip_installs_all_of_the_list_anew(
    failing: Sequence[str], tried: list[tuple[str, ...]], tmp_path: Path
) -> None:
    machine = Machine(tmp_path, failing)
    machine.install()

    assert machine.ran == [GET_UV, *tried, BY_PIP_ANEW, LINK_BY_PIP]
    assert machine.said == [*BEGUN, FALLEN_BACK]


def test_where_both_fail_it_says_what_to_do_and_the_next_run_trusts_nothing(tmp_path: Path) -> None:
    for stamp in ("made", "ready", "ready-to-serve"):
        (tmp_path / stamp).touch()

    with pytest.raises(InstallFailed) as caught:
        Machine(tmp_path, BY_UV, BY_PIP_ANEW).install()

    assert str(caught.value) == (
        "requirements/serve.txt could not be installed; pip says why, above. If it reached no package index, fix "
        "that (pip config list shows what pip is told), and run make again."
    )
    machine = Machine(tmp_path)
    machine.install()

    assert machine.ran == [GET_UV, (*UV, "--reinstall", *HASHED), LINK_BY_UV]
    assert machine.said == [ANEW, *BEGUN]
    assert [file.name for file in tmp_path.iterdir()] == ["made"]


def test_pip_too_begins_anew_what_did_not_finish(tmp_path: Path) -> None:
    (tmp_path / "unfinished").touch()
    machine = Machine(tmp_path, GET_UV)
    machine.install()

    assert machine.ran == [GET_UV, BY_PIP_ANEW, LINK_BY_PIP]


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A real environment, with a pip and a uv of our own that say their arguments, and fail if `fails` says so."""
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for name in ("pip", "uv"):
        (packages / name).mkdir()
        (packages / name / "__main__.py").write_text(
            "import pathlib, sys\n"
            f"print('{name}', *sys.argv[1:4], flush=True)\n"
            f"sys.exit('{name}' in pathlib.Path(sys.prefix, 'fails').read_text())\n"
        )
    return folder


def started(environment: Path, fails: str) -> subprocess.CompletedProcess[str]:
    (environment / "fails").write_text(fails)
    command = [environment / "bin/python", "-m", "requirements.install", LIST]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_falls_back_for_real(environment: Path) -> None:
    ended = started(environment, "uv")

    assert (ended.returncode, ended.stderr.splitlines()) == (0, [*BEGUN, FALLEN_BACK])
    assert ended.stdout.splitlines() == [
        "pip install --disable-pip-version-check --no-deps",
        "uv pip install --python",
        "pip install --disable-pip-version-check --no-deps",
        "pip install --disable-pip-version-check --no-deps",
    ]
    assert not (environment / "unfinished").exists()


def test_the_command_fails_where_pip_fails(environment: Path) -> None:
    ended = started(environment, "pip")

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[:3] == [*BEGUN, FALLEN_BACK]
    assert (environment / "unfinished").exists()
