# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups: archives of all that a new machine needs, whole or not there, and which of them stay.

An archive is a tar file for its owner alone. Its first member lists the others with their SHA-256.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from register.domain.errors import RegisterError
from register.operations.files import because, put

_VERSION = 1
_LIST = "backup.json"
_NAME = "register-{:%Y%m%dT%H%M%SZ}.tar"
_NAMED = re.compile(r"register-(\d{8}T\d{6})Z\.tar")
_AHEAD = timedelta(minutes=1)
"""How far in the future a backup may be made, by clocks that do not quite agree."""


class BackupError(RegisterError):
    """A backup that could not be made or read."""


class Backup(NamedTuple):
    """An archive, and when it was made (UTC)."""

    made: datetime
    file: Path


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of making a backup."""

    file: Path
    is_new: bool
    """False where the newest one has the very same contents."""


def backups_in(folder: Path) -> list[Backup]:
    """Return the archives in a folder, the oldest first. Raises BackupError."""
    try:
        found = [(_NAMED.fullmatch(file.name), file) for file in folder.iterdir()]
    except OSError as error:
        raise BackupError(f"{folder}: {because(error)}; name the folder with the backups") from error
    instants = "%Y%m%dT%H%M%S"
    return sorted(
        Backup(datetime.strptime(name[1], instants).replace(tzinfo=UTC), file) for name, file in found if name
    )


def newest(folder: Path, *, now: datetime) -> Backup:
    """Return the newest archive in a folder, but for those that a wrong clock has made. Raises BackupError."""
    for backup in reversed(backups_in(folder)):
        if backup.made <= now + _AHEAD:
            return backup
    raise BackupError(f"{folder}: there is no backup in it; name the folder, or the file, of register backup")


def save(folder: Path, contents: Mapping[str, bytes], *, now: datetime) -> Saved:
    """Write an archive of some files, unless the newest one in the folder holds just these. Raises BackupError.

    Not for two at a time in one folder.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for left in folder.glob(".register-*.tar.part"):  # by whoever was killed while writing it
            left.unlink()
        with suppress(BackupError):
            last = newest(folder, now=now).file
            if read(last) == contents:
                return Saved(last, is_new=False)
        file = folder / _NAME.format(now)
        put(file, _archive(contents, now))
    except OSError as error:
        raise BackupError(f"{folder}: no backup was made: {because(error)}") from error
    return Saved(file, is_new=True)


def read(file: Path) -> dict[str, bytes]:
    """Return the files in an archive by their names, having compared each with the list. Raises BackupError."""
    try:
        with tarfile.open(file, "r:") as archive:
            contents = {each.name: _content(archive, each) for each in archive.getmembers()}
        listed = json.loads(contents.pop(_LIST))["files"]
    except OSError as error:
        raise BackupError(f"{file}: {because(error)}") from error
    except (tarfile.TarError, LookupError, ValueError, TypeError) as error:
        raise BackupError(f"{file}: is no whole backup; take another one") from error
    if _listed(contents) != listed:
        raise BackupError(f"{file}: is damaged; take another backup")
    return contents


def superseded(made: Iterable[datetime], *, days: int, now: datetime) -> set[datetime]:
    """Return which backups are no longer needed: all of the last hour stay, then one an hour of the last day, then
    one a day of so many days (UTC). The newest always stays, and so does what is from the future.
    """
    instants = sorted(made, reverse=True)
    kept: dict[datetime, datetime] = {}
    for instant in instants:
        age = now - instant
        slot = instant
        if age > timedelta(days=1):
            slot = instant.replace(hour=0, minute=0, second=0)
        elif age > timedelta(hours=1):
            slot = instant.replace(minute=0, second=0)
        if age <= timedelta(days=days) or instant == instants[0]:
            kept.setdefault(slot, instant)
    return set(instants) - set(kept.values())


def thin(folder: Path, *, days: int, now: datetime) -> int:
    """Delete the archives that are no longer needed; return how many stay. Raises BackupError."""
    backups = backups_in(folder)
    gone = superseded((each.made for each in backups), days=days, now=now)
    try:
        for backup in backups:
            if backup.made in gone:
                backup.file.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(f"{folder}: old backups cannot be deleted: {because(error)}") from error
    return len(backups) - len(gone)


def _archive(contents: Mapping[str, bytes], now: datetime) -> bytes:
    listed = {"version": _VERSION, "made": now.isoformat(), "files": _listed(contents)}
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as archive:
        for name, content in {_LIST: json.dumps(listed, indent=2).encode(), **contents}.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode, member.mtime = len(content), 0o600, int(now.timestamp())
            archive.addfile(member, io.BytesIO(content))
    return written.getvalue()


def _listed(contents: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    if file is None or len(content := file.read()) != member.size:
        raise tarfile.ReadError("not whole")
    return content
