# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many signed up and came over a time, by training, organization, role and language: numbers alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from register.domain.counts import Counts, SessionCounts, merged

LEAST = 3
"""People whom a group must have to be shown: fewer could be told by their numbers."""

_NOBODY = Counts()
_COLUMNS = ("signed_up", "confirmed", "waited", "cancelled", "attended", "absent")


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of a group."""

    name: str
    """A training's slug, an organization, a role's or a language's value; empty where people said none."""
    counts: Counts = _NOBODY
    dates: int = 0
    seats: int = 0

    @property
    def is_shown(self) -> bool:
        """Whether its numbers are shown and not only counted in the total."""
        return not 0 < self.counts.signed_up < LEAST


@dataclass(frozen=True, slots=True)
class Report:
    """The numbers of some sessions. The largest groups come first."""

    total: Line = Line("")
    trainings: Sequence[Line] = ()
    """All of them; those with a few people show no more than their dates and seats."""
    organizations: Sequence[Line] = ()
    roles: Sequence[Line] = ()
    languages: Sequence[Line] = ()


def latest(kept: Iterable[SessionCounts], live: Iterable[SessionCounts]) -> list[SessionCounts]:
    """Return one of each session, by start: what was kept of it, as far as people have been erased since."""
    found = {counts.session_id: counts for counts in kept}
    for counts in live:
        found[counts.session_id] = merged(found.get(counts.session_id), counts)
    return sorted(found.values(), key=lambda counts: (counts.starts, counts.session_id))


def report(sessions: Sequence[SessionCounts]) -> Report:
    """Return the numbers of all these sessions together."""
    return Report(
        total=_line("", sessions),
        trainings=_largest_first(
            _line(slug, [each for each in sessions if each.training == slug])
            for slug in {each.training for each in sessions}
        ),
        organizations=_groups(sessions, lambda each: each.organizations),
        roles=_groups(sessions, lambda each: each.roles),
        languages=_groups(sessions, lambda each: each.languages),
    )


def as_rows(found: Report, name_of: Callable[[str, str], str]) -> list[list[str]]:
    """Return a report as rows of a spreadsheet, their head first; `name_of` names a line of a group.

    What is not shown has empty cells.
    """
    rows = [["group", "name", "dates", "seats", *_COLUMNS]]
    groups = {
        "total": [found.total],
        "training": found.trainings,
        "organization": found.organizations,
        "role": found.roles,
        "language": found.languages,
    }
    for group, lines in groups.items():
        for line in lines:
            is_total = group == "total"
            seats = [str(line.dates), str(line.seats)] if is_total or group == "training" else ["", ""]
            counts = line.counts if is_total or line.is_shown else None
            numbers = [str(getattr(counts, column)) if counts else "" for column in _COLUMNS]
            rows.append([group, name_of(group, line.name), *seats, *numbers])
    return rows


def _line(name: str, sessions: Sequence[SessionCounts]) -> Line:
    counts = sum((each.people for each in sessions), Counts())
    return Line(name, counts, dates=len(sessions), seats=sum(each.seats for each in sessions))


def _groups(
    sessions: Iterable[SessionCounts], of: Callable[[SessionCounts], Mapping[str, Counts]]
) -> list[Line]:
    groups: dict[str, Counts] = defaultdict(Counts)
    for each in sessions:
        for name, counts in of(each).items():
            groups[name] += counts
    lines = (Line(name, counts) for name, counts in groups.items())
    return _largest_first(line for line in lines if line.is_shown)


def _largest_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.counts.signed_up, line.name))
