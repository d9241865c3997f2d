# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of a session, and what it sends."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import Response, g, request

from register.domain.errors import LimitReached, TooManyNames
from register.domain.model import Occupancy, Person, State
from register.domain.near_misses import near_miss
from register.domain.rules import refusal, refusal_to_all, state_for_next
from register.domain.snapshot import Snapshot, read
from register.stores.errors import StoreError
from register.web.again import told_before
from register.web.error_pages import LIMITED_FORM, UNAVAILABLE_FORM
from register.web.forms import TOO_MANY_NAMES, FieldProblem, sent_values
from register.web.language import page_language, sent_language, switched_language
from register.web.messages import FormError
from register.web.responses import RETRY_AFTER, Web, log_failure, to
from register.web.tokens import Receipt
from schedule import signup
from schedule.model import Language

AGAIN = "as"
"""In the query, the token of people who sign up once more."""


class SigningUp:
    """`/register/<session>`."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def sign_up(self, session_id: str) -> Response:
        """Take what the form of a session sends."""
        g.language = page_language(sent_language())
        now = self._web.clock()
        occupancy = self._web.store.session(session_id)
        g.snapshot = snapshot = read(occupancy.terms.snapshot_json, session_id)
        if refused := refusal_to_all(occupancy.terms, now):
            raise refused
        # Somebody who has a seat may ask once more when the line is closed.
        line_closed = refusal(occupancy, now)
        if request.form.get(signup.HONEYPOT):
            if line_closed:
                raise line_closed
            return self._done(self._as_if(occupancy, now), now)
        entered = self._web.forms.read(sent_values(request.form), for_parents=snapshot.for_parents)
        if entered.person is None or switched_language() is not None:
            if line_closed:
                raise line_closed
            return self._form_again(snapshot, entered.problems, 422 if entered.problems else 200)
        return self._take(session_id, snapshot, entered.person, now)

    def form(self, session_id: str) -> Response:
        """Show the form to people who sign up once more; lead others to the page of the session, where it stands."""
        g.language = language = page_language()
        occupancy, now = self._web.store.session(session_id), self._web.clock()
        token = request.args.get(AGAIN)
        if token is None or refusal(occupancy, now):
            return to(self._web.pages.addresses(language).session(occupancy.terms.session_id))
        snapshot = read(occupancy.terms.snapshot_json, session_id)
        return self._form(snapshot, told_before(self._web, session_id, token, now), {}, 200)

    def _take(self, session_id: str, snapshot: Snapshot, person: Person, now: datetime) -> Response:
        """Sign somebody up, or show the form again where that is not possible now."""
        limits = self._web.limits
        try:
            signed_up = self._web.store.sign_up(
                session_id,
                person,
                registration_id=self._web.new_registration_id(),
                now=now,
                limits=(*limits.of_client(g.client), *limits.of_recipients(person.email)),
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
        made, new_id = signed_up.registration, self._web.new_registration_id
        return self._done(
            Receipt(
                session_id,
                made.state,
                signed_up.place,
                g.language,
                new_id() if signed_up.repeated else made.registration_id,
                new_id(),
                signed_up.repeated,
            ),
            now,
        )

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
        values = sent_values(request.form)
        return self._form(snapshot, values, problems, status, error=error, retry_after=retry_after)

    def _form(
        self,
        snapshot: Snapshot,
        values: Mapping[str, str],
        problems: Mapping[str, FieldProblem],
        status: int,
        *,
        error: FormError | None = None,
        retry_after: int | None = None,
    ) -> Response:
        from register.web.contexts import SignUpContext

        language: Language = g.language
        pages, fields = self._web.pages, signup.fields(snapshot.for_parents)
        gettext = pages.gettext(language)
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

    def _as_if(self, occupancy: Occupancy, now: datetime) -> Receipt:
        """Return what somebody would be told who signed up now; machines that fill in every field get this."""
        state, new_id = state_for_next(occupancy, now), self._web.new_registration_id
        place = occupancy.waiting + 1 if state is State.WAITLISTED else None
        return Receipt(occupancy.terms.session_id, state, place, g.language, new_id(), new_id())
