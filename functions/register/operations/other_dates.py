# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which other dates somebody who waits may be told of, by what the store says now."""

from __future__ import annotations

from datetime import datetime

from register.domain import other_dates as pure
from register.domain.identity import identity_of
from register.domain.messages import Message
from register.domain.snapshot import Snapshot
from register.stores import Store
from register.stores.errors import Damaged
from schedule.model import Session


def other_dates(store: Store, message: Message, session: Session, now: datetime) -> list[Snapshot]:
    """Return the other dates with seats for which the person of a message is not signed up.

    None where something that the person has is damaged, which is for the doctor to say.
    """
    identity = identity_of(message.email, message.name)
    try:
        known = store.registrations_of(message.email)
    except Damaged:
        return []
    signed_up = {each.session_id for each in known if each.is_active and each.person.identity == identity}
    return pure.other_dates(session, store.sessions(after=now), now, signed_up)
