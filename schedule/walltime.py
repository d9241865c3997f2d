# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the clock on the wall to an instant, and what can be wrong with it twice a year (PEP 495)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = "America/Los_Angeles"
"""The only time zone that calendars define."""


class ScheduleError(Exception):
    """Base of all errors that the schedule raises."""


class NonexistentTime(ScheduleError):
    """A wall time that the clocks jump over in spring; `after` is the first one that exists again."""

    def __init__(self, wall: datetime, zone: ZoneInfo) -> None:
        self.wall = wall
        self.after = wall.replace(second=0, microsecond=0)
        while not _exists(self.after, zone):
            self.after += timedelta(minutes=1)
        super().__init__(f"{wall:%Y-%m-%d %H:%M} does not exist in {zone.key}: the clocks jump over it")


def to_utc(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) of a naive wall time; of one that comes twice in autumn, the first.

    Raises NonexistentTime for one in the spring gap.
    """
    if not _exists(wall, zone):
        raise NonexistentTime(wall, zone)
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def is_ambiguous(wall: datetime, zone: ZoneInfo) -> bool:
    """Whether an existing naive wall time lies in the hour that the clocks repeat in autumn."""
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    return first.utcoffset() != second.utcoffset()


def _exists(wall: datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which a day begins."""
    return to_utc(datetime.combine(day, time()), zone)
