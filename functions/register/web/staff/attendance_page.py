# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page of attendance, put together from what is stored, what was sent, and what a report says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Response

from register.domain.errors import Refused, SessionCancelled, TooEarly
from register.domain.identity import normalized_name
from register.domain.model import Registration, State
from register.domain.near_misses import near_miss
from register.domain.who_came import WhoCame
from register.web.forms import FieldProblem
from register.web.messages import FormError
from register.web.staff.attendance_contexts import (
    Choice,
    LeftRow,
    StaffAttendanceContext,
    TickRow,
    WalkInForm,
)
from register.web.staff.attendance_form import WALKS_IN, SentTicks, language_of, minutes_of, shown
from register.web.staff.desk import Desk, DeskSession
from schedule import signup
from schedule.model import Language
from schedule.signup import _
from schedule.site import Link

ATTENDANCE = _("Attendance")
NO_NAME = _("This isn’t a name. If somebody came, type their name below.")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows besides what is stored."""

    sent: SentTicks = field(default_factory=SentTicks)
    who: WhoCame | None = None
    problems: Mapping[str, FieldProblem] = field(default_factory=dict)
    """Of the walk-in, by field name."""
    asked: str = ""
    bad_names: bool = False
    """Whether somebody of a report is to walk in whose name is none."""
    others: frozenset[str] = frozenset()
    """Registrations that somebody else has changed meanwhile: what is stored is shown, and not what was sent."""
    refused: Refused | None = None
    """Why nobody can be ticked."""
    trouble: FormError | None = None
    news: str | None = None
    walked_in: str | None = None
    """What was done about somebody who walked in."""
    unsaved: bool = False


def attendance_page(
    desk: Desk, found: DeskSession, roster: Sequence[Registration], page: Shown, *, status: int = 200
) -> Response:
    """Return the page in the language of the answer."""
    sent, session, language = page.sent, found.session, desk.language
    words = found.words(language)
    listed = sorted(
        roster, key=lambda each: (normalized_name(each.person.name), each.signed_up, each.registration_id)
    )
    names = Counter(normalized_name(each.person.name) for each in listed)
    rows = [_row(each, page, twice=names[normalized_name(each.person.name)] > 1) for each in listed]
    address = desk.at.staff_session(session.id)
    context = StaffAttendanceContext(
        page=desk.page(
            ATTENDANCE, desk.at.staff_attendance(session.id), crumbs=(Link(words.short_day, address),)
        ),
        member=desk.member,
        news=page.news,
        session=session,
        words=words,
        opens=_opens(page.refused, found, desk.language),
        canceled=isinstance(page.refused, SessionCancelled),
        rows=[row for row in rows if row.state is State.CONFIRMED],
        others=[row for row in rows if row.state is not State.CONFIRMED],
        left=[
            LeftRow(
                number,
                left,
                desk.gettext(NO_NAME) if _is_nameless(page, left.chosen, left.person_name) else None,
            )
            for number, left in enumerate(sent.left)
        ],
        choices=[Choice(row.registration_id, _choice(row)) for row in rows if not row.ticked],
        walk_in=WalkInForm(
            fields=signup.WALK_IN,
            values={signup.LANGUAGE.name: language_of(sent, session.language).value, **sent.walk_in},
            errors={name: problem.text(desk.gettext) for name, problem in page.problems.items()},
            suggestion=near_miss(sent.walk_in.get(signup.EMAIL.name, "")) if page.problems else None,
            asked=page.asked,
            news=page.walked_in,
        ),
        complete=sent.complete,
        unsaved=page.unsaved,
        trouble=page.trouble,
        action=desk.at.staff_attendance(session.id),
        upload=desk.at.staff_upload(session.id),
    )
    return desk.show(context, status=status)


def _opens(refused: Refused | None, found: DeskSession, language: Language) -> str | None:
    if not isinstance(refused, TooEarly):
        return None
    from schedule.wording import instant  # Babel, which no other page of attendance needs

    return instant(refused.opens, found.session.period.zone, language)


def _choice(row: TickRow) -> str:
    return f"{row.name} ({row.about})" if row.about else row.name


def _is_nameless(page: Shown, chosen: str, name: str | None) -> bool:
    return page.bad_names and chosen == WALKS_IN and name is None


def _row(registration: Registration, page: Shown, *, twice: bool) -> TickRow:
    person, sent = registration.person, page.sent
    registration_id = registration.registration_id
    joins = page.who.found.get(registration_id, ()) if page.who else ()
    changed = registration_id in page.others
    about = [person.organization, person.email if twice else ""]
    # What the page that was sent showed goes on: else a tick of somebody else, made meanwhile, would be taken back.
    was = shown(registration) if changed else sent.shown.get(registration_id, shown(registration))
    stored = registration.attended is True
    said = dict.fromkeys(join.name for join in joins if join.name != person.name)
    return TickRow(
        registration_id=registration_id,
        name=person.name,
        about=" · ".join(filter(None, about)),
        state=registration.state,
        shown=was,
        ticked=stored
        if changed or registration_id not in sent.shown.keys() | sent.came
        else registration_id in sent.came,
        absent=registration.attended is False,
        report_says=", ".join(said),
        minutes=minutes_of(joins),
        changed=changed,
    )
