# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the roster's page says of each person, and of what staff did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from register.domain.model import ChangedBy, Registration, State
from register.domain.trail import TrailAction, TrailEntry
from register.web.staff.email_state import EmailNote
from schedule import wording
from schedule.model import Language
from schedule.signup import _

BY = {
    ChangedBy.PERSON: _("on the website"),
    ChangedBy.STAFF: _("by staff"),
    ChangedBy.SCHEDULE: _("by the system"),
    ChangedBy.ERASURE: _("because their details were erased"),
}
"""Who brought a registration into its state."""

DONE = {
    TrailAction.ADDED: _("Added: %(names)s"),
    TrailAction.WALKED_IN: _("Came without signing up: %(names)s"),
    TrailAction.CORRECTED: _("Details corrected: %(names)s"),
    TrailAction.MOVED: _("Moved to another date: %(names)s"),
    TrailAction.MOVED_HERE: _("Moved here from another date: %(names)s"),
    TrailAction.CANCELLED: _("Registration canceled: %(names)s"),
    TrailAction.RESENT: _("Email sent again: %(names)s"),
    TrailAction.ATTENDED: _("Marked as present: %(names)s"),
    TrailAction.ABSENT: _("Marked as absent: %(names)s"),
    TrailAction.UNTICKED: _("No longer marked as present or absent: %(names)s"),
    TrailAction.ANNOUNCED: _("Message sent to people of this session"),
}
"""What staff did, to whom."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the roster."""

    registration: Registration
    place: int | None
    """In the line, for people who wait."""
    since: str
    """When they came into their state, in words."""
    by: str
    """Who brought them into it, in English."""
    email: EmailNote


@dataclass(frozen=True, slots=True)
class TrailRow:
    """What somebody among staff did in one go."""

    when: str
    """In words."""
    who: str
    """The email address of whoever did it; empty for a command."""
    done: str
    """In English, with a place for the names."""
    names: tuple[str | None, ...]
    """To whom; None for people who are not on the roster any more."""


def person_rows(
    roster: Iterable[Registration], notes: Mapping[str, EmailNote], zone: ZoneInfo, language: Language
) -> list[PersonRow]:
    """Return a row for each registration, in the roster's order; times are on the session's clock."""
    rows, place = [], 0
    for registration in roster:
        waits = registration.state is State.WAITLISTED
        place += waits
        note = notes[registration.registration_id]
        rows.append(person_row(registration, place if waits else None, note, zone, language))
    return rows


def person_row(
    registration: Registration, place: int | None, note: EmailNote, zone: ZoneInfo, language: Language
) -> PersonRow:
    """Return what is said of one person; times are on the session's clock."""
    return PersonRow(
        registration=registration,
        place=place,
        since=wording.short_instant(registration.since, zone, language),
        by=BY[registration.changed_by],
        email=note,
    )


def trail_rows(
    trail: Iterable[TrailEntry], roster: Sequence[Registration], zone: ZoneInfo, language: Language
) -> list[TrailRow]:
    """Return what staff did, the newest first; what somebody did to several people at once is one row."""
    names = {each.registration_id: each.person.name for each in roster}
    newest_first = sorted(trail, key=lambda entry: (entry.when, entry.who, entry.action), reverse=True)
    rows = []
    for (when, who, action), entries in groupby(newest_first, key=lambda e: (e.when, e.who, e.action)):
        ids = [entry.registration_id for entry in entries if entry.registration_id is not None]
        rows.append(
            TrailRow(
                when=wording.short_instant(when, zone, language),
                who=who,
                done=DONE[action],
                names=tuple(names.get(each) for each in ids),
            )
        )
    return rows
