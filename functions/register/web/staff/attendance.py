# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who came to a session: ticks, people who walk in, and the report of an online meeting, which fills in the ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import Response, request
from werkzeug.datastructures import MultiDict

from register.domain.identity import normalized_name
from register.domain.meeting_report import BadReport, Joined, read_report
from register.domain.model import Person, Registration, State
from register.domain.rules import refusal_of_attendance
from register.domain.who_came import alike, who_came
from register.web.forms import MISSING, FieldProblem, sent_values
from register.web.staff.attendance_form import (
    EVERYBODY,
    WALKS_IN,
    Keeper,
    Kept,
    SentTicks,
    language_of,
    read_sent,
)
from register.web.staff.attendance_messages import (
    ALL_TICKED,
    FAULTS,
    FILLED_IN,
    GONE,
    MEANWHILE,
    NAME_MISSING,
    NEWS,
    NO_FILE,
    ON_THE_LIST,
    PRESENT,
    STRANGERS,
    WALKED_IN,
)
from register.web.staff.attendance_page import Shown, attendance_page
from register.web.staff.desk import Desk, DeskSession
from schedule import signup
from schedule.model import LANGUAGES

MOST_LEFT = 100
"""People of a report who may be on no list; more are of another session."""

FILE = "report"
"""The name of the field with the report of a meeting."""


class TakingAttendance:
    """`/register/staff/sessions/<id>/attendance` and the upload below it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, session_id: str) -> Response:
        """Show the list with the ticks that are stored."""
        page = Shown(news=self._desk.news(NEWS), walked_in=self._desk.news(WALKED_IN))
        return self._page(self._desk.session(session_id), page)

    def come_back(self, session_id: str) -> Response:
        """Lead people who reload the page of an upload to the list."""
        return self._desk.to(self._desk.at.staff_attendance(self._desk.session(session_id).session.id))

    def save(self, session_id: str) -> Response:
        """Keep what has changed, and add somebody who walks in; or tick everybody, to be saved later."""
        found, sent = self._desk.session(session_id), read_sent(sent_values(request.form))
        if self._refused(found):
            return self._page(found, Shown(), 409)
        roster = self._roster(found)
        if sent.pressed == EVERYBODY:
            seated = {each.registration_id for each in roster if each.state is State.CONFIRMED}
            ticked = replace(sent, came=sent.came | seated)
            return self._page(found, Shown(ticked, news=ALL_TICKED, unsaved=True))
        walk_in = self._nameless(sent) or self._walk_in(sent, roster)
        if isinstance(walk_in, Shown):
            return self._page(found, walk_in, 422)
        known = _same(walk_in, roster)
        kept = self._keep(found, roster, _ticked(sent, known), None if known else walk_in)
        if kept.others or kept.gone:
            trouble = MEANWHILE if kept.others else GONE
            return self._page(found, Shown(others=kept.others, trouble=trouble), 409)
        news = "saved" if walk_in is None else "found" if known else "added"
        again = "walk-in" if news in WALKED_IN else ""
        return self._desk.to(self._desk.at.staff_attendance(found.session.id), news, again)

    def _keep(
        self, found: DeskSession, roster: Sequence[Registration], sent: SentTicks, walk_in: Person | None
    ) -> Kept:
        """Keep the ticks, then whoever is on no list."""
        web, session = self._desk.web, found.session
        keeper = Keeper(
            web.store, session.id, self._desk.now, self._desk.member.email, web.new_registration_id
        )
        kept = keeper.keep(sent, roster)
        for left in sent.left:
            if left.chosen == WALKS_IN and left.person_name:
                keeper.walk_in(Person(left.person_name, "", language=language_of(sent, session.language)))
        if walk_in is not None:
            keeper.walk_in(walk_in)
        web.wake()
        return kept

    def upload(self, session_id: str) -> Response:
        """Fill in the form with a report, beside what was ticked; nothing is kept."""
        found, sent = self._desk.session(session_id), read_sent(sent_values(request.form))
        if self._refused(found):
            return self._page(found, Shown(), 409)
        file = request.files.get(FILE)
        if file is None or not file.filename:
            return self._page(found, Shown(sent, trouble=NO_FILE, unsaved=True), 422)
        data = file.read()
        file.close()
        try:
            people = read_report(data)
        except BadReport as error:
            return self._page(found, Shown(sent, trouble=FAULTS[error.fault], unsaved=True), 422)
        return self._filled_in(found, sent, people)

    def _filled_in(self, found: DeskSession, sent: SentTicks, people: Sequence[Joined]) -> Response:
        trainers = [each.name.text(language) for each in found.session.trainers for language in LANGUAGES]
        who = who_came(people, self._roster(found), trainers)
        if len(who.left) > MOST_LEFT:
            return self._page(found, Shown(sent, trouble=STRANGERS, unsaved=True), 422)
        return self._page(found, Shown(sent.with_report(who), who, news=FILLED_IN, unsaved=True))

    def _page(self, found: DeskSession, page: Shown, status: int = 200) -> Response:
        page = replace(page, refused=refusal_of_attendance(found.terms, self._desk.now))
        return attendance_page(self._desk, found, self._roster(found), page, status=status)

    def _roster(self, found: DeskSession) -> list[Registration]:
        return self._desk.web.store.roster(found.session.id)

    def _refused(self, found: DeskSession) -> bool:
        return refusal_of_attendance(found.terms, self._desk.now) is not None

    def _nameless(self, sent: SentTicks) -> Shown | None:
        """Return the page once more where somebody of the report is to walk in whose name is none."""
        if any(left.chosen == WALKS_IN and left.person_name is None for left in sent.left):
            return Shown(sent, bad_names=True, unsaved=True)
        return None

    def _walk_in(self, sent: SentTicks, roster: Sequence[Registration]) -> Person | Shown | None:
        """Return who walks in, the page once more with what is to be mended or answered first, or nobody."""
        if not sent.walk_in:
            return None
        entered = self._desk.web.forms.read_walk_in(MultiDict({**request.form, **sent.walk_in}))
        name = signup.NAME.name
        person, problems = entered.person, dict(entered.problems)
        if person is None:
            if name in problems and problems[name].message == MISSING[name]:
                problems[name] = FieldProblem(NAME_MISSING)
            return Shown(sent, problems=problems, unsaved=True)
        if known := _same(person, roster):
            if known.attended:
                return Shown(sent, problems={name: FieldProblem(PRESENT)}, unsaved=True)
            return person
        others = alike(person.name, roster)
        if others and normalized_name(sent.asked) != normalized_name(person.name):
            problem = FieldProblem(ON_THE_LIST, suggestion=others[0].person.name)
            return Shown(sent, problems={name: problem}, asked=person.name, unsaved=True)
        return person


def _same(person: Person | None, roster: Sequence[Registration]) -> Registration | None:
    """Return the registration of the very person, under this name and address."""
    return next((each for each in roster if person and each.person.identity == person.identity), None)


def _ticked(sent: SentTicks, known: Registration | None) -> SentTicks:
    return replace(sent, came=sent.came | {known.registration_id}) if known else sent
