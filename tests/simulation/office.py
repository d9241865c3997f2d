# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write into the schedule, and the build that tells the function of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from schedule import contract, site
from schedule.model import Format, Localized, Period, Session
from tests.support.constants import PACIFIC
from tests.support.emails import site as site_of_tests
from tests.support.schedules import contract_with, revised, session

LENGTH = timedelta(minutes=90)
ASSETS = (
    "fraunces.woff2",
    "schedule.css",
    "schedule.js",
    "session.css",
    "session.js",
    "share.en.png",
    "share.es.png",
    "signup.css",
    "site.css",
    "site.js",
)
PLACES = (None, Localized("Room 4, Woodland", "Sala 4, Woodland"), Localized("County office, Fresno"))


class Office:
    """The schedule as it is in the files of the site, and the folder of its build."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sessions: dict[str, Session] = {}
        self.published: set[str] = set()
        self.links: dict[str, str] = {}
        folder.mkdir()
        told = replace(site_of_tests(), assets={name: name for name in ASSETS})
        (folder / "site.json").write_text(json.dumps(site.to_json(told)))

    def plan(self, session_id: str, starts: datetime, capacity: int, chance: Random) -> None:
        """Write a session's file; it is not published yet."""
        self.links[session_id] = f"https://meet.example.org/{session_id}/1"
        self.sessions[session_id] = session(session_id, period_from(starts), capacity=capacity)
        if chance.random() < 0.3:
            self.links.pop(session_id)  # it comes later

    def edit(self, session_id: str, **changes: Any) -> None:
        """Change a session's file."""
        if "period" in changes:
            changes["registration_closes"] = changes["period"].start
        self.sessions[session_id] = revised(self.sessions[session_id], **changes)

    def place(self, session_id: str, location: Localized[str] | None) -> None:
        """Move a session into a room, or online."""
        format_ = Format.ONLINE if location is None else Format.IN_PERSON
        self.edit(session_id, location=location, format=format_)

    def build(self) -> None:
        """Build what is published."""
        shown = [self.sessions[session_id] for session_id in sorted(self.published)]
        links = {each.id: self.links[each.id] for each in shown if each.id in self.links}
        text = json.dumps(contract.to_json(contract_with(*shown, links=links)))
        (self.folder / "schedule.json").write_text(text)


def period_from(starts: datetime) -> Period:
    """Return the time that a session takes."""
    return Period(starts, starts + LENGTH, PACIFIC)


def local(day: date, clock: time) -> datetime:
    """Return an instant on the Pacific clock."""
    return datetime.combine(day, clock, PACIFIC)
