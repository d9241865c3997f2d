# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many people came to a session, by what they told us: numbers alone, which stay when people are erased."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from register.domain import snapshot
from register.domain.model import Occupancy, Registration, SessionTerms, State
from schedule.model import Status
from schedule.organizations import OTHER
from schedule.signup import ROLES


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people of a group there are, each counted once by the state that they ended in."""

    confirmed: int = 0
    waited: int = 0
    cancelled: int = 0
    attended: int = 0
    absent: int = 0
    """Of these two, who is in neither was not ticked."""

    @property
    def signed_up(self) -> int:
        """How many have signed up at all."""
        return self.confirmed + self.waited + self.cancelled

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(mine + theirs for mine, theirs in self._beside(other)))

    def or_more(self, other: Counts) -> Counts:
        """Return the larger of each number."""
        return Counts(*(max(both) for both in self._beside(other)))

    def _beside(self, other: Counts) -> Iterable[tuple[int, int]]:
        return zip(asdict(self).values(), asdict(other).values(), strict=True)


Groups = Mapping[str, Counts]
"""The people of each group, by its name."""


@dataclass(frozen=True, slots=True)
class SessionCounts:
    """What the report keeps of a session."""

    session_id: str
    training: str
    """Its slug."""
    starts: datetime
    seats: int
    erased: bool = False
    """Whether somebody who is counted here was erased since: then what is counted anew has fewer people."""
    people: Counts = Counts()
    organizations: Groups = field(default_factory=dict)
    roles: Groups = field(default_factory=dict)
    languages: Groups = field(default_factory=dict)


def count(
    occupancy: Occupancy, roster: Iterable[Registration], *, organization: Callable[[str], str]
) -> SessionCounts:
    """Count the people of a session; `organization` names the group of what somebody has typed.

    What is on no list is OTHER there: what people type freely may name them, and so is not kept. Raises
    UnreadableSnapshot.
    """
    terms = occupancy.terms
    people = [(each.person, _counted(each)) for each in roster]
    return SessionCounts(
        session_id=terms.session_id,
        training=snapshot.read(terms.snapshot_json, terms.session_id).session.training.slug,
        starts=terms.starts,
        seats=terms.capacity,
        people=sum((counts for _, counts in people), Counts()),
        organizations=_grouped((organization(person.organization), counts) for person, counts in people),
        roles=_grouped((_role(person.role), counts) for person, counts in people),
        languages=_grouped((person.language.value, counts) for person, counts in people),
    )


def is_counted(terms: SessionTerms, now: datetime) -> bool:
    """Whether the counts of a session are to be kept: it has taken place, and its people are still there."""
    return terms.status is Status.SCHEDULED and terms.ends <= now < terms.expires


def merged(kept: SessionCounts | None, live: SessionCounts) -> SessionCounts:
    """Return what to keep: what was counted last, or where somebody was erased the larger of each number."""
    if kept is None or not (kept.erased or live.erased):
        return live
    return replace(
        live,
        erased=True,
        people=kept.people.or_more(live.people),
        organizations=_larger(kept.organizations, live.organizations),
        roles=_larger(kept.roles, live.roles),
        languages=_larger(kept.languages, live.languages),
    )


def _counted(registration: Registration) -> Counts:
    state, attended = registration.state, registration.attended
    return Counts(
        confirmed=int(state is State.CONFIRMED),
        waited=int(state is State.WAITLISTED),
        cancelled=int(state is State.CANCELLED),
        attended=int(attended is True),
        absent=int(attended is False),
    )


def _role(role: str) -> str:
    return role if role in ROLES or not role else OTHER


def _grouped(people: Iterable[tuple[str, Counts]]) -> dict[str, Counts]:
    groups: dict[str, Counts] = defaultdict(Counts)
    for name, counts in people:
        groups[name] += counts
    return dict(sorted(groups.items()))


def _larger(kept: Groups, live: Groups) -> dict[str, Counts]:
    names = sorted({*kept, *live})
    return {name: kept.get(name, Counts()).or_more(live.get(name, Counts())) for name in names}
