# SPDX-License-Identifier: AGPL-3.0-or-later
"""Renews requirements/*.txt from requirements/*.in; `make lock`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from requirements import pip_settings

FOLDER = Path(__file__).resolve().parent

LISTS = {"uv": None, "dev": None, "serve": "dev", "function": "dev", "template": None, "bench": None}
"""Each list, and the one that its versions are taken from: no package is locked in two versions."""

SOME_FILES = {"extra-index-url", "find-links", "no-index"}

OPTIONS = (
    *("--quiet", "--upgrade", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--no-header"),
)


def commands(options: list[str]) -> Iterator[list[str]]:
    """Yield what renews one list after the other."""
    for name, bound in LISTS.items():
        files = [
            f"{name}.in",
            "--output-file",
            f"{name}.txt",
            *(["--constraint", f"{bound}.txt"] if bound else []),
        ]
        yield [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *options, *files]


def whole(settings: Mapping[str, str]) -> dict[str, str]:
    """Return pip's settings without the places that may hold some files of a version only.

    A lock needs the hashes of a version's files for every system, and uv takes them all from one place.
    """
    return {name: value for name, value in settings.items() if name not in SOME_FILES}


def main() -> int:
    """Renew every list; the exit status is 1 if one cannot be renewed."""
    settings = whole(pip_settings.parsed(pip_settings.listed()))
    options, environment = pip_settings.for_uv(settings, os.environ)
    for command in commands(options):
        if subprocess.run(command, cwd=FOLDER, env=environment, check=False).returncode:
            message = "The lists could not be renewed; uv says why, above. Without uv it cannot be done."
            print(message, file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
