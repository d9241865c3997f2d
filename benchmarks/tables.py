# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a benchmark found: a table, each row of it beside what it is compared to and what was wanted.

`page` puts tables under each other as one text, no wider than `WIDTH`.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 100
"""Columns of the page."""

NAME = 40
"""Columns of a row's name."""


class TableError(Exception):
    """A table that would not tell what it should."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bar: of the ratio, or, with a unit, of what was measured itself."""

    limit: float
    unit: str = ""
    least: bool = False

    def reached_by(self, value: float) -> bool:
        """Return whether a value is within the bar."""
        return value >= self.limit if self.least else value <= self.limit

    def __str__(self) -> str:
        sign = "≥" if self.least else "≤"
        return f"{sign} {self.limit:g}{_behind(self.unit)}".rstrip()


def at_most(limit: float, unit: str = "") -> Wanted:
    """Return a bar that values may reach and not pass."""
    return Wanted(limit, unit)


def at_least(limit: float, unit: str = "") -> Wanted:
    """Return a bar that values must reach."""
    return Wanted(limit, unit, least=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing, measured in several rounds, and in the same rounds what it is compared to, if anything.

    Both are in `unit`: "s", "ms", "MiB", "/s", …; times are by the clock, and `cpu` has the ratio of the CPU times of
    each round. Raises TableError where a row could not be read.
    """

    name: str
    unit: str
    ours: tuple[float, ...]
    beside: tuple[float, ...] = ()
    wanted: Wanted | None = None
    cpu: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.name) > NAME:
            raise TableError(f"{self.name!r} has {len(self.name)} characters, and a name has room for {NAME}")
        rounds = {len(self.ours), len(self.beside or self.ours), len(self.cpu or self.ours)}
        if len(rounds) > 1 or rounds == {0}:
            raise TableError(f"{self.name!r}: not all was measured in each round: {sorted(rounds)}")
        if self.wanted and self.wanted.unit not in (("", self.unit) if self.beside else (self.unit,)):
            raise TableError(f"{self.name!r}: {self.wanted} is wanted of what is measured in {self.unit!r}")

    @property
    def ratios(self) -> tuple[float, ...]:
        """The ratio of each round; empty with nothing to compare to."""
        if not self.beside:
            return ()
        return tuple(ours / beside for ours, beside in zip(self.ours, self.beside, strict=True))

    @property
    def reached(self) -> bool | None:
        """Whether the median is within the bar, and that of the CPU's ratios, too; None without a bar."""
        if self.wanted is None:
            return None
        if self.wanted.unit:
            return self.wanted.reached_by(statistics.median(self.ours))
        found = (ratios for ratios in (self.ratios, self.cpu) if ratios)
        return all(self.wanted.reached_by(statistics.median(ratios)) for ratios in found)

    def line(self) -> str:
        """Return the row as a line of the page."""
        return _line(
            self.name,
            _amount(statistics.median(self.ours), self.unit),
            _amount(statistics.median(self.beside), self.unit) if self.beside else "",
            f"{statistics.median(self.ratios):.2f}" if self.ratios else "",
            f"{min(self.ratios):.2f}–{max(self.ratios):.2f}" if len(self.ratios) > 1 else "",
            f"{statistics.median(self.cpu):.2f}" if self.cpu else "",
            str(self.wanted or ""),
            {None: "", True: "yes", False: "NO"}[self.reached],
        )


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a title that says what is compared to what; `beside` heads the column of the latter."""

    title: str
    beside: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for line in (self.title, *self.notes):
            if len(line) > WIDTH:
                raise TableError(f"{line!r} has {len(line)} characters, and a line has room for {WIDTH}")

    def lines(self) -> Iterable[str]:
        """Yield the lines of the table."""
        cpu = "by CPU" if any(row.cpu for row in self.rows) else ""
        yield self.title
        yield _line("", "median", self.beside, "ratio", "least–most", cpu, "wanted", "")
        for row in self.rows:
            yield row.line()
        yield from self.notes


def _line(
    name: str, ours: str, beside: str, ratio: str, spread: str, cpu: str, wanted: str, reached: str
) -> str:
    """Put the columns of a line where they belong."""
    line = f"{name:<{NAME}} {ours:>9} {beside:>9} {ratio:>6} {spread:>11} {cpu:>6} {wanted:>8} {reached:<3}"
    return line.rstrip()


def _behind(unit: str) -> str:
    """Return a unit as it stands behind a number: /s and % at once, others after a space."""
    return unit if unit[:1] in ("/", "%") else f" {unit}"


def _amount(value: float, unit: str) -> str:
    """Return a number with three digits that count, and its unit."""
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{decimals}f}{_behind(unit)}"


def pages(other: str, numbers: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Return the note that says how many pages both sites have, size by size."""
    ours, theirs = (" and ".join(f"{count:,}" for count in counts) for counts in zip(*numbers, strict=True))
    return (f"Pages: {ours} of ours, {theirs} of {other}'s.",)


def page(tables: Iterable[Table]) -> str:
    """Return tables as one text, with an empty line between them."""
    return "\n\n".join("\n".join(table.lines()) for table in tables)


def reached(tables: Iterable[Table]) -> tuple[int, int]:
    """Return how many bars were reached, of how many."""
    found = [row.reached for table in tables for row in table.rows if row.reached is not None]
    return sum(found), len(found)
