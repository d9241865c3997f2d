# SPDX-License-Identifier: AGPL-3.0-or-later
"""Installs a list of packages into an environment of its own, for programs that the project does not import."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

from requirements import pip_settings
from requirements.install import InstallFailed, Run, run


def installed(lock: Path, folder: Path, do: Run = run) -> Path:
    """Return the folder of the programs of a locked list, which are installed where they or the list are new.

    uv installs, from where pip is told to look. Raises InstallFailed; then nothing is taken for installed.
    """
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = folder / "made-from"
    if not (stamp.is_file() and stamp.read_text() == digest):
        shutil.rmtree(folder, ignore_errors=True)
        options, environment = pip_settings.for_uv(pip_settings.parsed(pip_settings.listed()), os.environ)
        python = str(folder / "bin/python")
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", *options, "--python", python]
        command += ["--no-deps", "--require-hashes", "--requirement", str(lock)]
        if not (do([sys.executable, "-m", "venv", str(folder)], os.environ) and do(command, environment)):
            raise InstallFailed(f"{lock.name} could not be installed into {folder}; uv says why, above")
        stamp.write_text(digest)
    return folder / "bin"
