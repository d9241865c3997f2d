# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a build keeps on disk for the next one, in a folder of its own that may be deleted at any time.

`memo` holds inputs and results, pickled, and `newer` those that later builds made, as long as these are few; `state`
says what they are true for, and is there only while that is so. A pickle runs what it names: it is loaded only if it is
this user's and has the bytes that were saved.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Any, BinaryIO

from plugins.newer import Before
from plugins.pickler import DataclassPickler
from plugins.trainings.memo import Memo
from plugins.trainings.output import FileState, Standing
from plugins.trainings.problems import ContentProblem, SiteError

FORMAT = 3
"""Changes whenever another format of the files is read and written here."""
_NOT_PICKLED = (
    pickle.PickleError,
    TypeError,
    ValueError,
    LookupError,
    AttributeError,
    ImportError,
    EOFError,
    RecursionError,
)
"""What the library raises of an object, perhaps a plugin's from elsewhere, that cannot be pickled or read again."""
_TEXTS = ("program", "everything", "memo", "newer")


class NotKept(SiteError):
    """What was kept cannot be used, and is thrown away."""


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What is known of the last good build: the digests of what it read (see Sources), and how it stands."""

    program: str
    everything: str
    standing: tuple[Standing, ...]
    warnings: tuple[ContentProblem, ...]
    memo: str = ""
    newer: str = ""
    """The SHA-256 of what has become newer, pickled; empty where nothing has."""


class Cache:
    """The folder that a build is kept in."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.folder = folder
        self.say = say
        self._state, self._memo, self._newer = (folder / name for name in ("state", "memo", "newer"))
        self._before: tuple[str, Before] | None = None
        """The digest of the memo file that was loaded, and what is in it."""

    def kept(self) -> LastBuild | None:
        """Return what is known of the last good build; None if there is nothing, or nothing to be trusted."""
        try:
            with _own(self._state) as opened:
                return _from_json(json.load(opened))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, NotKept) as error:
            self._throw_away(error)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            self._throw_away(NotKept(f"{self._state}: {error}"))
        return None

    def load(self, kept: LastBuild) -> tuple[Memo, Any] | None:
        """Return the memo that was saved with `kept`, and what was saved beside it; None if it cannot be trusted."""
        try:
            with _own(self._memo, kept.memo) as opened:
                memo, with_it = pickle.load(opened)  # noqa: S301 - this user's own, byte for byte as it was saved
            before = Before(memo)
            if kept.newer:
                with _own(self._newer, kept.newer) as opened:
                    memo, with_it = before.load(opened)
        except (OSError, NotKept) as error:
            self._throw_away(error)
        except _NOT_PICKLED as error:
            self._throw_away(NotKept(f"{self._memo}: {error}"))
        else:
            self._before = kept.memo, before
            return memo, with_it
        return None

    def untrue(self) -> None:
        """Note that what is kept is true no longer: whatever happens from now on, the next build does not use it."""
        with suppress(FileNotFoundError, NotADirectoryError):
            self._state.unlink()

    def save(self, kept: LastBuild, memo: Memo, with_it: object) -> None:
        """Keep a good build; where the disk does not take it, say so and keep nothing."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            loaded, before = self._before or ("", None)
            newer = before.newer(memo) if before else None
            if before and newer:
                written = _write(self._newer, partial(before.save, newer, with_it))
                kept = replace(kept, memo=loaded, newer=written)
            else:
                kept = replace(kept, memo=_write(self._memo, partial(_dump, (memo, with_it))))
                self._newer.unlink(missing_ok=True)
                self._before = None
            state = json.dumps(_to_json(kept)).encode()
            _write(self._state, lambda opened: opened.write(state))
        except (OSError, *_NOT_PICKLED) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            self.say(
                f"note: {self.folder}: {reason}; nothing is kept, so the next build makes everything anew"
            )

    def _throw_away(self, error: Exception) -> None:
        self._before = None
        self.say(f"note: what the last build kept cannot be used, so this one makes everything anew: {error}")
        for file in (self._state, self._memo, self._newer):
            if file.is_dir() and not file.is_symlink():
                shutil.rmtree(file, ignore_errors=True)
            else:
                with suppress(OSError):  # there or not, it is not used
                    file.unlink()


@contextmanager
def _own(file: Path, digest: str | None = None) -> Iterator[BinaryIO]:
    """Open a file that this user alone can have written, one of a digest. Raises OSError, NotKept."""
    with file.open("rb") as opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise NotKept(f"{file} may be somebody else's")
        if digest is not None and file_digest(opened, "sha256").hexdigest() != digest:
            raise NotKept(f"{file} is not as it was saved")
        opened.seek(0)
        yield opened


def _dump(everything: object, opened: BinaryIO) -> None:
    DataclassPickler(opened, pickle.HIGHEST_PROTOCOL).dump(everything)


def _write(file: Path, write: Callable[[BinaryIO], object]) -> str:
    """Write a file whole or not at all, for its owner alone, and return the digest of its bytes."""
    aside = file.with_name(f".{file.name}.new")
    aside.unlink(missing_ok=True)
    try:
        with open(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as opened:  # noqa: PTH123 - a descriptor
            write(opened)
            opened.seek(0)
            digest = file_digest(opened, "sha256").hexdigest()
        aside.replace(file)
    except BaseException:
        aside.unlink(missing_ok=True)  # what is left of it, as on a full disk
        raise
    return digest


def _to_json(kept: LastBuild) -> dict[str, Any]:
    return {
        "format": FORMAT,
        **{name: getattr(kept, name) for name in _TEXTS},
        "standing": [
            {"folder": str(one.folder), "files": one.files, "folders": one.folders} for one in kept.standing
        ],
        "warnings": [asdict(warning) for warning in kept.warnings],
    }


def _from_json(data: Any) -> LastBuild:
    if data["format"] != FORMAT:
        raise ValueError("it has another format")
    return LastBuild(
        **{name: data[name] for name in _TEXTS},
        standing=tuple(
            Standing(Path(one["folder"]), _states(one["files"]), _states(one["folders"]))
            for one in data["standing"]
        ),
        warnings=tuple(ContentProblem(**warning) for warning in data["warnings"]),
    )


def _states(data: dict[str, Any]) -> dict[str, FileState]:
    return {path: (size, time, mode) for path, (size, time, mode) in data.items()}
