# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of one person of a roster, put together from what the store holds."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flask import Response

from register.domain.admission import Admission
from register.domain.errors import UnknownSession
from register.domain.model import Registration
from register.domain.near_misses import near_miss
from register.domain.other_dates import dates_to_move_to
from register.domain.rules import refusal_to_all
from register.domain.snapshot import read
from register.web.forms import FieldProblem
from register.web.manage_page import stored
from register.web.messages import FormError
from register.web.staff.adding import AGAIN
from register.web.staff.desk import Desk, DeskSession
from register.web.staff.email_state import email_notes, unsent_emails
from register.web.staff.fields import for_staff, staff_fields
from register.web.staff.roster_rows import person_row
from schedule import signup
from schedule.model import Status
from schedule.signup import _
from schedule.site import Link

if TYPE_CHECKING:
    from register.web.contexts import AboutSession, DetailsForm

NEWS = {
    "added": _("Added, with a seat. The confirmation is on its way."),
    "waits": _("Added to the waiting list. The email about it is on its way."),
    "seated": _("Has a seat now. The email about it is on its way."),
    "already": _("This person was signed up already: nothing has changed."),
    "corrected": _("The details are corrected. We’ve sent an email with what we have now."),
    "same": _("What you sent is what we had already: nothing has changed."),
    "canceled": _("The registration is canceled. The email about it is on its way."),
    "resent": _("The email is on its way again."),
    "resent-lately": _("This email went out less than an hour ago. Please try again later."),
    "no-email": _("We have no email address of this person: nothing was sent."),
    "waits-too": _("Waits for the other date, too, and keeps this one. We’ve sent the email about it."),
    "there-already": _("This person is signed up for that date already: nothing has changed."),
    "waiting-already": _("This person is on the waiting list for that date already: nothing has changed."),
    "takes-nobody": _("Nobody can sign up for that date any more: nothing has changed."),
    "started": _("This session has begun, so nobody can move from it any more: nothing has changed."),
    "not-active": _("This registration was canceled meanwhile: nothing has changed."),
    "over": _("This session is over or canceled: nothing has changed."),
}
"""What has just been done, or could not be done, by the word that stands in the address for it."""

TAKEN = FormError(
    _("This person is signed up already"),
    _("There is another registration for this date with that name and email address. Nothing has changed."),
    _("If there is one registration too many, cancel it."),
)
CANCELED_MEANWHILE = FormError(
    _("This registration was canceled meanwhile"),
    _("Nothing has changed."),
    _("What you typed is still below: you can add the person again with it."),
)
OVER_MEANWHILE = FormError(
    _("This session is over or canceled"),
    _("Nothing has changed."),
    _("What you typed is still below."),
)


@dataclass(frozen=True, slots=True)
class SentDetails:
    """The form that corrects, as it was sent and could not be taken."""

    values: Mapping[str, str]
    problems: Mapping[str, FieldProblem] = field(default_factory=dict)
    trouble: FormError | None = None


def person_page(
    desk: Desk,
    found: DeskSession,
    registration: Registration,
    *,
    news: str | None = None,
    sent: SentDetails | None = None,
    status: int = 200,
    retry_after: int | None = None,
) -> Response:
    """Return the page; `news` is one of the words of NEWS."""
    from register.web.contexts import DateToMoveTo
    from register.web.staff.roster_contexts import PersonContext

    store, language, now, session = desk.web.store, desk.language, desk.now, found.session
    session_id, person, terms = session.id, registration.person, found.terms
    takes_place = registration.is_active and terms.status is Status.SCHEDULED
    changeable, correctable = takes_place and now < terms.ends, takes_place and now < terms.expires
    movable = changeable and now < terms.starts
    dates = dates_to_move_to(session, store.sessions(after=now), now) if movable else []
    note = email_notes(store, session_id, [registration], unsent_emails(store))[registration.registration_id]
    roster = Link(found.words(language).short_day, desk.at.staff_session(session_id))
    own_url = desk.at.staff_person(session_id, registration.registration_id)
    context = PersonContext(
        page=desk.page(person.name, own_url, crumbs=[roster]),
        member=desk.member,
        news=NEWS.get(news or ""),
        about=desk.web.pages.about(found.snapshot, language),
        row=person_row(registration, store.place(registration), note, session.period.zone, language),
        details=_details(desk, found, registration, sent) if correctable or sent else None,
        trouble=sent.trouble if sent else None,
        changeable=changeable,
        again=None
        if registration.is_active or refusal_to_all(terms, now, Admission.LATE)
        else f"{desk.at.staff_people(session_id)}?{AGAIN}={registration.registration_id}",
        dates=tuple(DateToMoveTo(each.session, each.words[language], has_seat) for each, has_seat in dates),
        moved_to=_moved_to(desk, registration),
    )
    return desk.show(context, status=status, retry_after=retry_after)


def _details(
    desk: Desk, found: DeskSession, registration: Registration, sent: SentDetails | None
) -> DetailsForm:
    from register.web.contexts import DetailsForm

    problems = sent.problems if sent else {}
    action = desk.at.staff_person(registration.session_id, registration.registration_id, "correct")
    return DetailsForm(
        action=action,
        fields=staff_fields(found.snapshot.for_parents, email_required=bool(registration.person.email)),
        values=sent.values if sent else stored(registration.person),
        errors={name: for_staff(problem).text(desk.gettext) for name, problem in problems.items()},
        suggestion=near_miss(sent.values.get(signup.EMAIL.name, "")) if sent else None,
    )


def _moved_to(desk: Desk, registration: Registration) -> AboutSession | None:
    """Return where somebody moved to, as far as it is still there."""
    session_id = registration.moved_to
    if session_id is not None:
        with suppress(UnknownSession):
            snapshot = read(desk.web.store.session(session_id).terms.snapshot_json, session_id)
            return desk.web.pages.about(snapshot, desk.language)
    return None
