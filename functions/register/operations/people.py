# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do for people who call: find the sign-up that is meant, correct it, and send its email again."""

from __future__ import annotations

from datetime import datetime

from register.domain.changes import Moved, MoveResult
from register.domain.errors import RegisterError
from register.domain.identity import identity_of
from register.domain.model import ChangedBy, Person, Registration
from register.stores import Store


class NotDone(RegisterError):
    """What staff asked for that could not be done; the message says why, and what to do."""


def find(store: Store, session_id: str, email: str, name: str | None = None) -> Registration:
    """Return the active registration that is meant. Raises UnknownSession, NotDone."""
    store.session(session_id)
    identity = None if name is None else identity_of(email, name)
    found = [
        registration
        for registration in store.registrations_of(email)
        if registration.session_id == session_id
        and registration.is_active
        and identity in {None, registration.person.identity}
    ]
    if not found:
        raise NotDone(
            f"{session_id}: nobody with that name and email address is signed up; look at the roster"
        )
    if len(found) > 1:
        raise NotDone(f"{session_id}: {len(found)} people share this email address; give the name too")
    return found[0]


def resend(store: Store, registration: Registration, *, now: datetime, staff: str = "") -> None:
    """Send somebody's email with the personal link again; `staff` is who does it, empty by command.

    Raises NotDone, UnknownRegistration.
    """
    session_id = registration.session_id
    if not store.resend(session_id, registration.registration_id, now=now, by=ChangedBy.STAFF, staff=staff):
        raise NotDone(
            f"{session_id}: this email went out less than an hour ago; try again when the hour is over"
        )


def fields(person: Person) -> dict[str, str]:
    """Return what is kept about somebody, by the names of the form's fields."""
    return {
        "name": person.name,
        "email": person.email,
        "organization": person.organization,
        "role": person.role,
        "language": person.language.value,
        "needs": person.needs,
    }


def correct(
    store: Store, registration: Registration, person: Person, *, now: datetime, staff: str = ""
) -> str:
    """Put what holds now in place, and say what was done; `staff` as above.

    Raises what `Registrations.amend` raises.
    """
    session_id = registration.session_id
    store.amend(session_id, registration.registration_id, person, now=now, by=ChangedBy.STAFF, staff=staff)
    if person == registration.person:
        return f"{session_id}: all of that was kept already; nothing has changed"
    if person.email_hash == registration.person.email_hash:
        return f"{session_id}: corrected"
    return f"{session_id}: corrected; the links that were sent before no longer work"


def moved_in_words(session_id: str, to: str, moved: Moved) -> str:
    """Say what became of a move."""
    words = {
        MoveResult.MOVED: f"{to}: confirmed; canceled in {session_id}",
        MoveResult.WAITS_TOO: f"{to}: is full: waitlisted, number {moved.place}; {session_id} stays as it was",
        MoveResult.THERE_ALREADY: f"{to}: was signed up there already; nothing has changed",
        MoveResult.WAITING_ALREADY: f"{to}: was waiting there already, number {moved.place}; nothing has changed",
    }
    return words[moved.result]
