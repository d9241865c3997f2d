# SPDX-License-Identifier: AGPL-3.0-or-later
"""One's own registration, by the link in the mail; and that mail once more for who has lost it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Response, g, request

from register.domain.model import (
    LimitReached,
    SessionOver,
    State,
    UnknownRegistration,
    UnknownSession,
    refusal,
)
from register.domain.snapshot import read
from register.web.forms import Problem
from register.web.responses import Context, asked_language, page_language, sent_language, to
from register.web.tokens import Managed
from schedule import signup
from schedule.model import LANGUAGES, Language, Status


def _(message: str) -> str:
    """Mark a message for translation; the page translates it."""
    return message


OWN = _("Your registration")
LOST = _("Get our mail again")
SENT = _("Please look at your mail")
ADDRESS = replace(signup.EMAIL, hint=_("The address with which you signed up."))


class OwnRegistration:
    """`/register/manage/<token>` and `/register/manage/<token>/cancel`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.store

    def show(self, token: str) -> Response:
        """Show a registration to who has the link of its newest mail."""
        return self._page(self._context.tokens.read_manage(token), token)

    def cancel(self, token: str) -> Response:
        """Cancel it, then show that it is cancelled; once more changes nothing."""
        sent = sent_language()
        g.language = page_language(sent)
        managed = self._context.tokens.read_manage(token)
        now = self._context.wiring.now()
        try:
            self._store.cancel(managed.session_id, managed.identity, managed.rid, now=now)
        except SessionOver:
            return self._page(managed, token, status=409)
        except UnknownSession as error:
            raise UnknownRegistration(managed.session_id) from error
        self._context.wiring.wake()
        return _to_page(token, sent)

    def come_back(self, token: str) -> Response:
        """Lead who reloads the address that cancels, or comes back to it, to the registration."""
        self._context.tokens.read_manage(token)
        return _to_page(token, asked_language())

    def _page(self, managed: Managed, token: str, status: int = 200) -> Response:
        registration = self._store.registration(managed.session_id, managed.identity)
        if registration is None:
            raise UnknownRegistration(managed.session_id)
        # Before the next check: who opens an old link reads in the same language, too, that it no longer works.
        g.language = language = page_language(sent_language() or registration.person.language)
        if registration.rid != managed.rid:
            raise UnknownRegistration(managed.session_id)
        try:
            offer = self._store.session(managed.session_id).offer
        except UnknownSession as error:
            raise UnknownRegistration(managed.session_id) from error
        now = self._context.wiring.now()
        details = read(offer.details)
        over, called_off = offer.ends <= now, offer.status is Status.CANCELLED
        return self._context.page(
            "signup_manage.html",
            self._context.pages.of_one(OWN, language, details),
            details,
            status=status,
            name=registration.person.name,
            state=registration.state,
            place=self._store.place(registration),
            mails_in=registration.person.language,
            told_needs=bool(registration.person.needs),
            over=over,
            called_off=called_off,
            cancel=None
            if over or called_off or registration.state is State.CANCELLED
            else f"/register/manage/{token}/cancel",
            open=refusal(offer, now) is None,
        )


def _to_page(token: str, language: Language | None) -> Response:
    """Lead to a registration; the token is one of ours."""
    return to(f"/register/manage/{token}" + (f"?lang={language}" if language else ""))


class LostMail:
    """`/register/link`."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._store = context.store

    def show(self) -> Response:
        """Show the form; or what to do now, after it was sent."""
        g.language = language = page_language()
        if "sent" not in request.args:
            return self._form(language)
        page = self._context.pages.of_one(SENT, language)
        twins = tuple((one, f"?sent=yes&lang={one}") for one in LANGUAGES)
        return self._context.page("signup_link_sent.html", replace(page, twins=twins))

    def send(self) -> Response:
        """Mail the links again; the answer is the same for every address."""
        g.language = language = page_language(sent_language())
        answer = to(f"/register/link?sent=yes&lang={language}")
        if request.form.get(signup.HONEYPOT):
            return answer
        email = self._context.forms.read_address(request.form)
        if isinstance(email, Problem):
            return self._form(language, email)
        now = self._context.wiring.now()
        limits = self._context.limits
        # Both are counted for every address: else "too often", here or in a form, would tell who has signed up.
        self._store.count(limits.of_client(g.client), now=now)
        try:
            self._store.count(limits.of_recipient(email), now=now)
        except LimitReached:
            return answer
        if self._resend(email, now):
            self._context.wiring.wake()
        return answer

    def _resend(self, email: str, now: datetime) -> bool:
        """Record a mail for each sign-up that still means something; return whether there is one to send."""
        recorded = False
        for one in self._store.registrations_of(email):
            try:
                if one.state is not State.CANCELLED and self._store.session(one.session_id).offer.ends > now:
                    recorded |= self._store.resend(one.session_id, one.identity, now=now)
            except (UnknownSession, UnknownRegistration):
                continue  # it has gone since it was listed
        return recorded

    def _form(self, language: Language, problem: Problem | None = None) -> Response:
        gettext = self._context.pages.gettext(language)
        return self._context.page(
            "signup_link.html",
            self._context.pages.of_one(LOST, language),
            status=200 if problem is None else 422,
            fields=(ADDRESS,),
            values={ADDRESS.name: request.form.get(ADDRESS.name)},
            errors={} if problem is None else {ADDRESS.name: problem.text(gettext)},
        )
