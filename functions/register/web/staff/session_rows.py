# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the first page says of a session: numbers, and what to do about it now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from register.domain.model import Registration, State
from register.domain.rules import line_is_open, refusal_of_attendance
from register.stores.deliveries import Delivery
from register.web.staff.contexts import SessionRow, ToDo
from register.web.staff.desk import Desk, DeskSession
from register.web.staff.email_state import email_notes
from schedule.model import Format, Status
from schedule.signup import _

UNREADABLE = _("This list can’t be read: please tell the office")
NO_LINK = _("People don’t have the link to join yet: please tell the office")
CALL = _("Call people whose email didn’t arrive")
SEE_NEEDS = _("See what people need")
GIVE_SEAT = _("A seat is free and people wait: give it to someone")
PRINT_SHEET = _("Print the sign-in sheet")
TICK = _("Take attendance")

NEAR = timedelta(days=2)
"""How long before the start the sheet is to be printed, and the link to join is missed."""


def row_of(
    desk: Desk, found: DeskSession, roster: Sequence[Registration] | None, unsent: Sequence[Delivery]
) -> SessionRow:
    """Return a row; `unsent` are the emails that are on their way or given up. No roster is a damaged one."""
    active = [each for each in roster or () if each.is_active]
    needs = sum(bool(each.person.needs) for each in active)
    notes = email_notes(desk.web.store, found.session.id, active, unsent)
    troubled = sum(note.state.is_trouble for note in notes.values())
    return SessionRow(
        session=found.session,
        words=found.words(desk.language),
        url=desk.at.staff_session(found.session.id),
        taken=found.occupancy.confirmed,
        seats=found.terms.capacity,
        waiting=found.occupancy.waiting,
        needs=needs,
        troubled=troubled,
        to_do=(
            *([] if roster is not None else [ToDo(UNREADABLE, "")]),
            *_to_do(desk, found, active, needs, troubled),
        ),
    )


def _to_do(
    desk: Desk, found: DeskSession, active: Sequence[Registration], needs: int, troubled: int
) -> Iterator[ToDo]:
    """Yield what to do, the most urgent first."""
    now, terms, at = desk.now, found.terms, desk.at
    roster = at.staff_session(terms.session_id)
    ahead, takes_place = now < terms.ends, terms.status is Status.SCHEDULED
    unknown = [each for each in active if each.state is State.CONFIRMED and each.attended is None]
    # While it lasts people may still walk in.
    if refusal_of_attendance(terms, now) is None and (ahead or unknown):
        yield ToDo(TICK, at.staff_attendance(terms.session_id), is_now=ahead)
    if troubled and ahead:
        yield ToDo(CALL, roster)
    if not ahead or not takes_place:
        return
    if (
        active
        and found.session.format is Format.ONLINE
        and terms.join_url is None
        and now >= terms.starts - NEAR
    ):
        yield ToDo(NO_LINK, "")
    if needs and now < terms.starts:
        yield ToDo(SEE_NEEDS, roster)
    is_free = found.occupancy.confirmed < terms.capacity
    if is_free and found.occupancy.waiting and not line_is_open(terms, now):
        yield ToDo(GIVE_SEAT, roster)
    if active and found.session.format is Format.IN_PERSON and _is_near(terms.starts, now):
        yield ToDo(PRINT_SHEET, at.staff_sheet(terms.session_id))


def _is_near(starts: datetime, now: datetime) -> bool:
    return starts - NEAR <= now < starts
