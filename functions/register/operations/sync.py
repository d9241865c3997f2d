# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings the store to what the schedule says, and tells the people whom a change concerns.

One transaction a session holds its state and one notice; then the notice is written out, a message a person,
and people are promoted until nothing is due. Doing it all again does nothing, or what a crash has left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from register.domain.errors import RegisterError, UnknownSession
from register.domain.model import Occupancy
from register.operations.maintenance import Maintenance, finish
from register.operations.staff_messages import refused
from register.operations.sync_plan import Change, Plan, Resolve, change_of, plan
from register.stores import Store
from register.stores.errors import Conflict, Damaged
from schedule.contract import Contract
from schedule.model import Session

EMAILS_WITHOUT_YES = 50
"""How many emails a sync may send without being told that this is meant."""

_TRIES = 5


class TooManyEmails(RegisterError):
    """A sync that would send many emails, and was not told that this is meant."""

    def __init__(self, emails: int) -> None:
        super().__init__(
            f"this would send {emails} emails; look at them with --dry-run, then add --yes to send them"
        )
        self.emails = emails


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync has done."""

    changed: int
    maintenance: Maintenance


def sync(
    contract: Contract,
    store: Store,
    resolve: Resolve,
    *,
    now: datetime,
    yes: bool = False,
    progress: Callable[[Sequence[Change]], Iterable[Change]] = iter,
) -> tuple[Plan, Synced]:
    """Carry out the plan, and tell the office what was left as it was.

    Raises TooManyEmails before anything is done, Conflict if others keep changing a session. Raises Damaged
    for a session that cannot be read, but not before all others had their turn.
    """
    todo = plan(contract, store, resolve, now=now)
    if todo.emails > EMAILS_WITHOUT_YES and not yes:
        refused(store, vanished=todo.vanished, too_many=todo.emails, now=now)
        raise TooManyEmails(todo.emails)
    sessions = {session.id: session for session in contract.schedule.sessions}
    done = Maintenance()
    for occupancy in todo.unfinished:
        done += finish(store, occupancy, now=now)
    failed: Damaged | None = None
    for change in progress(todo.changes):
        session = sessions[change.session_id]
        try:
            done += _carry_out(contract, session, change.terms.join_url, store, now)
        except Damaged as error:  # it seemed to be new, since nobody can read it
            failed = failed or error
    for session_id in todo.withdrawn:
        _withdraw(store, session_id)
    refused(store, vanished=todo.vanished, now=now)
    if failed is not None:
        raise failed
    return todo, Synced(len(todo.changes), done)


def _carry_out(
    contract: Contract, session: Session, link: str | None, store: Store, now: datetime
) -> Maintenance:
    """Bring one session up to date, from what the store says at this moment."""
    done = Maintenance()
    for attempt in range(_TRIES):
        occupancy = _find(store, session.id)
        if occupancy and occupancy.notice:
            done += finish(store, occupancy, now=now)
            occupancy = store.session(session.id)
        change = change_of(contract, session, link, occupancy, now)
        try:
            if change:
                store.sync_session(change.terms, change.notice, expected=change.expected)
            break
        except Conflict:
            if attempt == _TRIES - 1:
                raise
    return done + finish(store, store.session(session.id), now=now)


def _find(store: Store, session_id: str) -> Occupancy | None:
    try:
        return store.session(session_id)
    except UnknownSession:
        return None


def _withdraw(store: Store, session_id: str) -> None:
    """Delete a session; if somebody has signed up meanwhile, the next sync says so."""
    try:
        store.withdraw(session_id)
    except UnknownSession:
        return
