# SPDX-License-Identifier: AGPL-3.0-or-later
"""The Flask application of the staff desk: its routes, and the guard before all that is for staff alone."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from flask import Flask, Response, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from register.domain.errors import UnknownRegistration, UnknownSession
from register.web.error_pages import TOO_LARGE
from register.web.guarded_app import Route, guarded_app
from register.web.language import asked_language, language_named, page_language, sent_language
from register.web.messages import ErrorPage
from register.web.staff.adding import Adding
from register.web.staff.announcing import Announcing
from register.web.staff.attendance import TakingAttendance
from register.web.staff.attendance_messages import TOO_LARGE_REPORT
from register.web.staff.desk import Desk, NotSignedIn
from register.web.staff.feed import StaffFeed
from register.web.staff.first_page import FirstPage
from register.web.staff.people import People
from register.web.staff.report import Counting
from register.web.staff.roster import RosterPages
from register.web.staff.sign_in import FIRST, NOT_SIGNED_IN, SigningIn
from schedule.addresses import Addresses
from schedule.model import DEFAULT_LANGUAGE
from schedule.signup import _

FORM_LIMIT = 256 * 1024
"""Bytes that a form of the desk may have: a tick for each of hundreds of people."""

UPLOAD_LIMIT = 1024 * 1024
"""Bytes that an upload may have, the rest of its form included."""

MOST_FIELDS = 3000
"""Fields that an upload may have beside the file: two for each person on the list."""


class ReadAtOnce(BytesIO):
    """A body that its first read returns whole.

    Werkzeug reads a form with a file in pieces of 64 KB, and where a piece ends beside an empty field it takes
    the next field for that one's value (pallets/werkzeug#3285): somebody's tick would be lost.
    """

    def read(self, _size: int | None = -1, /) -> bytes:
        """Return what is left, however little is asked for."""
        return super().read()


_LANGUAGE = "staff-lang"
_SESSION = "<session_id>"

NO_SESSION = ErrorPage(
    404,
    _("We can’t find this session"),
    _("It may have been taken off the schedule, or it isn’t one of yours."),
    _("The first page of the staff desk lists your sessions."),
)
NO_REGISTRATION = ErrorPage(
    404,
    _("We can’t find this registration"),
    _("The person may have signed up again, or their details have been erased."),
    _("Nothing was changed. The roster shows who is signed up now."),
)


def create_desk(desk: Desk) -> Flask:
    """Return the application (PEP 3333) that answers below `/register/staff/`."""
    signing_in, first, feed = SigningIn(desk), FirstPage(desk), StaffFeed(desk)
    at = desk.web.pages.addresses(DEFAULT_LANGUAGE)
    for_all = (
        ("GET", at.staff, lambda: first.show() if g.member else signing_in.show()),
        ("POST", at.staff, signing_in.ask),
        ("GET", at.staff_sign_in("<token>"), signing_in.offer),
        ("POST", at.staff_sign_in("<token>"), signing_in.sign_in),
        ("POST", at.staff_sign_out, signing_in.sign_out),
        ("GET", at.staff_feed("<token>"), feed.show),  # programs have no cookie
    )
    attendance, report = TakingAttendance(desk), Counting(desk)
    for_staff: tuple[Route, ...] = (
        ("POST", at.staff_search, first.search),
        ("GET", at.staff_search, first.come_back),
        ("POST", at.staff_new_feed, feed.renew),
        ("GET", at.staff_attendance(_SESSION), attendance.show),
        ("POST", at.staff_attendance(_SESSION), attendance.save),
        ("POST", at.staff_upload(_SESSION), attendance.upload),
        ("GET", at.staff_upload(_SESSION), attendance.come_back),
        ("GET", at.staff_report, report.show),
        ("GET", at.staff_report_csv, report.download),
        *_of_people(desk, at),
    )
    app = guarded_app(desk.web, (*for_all, *for_staff), desk.error_page, strict_slashes=False)
    _add_guard(app, desk, {f"{method} {path}" for method, path, _view in for_all})
    app.register_error_handler(
        NotSignedIn,
        # Not 401: that asks the browser for a name and a password (RFC 9110, section 15.5.2).
        lambda _error: (
            signing_in.form(403, trouble=NOT_SIGNED_IN)
            if request.method == "POST"
            else signing_in.form(403, news=FIRST)
        ),
    )
    app.register_error_handler(RequestEntityTooLarge, lambda _error: desk.error_page(_too_large(at)))
    app.register_error_handler(UnknownSession, lambda _error: desk.error_page(NO_SESSION))
    app.register_error_handler(UnknownRegistration, lambda _error: desk.error_page(NO_REGISTRATION))
    return app


def _too_large(at: Addresses) -> ErrorPage:
    is_upload = request.endpoint == f"POST {at.staff_upload(_SESSION)}"
    return TOO_LARGE_REPORT if is_upload and g.get("member") else TOO_LARGE


def _of_people(desk: Desk, at: Addresses) -> Iterator[Route]:
    """Yield what is about the people of one session."""
    roster, adding, people, announcing = RosterPages(desk), Adding(desk), People(desk), Announcing(desk)
    session, person = "<session_id>", ("<session_id>", "<registration_id>")
    yield "GET", at.staff_session(session), roster.show
    yield "GET", at.staff_roster_csv(session), roster.csv
    yield "GET", at.staff_sheet(session), roster.sheet
    yield "GET", at.staff_people(session), adding.show
    yield "POST", at.staff_people(session), adding.add
    yield "GET", at.staff_person(*person), people.show
    for action, view in (
        ("correct", people.correct),
        ("move", people.move),
        ("cancel", people.cancel),
        ("resend", people.resend),
    ):
        yield "POST", at.staff_person(*person, action), view
        yield "GET", at.staff_person(*person, action), people.come_back
    yield "GET", at.staff_message(session), announcing.show
    yield "POST", at.staff_message(session), announcing.send


def _add_guard(app: Flask, desk: Desk, for_all: set[str]) -> None:
    upload = f"POST {desk.web.pages.addresses(DEFAULT_LANGUAGE).staff_upload(_SESSION)}"

    def before() -> None:
        chosen = language_named(request.cookies.get(f"{desk.cookie_prefix}{_LANGUAGE}"))
        g.language = page_language(chosen)  # until more is known, as where the store does not answer
        g.member = member = desk.identified()
        if member is not None:
            # Only now: nobody else may send so much.
            limit = UPLOAD_LIMIT if request.endpoint == upload else FORM_LIMIT
            request.max_content_length = request.max_form_memory_size = limit
            request.max_form_parts = MOST_FIELDS
            request.stream = ReadAtOnce(request.get_data(cache=False))
        g.language = page_language(sent_language() or chosen or (member.language if member else None))
        if member is None and request.url_rule and request.endpoint not in for_all:
            raise NotSignedIn

    def after(response: Response) -> Response:
        """Keep the language that was asked for while the browser stays open."""
        if language := asked_language():
            response.set_cookie(
                f"{desk.cookie_prefix}{_LANGUAGE}",
                language.value,
                path=desk.cookie_path,
                secure=desk.is_secure,
                httponly=True,
                samesite="Lax",
            )
        return response

    app.before_request(before)
    app.after_request(after)
