# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the form of attendance sends, and what is done with it: one transaction a person, for what changed alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from register.domain.admission import Admission
from register.domain.errors import NotActive, UnknownRegistration
from register.domain.meeting_report import Joined
from register.domain.model import ChangedBy, Person, Registration, State
from register.domain.names import BadName, clean_name
from register.domain.who_came import WhoCame
from register.stores import Store
from schedule import signup
from schedule.model import LANGUAGES, Language

if TYPE_CHECKING:  # it takes long to load, and who builds the site reads no form
    from werkzeug.datastructures import MultiDict

SHOWN = "was-"
"""Begins the name of the hidden field that says what the page showed of a registration; its id follows."""
CAME = "came-"
"""Begins the name of the tick of a registration."""
LEFT, MINUTES, ASSIGNED = "left-", "for-", "is-"
"""Begin the names of what a report says of somebody who is on no list, and of who that is; a number follows."""
COMPLETE = "complete"
"""Says that everybody without a tick was absent."""
ASKED = "asked"
"""Repeats the name of a walk-in of whom was asked whether they are on the list."""
DO = "do"
"""The button that was pressed."""
ADD = "add"
EVERYBODY = "everybody"
WALKS_IN = "+"
"""Assigns somebody of a report to nobody on the list, but as a walk-in."""

_TICKS = {"yes": True, "no": False}
_WALK_IN = (signup.NAME.name, signup.EMAIL.name, signup.ORGANIZATION.name, signup.LANGUAGE.name)


def shown(registration: Registration) -> str:
    """Return what the page shows of a registration, as its hidden field says it."""
    if registration.state is not State.CONFIRMED:
        return registration.state.value
    return {True: "yes", False: "no", None: ""}[registration.attended]


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody of a report who was not found on the list."""

    name: str
    minutes: str = ""
    chosen: str = ""
    """The id of the registration that they were assigned to, WALKS_IN, or nothing."""

    @property
    def person_name(self) -> str | None:
        """The name as one that a person may have; None where it is none."""
        with suppress(BadName):
            name = clean_name(self.name)
            if any(map(str.isalpha, name)) and len(name) <= signup.NAME_LIMIT:
                return name
        return None


@dataclass(frozen=True, slots=True)
class SentTicks:
    """The form as it was sent, or as it is to be filled in."""

    shown: Mapping[str, str] = field(default_factory=dict)
    """By registration id."""
    came: frozenset[str] = frozenset()
    complete: bool = False
    left: tuple[Left, ...] = ()
    walk_in: Mapping[str, str] = field(default_factory=dict)
    """By field name; empty where nobody walks in."""
    asked: str = ""
    pressed: str = ""

    def with_report(self, who: WhoCame) -> SentTicks:
        """Return the form filled in with a report, which replaces what another one has left."""
        left = tuple(Left(joined.name, minutes_of([joined])) for joined in who.left)
        return replace(self, came=self.came | who.found.keys(), left=left)


def minutes_of(joins: Iterable[Joined]) -> str:
    """Return how many minutes somebody was there; empty where a report does not say."""
    known = [joined.minutes for joined in joins if joined.minutes is not None]
    return str(sum(known)) if known else ""


def read_sent(form: MultiDict[str, str]) -> SentTicks:
    """Return what a form sends. Somebody who is assigned to a registration is a tick there."""
    said = {name: value.strip() for name, value in form.items()}
    left = tuple(
        Left(name, said.get(f"{MINUTES}{number}", ""), said.get(f"{ASSIGNED}{number}", ""))
        for number, name in _numbered(said, LEFT)
    )
    pressed = said.get(DO, "")
    typed = any(said.get(name) for name in _WALK_IN if name != signup.LANGUAGE.name)
    return SentTicks(
        shown={name.removeprefix(SHOWN): value for name, value in said.items() if name.startswith(SHOWN)},
        came=frozenset(name.removeprefix(CAME) for name in said if name.startswith(CAME)),
        complete=COMPLETE in said,
        left=left,
        walk_in={name: said.get(name, "") for name in _WALK_IN} if typed or pressed == ADD else {},
        asked=said.get(ASKED, ""),
        pressed=pressed,
    )


def _numbered(said: Mapping[str, str], prefix: str) -> list[tuple[str, str]]:
    return [(name.removeprefix(prefix), value) for name, value in said.items() if name.startswith(prefix)]


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of a form."""

    others: frozenset[str] = frozenset()
    """Registrations that somebody else had changed meanwhile, and that stay as they are."""
    gone: bool = False
    """Whether somebody who was ticked is on no list any more."""


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps who came to a session."""

    store: Store
    session_id: str
    now: datetime
    staff: str
    """The email address of whoever sent the form."""
    new_registration_id: Callable[[], str]

    def keep(self, sent: SentTicks, roster: Sequence[Registration]) -> Kept:
        """Keep each tick that is another than the page showed, unless somebody else has changed it meanwhile."""
        known = {each.registration_id: each for each in roster}
        came = sent.came | {left.chosen for left in sent.left if left.chosen not in {"", WALKS_IN}}
        was = {each: shown(known[each]) for each in came if each in known} | dict(sent.shown)
        others = {
            each
            for each in was
            if each in known and not self._kept(known[each], was[each], each in came, sent.complete)
        }
        # Who was canceled and came all the same has been given a new registration if the same form came before.
        gone = any(each not in known and sent.shown.get(each) != State.CANCELLED for each in came)
        return Kept(frozenset(others), gone)

    def walk_in(self, person: Person) -> None:
        """Give somebody who is there a seat and a tick."""
        self.store.sign_up(
            self.session_id,
            person,
            registration_id=self.new_registration_id(),
            now=self.now,
            admission=Admission.WALK_IN,
            by=ChangedBy.STAFF,
            staff=self.staff,
        )

    def _kept(self, registration: Registration, was: str, came: bool, complete: bool) -> bool:
        """Keep what the form says of somebody; return whether it is stored so now."""
        if registration.state is not State.CONFIRMED:
            if not came:
                return True
            if was != registration.state.value:
                return False  # they had a seat when the page was made, or waited
            self.walk_in(registration.person)
            return True
        expected = _TICKS.get(was)
        absent = (complete or expected is False) and was not in {each.value for each in State}
        attended = True if came else False if absent else None
        if attended == expected:
            return True
        with suppress(UnknownRegistration, NotActive):
            stored = self.store.attend(
                self.session_id,
                registration.registration_id,
                attended=attended,
                expected=expected,
                now=self.now,
                staff=self.staff,
            )
            return stored.attended == attended
        return False


def language_of(sent: SentTicks, usual: Language) -> Language:
    """Return the language of the emails to people who walk in."""
    chosen = sent.walk_in.get(signup.LANGUAGE.name)
    return next((language for language in LANGUAGES if language.value == chosen), usual)
