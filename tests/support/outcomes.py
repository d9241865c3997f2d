# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a build says and leaves, to be compared with what another one does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from plugins.build import BuildReport
from plugins.trainings.problems import SiteError

Found = Mapping[str, tuple[int, bytes | None]]
"""What there is below a folder: of each file and folder the mode, of files the bytes too."""

_ASSET = re.compile(rb"/(theme/[\w.-]+\.[0-9a-f]{8,}\.\w+)")


@dataclass(frozen=True)
class Outcome:
    """What a build says, and what is there after it."""

    says: str
    found: Found

    @property
    def is_error(self) -> bool:
        """Whether there was no build."""
        return self.says.startswith("error")

    def differences(self, expected: Outcome) -> list[str]:
        """Return in words how this is not as expected; [] if it is."""
        said = [] if self.says == expected.says else [f"says {self.says!r}, not {expected.says!r}"]
        paths = sorted(self.found.keys() | expected.found.keys())
        return said + [
            f"{path}: is {_shown(self.found.get(path), expected.found.get(path))}, "
            f"not {_shown(expected.found.get(path), self.found.get(path))}"
            for path in paths
            if self.found.get(path) != expected.found.get(path)
        ]


def said(build: Callable[[], BuildReport]) -> str:
    """Build, and return in words what came of it."""
    try:
        report = build()
    except SiteError as error:
        return f"error: {error}"
    return "\n".join([f"{report.files} files", *map(str, report.warnings)])


def found(top: Path) -> dict[str, tuple[int, bytes | None]]:
    """Return what there is below a folder; a link has a mode of its own."""
    there = ((path.relative_to(top).as_posix(), path) for path in sorted(top.rglob("*")))
    return {
        name: (path.lstat().st_mode, path.read_bytes() if path.is_file() else None) for name, path in there
    }


def torn(before: Found, now: Found, after: Found) -> list[str]:
    """Return in words what somebody sees of a site, while a build puts another one in its place, that is of neither.

    Folders are let be, and so is what lies beside the output.
    """
    wrong = [
        f"{path}: is {_shown(now.get(path), after.get(path))}, which is neither the last nor the next one"
        for path in sorted(before.keys() | now.keys() | after.keys())
        if not path.startswith(".")
        and not _is_folder(before.get(path), now.get(path), after.get(path))
        and now.get(path) not in (before.get(path), after.get(path))
    ]
    shown = {asset.decode() for _, data in now.values() for asset in _ASSET.findall(data or b"")}
    there = {path.partition("/")[2] for path in now}
    return wrong + [f"{asset}: is shown by a page and not there" for asset in sorted(shown - there)]


def _is_folder(*states: tuple[int, bytes | None] | None) -> bool:
    return any(state is not None and state[1] is None for state in states)


def _shown(one: tuple[int, bytes | None] | None, other: tuple[int, bytes | None] | None) -> str:
    """Return what is at a path: of a file's bytes those around the first that differs."""
    if one is None:
        return "not there"
    mode, data = one
    if data is None:
        return f"a folder, or a link to nothing ({mode:o})"
    pairs = enumerate(zip(data, (other and other[1]) or b"", strict=False))
    first = next((place for place, (a, b) in pairs if a != b), 0)
    return f"{data[max(first - 30, 0) : first + 50]!r} ({mode:o})"
