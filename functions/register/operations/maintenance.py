# SPDX-License-Identifier: AGPL-3.0-or-later
"""The steps that are repeated until nothing is due, so that a crash anywhere heals by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from register.domain.errors import UnknownSession
from register.domain.model import Occupancy
from register.stores import Store


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What was done: emails about changes, people who got a seat, reminders, rows that had expired."""

    notices: int = 0
    promotions: int = 0
    reminders: int = 0
    purged: int = 0

    def __add__(self, other: Maintenance) -> Maintenance:
        return Maintenance(
            self.notices + other.notices,
            self.promotions + other.promotions,
            self.reminders + other.reminders,
            self.purged + other.purged,
        )


def finish(store: Store, occupancy: Occupancy, *, now: datetime) -> Maintenance:
    """Write out a session's notice and give its free seats to people who wait."""
    session_id = occupancy.terms.session_id
    notices = store.write_out_notice(session_id) if occupancy.notice else 0
    promotions = 0
    if occupancy.waiting:
        while store.promote_one(session_id, now=now):
            promotions += 1
    return Maintenance(notices, promotions)


def remind(store: Store, *, now: datetime) -> Maintenance:
    """Write the reminders that are due."""
    done = Maintenance()
    for occupancy in store.sessions(after=now):
        try:
            done += Maintenance(reminders=store.write_reminders(occupancy.terms.session_id, now=now))
        except UnknownSession:
            continue  # it was withdrawn since the list was made
    return done


def sweep(store: Store, *, now: datetime) -> Maintenance:
    """Finish what a crash has left, and delete what has expired."""
    done = Maintenance()
    for occupancy in store.sessions(after=now):
        try:
            done += finish(store, occupancy, now=now)
        except UnknownSession:
            continue
    return done + Maintenance(purged=store.purge(now=now))
