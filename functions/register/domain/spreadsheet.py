# SPDX-License-Identifier: AGPL-3.0-or-later
"""CSV that people open in a spreadsheet: no cell is a formula, whatever somebody has typed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

# What a spreadsheet would take for a formula (OWASP, CSV injection); a leading apostrophe makes it text. Where the
# system's list separator is a semicolon, as in Spain, Excel begins a cell behind each, and behind a line end.
_FORMULA = re.compile(r"^(?=[\t\r\n=+\-@＝＋－＠])|[;\t\r\n]\s*(?=[=+\-@＝＋－＠])")


def as_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return rows as CSV (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out).writerows([_as_text(cell) for cell in row] for row in rows)
    return out.getvalue()


def as_excel_csv(rows: Iterable[Iterable[str]]) -> bytes:
    """Return the CSV as Excel opens it: a mark at the start tells that it is UTF-8."""
    return as_csv(rows).encode("utf-8-sig")


def _as_text(cell: str) -> str:
    return _FORMULA.sub(r"\g<0>'", cell)
