# SPDX-License-Identifier: AGPL-3.0-or-later
"""Looks up what email addresses want, where no visitor can watch: known or not, nobody but the owner learns of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from register.domain.errors import RegisterError, UnknownRegistration, UnknownSession
from register.domain.model import Kind
from register.domain.staff import StaffMember, member_of
from register.domain.staff_messages import staff_message
from register.domain.wishes import Wish, WishPurpose
from register.stores import Store

_log = logging.getLogger(__name__)


def look_up(
    store: Store,
    *,
    now: Callable[[], datetime],
    lease: timedelta,
    staff: Callable[[], Iterable[StaffMember]] = tuple,
    go_on: Callable[[], bool] = lambda: True,
    of: str | None = None,
) -> None:
    """Look up every wish, or the one that `of` names; each is gone afterward.

    One that cannot be looked up, as where `staff` raises, is tried again when the lease is over; it holds up no other.
    Raises StoreError if none can be taken.
    """
    while go_on() and (wish := store.claim_wish(now=now(), lease=lease, of=of)):
        try:
            if wish.purpose is WishPurpose.STAFF_LINK:
                _send_sign_in(store, wish, staff())
            else:
                _send_links(store, wish, now())
            store.delete_wish(wish)
        except RegisterError as error:
            _log.error("request %s: %s; trying again later", wish.wish_id, error)
        if of is not None:
            return


def _send_sign_in(store: Store, wish: Wish, staff: Iterable[StaffMember]) -> None:
    """Record the email with the link by which somebody among staff signs in; the wish itself is what it is good for."""
    if member := member_of(staff, wish.email):
        link = staff_message(
            Kind.STAFF_LINK,
            occasion=wish.wish_id,
            email=member.email,
            language=member.language,
            recorded=wish.recorded,
        )
        store.record([link])


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
