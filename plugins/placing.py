# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts a new output in the place of the one before it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from plugins.trainings.output import Output


def place(output: Output, target: Path) -> None:
    """Let a folder hold the files of an output and nothing else."""
    target.mkdir(parents=True, exist_ok=True)
    if output.standing != target:
        for path in output.paths - output.written:
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(output.standing / path, target / path)
            except OSError:
                shutil.copy2(output.standing / path, target / path)
    else:
        _delete_others(target, output.paths)
    for path in output.written:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (output.root / path).replace(target / path)


def _delete_others(target: Path, paths: set[str]) -> None:
    for folder, folders, files in os.walk(target, topdown=False):
        for name in files:
            if (Path(folder) / name).relative_to(target).as_posix() not in paths:
                (Path(folder) / name).unlink()
        for name in folders:
            inner = Path(folder) / name
            if inner.is_symlink():
                inner.unlink()
            elif not any(inner.iterdir()):
                inner.rmdir()
