# SPDX-License-Identifier: AGPL-3.0-or-later
"""Running the benchmarks: one page, which are there, and that the documents name them; no time is looked at."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

import pytest

from benchmarks import publish, site
from benchmarks.__main__ import NAMES, Benchmark, main
from benchmarks.tables import Row, Table, at_most
from tests.support.constants import ROOT


def table(title: str) -> Table:
    return Table(title, "x", (Row("a", "s", (1.0,), (2.0,), at_most(1)),))


class Fakes:
    """Benchmarks that measure nothing; one of them may stop after its first table."""

    def __init__(self, stops: str = "") -> None:
        self._stops = stops

    def __call__(self, name: str) -> Benchmark:
        """Return the benchmark of that name."""

        def tables() -> Iterator[Table]:
            yield table(f"{name} one")
            if name == self._stops:
                raise RuntimeError(name)
            yield table(f"{name} two")

        return tables


def titles(page: str) -> list[str]:
    """Return the titles of a page's tables."""
    return re.findall(r"(?m)^\w+ (?:one|two)$", page)


def test_all_benchmarks_are_one_page_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([], Fakes()) == 0

    page, progress = capsys.readouterr()
    assert titles(page) == [f"{name} {number}" for name in NAMES for number in ("one", "two")]
    count = 2 * len(NAMES)
    assert re.search(rf"\n\n{count} of {count} bars reached; measured in \d+:\d\d\. .*\n\Z", page)
    assert re.findall(r"(?m)^ *\d+:\d\d  (\w+) …$", progress) == list(NAMES)


def test_those_that_are_named_are_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "signup"], Fakes()) == 0

    assert titles(capsys.readouterr().out) == ["site one", "site two", "signup one", "signup two"]


def test_an_unknown_name_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", "size"], Fakes()) == 2

    assert capsys.readouterr() == ("", f"no benchmark 'size'; there are: {', '.join(NAMES)}\n")


def test_what_was_measured_before_one_stopped_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="publish"):
        main(["site", "publish", "signup"], Fakes(stops="publish"))

    assert titles(capsys.readouterr().out) == ["site one", "site two", "publish one"]


def test_each_benchmark_is_run() -> None:
    modules = {file.stem: ast.parse(file.read_text()).body for file in (ROOT / "benchmarks").glob("*.py")}
    found = {
        name
        for name, body in modules.items()
        for node in body
        if isinstance(node, ast.FunctionDef) and node.name == "tables"
    }
    assert found == set(NAMES)


def test_contributing_says_of_each_benchmark_what_it_measures() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = text.partition("\n## Benchmarks\n")[2].partition("\n## ")[0]
    assert re.findall(r"(?m)^\| `(\w+)` \|", section) == list(NAMES)


def names(tables: Iterable[Table]) -> list[str]:
    """Return the names of all rows."""
    return [row.name for table in tables for row in table.rows]


@pytest.mark.long
def test_builds_and_publishing_are_measured_at_each_size() -> None:
    again = [
        f"{count} sessions, {what}" for count in (8, 16) for what in ("nothing changed", "one file changed")
    ]
    cold = [
        f"{count} sessions, {what}"
        for count in (8, 16)
        for what in ("no output before", "over the old output")
    ]

    assert names(site.tables({8: 1, 16: 1})) == [
        *cold,
        "16 sessions, memory of all",
        "16 sessions, beside 8",
        *again,
    ]
    assert names(publish.tables({8: 1, 16: 1})) == again
