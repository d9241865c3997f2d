# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks up what email addresses want, where no visitor can watch: known or not, nobody but the owner learns of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from register.domain.errors import UnknownRegistration, UnknownSession
from register.domain.wishes import Wish
from register.stores import Store
from register.stores.errors import StoreError

_log = logging.getLogger(__name__)


def look_up(
    store: Store,
    *,
    now: Callable[[], datetime],
    lease: timedelta,
    go_on: Callable[[], bool] = lambda: True,
    of: str | None = None,
) -> None:
    """Look up every wish, or the one that `of` names; each is gone afterward.

    One that the store cannot look up is tried again when the lease is over; it holds up no other. Raises StoreError
    if none can be taken.
    """
    while go_on() and (wish := store.claim_wish(now=now(), lease=lease, of=of)):
        try:
            _send_links(store, wish, now())
            store.delete_wish(wish)
        except StoreError as error:
            _log.error("request %s: %s; trying again later", wish.wish_id, error)
        if of is not None:
            return


def _send_links(store: Store, wish: Wish, now: datetime) -> None:
    """Record an email for each sign-up that still means something, unless there is one since the wish was made.

    It is recorded at the time of the wish. So whoever looks the wish up once more, as after a crash, finds it.
    """
    messages = (delivery.message for delivery in store.messages_of(wish.email))
    told = {
        (message.session_id, message.registration_id)
        for message in messages
        if message.recorded >= wish.recorded
    }
    for registration in store.registrations_of(wish.email):
        about = session_id, registration_id = registration.session_id, registration.registration_id
        if not registration.is_active or about in told:
            continue
        try:
            if store.session(session_id).terms.ends > now:
                store.resend(session_id, registration_id, now=wish.recorded)
        except (UnknownSession, UnknownRegistration):
            continue  # it has gone since it was listed
