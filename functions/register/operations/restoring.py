# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts back what a backup holds; what was there is moved aside, and a second try heals one that was interrupted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from register.operations.backups import BackupError
from register.operations.files import because, put, written_aside


@dataclass(frozen=True, slots=True)
class Replaced:
    """What came of it."""

    put: tuple[Path, ...]
    """Files besides the database that were put in place."""
    left: tuple[Path, ...]
    """Files that differ from the backup's, and stay."""
    aside: Path | None
    """The folder with what was there before."""


def put_back(
    database: bytes,
    database_files: Sequence[Path],
    others: Mapping[Path, bytes],
    *,
    replace: bool,
    now: datetime,
) -> Replaced:
    """Put a database in place of another, whose files are given, and other files where there are none.

    With `replace` also where there are others. Nobody may have the database open. Raises BackupError.
    """
    target, *beside = database_files
    aside = target.parent / f"before-restore-{now:%Y%m%dT%H%M%SZ}"
    try:
        differing = [file for file, content in others.items() if _differs(file, content)]
        missing = [file for file in others if not file.exists()]
        moved = [file for file in database_files if file.exists()]
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # On a full disk this fails first, while all is in its place: the newest sign-ups stand in the log alone.
        with written_aside(target, database) as put_in_place:
            if moved or (replace and differing):
                aside.mkdir(mode=0o700)
            # The old log must be gone before the new file is there: SQLite would take it for the new one's.
            if target.exists():  # linked, since a dying disk may not let it be copied
                os.link(target, aside / target.name)
            for file in beside:
                if file.exists():
                    file.replace(aside / file.name)
            put_in_place()
        for file in missing + (differing if replace else []):
            if file.exists():
                shutil.copy2(file, aside / file.name)  # it may be on another disk
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            put(file, others[file])
    except OSError as error:
        raise BackupError(
            f"{error.filename or target}: {because(error)}; then run register restore again"
        ) from error
    return Replaced(
        put=tuple(missing + (differing if replace else [])),
        left=() if replace else tuple(differing),
        aside=aside if aside.exists() else None,
    )


def _differs(file: Path, content: bytes) -> bool:
    return file.exists() and file.read_bytes() != content
