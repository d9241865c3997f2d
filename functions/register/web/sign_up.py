# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the form of a session to the page that says what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Response, g, request

from register.domain.errors import LimitReached, Refused, TooManyNames
from register.domain.model import Occupancy, Person, State
from register.domain.notifications import REMINDER_BEFORE
from register.domain.rules import refusal, state_for_next
from register.domain.snapshot import Snapshot, read
from register.stores import StoreError
from register.web.error_pages import LIMITED_FORM, UNAVAILABLE_FORM, FormError
from register.web.forms import TOO_MANY_NAMES, Problem
from register.web.language import page_language, sent_language, switched_language
from register.web.responses import Context, log_failure, to
from register.web.tokens import Receipt
from schedule import signup
from schedule.model import Language

RETRY_AFTER = 60
"""Seconds after which to try again when the store does not answer."""

REMEMBERED = 512
"""Of so many sessions at most we remember which form they have; more than are ever open."""


def _(message: str) -> str:
    """Mark a message for translation; the page translates it."""
    return message


CONFIRMED = _("You are signed up")
WAITING = _("You are on the waiting list")


class SigningUp:
    """`/register/<session>` and `/register/done/<receipt>`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._wiring = context.wiring
        self._known: dict[str, Snapshot] = {}

    def sign_up(self, session_id: str) -> Response:
        """Take what the form of a session sends; the answer to a good one reads and renders nothing before."""
        form = request.form
        g.language = language = page_language(sent_language())
        now = self._wiring.now()
        switched, trapped = switched_language() is not None, bool(form.get(signup.HONEYPOT))
        known = self._known.get(session_id)
        if known is not None and not switched and not trapped:
            person = self._context.forms.read(form, for_parents=known.for_parents).person
            if person is not None:
                return self._take(session_id, known, person, now)
        occupancy, details = self._open(session_id, now)
        if trapped:
            return self._done(_as_if(occupancy, language), now)
        entered = self._context.forms.read(form, for_parents=details.for_parents)
        if entered.person is None or switched:
            return self._again(details, entered.problems, 422 if entered.problems else 200)
        return self._take(session_id, details, entered.person, now)

    def _take(self, session_id: str, details: Snapshot, person: Person, now: datetime) -> Response:
        """Sign somebody up; `details` may be old, and are shown only where the store cannot be asked for others."""
        limits = self._context.limits
        try:
            result = self._context.store.sign_up(
                session_id,
                person,
                registration_id=self._wiring.new_registration_id(),
                now=now,
                limits=(*limits.of_client(g.client), *limits.of_recipient(person.email)),
            )
        except StoreError as error:
            log_failure(error)
            return self._again(details, {}, 503, trouble=UNAVAILABLE_FORM, retry_after=RETRY_AFTER)
        except Refused as error:
            # Why nobody may sign up goes first, and comes with what the page says of the session.
            _standing, details = self._open(session_id, now)
            if isinstance(error, TooManyNames):
                return self._again(details, {signup.EMAIL.name: Problem(TOO_MANY_NAMES)}, 422)
            if isinstance(error, LimitReached):
                wait = int(error.window.total_seconds())
                return self._again(details, {}, 429, trouble=LIMITED_FORM, retry_after=wait)
            raise
        self._wiring.wake()
        state, language = result.registration.state, g.language
        return self._done(Receipt(session_id, state, result.place, language, result.repeated), now)

    def _open(self, session_id: str, now: datetime) -> tuple[Occupancy, Snapshot]:
        """Read a session for which people may sign up. Raises UnknownSession, Refused."""
        self._known.pop(session_id, None)
        occupancy = self._context.store.session(session_id)
        g.details = details = read(occupancy.terms.snapshot_json)
        if refused := refusal(occupancy.terms, now):
            raise refused
        # Not the parents' form, which has fewer fields: should the session turn into one for staff, a good form
        # would pass for the old one, too, and the rest of it would be lost.
        if not details.for_parents:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[session_id] = details
        return occupancy, details

    def form(self, session_id: str) -> Response:
        """Lead who opens the form's address to the page with the form."""
        g.language = language = page_language()
        return to(read(self._context.store.session(session_id).terms.snapshot_json).paths[language])

    def done(self, token: str) -> Response:
        """Say what came of a sign-up; whoever has this address can do nothing with it."""
        now = self._wiring.now()
        receipt = self._context.tokens.read_receipt(token, now)
        g.language = language = page_language(receipt.language)
        terms = self._context.store.session(receipt.session_id).terms
        details = read(terms.snapshot_json)
        confirmed = receipt.state is State.CONFIRMED
        page = self._context.pages.of_one(CONFIRMED if confirmed else WAITING, language, details)
        return self._context.page(
            "signup_done.html",
            page,
            details,
            confirmed=confirmed,
            place=receipt.place,
            repeated=receipt.repeated,
            has_link=terms.join_url is not None,
            reminder_follows=now < terms.starts - REMINDER_BEFORE,
        )

    def _done(self, receipt: Receipt, now: datetime) -> Response:
        return to(f"/register/done/{self._context.tokens.receipt(receipt, now)}")

    def _again(
        self,
        details: Snapshot,
        problems: Mapping[str, Problem],
        status: int,
        *,
        trouble: FormError | None = None,
        retry_after: int | None = None,
    ) -> Response:
        """Show the form with all that was typed, and say what to do."""
        language: Language = g.language
        gettext = self._context.pages.gettext(language)
        fields = signup.fields(details.for_parents)
        return self._context.page(
            "signup.html",
            self._context.pages.of_session(details, language),
            details,
            status=status,
            retry_after=retry_after,
            fields=fields,
            values={one.name: request.form.get(one.name) for one in fields},
            errors={name: problem.text(gettext) for name, problem in problems.items()},
            trouble=trouble,
        )


def _as_if(occupancy: Occupancy, language: Language) -> Receipt:
    """Return what somebody would be told who signed up now; machines that fill in every field get this."""
    state = state_for_next(occupancy)
    place = occupancy.waiting + 1 if state is State.WAITLISTED else None
    return Receipt(occupancy.terms.session_id, state, place, language)
