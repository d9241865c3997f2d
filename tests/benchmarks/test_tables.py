# SPDX-License-Identifier: AGPL-3.0-or-later
"""The tables of `make bench`: what stands in them, and whether a bar is reached."""

from __future__ import annotations

import pytest

from benchmarks.tables import (
    NAME,
    WIDTH,
    Row,
    Table,
    TableError,
    Wanted,
    at_least,
    at_most,
    page,
    pages,
    reached,
)

PELICAN = Table(
    "A build beside Pelican",
    "Pelican",
    (
        Row("1,000 sessions", "ms", (2.0, 3.0, 2.5), (2.0, 2.0, 2.5), at_most(1), (0.8, 0.9, 1.0)),
        Row("memory", "MiB", (1234.5,), (800.0,), at_most(2)),
        Row("pages", "", (59.0,)),
    ),
    ("59 pages.",),
)
FORM = Table("A sign-up", "bare", (Row("store", "/s", (55.0, 65.0), (100.0, 100.0), at_least(0.61)),))
WIDEST = Row("x" * NAME, "MiB", (9999.0, 9999.0), (9999.0, 101.0), at_least(0.15), (99.99, 99.99))


def test_the_page_has_each_table_below_its_title_with_what_was_wanted_and_whether_it_was_reached() -> None:
    assert page([PELICAN, FORM]).splitlines() == [
        "A build beside Pelican",
        "                                            median   Pelican  ratio  least–most by CPU   wanted",
        "1,000 sessions                             2.50 ms   2.00 ms   1.00   1.00–1.50   0.90      ≤ 1 yes",
        "memory                                   1,234 MiB   800 MiB   1.54                         ≤ 2 yes",
        "pages                                        59.0",
        "59 pages.",
        "",
        "A sign-up",
        "                                            median      bare  ratio  least–most          wanted",
        "store                                       60.0/s     100/s   0.60   0.55–0.65          ≥ 0.61 NO",
    ]


def test_the_ratio_is_the_median_of_those_of_the_rounds_not_that_of_the_medians() -> None:
    row = Row("a", "s", (1.0, 4.0, 9.0), (1.0, 8.0, 3.0))

    assert row.ratios == (1.0, 0.5, 3.0)
    assert row.line().split() == ["a", "4.00", "s", "3.00", "s", "1.00", "0.50–3.00"]


@pytest.mark.parametrize(
    ("wanted", "cpu", "expected"),
    [
        (None, (), None),
        (at_most(0.5), (), True),
        (at_most(0.49), (), False),
        (at_least(0.5), (), True),
        (at_least(0.51), (), False),
        (at_most(0.5), (0.5,), True),
        (at_most(0.5), (0.51,), False),
        (at_most(1, "s"), (0.51,), True),
        (at_most(0.9, "s"), (), False),
    ],
)
def test_a_bar_is_of_the_ratio_by_clock_and_by_cpu_or_with_a_unit_of_the_thing_itself(
    wanted: Wanted | None, cpu: tuple[float, ...], expected: bool | None
) -> None:
    assert Row("a", "s", (1.0,), (2.0,), wanted, cpu).reached is expected


def test_bars_that_were_reached_are_counted() -> None:
    assert reached([PELICAN, FORM]) == (2, 3)
    assert reached([]) == (0, 0)


def test_no_line_is_wider_than_the_page() -> None:
    assert max(map(len, page([Table("t" * WIDTH, "x", (WIDEST,))]).splitlines())) == WIDTH


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Row("x" * 41, "s", (1.0,)), f"'{'x' * 41}' has 41 characters, and a name has room for 40"),
        (lambda: Row("a", "s", ()), "'a': not all was measured in each round: [0]"),
        (lambda: Row("a", "s", (1.0, 2.0), (1.0,)), "'a': not all was measured in each round: [1, 2]"),
        (
            lambda: Row("a", "s", (1.0,), (), None, (1.0, 2.0)),
            "'a': not all was measured in each round: [1, 2]",
        ),
        (lambda: Row("a", "s", (1.0,), (), at_most(1)), "'a': ≤ 1 is wanted of what is measured in 's'"),
        (
            lambda: Row("a", "s", (1.0,), (1.0,), at_most(1, "ms")),
            "'a': ≤ 1 ms is wanted of what is measured in 's'",
        ),
        (
            lambda: Table("t" * 101, "x", ()),
            f"'{'t' * 101}' has 101 characters, and a line has room for 100",
        ),
        (
            lambda: Table("t", "x", (), ("n" * 101,)),
            f"'{'n' * 101}' has 101 characters, and a line has room for 100",
        ),
    ],
)
def test_a_table_that_could_not_be_read_is_refused(make: object, message: str) -> None:
    assert callable(make)
    with pytest.raises(TableError) as raised:
        make()
    assert str(raised.value) == message


def test_a_note_says_how_many_pages_both_sites_have_at_each_size() -> None:
    assert pages("Hugo", [(2039, 1006), (10_039, 5006)]) == (
        "Pages: 2,039 and 10,039 of ours, 1,006 and 5,006 of Hugo's.",
    )
