# SPDX-License-Identifier: AGPL-3.0-or-later
"""Programs that are installed in an environment of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from requirements.apart import installed
from requirements.install import InstallFailed


class Commands:
    """What is run, and how often; the command at `fails` does not succeed."""

    def __init__(self, folder: Path, fails: int | None = None) -> None:
        self.ran: list[str] = []
        self._folder, self._fails = folder, fails

    def __call__(self, command: Sequence[str], environment: Mapping[str, str]) -> bool:  # noqa: ARG002 - the port's
        self._folder.mkdir(exist_ok=True)
        self.ran.append(command[2])
        return len(self.ran) - 1 != self._fails


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "list.txt"
    file.write_text("one==1\n")
    return file


def test_programs_are_installed_once_for_each_list(lock: Path, tmp_path: Path) -> None:
    folder = tmp_path / "apart"
    commands = Commands(folder)

    places = [installed(lock, folder, commands), installed(lock, folder, commands)]
    lock.write_text("one==2\n")
    places.append(installed(lock, folder, commands))

    assert (places, commands.ran) == ([folder / "bin"] * 3, ["venv", "uv", "venv", "uv"])


@pytest.mark.parametrize("fails", [0, 1])
def test_what_could_not_be_installed_is_tried_again(lock: Path, tmp_path: Path, fails: int) -> None:
    folder = tmp_path / "apart"
    with pytest.raises(InstallFailed, match=r"list\.txt could not be installed"):
        installed(lock, folder, Commands(folder, fails))

    again = Commands(folder)
    installed(lock, folder, again)

    assert again.ran == ["venv", "uv"]
