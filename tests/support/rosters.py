# SPDX-License-Identifier: AGPL-3.0-or-later
"""People on the roster of a session, for tests of the staff desk."""

from __future__ import annotations

from typing import Any

from register.domain.admission import Admission
from register.domain.model import Registration
from tests.support.builders import person
from tests.support.constants import SECOND
from tests.support.staff import TRAINERS_SESSION, StaffWorld

ROSTER = f"/register/staff/sessions/{TRAINERS_SESSION}/"
PEOPLE = f"{ROSTER}people"
MESSAGE = f"{ROSTER}message"
EVA = {
    "page_language": "en",
    "name": "Eva Lara",
    "email": "eva@example.net",
    "organization": "Yolo COE",
    "role": "recruiter",
    "language": "en",
    "needs": "",
}
"""What staff type in to add somebody."""


def joined(
    staff: StaffWorld, *names: str, session_id: str = TRAINERS_SESSION, **changes: Any
) -> list[Registration]:
    """Sign people up themselves, also late, a second apart, each with an id made from the name."""
    return [
        staff.world.store.sign_up(
            session_id,
            person(name, **changes),
            registration_id=f"id-{name.split()[0]}",
            now=staff.world.clock.now + SECOND * number,
            admission=Admission.LATE,
        ).registration
        for number, name in enumerate(names)
    ]


def on_roster(staff: StaffWorld, session_id: str = TRAINERS_SESSION) -> list[tuple[str, str]]:
    """Return name and state of everybody on a roster, in its order."""
    return [(each.person.name, each.state.value) for each in staff.world.store.roster(session_id)]


def person_path(registration: Registration, action: str = "") -> str:
    """Return the path of somebody's page, or of what is done about them."""
    session = f"/register/staff/sessions/{registration.session_id}/"
    person = f"{session}people/{registration.registration_id}"
    return f"{person}/{action}" if action else person
