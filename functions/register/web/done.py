# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page after a sign-up, which may for a while correct what was mistyped.

Nobody proves to be somebody by it, so that a receipt has power only over what its own request has made, and only
while nobody has changed anything by the link in the email. docs/decisions/0026-receipt.md says what that leaves open.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Response, g, request

from register.domain.errors import (
    LimitReached,
    NotActive,
    PersonTaken,
    SessionCancelled,
    SessionOver,
    TooManyNames,
    UnknownRegistration,
)
from register.domain.model import ChangedBy, Person, Registration, SessionTerms, State
from register.domain.near_misses import near_miss
from register.domain.notifications import REMINDER_BEFORE
from register.domain.rate_limits import Limit
from register.domain.rules import state_of
from register.domain.snapshot import read
from register.web.again import FormTokens, in_power, ways_on
from register.web.error_pages import LIMITED_CORRECTION, NO_CORRECTION
from register.web.forms import TAKEN, TOO_MANY_NAMES, FieldProblem, sent_values
from register.web.language import page_language, sent_language, switched_language
from register.web.messages import FormError
from register.web.responses import Web, to
from register.web.tokens import RECEIPT_LASTS, Receipt
from schedule import signup
from schedule.model import Language
from schedule.sign_up_state import SignUpState
from schedule.signup import _

if TYPE_CHECKING:
    from register.web.contexts import DetailsForm

CONFIRMED = _("You are signed up")
WAITING = _("You are on the waiting list")

CORRECTIONS = 3
"""How often one receipt corrects, whatever comes of it."""

_FIELDS = (signup.NAME, signup.EMAIL)
_OVER = (SignUpState.PAST, SignUpState.CANCELLED)
_NO_POWER = (UnknownRegistration, NotActive, SessionCancelled, SessionOver)


class AfterSignUp:
    """`/register/done/<receipt>` and `/register/done/<receipt>/correct`."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def show(self, token: str) -> Response:
        """Say what came of a sign-up."""
        receipt = self._web.tokens.read_receipt(token, self._web.clock())
        g.language = page_language(receipt.language)
        return self._page(token, receipt, 200)

    def correct(self, token: str) -> Response:
        """Change name and email address of what this sign-up has made; seat and place stay."""
        now = self._web.clock()
        g.language = page_language(sent_language())  # for a receipt that cannot be read
        receipt = self._web.tokens.read_receipt(token, now)
        g.language = page_language(sent_language() or receipt.language)
        registration = in_power(self._web, receipt)
        if registration is None or request.form.get(signup.HONEYPOT):
            return self._page(token, receipt, 409, trouble=NO_CORRECTION)
        entered = self._web.forms.read_correction(sent_values(request.form), registration.person)
        if entered.person is None or switched_language() is not None:
            return self._page(token, receipt, 422, entered.problems)
        return self._amend(token, receipt, registration, entered.person, now)

    def come_back(self, token: str) -> Response:
        """Lead people who reload the address of the form, or come back to it, to the page."""
        g.language = page_language(self._web.tokens.read_receipt(token, self._web.clock()).language)
        return self._to_page(token)

    def _to_page(self, token: str, query: str = "") -> Response:
        language: Language = g.language
        return to(f"{self._web.pages.addresses(language).done(token)}?{query}lang={language}")

    def _amend(
        self, token: str, receipt: Receipt, registration: Registration, person: Person, now: datetime
    ) -> Response:
        try:
            self._web.store.amend(
                receipt.session_id,
                receipt.registration_id,
                person,
                now=now,
                by=ChangedBy.PERSON,
                receipt=True,
                limits=self._limits(receipt, registration.person, person),
            )
        except _NO_POWER:
            return self._page(token, receipt, 409, trouble=NO_CORRECTION)
        except PersonTaken:
            return self._page(token, receipt, 422, {signup.NAME.name: FieldProblem(TAKEN)})
        except TooManyNames:
            return self._page(token, receipt, 422, {signup.EMAIL.name: FieldProblem(TOO_MANY_NAMES)})
        except LimitReached as error:
            wait = int(error.window.total_seconds())
            return self._page(token, receipt, 429, trouble=LIMITED_CORRECTION, retry_after=wait)
        self._web.wake()
        return self._to_page(token, "" if person == registration.person else "corrected=yes&")

    def _limits(self, receipt: Receipt, before: Person, after: Person) -> tuple[Limit, ...]:
        """Return what a correction counts against: this receipt, the network, and both mailboxes."""
        limits = self._web.limits
        return (
            Limit("receipt", f"receipt:{receipt.nonce}", CORRECTIONS, RECEIPT_LASTS),
            *limits.of_client(g.client),
            *limits.of_recipients(before.email, after.email),
        )

    def _page(
        self,
        token: str,
        receipt: Receipt,
        status: int,
        problems: Mapping[str, FieldProblem] | None = None,
        *,
        trouble: FormError | None = None,
        retry_after: int | None = None,
    ) -> Response:
        """Show the page; the calls of the store are the same for every receipt."""
        from register.web.contexts import DoneContext

        now, language, pages = self._web.clock(), g.language, self._web.pages
        occupancy = self._web.store.session(receipt.session_id)
        registration = in_power(self._web, receipt)
        terms = occupancy.terms
        snapshot = read(terms.snapshot_json, terms.session_id)
        confirmed = receipt.state is State.CONFIRMED
        details = self._details(token, registration, terms, problems or {})
        context = DoneContext(
            page=pages.of_one(CONFIRMED if confirmed else WAITING, language, snapshot),
            about=pages.about(snapshot, language),
            confirmed=confirmed,
            place=receipt.place,
            repeated=receipt.repeated,
            has_link=terms.join_url is not None,
            reminder_follows=now < terms.starts - REMINDER_BEFORE,
            again=ways_on(self._web, occupancy, snapshot, FormTokens(token, token), language, now),
            email=registration.person.email if registration and details else None,
            details=details,
            trouble=trouble,
            corrected="corrected" in request.args,
        )
        return self._web.page(context, status=status, retry_after=retry_after)

    def _details(
        self,
        token: str,
        registration: Registration | None,
        terms: SessionTerms,
        problems: Mapping[str, FieldProblem],
    ) -> DetailsForm | None:
        """Return the form, with what is stored or what was typed; none without power."""
        if registration is None or state_of(terms, self._web.clock()) in _OVER:
            return None
        from register.web.contexts import DetailsForm

        language: Language = g.language
        gettext, person = self._web.pages.gettext(language), registration.person
        sent = sent_values(request.form)
        values = {
            signup.NAME.name: sent.get(signup.NAME.name, person.name),
            signup.EMAIL.name: sent.get(signup.EMAIL.name, person.email),
        }
        return DetailsForm(
            action=self._web.pages.addresses(language).correct_done(token),
            fields=_FIELDS,
            values=values,
            errors={name: problem.text(gettext) for name, problem in problems.items()},
            suggestion=near_miss(values[signup.EMAIL.name]) if sent else None,
        )
