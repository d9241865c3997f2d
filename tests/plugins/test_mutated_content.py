# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shipped content with a slip in it is built right, or each fault has its message, and the last good site stays."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import HealthCheck, given, seed, settings

from plugins.build import Builder
from plugins.page_checks import check_site
from plugins.trainings.markup import Renderer
from plugins.trainings.memo import Memo
from plugins.trainings.notes import NoteRenderer
from plugins.trainings.problems import ContentError, ContentProblem
from plugins.trainings.reader import read_content
from plugins.trainings.revisions import revisions
from tests.support.constants import BUILD_DATE, NOW, PACIFIC, ROOT, SITE_URL
from tests.support.mutations import Mutation, mutations

SHORT = 100
"""In each of five runs."""
ASKED_FOR = os.environ.get("MUTATIONS")
"""Set by `make fuzz-content`; then each run tries others."""
LONG = int(ASKED_FOR or "10000")
BUILT, MOST_BUILT = 25, 200
"""One in so many is built, too, but hardly more than so many of a run: a build costs as much as thirty readings."""


class Site:
    """The shipped content in a folder of its own, where one file after the other is changed and put back."""

    def __init__(self, folder: Path) -> None:
        self.content = folder / "content"
        shutil.copytree(ROOT / "content", self.content)
        self._shipped = {entry.relative_to(self.content) for entry in self.content.rglob("*")}
        self._history, _ = revisions(self.content)
        self._memo = Memo()
        self._notes = NoteRenderer(Renderer(self._memo, {"retention_days": "180"}), SITE_URL)
        self.builder = Builder(
            ROOT / "pelicanconf.py",
            {
                "SITEURL": SITE_URL,
                "BUILD_DATE": BUILD_DATE,
                "PATH": str(self.content),
                "OUTPUT_PATH": str(folder / "output"),
                "BUILD_PATH": str(folder / "build"),
            },
        )
        self.builder.build()

    def _put_back(self, paths: Iterable[str]) -> None:
        """Put files back as they are shipped, and delete what is none of those; the others stay as they are."""
        files = [self.content / path for path in paths if Path(path) in self._shipped]
        for file in files:
            if file.is_dir():
                file.rmdir()
            file.unlink(missing_ok=True)
        for entry in sorted(self.content.rglob("*"), reverse=True):
            if entry.relative_to(self.content) not in self._shipped:
                entry.rmdir() if entry.is_dir() else entry.unlink()
        for file in files:
            shutil.copy2(ROOT / "content" / file.relative_to(self.content), file)

    def mutated(self, mutation: Mutation, *, built: bool) -> tuple[ContentProblem, ...]:
        """Read the content, and build it if asked to, with a slip in it; return what is told."""
        mutation.make(self.content)
        try:
            return self._built() if built else self._read()
        finally:
            self._put_back({mutation.path, mutation.other})

    def _read(self) -> tuple[ContentProblem, ...]:
        try:
            content = read_content(self.content, PACIFIC, self._history, self._memo, self._notes, NOW)
        except ContentError as error:
            return error.problems
        finally:
            self._memo.sweep()
        return content.warnings

    def _built(self) -> tuple[ContentProblem, ...]:
        before = self.state()
        try:
            report = self.builder.build()
        except ContentError as error:
            assert self.state() == before
            return error.problems
        assert check_site(self.builder.output) == []
        return report.warnings

    def state(self) -> dict[str, tuple[int, int]]:
        """Return what changes whenever a file of the built site does."""
        files = [*self.builder.output.rglob("*"), *self.builder.private.rglob("*")]
        return {str(file): (file.stat().st_mtime_ns, file.stat().st_size) for file in files}


def misplaced(mutation: Mutation, problems: tuple[ContentProblem, ...]) -> list[str]:
    """Return what is told twice in one place, or of a file that the slip has nothing to do with."""
    errors = [problem for problem in problems if not problem.warning]
    places = [(one.path, one.line, one.key, one.message) for one in errors]
    twice = [str(one) for one, place in zip(errors, places, strict=True) if places.count(place) > 1]
    stem = mutation.path.rpartition("/")[2].partition(".")[0]
    elsewhere = [
        str(one)
        for one in errors
        # A file that is gone is missed where it is named; a trainer in two places is told for the later session.
        if stem not in str(one)
        and not (one.key == "Trainers" and " at that time" in one.message)
        and not one.path.endswith(("/a.md", "/done.md", "a.png", "/x", "s", "/cafe-2027-01-20.md"))
        and not (stem == "index" and "leads nowhere" in one.message)
    ]
    unreadable = [
        str(one) for one in problems if not one.path.startswith("content") or one.line < 1 or not one.message
    ]
    return [*twice, *elsewhere, *unreadable]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One for all runs: each slip is put back."""
    return Site(tmp_path_factory.mktemp("mutated"))


@pytest.mark.parametrize(
    ("examples", "start"),
    [*((SHORT, start) for start in range(5)), pytest.param(LONG, None, marks=pytest.mark.long)],
)
def test_a_slip_in_the_content_is_told_in_its_place_and_breaks_nothing(
    site: Site, examples: int, start: int | None
) -> None:
    # The same ones again when a fault is looked into.
    one_in = max(BUILT, examples // MOST_BUILT)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=ASKED_FOR is None,
        suppress_health_check=list(HealthCheck),
    )
    @given(mutations(ROOT / "content"))
    def told_in_its_place(mutation: Mutation) -> None:
        problems = site.mutated(mutation, built=crc32(repr(mutation).encode()) % one_in == 0)
        assert misplaced(mutation, problems) == []

    (told_in_its_place if start is None else seed(start)(told_in_its_place))()
