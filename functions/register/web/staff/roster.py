# SPDX-License-Identifier: AGPL-3.0-or-later
"""The roster of a session: as a page, for a spreadsheet, and as a sign-in sheet for paper."""

from __future__ import annotations

import unicodedata

from flask import Response

from register.domain.admission import Admission
from register.domain.model import Person, State
from register.domain.roster import as_rows, rows
from register.domain.rules import refusal_of_attendance, refusal_to_all, state_of
from register.domain.spreadsheet import as_excel_csv
from register.web.staff.desk import Desk
from register.web.staff.email_state import email_notes, unsent_emails
from register.web.staff.roster_rows import person_rows, trail_rows
from schedule.model import Language
from schedule.signup import _

BLANK_LINES = 20
"""On the sign-in sheet, for people who come without signing up."""

SHEET = _("Sign-in sheet")

NEWS = {
    "moved": _("Moved to the other date. We’ve sent the email about it."),
    "announced": _("Your message is on its way."),
    "announced-before": _("This message was sent already: nothing was sent again."),
}
"""What has just been done, by the word that stands in the address for it."""


class RosterPages:
    """`/register/staff/sessions/<session>/`, and what shows the same people in other forms."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, session_id: str) -> Response:
        """Show the people of a session, and what staff did."""
        from register.web.staff.roster_contexts import RosterContext

        desk, store = self._desk, self._desk.web.store
        found, language, now = desk.session(session_id), desk.language, desk.now
        roster, zone = store.roster(session_id), found.session.period.zone
        notes = email_notes(store, session_id, roster, unsent_emails(store))
        people = person_rows(roster, notes, zone, language)
        by_state = {state: tuple(row for row in people if row.registration.state is state) for state in State}
        active = (*by_state[State.CONFIRMED], *by_state[State.WAITLISTED])
        context = RosterContext(
            page=desk.page(found.words(language).title, desk.at.staff_session(session_id)),
            member=desk.member,
            news=desk.news(NEWS),
            about=desk.web.pages.about(found.snapshot, language),
            sign_up=state_of(found.terms, now),
            capacity=found.terms.capacity,
            confirmed=tuple(
                sorted(by_state[State.CONFIRMED], key=lambda row: _by_name(row.registration.person))
            ),
            waiting=by_state[State.WAITLISTED],
            cancelled=by_state[State.CANCELLED],
            needs=sum(bool(row.registration.person.needs) for row in active),
            troubles=sum(row.email.state.is_trouble for row in active),
            addable=refusal_to_all(found.terms, now, Admission.LATE) is None,
            is_on=refusal_of_attendance(found.terms, now) is None and now < found.terms.ends,
            trail=tuple(trail_rows(store.trail(session_id), roster, zone, language)),
        )
        return desk.show(context)

    def csv(self, session_id: str) -> Response:
        """Return the roster as Excel opens it."""
        found = self._desk.session(session_id)
        listed = rows(self._desk.web.store.roster(session_id), found.session.period.zone)
        response = Response(as_excel_csv(as_rows(listed)), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{session_id}.csv"'
        return response

    def sheet(self, session_id: str) -> Response:
        """Show the sign-in sheet: everybody who has a seat, by name."""
        from register.web.staff.roster_contexts import SheetContext
        from schedule.site import Link

        desk = self._desk
        found = desk.session(session_id)
        words = found.words(desk.language)
        seated = [each.person for each in desk.web.store.roster(session_id) if each.state is State.CONFIRMED]
        last = len(seated)
        context = SheetContext(
            page=desk.page(
                SHEET,
                desk.at.staff_sheet(session_id),
                crumbs=[Link(words.short_day, desk.at.staff_session(session_id))],
            ),
            member=desk.member,
            session=found.session,
            english=found.words(Language.ENGLISH),
            spanish=found.words(Language.SPANISH),
            people=tuple(sorted(seated, key=_by_name)),
            blank_lines=tuple(range(last + 1, last + 1 + BLANK_LINES)),
        )
        return desk.show(context)


def _by_name(person: Person) -> tuple[str, str]:
    """Order names as people look for them: Álvaro stands beside Alvaro, and not behind Zoe."""
    letters = unicodedata.normalize("NFD", person.name.casefold())
    return "".join(each for each in letters if not unicodedata.combining(each)), person.name
