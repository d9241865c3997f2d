# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the template of the report of counts is given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from register.domain.reports import Line
from register.web.staff.contexts import StaffContext


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A line of the report, with its name in the page's language."""

    name: str
    line: Line


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One of the report's tables."""

    id: str
    title: str
    """In English."""
    has_seats: bool
    lines: Sequence[NamedLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffReportContext(StaffContext):
    """How many signed up and came."""

    template = "staff_report.html"
    first: str
    """The first day of the time, as its field has it (ISO 8601)."""
    last: str
    bad_time: bool
    """Whether these are no days, or the wrong way around."""
    own_only: bool
    """Whether it is about the sessions of one trainer alone."""
    total: Line
    tables: Sequence[ReportTable]
    csv: str


CONTEXTS = (StaffReportContext,)
