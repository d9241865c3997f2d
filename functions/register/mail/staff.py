# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who gets a message to all of staff: decided when it is delivered, by the list as it is then."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from register.domain import snapshot
from register.domain.errors import UnknownSession
from register.domain.messages import Message
from register.domain.staff import StaffMember
from register.domain.staff_messages import NOTHING
from register.domain.staff_news import WANTED
from register.stores import Store
from schedule.model import Session


def for_each(message: Message, staff: Iterable[StaffMember], store: Store) -> list[Message]:
    """Return a message to all of staff as one to each of them who wants it, and who may see its session.

    Raises StoreError, UnreadableSnapshot.
    """
    wanted = WANTED[message.kind]
    asked = [member for member in staff if wanted in member.emails]
    if asked and message.session_id != NOTHING:
        session = _session(store, message.session_id)
        asked = [member for member in asked if session is not None and member.may_see(session)]
    return [replace(message, email=member.email, language=member.language) for member in asked]


def _session(store: Store, session_id: str) -> Session | None:
    try:
        terms = store.session(session_id).terms
    except UnknownSession:
        return None
    return snapshot.read(terms.snapshot_json, session_id).session
