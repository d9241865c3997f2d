# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fetches the editor's program unless it is there; `python -m plugins.editor`."""

from __future__ import annotations

import sys
from pathlib import Path

from plugins.editor.program import FETCHED, fetch, fetched, files, pinned
from plugins.trainings.problems import SiteError


def main(folder: Path = FETCHED) -> int:
    """Fetch the program, and say so; the exit status is 1 if it could not be had."""
    try:
        program = pinned()
        there = fetched(program, folder) or fetch(program, folder)
    except SiteError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    size = sum(file.stat().st_size for _, file in files(there))
    print(f"{program.package} {program.version}, {size / 1_000_000:.1f} MB: make serve has it at /edit/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
