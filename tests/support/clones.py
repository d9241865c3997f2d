# SPDX-License-Identifier: AGPL-3.0-or-later
"""Folders that are as a clone of the project is, for what is typed into one, and what stands in for programs there."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.support.constants import ROOT

MADE = {".venv", ".git", ".cache", "output", "build", "published", ".published", "var", "register.env"}
STAMPS = ("made", "ready-to-serve", "ready")
AS_IT_IS = " ".join(f"--old-file=.venv/{stamp}" for stamp in STAMPS)
"""What make is told in MAKEFLAGS, so that it installs nothing into the environment that the tests run in."""


def clone_into(folder: Path, *left_out: str) -> Path:
    """Put everything of the project into a folder, as links, but what its commands made and what is left out."""
    for file in ROOT.iterdir():
        if file.name not in {*MADE, *left_out}:
            (folder / file.name).symlink_to(file)
    return folder


def give_environment(folder: Path) -> None:
    """Let a clone use the environment that the tests run in; see AS_IT_IS."""
    (folder / ".venv").symlink_to(Path(sys.prefix))


def give_noting_python(folder: Path) -> None:
    """Give a clone an environment that is ready, whose Python does nothing but print what it is started with."""
    program(folder / ".venv/bin", "python", 'case "$1" in -c) ;; *) echo "$*" ;; esac')
    for stamp in STAMPS:
        (folder / ".venv" / stamp).touch()


def program(folder: Path, name: str, text: str) -> None:
    """Write a program of sh."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{text}\n")
    (folder / name).chmod(0o755)
