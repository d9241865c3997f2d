# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the form of a session to the page that says what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Response, g, request

from register.domain.errors import LimitReached, TooManyNames
from register.domain.model import Occupancy, Person, State
from register.domain.near_misses import near_miss
from register.domain.notifications import REMINDER_BEFORE
from register.domain.rules import refusal, state_for_next
from register.domain.snapshot import Snapshot, read
from register.stores import StoreError
from register.web.error_pages import LIMITED_FORM, UNAVAILABLE_FORM
from register.web.forms import TOO_MANY_NAMES, FieldProblem, sent_values
from register.web.language import page_language, sent_language, switched_language
from register.web.messages import FormError
from register.web.responses import RETRY_AFTER, Web, log_failure, to
from register.web.tokens import Receipt
from schedule import signup
from schedule.model import Language
from schedule.signup import _

CONFIRMED = _("You are signed up")
WAITING = _("You are on the waiting list")


class SigningUp:
    """`/register/<session>` and `/register/done/<receipt>`."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def sign_up(self, session_id: str) -> Response:
        """Take what the form of a session sends."""
        g.language = page_language(sent_language())
        now = self._web.clock()
        occupancy = self._web.store.session(session_id)
        g.snapshot = snapshot = read(occupancy.terms.snapshot_json, session_id)
        if refused := refusal(occupancy, now, seated=True):
            raise refused
        # Somebody who has a seat may ask once more when the line is closed.
        line_closed = refusal(occupancy, now)
        if request.form.get(signup.HONEYPOT):
            if line_closed:
                raise line_closed
            return self._done(_as_if(occupancy, g.language, now), now)
        entered = self._web.forms.read(sent_values(request.form), for_parents=snapshot.for_parents)
        if entered.person is None or switched_language() is not None:
            if line_closed:
                raise line_closed
            return self._form_again(snapshot, entered.problems, 422 if entered.problems else 200)
        return self._take(session_id, snapshot, entered.person, now)

    def form(self, session_id: str) -> Response:
        """Lead people who open the form's own path to the page with the form."""
        g.language = language = page_language()
        terms = self._web.store.session(session_id).terms
        return to(self._web.pages.addresses(language).session(terms.session_id))

    def done(self, token: str) -> Response:
        """Say what came of a sign-up; people who have this link can do nothing with it."""
        from register.web.contexts import DoneContext

        now = self._web.clock()
        receipt = self._web.tokens.read_receipt(token, now)
        g.language = language = page_language(receipt.language)
        terms = self._web.store.session(receipt.session_id).terms
        snapshot = read(terms.snapshot_json, terms.session_id)
        confirmed = receipt.state is State.CONFIRMED
        pages = self._web.pages
        return self._web.page(
            DoneContext(
                page=pages.of_one(CONFIRMED if confirmed else WAITING, language, snapshot),
                about=pages.about(snapshot, language),
                confirmed=confirmed,
                place=receipt.place,
                repeated=receipt.repeated,
                has_link=terms.join_url is not None,
                reminder_follows=now < terms.starts - REMINDER_BEFORE,
            )
        )

    def _take(self, session_id: str, snapshot: Snapshot, person: Person, now: datetime) -> Response:
        """Sign somebody up, or show the form again where that is not possible now."""
        limits = self._web.limits
        try:
            signed_up = self._web.store.sign_up(
                session_id,
                person,
                registration_id=self._web.new_registration_id(),
                now=now,
                limits=(*limits.of_client(g.client), *limits.of_recipient(person.email)),
            )
        except TooManyNames:
            return self._form_again(snapshot, {signup.EMAIL.name: FieldProblem(TOO_MANY_NAMES)}, 422)
        except LimitReached as error:
            wait = int(error.window.total_seconds())
            return self._form_again(snapshot, {}, 429, error=LIMITED_FORM, retry_after=wait)
        except StoreError as error:
            log_failure(error)
            return self._form_again(snapshot, {}, 503, error=UNAVAILABLE_FORM, retry_after=RETRY_AFTER)
        self._web.wake()
        state = signed_up.registration.state
        return self._done(Receipt(session_id, state, signed_up.place, g.language, signed_up.repeated), now)

    def _done(self, receipt: Receipt, now: datetime) -> Response:
        addresses = self._web.pages.addresses(receipt.language)
        return to(addresses.done(self._web.tokens.receipt(receipt, now)))

    def _form_again(
        self,
        snapshot: Snapshot,
        problems: Mapping[str, FieldProblem],
        status: int,
        *,
        error: FormError | None = None,
        retry_after: int | None = None,
    ) -> Response:
        """Show the form with all that was typed, and say what to do."""
        from register.web.contexts import SignUpContext

        language: Language = g.language
        pages, fields = self._web.pages, signup.fields(snapshot.for_parents)
        gettext, values = pages.gettext(language), sent_values(request.form)
        context = SignUpContext(
            page=pages.of_session(snapshot, language),
            about=pages.about(snapshot, language),
            fields=fields,
            values={field.name: values.get(field.name) for field in fields},
            suggestion=near_miss(values.get(signup.EMAIL.name, "")),
            errors={name: problem.text(gettext) for name, problem in problems.items()},
            trouble=error,
        )
        return self._web.page(context, status=status, retry_after=retry_after)


def _as_if(occupancy: Occupancy, language: Language, now: datetime) -> Receipt:
    """Return what somebody would be told who signed up now; machines that fill in every field get this."""
    state = state_for_next(occupancy, now)
    place = occupancy.waiting + 1 if state is State.WAITLISTED else None
    return Receipt(occupancy.terms.session_id, state, place, language)
