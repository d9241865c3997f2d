# SPDX-License-Identifier: AGPL-3.0-or-later
"""The published tree: whole versions of the site side by side, and one symbolic link to the one that counts.

`published` → `.published/2026-11-26T15-40-12-123456Z/`, which has `site/`, what everybody may read; `build/`, what the
sign-up function reads; and `before`, a symbolic link to the version that it followed. Everybody reads by way of the
link, which is replaced in one step. No file of a version is changed once it has been linked; the time of its folder
says when it was last what there is to publish.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from plugins.trainings.problems import SiteError

KEPT = 3
"""Versions that stay, the linked one among them."""

SITE, BUILD = "site", "build"
BEFORE = "before"
_SECOND = 1_000_000_000
"""In nanoseconds; servers look at whole seconds."""

_NO_LINKS = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What file systems say that have no hard links, or no more of them."""


class NotPublished(SiteError):
    """The link cannot be set, or set back; what it led to before is still there."""


@dataclass(frozen=True, slots=True)
class Published:
    """The tree at `link`; the versions are in a folder beside it, which has the same name behind a dot."""

    link: Path

    @property
    def versions(self) -> Path:
        """The folder with all versions."""
        return self.link.with_name(f".{self.link.name}")

    @property
    def current(self) -> Path | None:
        """The version that is linked; None where there is none, or somebody has deleted it."""
        return _version(self.link)

    @contextmanager
    def locked(self, say: Callable[[str], None]) -> Iterator[None]:
        """Keep all others from publishing until the block ends, by which every process lets go, killed or not."""
        self.versions.mkdir(parents=True, exist_ok=True)
        with (self.versions / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("somebody else is publishing; this waits until they are done")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """Make a folder for a new version; if `put` does not take it, it is deleted. Call it with the lock."""
        aside = self.versions / ".new"
        _delete(aside)  # what a killed process has left
        aside.mkdir()
        try:
            yield aside
        finally:
            _delete(aside)

    def put(self, aside: Path) -> Path:
        """Link a new version, and delete those that are no longer kept. Raises NotPublished, OSError.

        One that has nothing new is not put: the linked one stays, and is returned.
        """
        before = self.current
        if before:
            # Both are looked at: the files of the first are shared even if the second has something new.
            same = [_share(aside / folder, before / folder) for folder in (SITE, BUILD)]
            if all(same):
                self.confirm(before)
                return before
            (aside / BEFORE).symlink_to(Path("..") / before.name)
        # Names sort by time; nobody publishes twice in one microsecond.
        version = self.versions / f"{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%fZ}"
        aside.rename(version)
        try:
            self._set(version)
        except (NotPublished, OSError):
            _delete(version)  # else each try of a timer would leave one
            raise
        self._prune()
        return version

    def confirm(self, version: Path) -> None:
        """Note that a version is what there is to publish at this time, by which others see how old the site is."""
        os.utime(version)

    def back(self) -> Path:
        """Link the version that the linked one has followed. Call it with the lock. Raises NotPublished, OSError."""
        current = self.current
        if current is None:
            raise NotPublished(f"{self.link}: nothing is published; run make publish")
        before = _version(current / BEFORE)
        if before is None:
            raise NotPublished(
                f"{self.link}: no version is kept from before {current.name}; check out what the site was made of "
                "then, and run make publish"
            )
        self._set(before)
        return before

    def _set(self, version: Path) -> None:
        """Let the link lead to a version, in one step."""
        os.sync()  # after a power failure, the link leads to files that are whole, or still to those before
        new = self.versions / ".link"
        new.unlink(missing_ok=True)
        new.symlink_to(Path(self.versions.name) / version.name)
        try:
            new.replace(self.link)
        except IsADirectoryError as error:
            new.unlink()
            raise NotPublished(
                f"{self.link} is a folder, where a symbolic link is to be; move it away, and run make publish again"
            ) from error

    def _prune(self) -> None:
        """Delete all versions but the last ones, and the last one for each other address.

        Whoever publishes for a wrong address every day leaves servers the last site that they may show.
        """
        kept: list[Path] = []
        version = self.current
        while version and version not in kept and len(kept) < KEPT:
            kept.append(version)
            version = _version(version / BEFORE)
        addresses = {address_of(version) for version in kept}
        for version in sorted(self.versions.glob("[!.]*"), reverse=True):
            if version in kept:
                continue
            if (address := address_of(version)) in addresses:
                _delete(version)
            addresses.add(address)


def _version(link: Path) -> Path | None:
    """Return the version that a link leads to, as a path that has no link in it, if it is there."""
    with suppress(OSError):
        version = link.resolve(strict=True)
        if link.is_symlink() and version.is_dir():
            return version
    return None


def address_of(version: Path) -> str | None:
    """Return the address that a version was built for; None where nobody can tell."""
    with suppress(OSError, ValueError, LookupError, TypeError):
        return str(json.loads((version / BUILD / "site.json").read_bytes())["url"])
    return None


def _share(new: Path, before: Path) -> bool:
    """Make each new file that has the bytes of the one before the same file; any other one is younger by a second.

    Web servers make Last-Modified and ETag of a file's time, and tools that upload go by it: a daily build of the
    same content must not be fetched, nor uploaded, nor kept, anew. Return whether both folders hold the same.
    """
    names, old_names = _names(new), _names(before)
    same = names == old_names
    for name in sorted(names & old_names):
        now, was = os.lstat(f"{new}/{name}"), os.lstat(f"{before}/{name}")
        if os.path.samestat(now, was):
            continue
        file, old = new / name, before / name
        if (
            was.st_size == now.st_size
            and was.st_mode == now.st_mode
            and old.read_bytes() == file.read_bytes()
        ):
            _link(old, file)
            continue
        same = False
        if now.st_mtime_ns < was.st_mtime_ns + _SECOND:
            os.utime(file, ns=(now.st_atime_ns, was.st_mtime_ns + _SECOND))
    return same


def _names(folder: Path, below: str = "") -> set[str]:
    """Return the paths of all files in a folder."""
    found = set[str]()
    with os.scandir(folder / below) as entries:
        for entry in entries:
            path = f"{below}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                found |= _names(folder, f"{path}/")
            else:
                found.add(path)
    return found


def _link(old: Path, file: Path) -> None:
    """Put another name of the old file into the place of the new one; where there is no such thing, its time."""
    linked = file.with_name(f".{file.name}.link")
    try:
        linked.hardlink_to(old)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        os.utime(file, ns=(file.stat().st_atime_ns, old.stat().st_mtime_ns))
        return
    linked.replace(file)


def _delete(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
