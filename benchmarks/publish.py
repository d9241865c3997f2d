# SPDX-License-Identifier: AGPL-3.0-or-later
"""Publishing again, beside publishing with nothing kept."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping

from benchmarks import content
from benchmarks.processes import run
from benchmarks.progress import say
from benchmarks.site import CACHE, LIMITS, NOTHING, ONE, Runs, again
from benchmarks.tables import Table
from tests.support.content import Repository

ROUNDS = {1000: 3, 5000: 2}
"""Sessions of a site, and how often everything is measured with so many."""

COLD = "nothing kept"


def measure(count: int, rounds: int) -> Runs:
    """Publish so many sessions again and again; return all runs by their kind."""
    runs: Runs = defaultdict(list)
    with content.workplace() as folder:
        settings, files = content.site(folder, count)
        production = content.production(settings)
        (folder / ".gitignore").write_text("published\n.published\n.cache\n")
        repository = Repository(folder)
        repository.commit()
        kept, link = folder / CACHE / "builds/published", folder / "published"
        options = ("-s", str(production), "--published", str(link), "--cache", str(kept))
        command = ("-m", "plugins.publish", *options)
        say(f"publish: {count:,} sessions, for the first time")
        run(command)
        for number in range(rounds):
            say(f"publish: {count:,} sessions, round {number + 1} of {rounds}")
            shutil.rmtree(folder / CACHE, ignore_errors=True)
            runs[COLD].append(run(command))
            runs[NOTHING].append(run(command))
            content.edit(files[len(files) // 2], f"edit {number}")
            repository.commit()
            runs[ONE].append(run(command))
    return runs


def tables(rounds: Mapping[int, int] = ROUNDS) -> Iterator[Table]:
    """Yield what publishing again costs."""
    found = {count: measure(count, times) for count, times in rounds.items()}
    yield Table(
        "make publish again, beside publishing with nothing kept; a version is published before both",
        "cold",
        tuple(again(count, runs, kind, COLD) for count, runs in found.items() for kind in LIMITS),
    )
