# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts a new output in the place of the one before it, one file after the other: no page is missing at any time.

New files are moved over the old ones, what pages refer to before the pages, and what is gone is deleted last.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from plugins.trainings.output import FileState, Output, Standing, state_of, umask

_NO_LINKS = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What file systems say that have no hard links, or no more of them."""

_UNSEEN: FileState = (0, 0, 0)
"""The state of a folder at which nobody looks."""


@contextmanager
def locked(folders: Iterable[Path], say: Callable[[str], None]) -> Iterator[None]:
    """Keep all others from building into these folders until the block ends; a process that is killed lets go, too."""
    with ExitStack() as opened:
        for folder in folders:
            lock = os.open(folder, os.O_RDONLY)
            opened.callback(os.close, lock)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"another build into {folder} is under way; this waits until it is done")
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def place(output: Output, target: Path) -> Standing:
    """Let a folder hold the files of an output and nothing else, and return how it stands there. Raises OSError."""
    folders, noted = _folders(output.paths), output.noted
    gone, there = list[str](), {""}
    if noted.is_own:
        there |= noted.folders.keys() & folders
        gone += sorted((noted.files.keys() | noted.folders.keys()) - output.paths - folders)
    else:
        _look(target, output.paths, folders, gone, there)
    gone = _clear_the_way(target, output.paths | folders, gone)
    for path in sorted(folders - there):
        (target / path).mkdir()
    if output.standing != target:
        for path in sorted(output.paths - output.written):
            _link(output.standing / path, target / path)
    # What somebody writes into a file from now on is not taken for what was put there.
    written = {path: _noted(f"{output.root}/{path}") for path in output.written}
    for path in sorted(output.written, key=lambda path: (path.endswith(".html"), path)):
        _move(output.root / path, target / path)
    for path in gone:
        _delete(target / path)
    if noted.is_own:
        return Standing(target, {**output.left, **written}, dict.fromkeys(folders, _UNSEEN), is_own=True)
    mode = (output.mode | (output.mode & 0o444) >> 2) & ~umask()
    return Standing(
        target, {**output.left, **written}, {path: _folder(f"{target}/{path}", mode) for path in folders}
    )


def note(output: Output, folder: Path) -> Standing:
    """Return how an output stands in a folder."""
    return Standing(
        folder,
        {path: _noted(f"{folder}/{path}") for path in output.paths},
        {path: _noted(f"{folder}/{path}") for path in _folders(output.paths)},
    )


def _folders(paths: Iterable[str]) -> set[str]:
    """Return the folders of files, and those that these are in, up to the empty name."""
    folders = {""}
    for path in paths:
        while (path := path.rpartition("/")[0]) not in folders:
            folders.add(path)
    return folders


def _look(
    target: Path, paths: set[str], folders: set[str], gone: list[str], there: set[str], below: str = ""
) -> None:
    """Note what is in a folder and no part of an output, without what is below it, and which folders are there."""
    with os.scandir(f"{target}/{below}") as entries:
        for entry in entries:
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                if path in folders:
                    there.add(path)
                    _look(target, paths, folders, gone, there, path)
                else:
                    gone.append(path)
            elif path not in paths:
                gone.append(path)


def _clear_the_way(target: Path, wanted: set[str], gone: list[str]) -> list[str]:
    """Delete first what stands in the way: a file where a folder is to be, a name that differs by capitals alone.

    Where a disk takes two such names for one, it is the name alone that is wrong. Returns what is still to be deleted.
    """
    names = {path.casefold(): path for path in wanted} if gone else {}
    for path in gone:
        name = names.get(path.casefold())
        if name is None:
            continue
        old, new = target / path, target / name
        if name != path and new.exists() and old.samefile(new):
            old.rename(new)
        else:
            _delete(old)
    return [path for path in gone if path.casefold() not in names]


def _delete(path: Path) -> None:
    """Delete a file, or a folder with all that is in it, if it is still there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _link(old: Path, new: Path) -> None:
    """Give a file another name; where there is no such thing, copy it with its time and mode."""
    try:
        new.hardlink_to(old)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(old, new)


def _move(new: Path, old: Path) -> None:
    """Put a file in the place of another one, also where that is on another disk."""
    try:
        new.replace(old)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = old.with_name(f".{old.name}.new")
        shutil.copy2(new, beside)
        beside.replace(old)


def _folder(folder: str, mode: int) -> FileState:
    """Give a folder its mode, and return its state."""
    state = _noted(folder)
    if stat.S_IMODE(state[2]) & 0o777 != mode:
        os.chmod(folder, mode)  # noqa: PTH101 - thousands of them are looked at, one by one
        state = _noted(folder)
    return state


def _noted(path: str) -> FileState:
    state = state_of(path)
    if state is None:
        raise FileNotFoundError(errno.ENOENT, "has vanished while it was put in place", path)
    return state
