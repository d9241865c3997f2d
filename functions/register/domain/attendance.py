# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who attended: ticks, and people who walk in, computed without a store. All instants are in UTC."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from register.domain import outcomes
from register.domain.admission import Admission
from register.domain.errors import NotActive, StillWaits
from register.domain.model import ChangedBy, Occupancy, Registration, State, Tally
from register.domain.outcome import Outcome, RegistrationChange
from register.domain.rules import may_be_seated_by_hand
from register.domain.trail import TrailAction

_ACTIONS = {True: TrailAction.ATTENDED, False: TrailAction.ABSENT, None: TrailAction.UNTICKED}


def ticked(
    known: Registration, *, attended: bool | None, expected: bool | None, now: datetime, staff: str
) -> Outcome:
    """Keep whether somebody with a seat attended, if what is stored is `expected`; otherwise change nothing.

    Raises NotActive.
    """
    if not known.is_active:
        raise NotActive(known.session_id)
    if known.state is State.WAITLISTED:
        raise StillWaits(known.session_id)
    if attended == known.attended or known.attended != expected:
        return Outcome(known.session_id, registrations=(RegistrationChange(known, known),))
    after = replace(known, attended=attended, changed=max(now, known.changed))
    outcome = Outcome(known.session_id, registrations=(RegistrationChange(known, after),))
    return outcome.noted(_ACTIONS[attended], now, ChangedBy.STAFF, staff)


def admitted_again(
    occupancy: Occupancy,
    known: Registration,
    tally: Tally,
    now: datetime,
    admission: Admission,
    by: ChangedBy,
    staff: str,
) -> Outcome | None:
    """Return what becomes of somebody who is signed up already, and whom staff sign up once more.

    A seat in the place of a place in the line, where the admission gives one; for people who walk in, a tick. None
    if nothing becomes of it but that the email may go out again.
    """
    if known.state is State.WAITLISTED and may_be_seated_by_hand(occupancy, now, admission):
        promoted = outcomes.promoted(occupancy, known, tally, now, by, attended=admission.attended)
        return promoted.noted(admission.action, now, by, staff)
    if admission is Admission.WALK_IN:
        return ticked(known, attended=True, expected=known.attended, now=now, staff=staff)
    return None
