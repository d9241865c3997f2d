# SPDX-License-Identifier: AGPL-3.0-or-later
"""The email with the personal link once more, for people who have lost it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Response, g, request

from register.domain.errors import LimitReached, UnknownRegistration, UnknownSession
from register.domain.model import State
from register.web.forms import Problem
from register.web.language import page_language, sent_language
from register.web.responses import Context, to
from schedule import signup
from schedule.model import LANGUAGES, Language


def _(message: str) -> str:
    """Mark a message for translation; the page translates it."""
    return message


LOST = _("Get our mail again")


SENT = _("Please look at your mail")


ADDRESS = replace(signup.EMAIL, hint=_("The address with which you signed up."))


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
        alternates = tuple((one, f"?sent=yes&lang={one}") for one in LANGUAGES)
        return self._context.page("signup_link_sent.html", replace(page, alternates=alternates))

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
                if one.state is not State.CANCELLED and self._store.session(one.session_id).terms.ends > now:
                    recorded |= self._store.resend(one.session_id, one.registration_id, now=now)
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
