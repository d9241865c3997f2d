# SPDX-License-Identifier: AGPL-3.0-or-later
"""How staff add somebody to a session, over capacity too, where they have been told the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import Response, request

from register.domain.admission import Admission
from register.domain.errors import LineClosed, SessionCancelled, SessionOver
from register.domain.model import ChangedBy, Person, Registration, State
from register.domain.near_misses import near_miss
from register.domain.rules import line_is_open, state_for_next
from register.stores.errors import StoreError
from register.web.error_pages import UNAVAILABLE_DETAILS
from register.web.forms import FieldProblem, sent_values
from register.web.manage_page import stored
from register.web.messages import FormError
from register.web.responses import RETRY_AFTER, log_failure
from register.web.security import possible_id
from register.web.staff.desk import Desk, DeskSession
from register.web.staff.fields import for_staff, staff_fields
from schedule import signup
from schedule.signup import _
from schedule.site import Link

if TYPE_CHECKING:
    from register.web.staff.roster_contexts import SeatQuestion

ADD = _("Add a person")

AGAIN = "again"
"""In the query, the id of the registration of somebody who has canceled, and calls once more."""

OVER = "over"
"""The name of the button that seats somebody over capacity; its value is how many seats staff were told are taken."""

WAIT = "wait"
"""The name of the button that puts somebody on the waiting list instead."""

_NO_MORE = FormError(
    _("Nobody can be added any more"),
    _("This session is over or canceled. Nothing was saved."),
    _("What you typed is still below."),
)


class Adding:
    """`/register/staff/sessions/<session>/people`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, session_id: str) -> Response:
        """Show the form: empty, or with what is stored of somebody who has canceled."""
        found = self._desk.session(session_id)
        known = self._desk.web.store.registration(session_id, possible_id(request.args.get(AGAIN, "")))
        return self._form(found, stored(known.person) if known else {})

    def add(self, session_id: str) -> Response:
        """Sign somebody up, or ask first whether they are to get a seat over capacity."""
        desk, values = self._desk, sent_values(request.form)
        found = desk.session(session_id)
        entered = desk.web.forms.read_details(values, for_parents=found.snapshot.for_parents)
        if entered.person is None:
            return self._form(found, values, 422, problems=entered.problems)
        person, known = entered.person, self._known(session_id, entered.person)
        admission = self._admission(found, known)
        if admission is None:
            return self._form(found, values, 409, question=self._question(found, person, known))
        try:
            signed_up = desk.web.store.sign_up(
                session_id,
                person,
                registration_id=desk.web.new_registration_id(),
                now=desk.now,
                admission=admission,
                by=ChangedBy.STAFF,
                staff=desk.member.email,
            )
        except LineClosed:  # meanwhile, as the last seat was taken
            found = desk.session(session_id)
            return self._form(found, values, 409, question=self._question(found, person, known))
        except (SessionCancelled, SessionOver):
            return self._form(found, values, 409, trouble=_NO_MORE)
        except StoreError as error:
            log_failure(error)
            return self._form(found, values, 503, trouble=UNAVAILABLE_DETAILS, retry_after=RETRY_AFTER)
        desk.web.wake()
        made = signed_up.registration
        return desk.to(desk.at.staff_person(session_id, made.registration_id), _news(known, made))

    def _known(self, session_id: str, person: Person) -> Registration | None:
        """Return what the person has in the session already."""
        roster = self._desk.web.store.roster(session_id)
        return next(
            (each for each in roster if each.is_active and each.person.identity == person.identity), None
        )

    def _admission(self, found: DeskSession, known: Registration | None) -> Admission | None:
        """Return by which rules somebody is signed up; None where staff are to be asked."""
        seated = known is not None and known.state is State.CONFIRMED
        has_seat = state_for_next(found.occupancy, self._desk.now, Admission.LATE) is State.CONFIRMED
        if seated or has_seat:
            return Admission.LATE
        # They were told other numbers if somebody has signed up since: then they are asked again.
        if request.form.get(OVER) == str(found.occupancy.confirmed):
            return Admission.OVERBOOKED
        return Admission.LATE if WAIT in request.form and line_is_open(found.terms, self._desk.now) else None

    def _question(self, found: DeskSession, person: Person, known: Registration | None) -> SeatQuestion:
        from register.web.staff.roster_contexts import SeatQuestion

        occupancy = found.occupancy
        return SeatQuestion(
            name=person.name,
            taken=occupancy.confirmed,
            capacity=found.terms.capacity,
            waiting=occupancy.waiting,
            place=None if known is None else self._desk.web.store.place(known),
            line_open=line_is_open(found.terms, self._desk.now),
        )

    def _form(
        self,
        found: DeskSession,
        values: Mapping[str, str],
        status: int = 200,
        *,
        problems: Mapping[str, FieldProblem] | None = None,
        trouble: FormError | None = None,
        question: SeatQuestion | None = None,
        retry_after: int | None = None,
    ) -> Response:
        """Show the form with all that was typed, and say what to do."""
        from register.web.staff.roster_contexts import AddPersonContext

        desk, language, session_id = self._desk, self._desk.language, found.session.id
        fields = staff_fields(found.snapshot.for_parents)
        roster = Link(found.words(language).short_day, desk.at.staff_session(session_id))
        asked = {signup.EMAIL_ASKED: values.get(signup.EMAIL_ASKED, "")} if question else {}
        context = AddPersonContext(
            page=desk.page(ADD, desk.at.staff_people(session_id), crumbs=[roster]),
            member=desk.member,
            about=desk.web.pages.about(found.snapshot, language),
            fields=fields,
            values={each.name: values.get(each.name) for each in fields} | asked,
            errors={name: for_staff(each).text(desk.gettext) for name, each in (problems or {}).items()},
            suggestion=near_miss(values.get(signup.EMAIL.name, "")),
            trouble=trouble,
            question=question,
        )
        return desk.show(context, status=status, retry_after=retry_after)


def _news(known: Registration | None, made: Registration) -> str:
    """Return the word for what came of it, as `person_page.NEWS` has it."""
    if made.state is State.CONFIRMED:
        if known is None:
            return "added"
        return "already" if known.state is State.CONFIRMED else "seated"
    return "waits" if known is None else "already"
