# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing up once more without typing: a colleague for the same date, or oneself for another."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from register.domain.model import Occupancy, Registration
from register.domain.other_dates import other_dates
from register.domain.rules import refusal
from register.domain.snapshot import Snapshot
from register.stores.errors import Damaged
from register.web.responses import Web
from register.web.tokens import BadToken, Managed, OldReceipt, Receipt
from schedule import signup
from schedule.model import Language

if TYPE_CHECKING:
    from register.web.contexts import Again


def in_power(web: Web, receipt: Receipt) -> Registration | None:
    """Return the registration that a receipt may correct: what its own sign-up made, until its link is used.

    The receipts of a repeat and of a machine name registrations that do not exist.
    """
    registration = web.store.registration(receipt.session_id, receipt.registration_id)
    if registration is None or registration.used_link or not registration.is_active:
        return None
    return registration


def told_before(web: Web, session_id: str, token: str, now: datetime) -> dict[str, str]:
    """Return what the form of a session is filled in with, by field, for whoever holds this token.

    Name and email address only where one's own page leads to another date than its own; nothing for what is no token,
    or whose link or receipt has no power any more.
    """
    registration, with_name = _named_by(web, token, now)
    if registration is None:
        return {}
    person = registration.person
    known = {
        signup.ORGANIZATION.name: person.organization,
        signup.ROLE.name: person.role,
        signup.LANGUAGE.name: person.language.value,
    }
    if with_name and session_id != registration.session_id:
        known |= {signup.NAME.name: person.name, signup.EMAIL.name: person.email}
    return known


def _named_by(web: Web, token: str, now: datetime) -> tuple[Registration | None, bool]:
    """Return the registration that a token gives something of, and whether it gives name and email address."""
    with suppress(BadToken):
        managed, with_name = web.tokens.read_again(token)
        return _in_force(web, managed), with_name
    with suppress(BadToken):  # a personal link's own token, too: its holder may see all of it anyway
        return _in_force(web, web.tokens.read_manage(token)), True
    with suppress(BadToken, OldReceipt):
        return in_power(web, web.tokens.read_receipt(token, now)), False
    return None, False


def _in_force(web: Web, managed: Managed) -> Registration | None:
    """Return the registration that a link is for, if that is its newest."""
    registration = web.store.registration(managed.session_id, managed.registration_id)
    if registration is None or registration.link_generation != managed.link_generation:
        return None
    return registration


class FormTokens(NamedTuple):
    """What fills in the forms that people are led to."""

    colleague: str
    other_date: str


def ways_on(
    web: Web, occupancy: Occupancy, snapshot: Snapshot, tokens: FormTokens, language: Language, now: datetime
) -> Again:
    """Return where people may sign up once more."""
    from register.web.contexts import Again

    addresses, pages = web.pages.addresses(language), web.pages
    try:
        dates = other_dates(snapshot.session, web.store.sessions(after=now), now)
    except Damaged:  # `register doctor` names it; it costs nobody this page
        dates = []
    session_id = occupancy.terms.session_id
    return Again(
        colleague=None if refusal(occupancy, now) else addresses.sign_up_again(session_id, tokens.colleague),
        dates=tuple(
            replace(
                pages.about(each, language), url=addresses.sign_up_again(each.session.id, tokens.other_date)
            )
            for each in dates
        ),
    )
