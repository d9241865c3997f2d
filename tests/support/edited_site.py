# SPDX-License-Identifier: AGPL-3.0-or-later
"""A site whose sources are edited: what `make serve` has of it beside what a cold build makes of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol

from plugins.build import Builder
from plugins.trainings.problems import SiteError
from tests.support.constants import BUILD_DATE, ROOT, SITE_URL
from tests.support.content import Repository
from tests.support.edits import Change, some_change

SOURCES = ("content", "theme")
DAYS = (BUILD_DATE, "2026-12-03", "2026-12-04", "2027-02-09", "2028-03-01")


class Today:
    """The day of the build as a setting that changes, as midnight changes it under `make serve`."""

    def __init__(self) -> None:
        self.day = BUILD_DATE

    def __str__(self) -> str:
        return self.day


@dataclass(frozen=True)
class Outcome:
    """What a build says, and what is there after it: of each file and folder the mode, of files the bytes too."""

    says: str
    found: Mapping[str, tuple[int, bytes | None]]

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


def _shown(one: tuple[int, bytes | None] | None, other: tuple[int, bytes | None] | None) -> str:
    """Return what is at a path: of a file's bytes those around the first that differs."""
    if one is None:
        return "not there"
    mode, data = one
    if data is None:
        return f"a folder ({mode:o})"
    pairs = enumerate(zip(data, (other and other[1]) or b"", strict=False))
    first = next((place for place, (a, b) in pairs if a != b), 0)
    return f"{data[max(first - 30, 0) : first + 50]!r} ({mode:o})"


class EditedSite:
    """Content and theme in a folder, and a Builder that lives as long as `make serve`."""

    def __init__(self, root: Path, make_content: Callable[[Path], object], *, in_repository: bool) -> None:
        self.root = root
        self.today = Today()
        self.is_broken = False
        self.commits = 0
        self._good: dict[str, bytes] = {}
        self._last_good: Mapping[str, tuple[int, bytes | None]] = {}
        self._good_theme: dict[str, bytes] | None = None
        make_content(root)
        shutil.copytree(ROOT / "theme", root / "theme")
        self._builder = self._new_builder("served")
        self.repository = None
        if in_repository:
            (root / ".gitignore").write_text("/served/\n/cold/\n")
            self.repository = Repository(root)
            Commit().apply(self)

    def _cold_builder(self) -> Builder:
        """Return a builder that knows nothing, but that a theme is good which was so in the last good build.

        Checking the templates is a quarter of what a cold build costs, and depends on nothing but them.
        """
        good = self._theme() == self._good_theme
        return self._new_builder("cold", **({"TEMPLATE_CONTEXTS": []} if good else {}))

    def _theme(self) -> dict[str, bytes]:
        return {path: data for path, data in self.sources().items() if path.startswith("theme/")}

    def _new_builder(self, folder: str, **more: object) -> Builder:
        settings: dict[str, object] = {
            "PATH": str(self.root / "content"),
            "THEME": str(self.root / "theme"),
            "OUTPUT_PATH": str(self.root / folder / "output"),
            "BUILD_PATH": str(self.root / folder / "build"),
            "BUILD_DATE": self.today,
            "SITEURL": SITE_URL,
            **more,
        }
        return Builder(ROOT / "pelicanconf.py", settings)

    def differences(self) -> list[str]:
        """Build again and build cold; return in words how they differ, and [] if they do not."""
        served = self._outcome(self._builder, "served")
        cold = self._outcome(self._cold_builder(), "cold")
        shutil.rmtree(self.root / "cold", ignore_errors=True)
        self.is_broken = cold.says.startswith("error")
        if self.is_broken:  # the last good site stays
            cold = Outcome(cold.says, self._last_good)
        else:
            self._good, self._last_good, self._good_theme = self.sources(), cold.found, self._theme()
        return served.differences(cold)

    def _outcome(self, builder: Builder, folder: str) -> Outcome:
        try:
            report = builder.build()
            says = "\n".join([f"{report.files} files", *map(str, report.warnings)])
        except SiteError as error:
            says = f"error: {error}"
        top = self.root / folder
        found = {
            path.relative_to(top).as_posix(): (
                path.stat().st_mode & 0o777,
                path.read_bytes() if path.is_file() else None,
            )
            for path in top.rglob("*")
        }
        return Outcome(says, found)

    def sources(self) -> dict[str, bytes]:
        """Return the files of content and theme as they are."""
        files = (file for source in SOURCES for file in (self.root / source).rglob("*") if file.is_file())
        return {file.relative_to(self.root).as_posix(): file.read_bytes() for file in sorted(files)}

    def mend(self) -> None:
        """Put the sources back to those of the last good build."""
        now = self.sources()
        for path in now.keys() - self._good.keys():
            (self.root / path).unlink()
        for path, data in self._good.items():
            if now.get(path) != data:
                (self.root / path).parent.mkdir(parents=True, exist_ok=True)
                (self.root / path).write_bytes(data)


class Step(Protocol):
    """What happens between two builds."""

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""


@dataclass(frozen=True)
class Save:
    """Change one thing or several; with `mended`, what was broken is mended at the same time."""

    changes: tuple[Change, ...]
    mended: bool = False

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        if self.mended:
            site.mend()
        for change in self.changes:
            change.apply(site.root)


@dataclass(frozen=True)
class Mend:
    """Put everything back to what could be built."""

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        site.mend()


@dataclass(frozen=True)
class Day:
    """Another day comes, or an earlier one is asked for."""

    day: str

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        site.today.day = self.day


@dataclass(frozen=True)
class Commit:
    """Commit everything."""

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        if site.repository:
            site.commits += 1
            site.repository.commit(at=f"2026-11-01T12:{site.commits // 60:02}:{site.commits % 60:02}Z")


@dataclass(frozen=True)
class GoBack:
    """Go back to the commit before the last one; what has not been committed is lost."""

    def apply(self, site: EditedSite) -> None:
        """Let it happen."""
        if site.repository and site.commits > 1:
            site.commits -= 1
            site.repository.git("reset", "--quiet", "--hard", "HEAD~1")


def some_step(random: Random, site: EditedSite) -> Step:
    """Choose what happens next; what is broken is soon mended, for a site that stays broken shows nothing new."""
    if site.is_broken and random.random() < 0.5:
        return Mend()
    match random.choices(("save", "day", "commit", "go back"), (75, 8, 12, 5))[0]:
        case "day":
            return Day(random.choice(DAYS))
        case "commit" if not site.is_broken:
            return Commit()
        case "go back":
            return GoBack()
        case _:
            files = list(site.sources())
            changes = tuple(some_change(random, files) for _ in range(random.choice((1, 1, 1, 2, 3))))
            return Save(changes, mended=site.is_broken and random.random() < 0.5)
