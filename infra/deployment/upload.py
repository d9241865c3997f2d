# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings the bucket of the site to a release: what pages name first, then pages; what is no longer named goes last.

What the bucket holds already is not sent again. A file whose name holds a hash may come before its release, since the
functions' pages name it, too; and it stays for one release longer: somebody may have loaded a page just before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

from infra.deployment.bucket import Files, Stored
from infra.deployment.errors import DeployError
from infra.deployment.releases import Release, ReleasedFile
from infra.deployment.site_files import SiteFile, Turn, is_hashed

_AT_ONCE = 8
"""How many files are sent at the same time."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to do: files to send in this order, files that are there as they should be, and paths to delete."""

    send: tuple[SiteFile, ...]
    there: Mapping[str, ReleasedFile]
    delete: tuple[str, ...]

    @property
    def ahead(self) -> Plan:
        """What can be done while people still see the release before: nobody asks for these files yet."""
        return Plan(tuple(one for one in self.send if one.turn is Turn.HASHED), {}, ())

    def __str__(self) -> str:
        return f"{len(self.send)} files to send, {len(self.there)} are there already, {len(self.delete)} to delete"


class UploadBroken(DeployError):
    """An upload that ended before all was there."""


def plan(
    files: Sequence[SiteFile],
    current: Mapping[str, Stored],
    shown: Release | None,
    ahead: Mapping[str, ReleasedFile] | None = None,
) -> Plan:
    """Return what brings the bucket to these files, by what it holds and what the last release says of that.

    `ahead` are files that were sent since.
    """
    known = {**(shown.files if shown else {}), **(ahead or {})}
    there = {}
    for one in files:
        have, released = current.get(one.path), known.get(one.path)
        wanted = ReleasedFile(one.md5, have.version if have else "", one.content_type, one.cache_control)
        if have and have.md5 == one.md5 and released == wanted:
            there[one.path] = wanted
    named = {one.path for one in files}
    return Plan(
        tuple(one for one in files if one.path not in there),
        there,
        tuple(
            path for path in sorted(current) if path not in named and not (is_hashed(path) and path in known)
        ),
    )


def upload(bucket: Files, todo: Plan, say: Callable[[str], None]) -> dict[str, ReleasedFile]:
    """Carry out a plan; return what each file is in the bucket now. Raises UploadBroken."""
    done = dict(todo.there)

    def send(one: SiteFile) -> None:
        version = bucket.put(one.path, one.file.read_bytes(), one.content_type, one.cache_control)
        done[one.path] = ReleasedFile(one.md5, version, one.content_type, one.cache_control)

    turns = [
        [one for one in todo.send if one.turn == turn] for turn in sorted({one.turn for one in todo.send})
    ]
    sent = 0
    try:
        for turn in turns:
            for number in _at_once(send, turn):
                sent += number
                if sent % 100 == 0:
                    say(f"  {sent} of {len(todo.send)} files")
        bucket.delete(todo.delete)
    except (DeployError, OSError) as error:
        raise UploadBroken(f"{sent} of {len(todo.send)} files were sent; {error}") from error
    return done


def put_back_ahead(bucket: Files, release: Release) -> Release:
    """Bring back what pages name; return the release with what these files are now. Raises DeployError."""
    return replace(release, files=_copied_back(bucket, release, bucket.current(), is_hashed))


def put_back(bucket: Files, release: Release) -> dict[str, ReleasedFile]:
    """Bring the bucket back to an earlier release; return what each file is in it now. Raises DeployError."""
    current = bucket.current()
    ahead = replace(release, files=_copied_back(bucket, release, current, is_hashed))
    done = _copied_back(bucket, ahead, current, lambda path: not is_hashed(path))
    bucket.delete([path for path in sorted(current) if path not in release.files and not is_hashed(path)])
    return done


def _copied_back(
    bucket: Files, release: Release, current: Mapping[str, Stored], is_wanted: Callable[[str], bool]
) -> dict[str, ReleasedFile]:
    """Bring back those files of a release that are wanted and are not as they were; return what each file is now."""
    done = dict(release.files)

    def back(path: str) -> None:
        one = release.files[path]
        version = bucket.put_back(path, one.version)
        done[path] = ReleasedFile(one.md5, version, one.content_type, one.cache_control)

    other = [path for path, one in release.files.items() if current.get(path) != Stored(one.md5, one.version)]
    for _ in _at_once(back, filter(is_wanted, other)):
        pass
    return done


def _at_once(do: Callable[[T], None], items: Iterable[T]) -> Iterable[int]:
    """Do something for each, several at the same time; yield 1 for each that is done."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        running = [pool.submit(do, one) for one in items]
        try:
            for one in running:
                one.result()
                yield 1
        except BaseException:  # the first that fails, or Ctrl-C: what has not begun is not begun
            pool.shutdown(cancel_futures=True)
            raise
