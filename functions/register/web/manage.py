# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own registration, by the link in the email: seen, corrected, moved to another date, canceled."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, g, request

from register.domain.changes import MoveResult
from register.domain.errors import (
    LimitReached,
    LineClosed,
    NotActive,
    PersonTaken,
    SameSession,
    SessionCancelled,
    SessionOver,
    SessionStarted,
    SignUpClosed,
    TooManyNames,
    UnknownRegistration,
    UnknownSession,
)
from register.domain.model import ChangedBy, Registration
from register.domain.snapshot import read
from register.stores.errors import StoreError
from register.web.error_pages import ADDRESS_CHANGED, LIMITED_DETAILS, TAKEN, UNAVAILABLE_DETAILS
from register.web.forms import TOO_MANY_NAMES, FieldProblem, sent_values
from register.web.language import asked_language, page_language, sent_language
from register.web.manage_page import Sent, manage_page
from register.web.messages import FormError
from register.web.own import Own, calendar_response, own_events
from register.web.responses import RETRY_AFTER, Web, log_failure, to
from register.web.security import possible_id
from register.web.tokens import Managed
from schedule import signup
from schedule.model import DEFAULT_LANGUAGE, Language

NEWS = "news"
"""Says in the address of the page what has just been done."""


class OwnRegistration:
    """`/register/manage/<token>` and what is below it."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def show(self, token: str) -> Response:
        """Show a registration to people who have the link of its newest email."""
        own = self._own(self._web.tokens.read_manage(token))
        return manage_page(self._web, own, token, news=request.args.get(NEWS))

    def event(self, token: str) -> Response:
        """Return the event of a registration as a file; with nothing to add, a calendar without events."""
        from schedule.own_calendars import own_file

        own = self._own(self._web.tokens.read_manage(token))
        events = own_events(self._web.store, [own], self._web.clock())
        language = own.registration.person.language
        data = own_file(events, language, self._web.site_url, self._web.pages.gettext)
        response = calendar_response(data)
        name = f"{own.registration.session_id}.ics"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def come_back(self, token: str) -> Response:
        """Lead people who reload the page that changes something, or come back to it, to the registration."""
        self._web.tokens.read_manage(token)
        return self._to_page(token, asked_language())

    def cancel(self, token: str) -> Response:
        """Cancel it, then show that it is canceled; a second time changes nothing."""
        language, managed = sent_language(), self._sent(token)
        now = self._web.clock()
        self._registration(managed)
        try:
            self._web.store.cancel(managed.session_id, managed.registration_id, now=now, by=ChangedBy.PERSON)
        except SessionOver:
            return self._refused(managed, token)
        except UnknownSession as error:
            raise UnknownRegistration(managed.session_id) from error
        self._web.wake()
        return self._to_page(token, language)

    def correct(self, token: str) -> Response:
        """Correct what a person told us; seat or place stays."""
        managed = self._sent(token)
        own = self._own(managed)
        entered = self._web.forms.read_details(
            sent_values(request.form), for_parents=own.snapshot.for_parents
        )
        if entered.person is None:
            return self._details_again(own, token, 422, problems=entered.problems)
        before, now, limits = own.registration.person, self._web.clock(), self._web.limits
        mailboxes = limits.of_recipients(before.email, entered.person.email)
        try:
            after = self._web.store.amend(
                managed.session_id,
                managed.registration_id,
                entered.person,
                now=now,
                by=ChangedBy.PERSON,
                link_generation=managed.link_generation,
                limits=(*limits.of_client(g.client), *mailboxes),
            )
        except (NotActive, SessionCancelled, SessionOver):
            return self._refused(managed, token)
        except UnknownSession as error:
            raise UnknownRegistration(managed.session_id) from error
        except PersonTaken:
            return self._details_again(own, token, 409, trouble=TAKEN)
        except TooManyNames:
            problem = {signup.EMAIL.name: FieldProblem(TOO_MANY_NAMES)}
            return self._details_again(own, token, 422, problems=problem)
        except LimitReached as error:
            wait = int(error.window.total_seconds())
            return self._details_again(own, token, 429, trouble=LIMITED_DETAILS, retry_after=wait)
        except StoreError as error:
            log_failure(error)
            return self._details_again(own, token, 503, trouble=UNAVAILABLE_DETAILS, retry_after=RETRY_AFTER)
        self._web.wake()
        if after.link_generation != managed.link_generation:
            # The link that works from now on is for whoever reads the new address, and nobody else.
            return self._web.error_page(ADDRESS_CHANGED)
        return self._to_page(token, sent_language(), "same" if after.person == before else "corrected")

    def move(self, token: str) -> Response:
        """Move to another date of the training, or wait there and keep what there is here."""
        managed = self._sent(token)
        own, limits = self._own(managed), self._web.limits
        if not own.registration.is_active:
            # Also the same once more: the link of somebody who has moved leads to no page with power over the new one.
            return self._refused(managed, token)
        try:
            moved = self._web.store.move(
                managed.session_id,
                managed.registration_id,
                to=possible_id(request.form.get("session", "")),
                new_registration_id=self._web.new_registration_id(),
                now=self._web.clock(),
                by=ChangedBy.PERSON,
                link_generation=managed.link_generation,
                limits=(*limits.of_client(g.client), *limits.of_recipients(own.registration.person.email)),
            )
        except NotActive:
            return self._refused(managed, token)
        except SessionStarted:
            return self._refused(managed, token, "started")
        except SameSession:
            return self._refused(managed, token, MoveResult.THERE_ALREADY.value)
        except (SignUpClosed, LineClosed, SessionCancelled, SessionOver):
            return self._refused(managed, token, "takes-nobody")
        except TooManyNames:
            return self._refused(managed, token, "too-many-names")
        self._web.wake()
        if moved.result in {MoveResult.THERE_ALREADY, MoveResult.WAITING_ALREADY}:
            return self._to_page(token, sent_language(), moved.result.value)
        there = moved.there
        new = self._web.tokens.manage(there.session_id, there.registration_id, there.link_generation)
        return self._to_page(new, sent_language(), moved.result.value)

    def _sent(self, token: str) -> Managed:
        """Read the token of a form that was sent, and answer in the form's language. Raises BadToken."""
        g.language = page_language(sent_language())
        return self._web.tokens.read_manage(token)

    def _registration(self, managed: Managed) -> Registration:
        """Return the registration that a link has power over. Raises UnknownRegistration."""
        registration = self._web.store.registration(managed.session_id, managed.registration_id)
        if registration is None:
            raise UnknownRegistration(managed.session_id)
        # Before the next check: people who open an old link read in the same language that it no longer works.
        g.language = page_language(sent_language() or registration.person.language)
        if registration.link_generation != managed.link_generation:
            raise UnknownRegistration(managed.session_id)
        return registration

    def _own(self, managed: Managed) -> Own:
        """Return that registration with its session. Raises UnknownRegistration."""
        registration = self._registration(managed)
        try:
            occupancy = self._web.store.session(managed.session_id)
        except UnknownSession as error:
            raise UnknownRegistration(managed.session_id) from error
        return Own(registration, occupancy, read(occupancy.terms.snapshot_json, managed.session_id))

    def _refused(self, managed: Managed, token: str, news: str | None = None) -> Response:
        """Show the registration as it is by now: it says why nothing can be done, or the news does."""
        return manage_page(self._web, self._own(managed), token, news=news, status=409)

    def _details_again(
        self,
        own: Own,
        token: str,
        status: int,
        *,
        problems: Mapping[str, FieldProblem] | None = None,
        trouble: FormError | None = None,
        retry_after: int | None = None,
    ) -> Response:
        """Show the page with the form as it was sent, and say what to do."""
        typed = sent_values(request.form)
        values = {each.name: typed.get(each.name, "") for each in signup.details(own.snapshot.for_parents)}
        sent = Sent(values, problems or {}, trouble)
        return manage_page(self._web, own, token, sent=sent, status=status, retry_after=retry_after)

    def _to_page(self, token: str, language: Language | None, news: str | None = None) -> Response:
        """Lead to a registration; the token is one of ours."""
        addresses = self._web.pages.addresses(language or DEFAULT_LANGUAGE)
        asked = ([f"lang={language}"] if language else []) + ([f"{NEWS}={news}"] if news else [])
        return to(addresses.manage(token) + (f"?{'&'.join(asked)}" if asked else ""))
