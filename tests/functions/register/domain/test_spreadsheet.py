# SPDX-License-Identifier: AGPL-3.0-or-later
"""CSV for spreadsheets: what somebody typed stays text."""

from __future__ import annotations

import csv
import io
import re

import pytest

from register.domain.spreadsheet import as_csv, as_excel_csv


def test_cells_come_back_as_they_were() -> None:
    rows = [["name", "says"], ["Ana, María", 'a "b"\nc'], ["", "5"]]
    assert list(csv.reader(io.StringIO(as_csv(rows), newline=""))) == rows


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t1", "\r1", "\n1", "＝1", "＋1", "－1", "＠a"]
)
def test_no_cell_is_a_formula(cell: str) -> None:
    assert list(csv.reader(io.StringIO(as_csv([[cell]]), newline=""))) == [[f"'{cell}"]]


@pytest.mark.parametrize("separator", [";", "; ", "\n", "\r\n", "\t"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝"])
def test_no_part_of_a_cell_is_a_formula_where_cells_begin_behind_semicolons(
    separator: str, sign: str
) -> None:
    cell = f'Ramp{separator}{sign}HYPERLINK("http://evil.example")'

    [[said]] = csv.reader(io.StringIO(as_csv([[cell]]), newline=""))

    assert said == f"Ramp{separator}'{cell[4 + len(separator) :]}"
    for part in re.split(r"[;\t\r\n]", said):
        assert not part.lstrip().startswith(("=", "+", "-", "@", "＝"))


def test_excel_is_told_that_it_is_utf_8() -> None:
    assert as_excel_csv([["Núñez"]]) == b"\xef\xbb\xbfN\xc3\xba\xc3\xb1ez\r\n"
