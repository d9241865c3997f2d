# SPDX-License-Identifier: AGPL-3.0-or-later
"""How somebody comes to sign up: by the form as anybody, or by staff, who may do more."""

from __future__ import annotations

from enum import StrEnum

from register.domain.trail import TrailAction


class Admission(StrEnum):
    """By which rules a sign-up goes. All but the first are for staff, and know no limit of names for an address."""

    FORM = "form"
    """As anybody signs up."""
    LATE = "late"
    """Until the session is over, and once the line is closed into any free seat, whoever waits."""
    OVERBOOKED = "overbooked"
    """Until the session is over, with a seat whatever the capacity."""
    WALK_IN = "walk-in"
    """Somebody is there: a seat whatever the capacity, and ticked; from an hour before the start until data expires."""

    @property
    def by_staff(self) -> bool:
        """Whether staff alone may sign people up so."""
        return self is not Admission.FORM

    @property
    def over_capacity(self) -> bool:
        """Whether it gives a seat whatever the capacity."""
        return self in {Admission.OVERBOOKED, Admission.WALK_IN}

    @property
    def attended(self) -> bool | None:
        """Whether whoever is signed up so attends; None while nobody knows."""
        return True if self is Admission.WALK_IN else None

    @property
    def action(self) -> TrailAction:
        """What the trail calls it."""
        return TrailAction.WALKED_IN if self is Admission.WALK_IN else TrailAction.ADDED
