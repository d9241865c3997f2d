# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do for somebody on the roster: correct, move or cancel a registration, send its email again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from flask import Response, request

from register.domain.changes import MoveResult
from register.domain.errors import (
    LineClosed,
    NotActive,
    OtherTraining,
    PersonTaken,
    SameSession,
    SessionCancelled,
    SessionOver,
    SessionStarted,
    SignUpClosed,
    UnknownRegistration,
    UnknownSession,
)
from register.domain.model import ChangedBy, Registration
from register.stores.errors import StoreError
from register.web.error_pages import UNAVAILABLE_DETAILS
from register.web.forms import FieldProblem, sent_values
from register.web.messages import FormError
from register.web.responses import RETRY_AFTER, log_failure
from register.web.security import possible_id
from register.web.staff.desk import NEWS, Desk, DeskSession
from register.web.staff.person_page import (
    CANCELED_MEANWHILE,
    OVER_MEANWHILE,
    TAKEN,
    SentDetails,
    person_page,
)
from schedule import signup


class People:
    """`/register/staff/sessions/<session>/people/<registration>/` and what is below it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, session_id: str, registration_id: str) -> Response:
        """Show somebody, with what can be done for them."""
        found, registration = self._found(session_id, registration_id)
        return person_page(self._desk, found, registration, news=request.args.get(NEWS))

    def come_back(self, session_id: str, registration_id: str) -> Response:
        """Lead people who reload the page that changes something, or come back to it, to the person."""
        self._found(session_id, registration_id)
        return self._to_person(session_id, registration_id)

    def cancel(self, session_id: str, registration_id: str) -> Response:
        """Cancel somebody's registration; a second time changes nothing."""
        found, registration = self._found(session_id, registration_id)
        try:
            self._desk.web.store.cancel(
                session_id, registration_id, now=self._desk.now, by=ChangedBy.STAFF, staff=self._staff
            )
        except SessionOver:
            return person_page(self._desk, found, registration, news="over", status=409)
        self._desk.web.wake()
        return self._to_person(session_id, registration_id, "canceled")

    def resend(self, session_id: str, registration_id: str) -> Response:
        """Send somebody's email once more, at most once an hour."""
        found, registration = self._found(session_id, registration_id)
        if not registration.person.email:
            return person_page(self._desk, found, registration, news="no-email", status=409)
        if not self._desk.web.store.resend(
            session_id, registration_id, now=self._desk.now, by=ChangedBy.STAFF, staff=self._staff
        ):
            return person_page(self._desk, found, registration, news="resent-lately", status=409)
        self._desk.web.wake()
        return self._to_person(session_id, registration_id, "resent")

    def move(self, session_id: str, registration_id: str) -> Response:
        """Move somebody to another date of the training, or let them wait there and keep what there is here."""
        desk = self._desk
        self._found(session_id, registration_id)
        try:
            moved = desk.web.store.move(
                session_id,
                registration_id,
                to=possible_id(request.form.get("session", "")),
                new_registration_id=desk.web.new_registration_id(),
                now=desk.now,
                by=ChangedBy.STAFF,
                staff=self._staff,
            )
        except NotActive:
            return self._refused(session_id, registration_id, "not-active")
        except SessionStarted:
            return self._refused(session_id, registration_id, "started")
        except SameSession:
            return self._refused(session_id, registration_id, MoveResult.THERE_ALREADY.value)
        except (SignUpClosed, LineClosed, SessionCancelled, SessionOver, UnknownSession, OtherTraining):
            return self._refused(session_id, registration_id, "takes-nobody")
        desk.web.wake()
        if moved.result is MoveResult.MOVED:
            return desk.to(desk.at.staff_session(session_id), moved.result.value)
        return self._to_person(session_id, registration_id, moved.result.value)

    def correct(self, session_id: str, registration_id: str) -> Response:
        """Correct what is stored of somebody; seat or place stays."""
        desk, values = self._desk, sent_values(request.form)
        found, registration = self._found(session_id, registration_id)
        again = partial(self._details_again, session_id, registration_id)
        # People who walked in may have no email address: that is no mistake to be mended first.
        entered = desk.web.forms.read_details(
            values,
            for_parents=found.snapshot.for_parents,
            email_required=bool(registration.person.email),
        )
        if entered.person is None:
            return again(422, problems=entered.problems)
        try:
            desk.web.store.amend(
                session_id,
                registration_id,
                entered.person,
                now=desk.now,
                by=ChangedBy.STAFF,
                staff=self._staff,
            )
        except NotActive:
            return again(409, trouble=CANCELED_MEANWHILE)
        except (SessionCancelled, SessionOver):
            return again(409, trouble=OVER_MEANWHILE)
        except PersonTaken:
            return again(409, trouble=TAKEN)
        except StoreError as error:
            log_failure(error)
            return again(503, trouble=UNAVAILABLE_DETAILS, retry_after=RETRY_AFTER)
        desk.web.wake()
        is_same = entered.person == registration.person
        return self._to_person(session_id, registration_id, "same" if is_same else "corrected")

    @property
    def _staff(self) -> str:
        return self._desk.member.email

    def _found(self, session_id: str, registration_id: str) -> tuple[DeskSession, Registration]:
        """Return somebody's registration with its session. Raises UnknownSession, UnknownRegistration."""
        found = self._desk.session(session_id)
        registration = self._desk.web.store.registration(session_id, registration_id)
        if registration is None:
            raise UnknownRegistration(session_id)
        return found, registration

    def _refused(self, session_id: str, registration_id: str, news: str) -> Response:
        """Show the person as they are by now, and say why nothing was done."""
        found, registration = self._found(session_id, registration_id)
        return person_page(self._desk, found, registration, news=news, status=409)

    def _details_again(
        self,
        session_id: str,
        registration_id: str,
        status: int,
        *,
        problems: Mapping[str, FieldProblem] | None = None,
        trouble: FormError | None = None,
        retry_after: int | None = None,
    ) -> Response:
        """Show the page with the form as it was sent, and say what to do."""
        typed = sent_values(request.form)
        found, registration = self._found(session_id, registration_id)
        values = {each.name: typed.get(each.name, "") for each in signup.details(found.snapshot.for_parents)}
        sent = SentDetails(values, problems or {}, trouble)
        return person_page(self._desk, found, registration, sent=sent, status=status, retry_after=retry_after)

    def _to_person(self, session_id: str, registration_id: str, news: str = "") -> Response:
        return self._desk.to(self._desk.at.staff_person(session_id, registration_id), news)
