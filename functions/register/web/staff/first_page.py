# SPDX-License-Identifier: AGPL-3.0-or-later
"""The first page of the staff desk: the sessions ahead and of the last weeks, and the search for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Response, request

from register.domain.model import Registration
from register.domain.people_search import SearchWords, words_of
from register.stores.errors import Damaged
from register.web.staff.contexts import PersonFound, SessionRow, StaffFirstContext, StaffSearchContext
from register.web.staff.desk import DESK, Desk, DeskSession
from register.web.staff.email_state import unsent_emails
from register.web.staff.feed import feed_url
from register.web.staff.session_rows import row_of
from schedule.signup import FIELD_LIMIT, _

NEWS = {"new-feed": _("Your calendar has a new address. Subscribe to it again; the old one no longer works.")}

LAST_WEEKS = timedelta(weeks=4)
"""For how long a session that is over stays on the first page."""

JUST_OVER = timedelta(hours=12)
"""For how long it stays above those ahead: whoever held it looks for its attendance then."""

SEARCHED_BACK = timedelta(days=180)
"""How long ago a session may be in which people are looked for."""

MOST = 50
"""People whom a search shows; whoever gets more types more of the name."""

SEARCH = _("Find someone")
TOO_SHORT = _("Type at least two letters of a name or an email address.")


class FirstPage:
    """`/register/staff/` for people who have signed in, and `/register/staff/search`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self) -> Response:
        """List the sessions."""
        desk, now = self._desk, self._desk.now
        unsent = unsent_emails(desk.web.store)
        coming: list[SessionRow] = []
        past: list[SessionRow] = []
        for found in desk.sessions(now - LAST_WEEKS):
            is_empty = not (found.occupancy.confirmed or found.occupancy.waiting)
            roster = [] if is_empty else self._roster(found)
            listed = coming if found.terms.ends > now - JUST_OVER else past
            listed.append(row_of(desk, found, roster, unsent))
        context = StaffFirstContext(
            page=desk.page(DESK),
            member=desk.member,
            news=desk.news(NEWS),
            feed=feed_url(desk),
            coming=tuple(coming),
            past=tuple(reversed(past)),
        )
        return desk.show(context)

    def search(self) -> Response:
        """Look for people; what is asked for stands in no address."""
        asked = request.form.get("q", "").strip()[:FIELD_LIMIT]
        words = words_of(asked)
        if not words.is_enough:
            return self._found(asked, error=TOO_SHORT, status=422)
        return self._found(asked, *self._look_for(words))

    def come_back(self) -> Response:
        """Lead people who reload the page of a search to the first page."""
        return self._desk.to(self._desk.at.staff)

    def _look_for(self, words: SearchWords) -> tuple[list[PersonFound], bool]:
        """Return who is meant, first in sessions ahead, and whether a session had to be left out."""
        desk, now = self._desk, self._desk.now
        sessions = [*desk.sessions(now - SEARCHED_BACK)]
        ahead = [each for each in sessions if each.terms.ends > now]
        past = [each for each in reversed(sessions) if each.terms.ends <= now]
        rosters = [(each, self._roster(each)) for each in (*ahead, *past)]
        found = [
            self._one(registration, session)
            for session, roster in rosters
            for registration in roster or ()
            if words.mean(registration.person)
        ]
        return found, any(roster is None for _session, roster in rosters)

    def _one(self, registration: Registration, found: DeskSession) -> PersonFound:
        url = self._desk.at.staff_person(found.session.id, registration.registration_id)
        return PersonFound(registration, found.session, found.words(self._desk.language), url)

    def _found(
        self,
        asked: str,
        found: Sequence[PersonFound] = (),
        left_out: bool = False,
        *,
        error: str | None = None,
        status: int = 200,
    ) -> Response:
        desk = self._desk
        context = StaffSearchContext(
            page=desk.page(SEARCH, desk.at.staff_search),
            member=desk.member,
            asked=asked,
            error=None if error is None else desk.gettext(error),
            found=tuple(found[:MOST]),
            more=len(found) > MOST,
            left_out=left_out,
        )
        return desk.show(context, status=status)

    def _roster(self, found: DeskSession) -> list[Registration] | None:
        """Return a session's people; None where they cannot be read, which costs nobody the others."""
        try:
            return self._desk.web.store.roster(found.session.id)
        except Damaged:
            return None
