# SPDX-License-Identifier: AGPL-3.0-or-later
"""The check of all calendars of a built site, one of the page checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from plugins.calendar_rules import CalendarKind, Place, lint, read

_BEGIN_EVENT, _END_EVENT = b"\r\nBEGIN:VEVENT\r\n", b"\r\nEND:VEVENT\r\n"


def check_calendars(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield what is wrong with the calendars among a site's files, as `path:line: what`.

    One event stands in many calendars, and many calendars begin alike: a part that has passed is not read
    again. What does not pass by its parts is read as a whole.
    """
    good = _GoodParts()
    for path, data in sorted(files.items()):
        if path.endswith(".ics"):
            kind = CalendarKind.FILE if path.endswith("/session.ics") else CalendarKind.FEED
            if not good.make(data, kind):
                yield from (f"{path}:{line}: {text}" for line, text in lint(data, kind))


class _GoodParts:
    """The parts of all calendars that have passed so far.

    An event is good together with the time zones that its calendar defines, and what stands around the events
    is good for a kind of calendar; whether the events fit together is a question of their places alone.
    """

    def __init__(self) -> None:
        self._around: set[tuple[CalendarKind, bytes, bytes]] = set()
        self._places: dict[tuple[bytes, bytes], Place] = {}

    def make(self, data: bytes, kind: CalendarKind) -> bool:
        """Whether a calendar is made of good parts that fit together; parts that are new are read."""
        head, events, tail = _parts(data)
        zones = head.partition(b"BEGIN:VTIMEZONE")[2] + tail
        around = (kind, head, tail)
        unread = [event for event in events if (zones, event) not in self._places]
        if unread or around not in self._around:
            # A file has one event, whether or not it is new.
            some = unread or (events if kind is CalendarKind.FILE else [])
            faults, places = read(head + b"".join(some) + tail, kind)
            if faults or len(places) != len(some):
                return False
            self._around.add(around)
            self._places.update(((zones, event), place) for event, place in zip(some, places, strict=True))
        found = [self._places[zones, event] for event in events]
        return (
            (kind is CalendarKind.FEED or len(events) == 1)
            and all(before < after for before, after in pairwise(found))
            and len({uid for _, _, uid in found}) == len(events)
        )


def _parts(data: bytes) -> tuple[bytes, list[bytes], bytes]:
    """Return what stands before the events, each event, and what stands after the last.

    Where something stands between events, the whole calendar is returned as what stands before them.
    """
    start, end = data.find(_BEGIN_EVENT) + 2, data.rfind(_END_EVENT) + len(_END_EVENT)
    *events, rest = data[start:end].split(_END_EVENT) if 2 <= start < end else [data]
    if rest or not all(event.startswith(_BEGIN_EVENT[2:]) for event in events):
        return data, [], b""
    return data[:start], [event + _END_EVENT for event in events], data[end:]
