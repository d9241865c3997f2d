# SPDX-License-Identifier: AGPL-3.0-or-later
"""The email with the personal link once more, for people who have lost it."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, g, request

from register.domain.errors import LimitReached
from register.domain.near_misses import near_miss
from register.domain.wishes import Wish, WishPurpose
from register.web.forms import FieldProblem, sent_values
from register.web.language import page_language, sent_language
from register.web.responses import Web, to
from schedule import signup
from schedule.model import LANGUAGES, Language
from schedule.signup import _

LOST = _("Get our email again")
SENT = _("Check your email")
EMAIL = replace(signup.EMAIL, hint=_("The email address you signed up with."))


class LostMail:
    """`/register/link`."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def show(self) -> Response:
        """Show the form; or what to do now, after it was sent."""
        g.language = language = page_language()
        if "sent" not in request.args:
            return self._form(language)
        from register.web.contexts import LostMailSentContext

        page = self._web.pages.of_one(SENT, language)
        alternates = tuple((other, f"?sent=yes&lang={other}") for other in LANGUAGES)
        return self._web.page(LostMailSentContext(page=replace(page, alternates=alternates)))

    def send(self) -> Response:
        """Keep that an email address wants its links again; the answer is the same for every one."""
        g.language = language = page_language(sent_language())
        answer = to(f"{self._web.pages.addresses(language).lost_mail}?sent=yes&lang={language}")
        if request.form.get(signup.HONEYPOT):
            return answer
        email = self._web.forms.read_email(sent_values(request.form))
        if isinstance(email, FieldProblem):
            return self._form(language, email)
        now, limits, store = self._web.clock(), self._web.limits, self._web.store
        # Both are counted for every email address: else "too many", here or in a form, would tell who has signed up.
        store.count(limits.of_client(g.client), now=now)
        try:
            store.count(limits.of_recipients(email), now=now)
        except LimitReached:
            return answer
        # Nothing is looked up here: what that takes would tell it, too.
        wish_id = self._web.new_registration_id()
        store.record_wish(Wish(wish_id, WishPurpose.LOST_LINK, email, language, now))
        self._web.wake()
        return answer

    def _form(self, language: Language, problem: FieldProblem | None = None) -> Response:
        from register.web.contexts import LostMailContext

        gettext = self._web.pages.gettext(language)
        email = sent_values(request.form).get(EMAIL.name)
        context = LostMailContext(
            page=self._web.pages.of_one(LOST, language),
            fields=(EMAIL,),
            values={EMAIL.name: email},
            suggestion=near_miss(email or ""),
            errors={} if problem is None else {EMAIL.name: problem.text(gettext)},
        )
        return self._web.page(context, status=200 if problem is None else 422)
