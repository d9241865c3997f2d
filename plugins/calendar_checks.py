# SPDX-License-Identifier: AGPL-3.0-or-later
"""The check of all calendars of a built site, one of the page checks."""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple

from plugins.calendar_lines import Fault
from plugins.calendar_rules import CalendarKind, Place, lint, read

_BEGIN_EVENT, _END_EVENT = b"\r\nBEGIN:VEVENT\r\n", b"\r\nEND:VEVENT\r\n"

SINGLE = "/session.ics"
"""How the path of a calendar ends that has one event, to be added once; the others are feeds."""


class CalendarRecord(NamedTuple):
    """What was found in a calendar, and what it tells of others."""

    faults: tuple[Fault, ...]
    events: tuple[tuple[bytes, Place], ...] = ()
    """Of a calendar with one event, that one by its digest, if it is good wherever it stands, and its place."""


class CalendarChecks:
    """Checks calendars, each by itself, and reads what has passed in one of them no second time.

    One event stands in many calendars, and many calendars begin alike: an event is good together with the time zones
    that its calendar defines, and what stands around the events is good for a kind of calendar. Whether the events
    fit together is a question of their places alone. What does not pass by its parts is read as a whole.
    """

    def __init__(self) -> None:
        self._around: set[tuple[CalendarKind, bytes, bytes]] = set()
        self._places: dict[bytes, Place] = {}

    def learn(self, record: CalendarRecord | None) -> None:
        """Take over what is known of an event."""
        if record is not None:
            self._places.update(record.events)

    def look(self, path: str, data: bytes) -> CalendarRecord:
        """Return what is wrong with a calendar; parts that are new are read."""
        kind = CalendarKind.FILE if path.endswith(SINGLE) else CalendarKind.FEED
        head, events, tail = _parts(data)
        zones = sha256(head.partition(b"BEGIN:VTIMEZONE")[2] + tail).digest()
        digests = [sha256(zones + event).digest() for event in events]
        if not self._are_good(kind, head, list(zip(digests, events, strict=True)), tail):
            return CalendarRecord(tuple(lint(data, kind)))
        if kind is CalendarKind.FEED:
            return CalendarRecord(())
        return CalendarRecord((), tuple((digest, self._places[digest]) for digest in digests))

    def _are_good(
        self, kind: CalendarKind, head: bytes, events: list[tuple[bytes, bytes]], tail: bytes
    ) -> bool:
        """Whether parts that make a calendar are good, and fit together."""
        unread = [(digest, event) for digest, event in events if digest not in self._places]
        around = (kind, head, tail)
        if unread or around not in self._around:
            # A calendar for one event has it, whether or not it is new.
            some = unread or (events if kind is CalendarKind.FILE else [])
            faults, places = read(head + b"".join(event for _, event in some) + tail, kind)
            if faults or len(places) != len(some):
                return False
            self._around.add(around)
            self._places.update((digest, place) for (digest, _), place in zip(some, places, strict=True))
        found = [self._places[digest] for digest, _ in events]
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
