# SPDX-License-Identifier: AGPL-3.0-or-later
"""A program of Debian's: the installed one, or its package unpacked below .cache.

The tests never skip for want of it: where it is not installed and Debian cannot be asked for it, they fail and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.support.constants import ROOT

UNPACKED = ROOT / ".cache"


class NoPackage(Exception):
    """A program is not there, and cannot be had; the message says what to do."""


def program(path: str, *packages: str) -> tuple[Path, Path]:
    """Return a program, as `/usr/sbin/nginx`, and the folder that stands for the root of its files. Raises NoPackage.

    If it is not installed, these packages are fetched and unpacked, once, into a folder with the first one's name.
    """
    if Path(path).exists():
        return Path(path), Path("/")
    unpacked = UNPACKED / packages[0]
    if not (unpacked / path.lstrip("/")).exists():
        _unpack(unpacked, packages)
    return unpacked / path.lstrip("/"), unpacked


def _unpack(target: Path, packages: tuple[str, ...]) -> None:
    name = packages[0]
    if not shutil.which("apt-get"):
        raise NoPackage(f"{name} is not installed, and there is no apt-get to ask for it; install {name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as made:
        folder = Path(made)
        download = ["apt-get", "download", *packages]
        done = subprocess.run(download, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
            subprocess.run([*prefix, "apt-get", "update"], capture_output=True, check=False)
            done = subprocess.run(download, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoPackage(f"{name} is not installed, and Debian gives none: {done.stderr}; install {name}")
        for package in folder.glob("*.deb"):
            subprocess.run(["dpkg-deb", "--extract", package, folder / "root"], check=True)
        try:
            (folder / "root").rename(target)
        except OSError:  # another worker was faster
            if not target.exists():
                raise
