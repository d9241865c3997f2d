# SPDX-License-Identifier: AGPL-3.0-or-later
"""A property becomes the line that icalendar writes for it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import icalendar
import pytest

from schedule.event_lines import line
from tests.support.constants import PACIFIC

WALL = datetime(2026, 12, 3, 10, 5, 7)  # noqa: DTZ001 - each case says its zone


def by_icalendar(name: str, value: Any) -> bytes:
    """Return the line that an event of one property has."""
    event = icalendar.Event()
    event.add(name, list(value) if isinstance(value, tuple) else value)
    return bytes(event.to_ical()).removeprefix(b"BEGIN:VEVENT\r\n").removesuffix(b"END:VEVENT\r\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUMMARY", "Overview, in Woodland; bring \\ a pen\nand paper " + "ñandú 👩🏽‍💻 " * 20),
        ("SEQUENCE", 3),
        ("CATEGORIES", ("MSIX, first part", "español")),
        ("URL", "https://trainings.example.org/es/schedule/a;b,c/"),
        ("COLOR", icalendar.vText("navy, or teal")),
        ("COLOR", "navy, or teal"),
        ("DTSTART", date(2026, 12, 3)),
        ("DTSTART", WALL.replace(tzinfo=PACIFIC)),
        ("DTSTART", WALL.replace(tzinfo=UTC)),
        ("DTSTAMP", WALL.replace(tzinfo=UTC)),
        ("LAST-MODIFIED", WALL.replace(tzinfo=timezone(timedelta(hours=2))).astimezone(UTC)),
    ],
)
def test_a_property_is_the_line_that_icalendar_writes(name: str, value: Any) -> None:
    expected = by_icalendar(name, value)

    assert [line(name, value), line(name, value)] == [expected, expected]


def test_a_text_of_a_type_of_its_own_is_not_taken_for_the_same_words_without_it() -> None:
    plain, text = "navy, or teal", icalendar.vText("navy, or teal")

    assert [line("COLOR", plain), line("COLOR", text)] == [
        b"COLOR:navy, or teal\r\n",
        b"COLOR:navy\\, or teal\r\n",
    ]
