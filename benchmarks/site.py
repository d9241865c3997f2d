# SPDX-License-Identifier: AGPL-3.0-or-later
"""The site's build: cold beside stock Pelican's, and again beside a cold one."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import content
from benchmarks.processes import Run, run
from benchmarks.progress import say
from benchmarks.tables import Row, Table, at_most, pages
from tests.support.content import Repository

ROUNDS = {1000: 5, 5000: 3}
"""Sessions of a site, and how often everything is measured with so many."""

CACHE = ".cache"
"""What a build keeps for the next one, beside the settings file."""

FRESH, OVER = "no output before", "over the old output"
NOTHING, ONE = "nothing changed", "one file changed"
"""The builds of a round: two with nothing kept, and two that follow another."""

LIMITS = {NOTHING: 0.1, ONE: 0.15}

Runs = dict[str, list[Run]]


class Sites:
    """Our site with so many sessions, in a repository of its own, and stock Pelican's with as many Markdown files."""

    def __init__(self, folder: Path, count: int) -> None:
        self.ours, self.stock = folder / "ours", folder / "stock"
        settings, files = content.site(self.ours, count)
        self._edited = files[len(files) // 2]
        (self.ours / ".gitignore").write_text("output\nbuild\n.cache\n")
        Repository(self.ours).commit()
        kept = self.ours / CACHE / "builds/html"
        self._build = ("-m", "plugins.build", "-s", str(settings), "--cache", str(kept))
        self._pelican = ("-m", "pelican", "-s", str(content.stock(self.stock, count)))

    def round(self, number: int) -> Iterator[tuple[str, Run, Run | None]]:
        """Yield each build of ours once, and Pelican's beside those with nothing kept."""
        for output in (self.ours / "output", self.ours / "build", self.stock / "output"):
            shutil.rmtree(output, ignore_errors=True)
        for state in (FRESH, OVER):
            shutil.rmtree(self.ours / CACHE, ignore_errors=True)
            yield state, run(self._build), run(self._pelican)
        yield NOTHING, run(self._build), None
        content.edit(self._edited, f"edit {number}")
        yield ONE, run(self._build), None


@dataclass(frozen=True, slots=True)
class Measured:
    """All builds with so many sessions, of ours and of Pelican, and how many pages both have."""

    count: int
    ours: Runs
    pelican: Runs
    pages: int
    pelican_pages: int

    def per_page(self, state: str) -> Row:
        """Return the row of the times that a page takes."""
        pairs = list(zip(self.ours[state], self.pelican[state], strict=True))
        return Row(
            f"{self.count:,} sessions, {state}",
            "ms",
            tuple(one.wall / self.pages * 1000 for one, _ in pairs),
            tuple(other.wall / self.pelican_pages * 1000 for _, other in pairs),
            at_most(1),
            tuple((one.cpu / self.pages) / (other.cpu / self.pelican_pages) for one, other in pairs),
        )

    def memory(self) -> Row:
        """Return the row of the most memory that a build had."""
        ours, pelican = (tuple(one.memory for one in runs[OVER]) for runs in (self.ours, self.pelican))
        return Row(f"{self.count:,} sessions, memory of all", "MiB", ours, pelican, at_most(2))


def measure(count: int, rounds: int) -> Measured:
    """Build our site and Pelican's in turn."""
    ours: Runs = defaultdict(list)
    pelican: Runs = defaultdict(list)
    with content.workplace() as folder:
        sites = Sites(folder, count)
        for number in range(rounds):
            say(f"site: {count:,} sessions, round {number + 1} of {rounds}")
            for kind, one, other in sites.round(number):
                ours[kind].append(one)
                if other:
                    pelican[kind].append(other)
        return Measured(count, ours, pelican, _pages(sites.ours), _pages(sites.stock))


def again(count: int, runs: Runs, kind: str, cold: str) -> Row:
    """Return the row of builds that follow another, each beside the cold one in its round."""
    pairs = list(zip(runs[kind], runs[cold], strict=True))
    return Row(
        f"{count:,} sessions, {kind}",
        "s",
        tuple(one.wall for one, _ in pairs),
        tuple(other.wall for _, other in pairs),
        at_most(LIMITS[kind]),
        tuple(one.cpu / other.cpu for one, other in pairs),
    )


def growth(many: Measured, few: Measured) -> Row:
    """Return the row of what more sessions take, by the medians of both."""
    wall = [median(one.wall for one in size.ours[OVER]) for size in (many, few)]
    cpu = [median(one.cpu for one in size.ours[OVER]) for size in (many, few)]
    name = f"{many.count:,} sessions, beside {few.count:,}"
    return Row(name, "s", (wall[0],), (wall[1],), at_most(5.5), (cpu[0] / cpu[1],))


def tables(rounds: Mapping[int, int] = ROUNDS) -> Iterator[Table]:
    """Yield what a cold build costs, and then what one costs that follows another."""
    found = [measure(count, times) for count, times in rounds.items()]
    few, many = found[0], found[-1]
    yield Table(
        "make html with nothing kept, beside stock Pelican (theme simple, as many Markdown files); a page",
        "Pelican",
        (
            *(size.per_page(state) for size in found for state in (FRESH, OVER)),
            many.memory(),
            growth(many, few),
        ),
        pages("Pelican", [(size.pages, size.pelican_pages) for size in found]),
    )
    yield Table(
        "make html again, beside one with nothing kept that writes over the old output",
        "cold",
        tuple(again(size.count, size.ours, kind, OVER) for size in found for kind in LIMITS),
    )


def _pages(folder: Path) -> int:
    return sum(1 for _ in (folder / "output").rglob("*.html"))
