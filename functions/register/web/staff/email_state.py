# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the newest email to each person of a roster fared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from register.domain.model import Registration
from register.stores import Store
from register.stores.deliveries import Delivery

_Reader = tuple[str, str]
"""Whose email it is: the registration id, and the hash of the address."""


class EmailState(StrEnum):
    """How an email fared, as far as we know."""

    NO_ADDRESS = "no-address"
    SENT = "sent"
    SENDING = "sending"
    RETRYING = "retrying"
    """It has failed, and is tried again by itself."""
    FAILED = "failed"
    """It has failed for good."""
    BOUNCED = "bounced"
    """It was sent, and came back."""

    @property
    def is_trouble(self) -> bool:
        """Whether somebody should call the person, or correct the email address."""
        return self in {EmailState.FAILED, EmailState.BOUNCED}


@dataclass(frozen=True, slots=True)
class EmailNote:
    """How the newest email to somebody fared, and what the email server said of it."""

    state: EmailState
    problem: str = ""


def unsent_emails(store: Store) -> tuple[Delivery, ...]:
    """Return the emails that are on their way, and those that were given up."""
    return (*store.pending(), *store.failed())


def email_notes(
    store: Store, session_id: str, roster: Iterable[Registration], unsent_emails: Iterable[Delivery]
) -> dict[str, EmailNote]:
    """Return a note for each registration of a session, by registration id.

    An email that was sent is not kept for long: what is neither on its way nor given up has arrived, as far as we know.
    """
    unsent = _newest(each for each in unsent_emails if _is_of(each, session_id))
    return {each.registration_id: _note(store, each, unsent) for each in roster}


def _note(store: Store, registration: Registration, unsent: dict[_Reader, Delivery]) -> EmailNote:
    person = registration.person
    if not person.email:
        return EmailNote(EmailState.NO_ADDRESS)
    if registration.bounced:
        return EmailNote(EmailState.BOUNCED, registration.bounced)
    delivery = unsent.get((registration.registration_id, person.email_hash))
    if delivery is None:
        return EmailNote(EmailState.SENT)
    if delivery.due is not None:
        state = EmailState.RETRYING if delivery.problem else EmailState.SENDING
        return EmailNote(state, _in_words(delivery))
    # What was given up stays until somebody dismisses it, whatever was sent since.
    mine = (each for each in store.messages_of(person.email) if _is_about(each, registration))
    if any(each.sent and each.message.number > delivery.message.number for each in mine):
        return EmailNote(EmailState.SENT)
    return EmailNote(EmailState.FAILED, _in_words(delivery))


def _in_words(delivery: Delivery) -> str:
    """Return what went wrong, without what names the email in logs."""
    return (delivery.problem or "").removeprefix(f"{delivery.message.label}: ")


def _newest(deliveries: Iterable[Delivery]) -> dict[_Reader, Delivery]:
    """Return the newest message to each address of each registration: what went to another one, or to staff, is not."""
    by_number = sorted(deliveries, key=lambda each: each.message.number)
    return {(each.message.registration_id, each.message.key.email_hash): each for each in by_number}


def _is_of(delivery: Delivery, session_id: str) -> bool:
    return delivery.message.session_id == session_id


def _is_about(delivery: Delivery, registration: Registration) -> bool:
    message = delivery.message
    ids = (message.session_id, message.registration_id)
    return ids == (registration.session_id, registration.registration_id)
