# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do for people who call: find the sign-up that is meant, and send its email again."""

from __future__ import annotations

from datetime import datetime

from register.domain.errors import RegisterError
from register.domain.identity import identity_of
from register.domain.model import Registration
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


def resend(store: Store, registration: Registration, *, now: datetime) -> None:
    """Send somebody's email with the personal link again. Raises NotDone, UnknownRegistration."""
    session_id = registration.session_id
    if not store.resend(session_id, registration.registration_id, now=now):
        raise NotDone(
            f"{session_id}: this email went out less than an hour ago; try again when the hour is over"
        )
