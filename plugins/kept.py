# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a build keeps on disk for the next one, in a folder of its own that may be deleted at any time.

`memo` holds inputs and results, pickled; `state` says what they are true for, and is there only while that is so. A
pickle runs what it names: it is loaded only if it is this user's and has the bytes that were saved.
"""

from __future__ import annotations

import json
import os
import pickle
import stat
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from plugins.trainings.output import FileState, Standing
from plugins.trainings.problems import SiteError

FORMAT = 1
"""Changes whenever another format of the files is read and written here."""


class NotKept(SiteError):
    """What was kept cannot be used, and is thrown away."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of the last good build: `program` is the digest of what makes a site of sources."""

    program: str
    standing: tuple[Standing, ...]
    memo: str
    """The SHA-256 of the pickled memo."""


@dataclass(frozen=True, slots=True)
class Cache:
    """The folder that a build is kept in."""

    folder: Path
    say: Callable[[str], None]

    @property
    def _state(self) -> Path:
        return self.folder / "state"

    @property
    def _memo(self) -> Path:
        return self.folder / "memo"

    def kept(self) -> Kept | None:
        """Return what is known of the last good build, if it can be trusted."""
        try:
            data = _own(self._state)
            return _from_json(json.loads(data))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, LookupError, TypeError, NotKept) as error:
            self._throw_away(error)
            return None

    def load(self, kept: Kept) -> Any:
        """Return what was saved with `kept`; None if it cannot be trusted."""
        try:
            data = _own(self._memo, kept.memo)
            return pickle.loads(data)  # noqa: S301 - this user's own file, byte for byte as it was saved
        except (OSError, NotKept, pickle.UnpicklingError, AttributeError, ImportError, EOFError) as error:
            self._throw_away(error)
            return None

    def untrue(self) -> None:
        """Note that what is kept is true no longer: whatever happens from now on, the next build does not use it."""
        self._state.unlink(missing_ok=True)

    def save(self, program: str, standing: tuple[Standing, ...], memo: object) -> None:
        """Keep a good build; where the disk does not take it, say so and keep nothing."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            data = pickle.dumps(memo, pickle.HIGHEST_PROTOCOL)
            _write(self._memo, data)
            kept = Kept(program, standing, sha256(data).hexdigest())
            _write(self._state, json.dumps(_to_json(kept), separators=(",", ":")).encode())
        except OSError as error:
            self.say(f"note: {self.folder}: {error.strerror}; the next build begins anew")

    def _throw_away(self, error: Exception) -> None:
        self.say(f"note: what the last build kept cannot be used ({error}); this one begins anew")
        self._state.unlink(missing_ok=True)


def _own(file: Path, digest: str | None = None) -> bytes:
    """Return the bytes of a file that this user alone can have written; those of a digest. Raises OSError, NotKept."""
    with file.open("rb") as opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise NotKept(f"{file} may be somebody else's")
        data = opened.read()
    if digest is not None and sha256(data).hexdigest() != digest:
        raise NotKept(f"{file} is not as it was saved")
    return data


def _write(file: Path, data: bytes) -> None:
    """Write a file whole or not at all, for its owner alone."""
    aside = file.with_name(f".{file.name}.new")
    aside.unlink(missing_ok=True)
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(data)
    aside.replace(file)


def _to_json(kept: Kept) -> dict[str, Any]:
    standing = [{"folder": str(one.folder), "files": one.files} for one in kept.standing]
    return {"format": FORMAT, "program": kept.program, "standing": standing, "memo": kept.memo}


def _from_json(data: Any) -> Kept:
    if data["format"] != FORMAT:
        raise NotKept("it has another format")
    return Kept(
        data["program"],
        tuple(
            Standing(Path(one["folder"]), {path: _file_state(*state) for path, state in one["files"].items()})
            for one in data["standing"]
        ),
        data["memo"],
    )


def _file_state(size: int, time: int, mode: int) -> FileState:
    return size, time, mode
