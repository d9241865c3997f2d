# SPDX-License-Identifier: AGPL-3.0-or-later
"""A site whose sources are edited: what later builds make of it beside what a cold build does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from plugins.build import Builder, BuildReport
from tests.support.constants import BUILD_DATE, ROOT, SITE_URL
from tests.support.content import Repository
from tests.support.edits import remove
from tests.support.outcomes import Found, Outcome, found, said, torn
from tests.support.stopped_disk import stopped

SETTINGS = "pelicanconf.py"
SOURCES = ("content", "theme", SETTINGS)
OF_THE_SITE = f'''
SITEURL = "{SITE_URL}"
SIGNUP = "here"
BUILD_DATE = None
'''

MakeContent = Callable[[Path], object]


class Today:
    """The day of the build as a setting that changes, as midnight changes it under `make serve`."""

    def __init__(self) -> None:
        self.day = BUILD_DATE

    def __str__(self) -> str:
        return self.day


class EditedSite:
    """Content, theme and settings in a folder, and the site that is built of them again and again.

    It is `served` by one Builder that lives, as by `make serve`, or each time made by a new one that goes on from what
    is kept on disk, as by `make html`.
    """

    def __init__(
        self, root: Path, make_content: MakeContent, *, served: bool, in_repository: bool, checked: bool
    ) -> None:
        self.root = root
        self.output, self.cache = root / "built", root / ".cache/builds/html"
        self.today = Today()
        self.is_broken = False
        self.commits = 0
        self._served: Builder | None = None
        self.is_served, self._is_checked = served, checked
        self.may_be_spoiled = not served  # nobody else writes into what `make serve` builds
        self._expected: Outcome | None = None
        self._killed: tuple[Found, Found] | None = None
        make_content(root)
        shutil.copytree(ROOT / "theme", root / "theme")
        (root / SETTINGS).write_text((ROOT / SETTINGS).read_text() + OF_THE_SITE)
        self._good, self._good_theme = self.sources(), self._theme()
        self.repository = None
        if in_repository:
            (root / ".gitignore").write_text(
                "/built/\n/published\n.published/\n/cold\n.cold/\n.cache/\n__pycache__/\n"
            )
            self.repository = Repository(root)
            self.commit()

    def differences(self) -> list[str]:
        """Build again, and build cold; return in words how they differ, and [] if they do not."""
        self._expected = self._expected or self._cold()
        cold = self._expected
        if cold.is_error:  # what stood stays, but for what a stopped build has left aside
            stood = {
                path: state for path, state in self._found(self.output).items() if not path.startswith(".")
            }
            cold = Outcome(cold.says, stood)
        told = self._torn(*self._killed, cold.found) if self._killed else []
        built = Outcome(said(self._build), self._found(self.output))
        self._killed, self.is_broken = None, cold.is_error
        if not self.is_broken:
            self._good, self._good_theme = self.sources(), self._theme()
        return told + built.differences(cold)

    def build_until(self, call: int, *, killed: bool) -> None:
        """Build on a disk that stops at a call; a later build is to mend what that leaves."""
        before = self._found(self.output)
        with stopped(self.root, call, killed=killed):
            said(self._build)
        if killed:
            self._served = None
            self._killed = (before, self._found(self.output))

    def sources_changed(self) -> None:
        """Say that a cold build may make something else than the last one did."""
        self._expected = None

    def sources(self) -> dict[str, bytes]:
        """Return the files of content, theme and settings as they are."""
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in self._sources()}

    def mend(self) -> None:
        """Put the sources back to those of the last good build."""
        for path in self._sources(odd=True):
            remove(path)
        now = self.sources()
        for name in now.keys() - self._good.keys():
            (self.root / name).unlink()
        for name, data in self._good.items():
            if now.get(name) != data:
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                (self.root / name).write_bytes(data)
        self.sources_changed()

    def commit(self) -> None:
        """Commit everything, a second after the commit before."""
        if self.repository:
            self.commits += 1
            self.repository.commit(at=f"2026-11-01T12:{self.commits // 60:02}:{self.commits % 60:02}Z")
            self.sources_changed()

    def go_back(self) -> None:
        """Go back to the commit before the last one; what has not been committed is lost."""
        if self.repository and self.commits > 1:
            self.commits -= 1
            self.repository.git("reset", "--quiet", "--hard", "HEAD~1")
            self.sources_changed()

    def _sources(self, *, odd: bool = False) -> list[Path]:
        """Return the files of content, theme and settings; the odd ones are links, and folders named as files."""
        paths = [
            path
            for source in SOURCES
            for path in ((self.root / source).rglob("*") if "." not in source else (self.root / source,))
        ]
        odd_ones = [path for path in paths if path.is_symlink() or (path.is_dir() and path.suffix)]
        return (
            odd_ones if odd else [path for path in sorted(paths) if path.is_file() and path not in odd_ones]
        )

    def _torn(self, before: Found, now: Found, after: Found) -> list[str]:
        return torn(before, now, after)

    def _found(self, folder: Path) -> Found:
        return found(folder)

    def _build(self) -> BuildReport:
        if not self.is_served:
            return self._builder(self.output, {"BUILD_DATE": str(self.today)}, cache=self.cache).build()
        if self._served is None or self._served.changed_settings():
            self._served = self._builder(self.output, {"BUILD_DATE": self.today}, own=True)
        return self._served.build()

    def _cold(self) -> Outcome:
        """Build with nothing known, but that a theme is good which was so in the last good build.

        Checking the templates is a quarter of what a cold build costs, and depends on nothing but them.
        """
        known: dict[str, object] = {"TEMPLATE_CONTEXTS": []} if self._theme() == self._good_theme else {}
        cold = self.root / "cold"
        says = said(lambda: self._builder(cold, {"BUILD_DATE": str(self.today), **known}).build())
        outcome = Outcome(says, self._found(cold))
        shutil.rmtree(cold, ignore_errors=True)
        return outcome

    def _theme(self) -> dict[str, bytes | None]:
        """Return the theme's files; a link may be as good as a file, but none is not."""
        odd_ones = dict.fromkeys(path.relative_to(self.root).as_posix() for path in self._sources(odd=True))
        found: dict[str, bytes | None] = {**self.sources(), **odd_ones}
        return {path: data for path, data in found.items() if path.startswith("theme/")}

    def _builder(
        self, folder: Path, settings: dict[str, object], *, cache: Path | None = None, own: bool = False
    ) -> Builder:
        paths = {"OUTPUT_PATH": str(folder / "output"), "BUILD_PATH": str(folder / "build")}
        unchecked: dict[str, object] = {} if self._is_checked else {"TEMPLATE_CONTEXTS": []}
        return Builder(self.root / SETTINGS, {**paths, **unchecked, **settings}, cache=cache, own=own)
