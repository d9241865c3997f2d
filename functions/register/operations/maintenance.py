# SPDX-License-Identifier: AGPL-3.0-or-later
"""The steps that are repeated until nothing is due, so that a crash anywhere heals by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from register.domain.errors import UnknownSession
from register.domain.model import Occupancy
from register.domain.notifications import reminded_too_soon, reminder_due
from register.stores import Store
from register.stores.errors import StoreError


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What was done: emails about changes and from staff, people who got a seat, reminders, rows that had expired."""

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
    """Write out a session's notice and what staff have written, and give its free seats to people who wait."""
    session_id = occupancy.terms.session_id
    notices = store.write_out_notice(session_id) if occupancy.notice else 0
    if occupancy.announcement:
        notices += store.write_out_announcement(session_id)
    promotions = 0
    if occupancy.waiting:
        while store.promote_one(session_id, now=now):
            promotions += 1
    return Maintenance(notices, promotions)


def remind(store: Store, *, now: datetime) -> Maintenance:
    """Write the reminders that are due. Raises StoreError, but not before all sessions had their turn."""

    def write(session: Occupancy) -> Maintenance:
        # The store asks once more; most sessions are far away, and there this saves the reading.
        if not (reminder_due(session, now) or reminded_too_soon(session, now)):
            return Maintenance()
        return Maintenance(reminders=store.write_reminders(session.terms.session_id, now=now))

    return _for_each(store, write, now)


def sweep(store: Store, *, now: datetime) -> Maintenance:
    """Finish what a crash has left, and delete what has expired.

    Raises StoreError, but not before all sessions had their turn and what has expired is deleted.
    """
    try:
        done = _for_each(store, lambda session: finish(store, session, now=now), now)
    finally:
        purged = store.purge(now=now)
    return done + Maintenance(purged=purged)


def _for_each(store: Store, step: Callable[[Occupancy], Maintenance], now: datetime) -> Maintenance:
    """Do a step for each session to come; one that fails does not keep the others from theirs."""
    done, failed = Maintenance(), None
    for session in store.sessions(after=now):
        try:
            done += step(session)
        except UnknownSession:
            continue  # it was withdrawn since the list was made
        except StoreError as error:
            failed = failed or error
    if failed is not None:
        raise failed
    return done
