# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads who was in an online meeting from the report that Zoom or Teams makes of it, in English or Spanish.

What these files look like: docs/decisions/0029-attendance.md. Each line is a row of its own, so that a stray
quotation mark costs one name and not all that follow. Nothing is kept of a file but what `Joined` holds.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from register.domain.errors import Refused
from register.domain.identity import is_plain_email, normalized_email, normalized_name
from register.domain.report_columns import Columns, duration, table_of, words

MOST_ROWS = 10_000
"""Lines that a report may have: a thousand people who each came back ten times."""

MOST_PEOPLE = 1000
"""As many as fit into most meetings."""

_LONGEST_CELL = 200
_MOST_CELLS = 60
_PREAMBLE = 100
"""Lines among which the first table begins."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of Excel begin, new (a ZIP archive) and old (OLE)."""
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n|\r|\n")


class ReportFault(StrEnum):
    """Why a file is no report."""

    EMPTY = "empty"
    WORKBOOK = "workbook"
    NO_TEXT = "no-text"
    NO_TABLE = "no-table"
    NOBODY = "nobody"
    TOO_LONG = "too-long"


class BadReport(Refused):
    """A file in which nobody can be found; nothing of it is kept."""

    def __init__(self, fault: ReportFault) -> None:
        super().__init__(f"no report of a meeting ({fault}); download it as CSV from Zoom or Teams")
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody who was in the meeting, under one name or email address; all joins are one."""

    name: str
    email: str = ""
    """Empty where the report has none."""
    seconds: int | None = None
    """All joins added up; None where the report does not say."""

    @property
    def minutes(self) -> int | None:
        """How long it was, rounded; None where the report does not say."""
        return None if self.seconds is None else (self.seconds + 30) // 60


def read_report(data: bytes) -> list[Joined]:
    """Return who was there, in the report's order. Raises BadReport."""
    lines = _LINE_END.split(_text(data))
    if len(lines) > MOST_ROWS:
        raise BadReport(ReportFault.TOO_LONG)
    for delimiter in "\t;,":
        if any(table_of(_cells(line, delimiter)) for line in lines[:_PREAMBLE]):
            people = _people([_cells(line, delimiter) for line in lines])
            break
    else:
        raise BadReport(ReportFault.NO_TABLE)
    if not people:
        raise BadReport(ReportFault.NOBODY)
    if len(people) > MOST_PEOPLE:
        raise BadReport(ReportFault.TOO_LONG)
    return people


def _text(data: bytes) -> str:
    if not data.strip():
        raise BadReport(ReportFault.EMPTY)
    if data.startswith(_WORKBOOKS):
        raise BadReport(ReportFault.WORKBOOK)
    encodings = [encoding for bom, encoding in _BOMS if data.startswith(bom)] or _guesses(data[:64])
    for encoding in encodings:
        try:
            text = data.decode(encoding).removeprefix("\ufeff")
        except UnicodeDecodeError:
            continue
        if _NO_TEXT.search(text):
            break
        if not text.strip():
            raise BadReport(ReportFault.EMPTY)
        return text
    raise BadReport(ReportFault.NO_TEXT)


def _guesses(head: bytes) -> list[str]:
    """Return what a text without a mark at its start may be encoded in; windows-1252 is what Excel saves CSV in."""
    if head[1::2].count(0) > len(head) // 4:
        return ["utf-16-le"]
    if head[::2].count(0) > len(head) // 4:
        return ["utf-16-be"]
    return ["utf-8", "cp1252"]


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        row = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:  # a cell of more than 128 KB
        return []
    return [_clean(cell) for cell in row[:_MOST_CELLS]]


def _clean(cell: str) -> str:
    """Return a cell on one line, without signs that nobody sees or that turn the direction of text."""
    cell = cell[:_LONGEST_CELL]
    if not cell.isprintable():
        cell = "".join(sign for sign in cell if sign.isprintable() or sign.isspace())
    return " ".join(cell.split())


def _people(rows: Sequence[Sequence[str]]) -> list[Joined]:
    """Return who is in the tables of a file.

    The joins of one person in one table are added up. Over several tables the longest counts: Teams names all once
    with the sum and once more with each join; Zoom has a table for each kind of people of a webinar.
    """
    everybody: dict[str, Joined] = {}
    here: dict[str, Joined] = {}
    table: Columns | None = None
    after_blank = False
    for index, row in enumerate(rows):
        filled = sum(map(bool, row))
        if found := table_of(row):
            table = found
            _add_table(everybody, here)
            here = {}
        elif filled == 1 and (after_blank or _comes_before_table(rows[index + 1 : index + 4])):
            table = None  # the title of a section
        elif filled and table and (joined := _joined(row, table)):
            _merge(here, joined.email or normalized_name(joined.name), joined, _added)
        after_blank = not filled
    _add_table(everybody, here)
    return list(everybody.values())


def _add_table(everybody: dict[str, Joined], here: Mapping[str, Joined]) -> None:
    """Add the people of a table, which may have the name alone of somebody whose address another one has."""
    of_name = {normalized_name(each.name): key for key, each in everybody.items()}
    for key, joined in here.items():
        _merge(everybody, key if joined.email else of_name.get(key, key), joined, _longer)


def _comes_before_table(rows: Sequence[Sequence[str]]) -> bool:
    following = next((row for row in rows if any(row)), ())
    return table_of(following) is not None


def _joined(row: Sequence[str], table: Columns) -> Joined | None:
    def cell(index: int | None) -> str:
        return row[index] if index is not None and index < len(row) else ""

    if words(cell(table.attended)) == "no":  # somebody who had signed up and did not come
        return None
    emails = (cell(index) for index in table.emails)
    email = next((normalized_email(each) for each in emails if is_plain_email(each)), "")
    name = " ".join(filter(None, map(cell, table.names))) or email
    return Joined(name, email, duration(cell(table.duration))) if name else None


def _merge(people: dict[str, Joined], key: str, joined: Joined, how: Callable[[int, int], int]) -> None:
    known = people.setdefault(key, joined)
    if known is not joined and joined.seconds is not None:
        both = joined.seconds if known.seconds is None else how(known.seconds, joined.seconds)
        people[key] = replace(known, seconds=both)


def _added(one: int, other: int) -> int:
    return one + other


def _longer(one: int, other: int) -> int:
    return max(one, other)
