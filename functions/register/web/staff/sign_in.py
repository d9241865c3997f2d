# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing in by a link in an email, and out; nobody learns from it who is staff."""

from __future__ import annotations

from dataclasses import replace

from flask import Response, g, request

from register.domain.errors import LimitReached
from register.domain.near_misses import near_miss
from register.domain.rate_limits import Limit
from register.domain.staff import StaffMember
from register.domain.wishes import KEPT, Wish, WishPurpose
from register.web.forms import FieldProblem, sent_values
from register.web.messages import FormError
from register.web.responses import to
from register.web.staff.desk import Desk
from register.web.staff.tokens import SIGN_IN_LASTS, OldSignInLink, SignInLink
from register.web.tokens import BadToken
from schedule import signup
from schedule.model import LANGUAGES
from schedule.signup import _

SIGN_IN = _("Sign in to the staff desk")
SENT = _("Check your email")
EMAIL = replace(signup.EMAIL, hint=_("The work email address that the office has put on the staff list."))

NEWS = {"signed-out": _("You are signed out, on all your devices.")}

FIRST = _("Please sign in first. Then open the page or the link again.")
"""Where somebody comes from an email or a bookmark: nothing has gone wrong."""

NOT_SIGNED_IN = FormError(
    _("Please sign in"),
    _("You’re not signed in, or it was more than 12 hours ago."),
    _("If you just sent a form, nothing was saved: sign in, and then send it again."),
)
BROKEN_LINK = FormError(
    _("This link doesn’t work"),
    _("Part of it may be missing."),
    _("Open it from our email again, copy all of it, or get a new one below."),
)
OLD_LINK = FormError(
    _("This link no longer works"),
    _("It works once, for 15 minutes."),
    _("Get a new one below."),
)


class SigningIn:
    """`/register/staff/` for people who have not signed in, `/register/staff/in/<token>` and `/register/staff/out`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self) -> Response:
        """Show the form; or what to do now, after it was sent."""
        from register.web.staff.contexts import StaffLinkSentContext

        if "sent" not in request.args:
            return self.form(news=self._desk.news(NEWS))
        page = self._desk.page(SENT)
        alternates = tuple((other, f"?sent=yes&lang={other}") for other in LANGUAGES)
        page = replace(page, alternates=alternates)
        return self._desk.show(StaffLinkSentContext(page=page, member=None, hint=self._desk.hint()))

    def ask(self) -> Response:
        """Keep that an email address wants to sign in; the answer is the same for every one."""
        web, language = self._desk.web, self._desk.language
        answer = to(f"{self._desk.at.staff}?sent=yes&lang={language}")
        if request.form.get(signup.HONEYPOT):
            return answer
        email = web.forms.read_email(sent_values(request.form))
        if isinstance(email, FieldProblem):
            return self.form(422, problem=email)
        now = self._desk.now
        web.store.count(web.limits.of_client(g.client), now=now)
        try:
            web.store.count(web.limits.of_staff_link(email), now=now)
        except LimitReached:
            return answer
        # Nobody is looked up here: what that takes would tell who is staff.
        wish_id = web.new_registration_id()
        web.store.record_wish(Wish(wish_id, WishPurpose.STAFF_LINK, email, language, now))
        web.wake()
        return answer

    def offer(self, token: str) -> Response:
        """Show a button: programs that open the links of an email to look at them press none."""
        from register.web.staff.contexts import StaffInContext

        try:
            _link, member = self._read(token)
        except (BadToken, OldSignInLink) as error:
            return self._refused(error)
        context = StaffInContext(
            page=self._desk.page(SIGN_IN),
            member=None,
            email=member.email,
            action=self._desk.at.staff_sign_in(token),
        )
        return self._desk.show(context)

    def sign_in(self, token: str) -> Response:
        """Sign somebody in, by a link that nobody has used before, and lead to the first page."""
        try:
            link, member = self._read(token)
            self._use(link)
        except (BadToken, OldSignInLink) as error:
            if g.member is not None:  # the button was pressed twice
                return to(self._desk.at.staff)
            return self._refused(error)
        response = to(self._desk.at.staff)
        response.set_cookie(
            self._desk.cookie,
            self._desk.signed_in(member),
            max_age=SIGN_IN_LASTS,
            path=self._desk.cookie_path,
            secure=self._desk.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    def sign_out(self) -> Response:
        """End all sign-ins of whoever asks."""
        member: StaffMember | None = g.member
        if member is not None:
            self._desk.web.store.end_staff_sessions(member.email_hash)
        response = self._desk.to(self._desk.at.staff, "signed-out")
        response.delete_cookie(
            self._desk.cookie,
            path=self._desk.cookie_path,
            secure=self._desk.is_secure,
            httponly=True,
            samesite="Lax",
        )
        return response

    def form(
        self,
        status: int = 200,
        *,
        problem: FieldProblem | None = None,
        trouble: FormError | None = None,
        news: str | None = None,
    ) -> Response:
        """Show the form that asks for the link."""
        from register.web.staff.contexts import StaffSignInContext

        # What was sent to another page is no answer to this one.
        typed = sent_values(request.form).get(EMAIL.name) if problem else None
        context = StaffSignInContext(
            page=self._desk.page(SIGN_IN),
            member=None,
            news=news,
            fields=(EMAIL,),
            values={EMAIL.name: typed},
            errors={} if problem is None else {EMAIL.name: problem.text(self._desk.gettext)},
            suggestion=near_miss(typed or ""),
            trouble=trouble,
            hint=self._desk.hint(),
        )
        return self._desk.show(context, status=status)

    def _refused(self, error: BadToken | OldSignInLink) -> Response:
        return (
            self.form(410, trouble=OLD_LINK)
            if isinstance(error, OldSignInLink)
            else self.form(404, trouble=BROKEN_LINK)
        )

    def _read(self, token: str) -> tuple[SignInLink, StaffMember]:
        """Return a link and whom it signs in. Raises BadToken, OldSignInLink."""
        link = self._desk.tokens.read_link(token, self._desk.now)
        for member in self._desk.staff():
            if member.email_hash == link.email_hash:
                return link, member
        raise OldSignInLink

    def _use(self, link: SignInLink) -> None:
        """See to it that a link is used once. Raises OldSignInLink."""
        # For as long as its email may be sent once more.
        once = Limit("staff-link", f"staff-link:{link.nonce}", 1, KEPT)
        try:
            self._desk.web.store.count([once], now=self._desk.now)
        except LimitReached:
            raise OldSignInLink from None
