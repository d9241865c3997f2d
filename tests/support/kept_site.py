# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small sites that are built by a new Builder each time, which goes on from what the last one has kept on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from plugins.build import Builder, BuildReport
from tests.support.content import PAGE, PAGE_ES, Repository
from tests.support.outcomes import found
from tests.support.small_site import SmallSite

TEXT = """
For {{ retention_days }} days. [Dates](/schedule/)

{{ if sign-up }}
Sign up.
{{ else }}
Call us.
{{ end }}
"""
"""It goes by RETENTION_DAYS, SITEURL and SIGNUP."""


class KeptSite:
    """The site of SmallSite with pages, a picture and a note that go by settings; `kept` is the cache's folder."""

    def __init__(self, root: Path, *, in_repository: bool = False) -> None:
        self.small = SmallSite(root)
        self.root, self.content, self.write = root, self.small.content, self.small.write
        self.settings = root / "pelicanconf.py"
        self.kept = root / ".cache/builds/html"
        self.repository: Repository | None = None
        self.content.write("pages/rules.md", PAGE + TEXT)
        self.content.write("pages/rules.es.md", PAGE_ES + TEXT.replace("/schedule/", "/es/schedule/"))
        self.content.session("c", "See [the dates](/schedule/).", Start="2027-02-04 10:00")
        self.content.write("sessions/c.es.md", "\nVea [las fechas](/es/schedule/).\n")
        if in_repository:
            self.write(".gitignore", "/output/\n/build/\n/cold/\n.cache/\n__pycache__/\n")
            self.repository = Repository(root)
            self.repository.commit()

    def build(self, kept: Path | None = None, **overrides: object) -> BuildReport:
        """Build as `make html` does."""
        return Builder(self.settings, overrides, cache=kept or self.kept).build()

    def built(self, **folders: object) -> Mapping[str, tuple[int, bytes | None]]:
        """Return what stands in the two folders, with its modes."""
        return {
            f"{name.removesuffix('_PATH').lower()}/{path}": state
            for name, folder in {"OUTPUT_PATH": "output", "BUILD_PATH": "build", **folders}.items()
            for path, state in found(self.root / str(folder)).items()
        }

    def cold(self, **overrides: object) -> Mapping[str, tuple[int, bytes | None]]:
        """Return what a build from nothing makes."""
        folders = {"OUTPUT_PATH": str(self.root / "cold/output"), "BUILD_PATH": str(self.root / "cold/build")}
        Builder(self.settings, {**overrides, **folders}).build()
        return self.built(**folders)


class SmallKeptSite(SmallSite):
    """A small site that each build, as a new process, goes on with; what is said of it is in `said`."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.cache = root / ".cache/kept"
        self.said: list[str] = []

    def build(self) -> BuildReport:
        """Build as a process does that knows nothing but what is kept."""
        return Builder(self.root / "pelicanconf.py", cache=self.cache, say=self.said.append).build()

    def is_as_cold(self) -> bool:
        """Whether what stands is what a build from nothing makes."""
        standing = {path: data for path, data in self.built().items() if not path.startswith(".cache/")}
        return standing == self.cold()
