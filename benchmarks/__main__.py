# SPDX-License-Identifier: AGPL-3.0-or-later
"""Runs the benchmarks, all or those named, and prints their tables as one page: `python -m benchmarks [NAME …]`."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Callable, Iterable

from benchmarks.progress import say, spent
from benchmarks.tables import Table, page, reached
from plugins.build_log import start_logging

NAMES = ("site", "publish", "seen", "calendars", "signup", "dynamodb", "coldstart")
"""Each is a module with `tables()`, which yields its tables when they are measured; the page has this order."""


Benchmark = Callable[[], Iterable[Table]]


def _load(name: str) -> Benchmark:
    benchmark: Benchmark = importlib.import_module(f"benchmarks.{name}").tables
    return benchmark


def main(names: list[str], load: Callable[[str], Benchmark] = _load) -> int:
    """Run benchmarks by name; 2 for an unknown one. A bar that is not reached is no failure."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(f"no benchmark {unknown[0]!r}; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    start_logging()  # else Pelican prints that it is done, between the tables
    found: list[Table] = []
    try:
        for name in names or NAMES:
            say(name)
            for table in load(name)():
                found.append(table)
    finally:  # what has been measured is worth reading, whatever stopped the rest
        if found:
            print(whole(found))
    return 0


def whole(tables: list[Table]) -> str:
    """Return the page: where it was measured, the tables, and how many bars were reached."""
    yes, bars = reached(tables)
    machine = f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}"
    end = f"{yes} of {bars} bars reached; measured in {spent()}. How to read it: CONTRIBUTING.md, Benchmarks."
    return "\n\n".join((machine, page(tables), end))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
