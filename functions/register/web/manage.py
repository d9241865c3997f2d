# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own registration, by the link in the email."""

from __future__ import annotations

from flask import Response, g

from register.domain.errors import SessionOver, UnknownRegistration, UnknownSession
from register.domain.model import ChangedBy, Registration, State
from register.domain.rules import line_is_open, state_of
from register.domain.snapshot import read
from register.web.language import asked_language, page_language, sent_language
from register.web.responses import Web, to
from register.web.tokens import Managed
from schedule.model import DEFAULT_LANGUAGE, Language
from schedule.sign_up_state import SignUpState
from schedule.signup import _

OWN = _("Your registration")


class OwnRegistration:
    """`/register/manage/<token>` and `/register/manage/<token>/cancel`."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def show(self, token: str) -> Response:
        """Show a registration to people who have the link of its newest email."""
        return self._page(self._web.tokens.read_manage(token), token)

    def cancel(self, token: str) -> Response:
        """Cancel it, then show that it is canceled; a second time changes nothing."""
        language = sent_language()
        g.language = page_language(language)
        managed = self._web.tokens.read_manage(token)
        now = self._web.clock()
        self._registration(managed)
        try:
            self._web.store.cancel(managed.session_id, managed.registration_id, now=now, by=ChangedBy.PERSON)
        except SessionOver:
            return self._page(managed, token, status=409)
        except UnknownSession as error:
            raise UnknownRegistration(managed.session_id) from error
        self._web.wake()
        return self._to_page(token, language)

    def come_back(self, token: str) -> Response:
        """Lead people who reload the page that cancels, or come back to it, to the registration."""
        self._web.tokens.read_manage(token)
        return self._to_page(token, asked_language())

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

    def _page(self, managed: Managed, token: str, status: int = 200) -> Response:
        from register.web.contexts import ManageContext

        registration = self._registration(managed)
        g.language = language = page_language(sent_language() or registration.person.language)
        try:
            occupancy = self._web.store.session(managed.session_id)
        except UnknownSession as error:
            raise UnknownRegistration(managed.session_id) from error
        now = self._web.clock()
        terms = occupancy.terms
        snapshot, sign_up = (
            read(terms.snapshot_json, managed.session_id),
            state_of(terms, now, occupancy.seats_left),
        )
        ended = sign_up in {SignUpState.PAST, SignUpState.CANCELLED} or registration.state is State.CANCELLED
        pages = self._web.pages
        context = ManageContext(
            page=pages.of_one(OWN, language, snapshot),
            about=pages.about(snapshot, language),
            name=registration.person.name,
            state=registration.state,
            changed_by=registration.changed_by,
            sign_up=sign_up,
            place=self._web.store.place(registration),
            line_open=line_is_open(terms, now),
            mails_in=registration.person.language,
            told_needs=bool(registration.person.needs),
            cancel=None if ended else pages.addresses(language).cancel(token),
        )
        return self._web.page(context, status=status)

    def _to_page(self, token: str, language: Language | None) -> Response:
        """Lead to a registration; the token is one of ours."""
        addresses = self._web.pages.addresses(language or DEFAULT_LANGUAGE)
        return to(addresses.manage(token) + (f"?lang={language}" if language else ""))
