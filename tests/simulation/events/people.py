# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people do on the site: everything goes through the web application."""

from __future__ import annotations

from collections.abc import Callable

from register.domain.model import ChangedBy, Person, Registration, State
from register.web.tokens import BadToken
from schedule import signup
from schedule.addresses import FUNCTION
from tests.simulation.events.base import Action, active, open_sessions
from tests.simulation.world import World

_NETWORKS = [f"192.0.2.{number}" for number in range(1, 20)]


def sign_up(world: World) -> Action | None:
    """Somebody signs up, now and then for a session that is over or canceled."""
    sessions = open_sessions(world)
    if world.chance.random() < 0.06 or not sessions:
        sessions = sorted(world.office.sessions)
    person, session_id = world.chance.choice(world.cast), world.chance.choice(sessions)
    return _signs_up(world, session_id, person)


def sign_up_family(world: World) -> Action | None:
    """A whole family signs up, one after the other."""
    sessions = open_sessions(world)
    families = [each for each in sorted(world.recipients) if len(world.people_of(each)) > 1]
    if not sessions or not families:
        return None
    session_id, email = world.chance.choice(sessions), world.chance.choice(families)
    members = [_signs_up(world, session_id, person) for person in world.people_of(email)]
    return Action(
        words=f"all of {email} for {session_id}",
        do=lambda: ", ".join(member.do() for member in members),
        sessions=frozenset({session_id}),
        emails=frozenset({email}),
        by=ChangedBy.PERSON,
    )


def sign_up_again(world: World) -> Action | None:
    """Somebody who has canceled signs up again."""
    gone = [
        registration
        for session_id in open_sessions(world)
        if (seen := world.laws.sessions.seen.get(session_id)) is not None
        for registration in sorted(seen.people.values(), key=lambda each: each.registration_id)
        if registration.state is State.CANCELLED
    ]
    return _of_one(world, gone)


def repeat(world: World) -> Action | None:
    """Somebody who is signed up does it once more."""
    return _of_one(world, active(world))


def _of_one(world: World, registrations: list[Registration]) -> Action | None:
    if not registrations:
        return None
    one = world.chance.choice(registrations)
    return _signs_up(world, one.session_id, one.person)


def _signs_up(world: World, session_id: str, person: Person) -> Action:
    form = {
        "page_language": world.chance.choice(("en", "es")),
        signup.HONEYPOT: "",
        "name": person.name,
        "email": person.email,
        "organization": person.organization,
        "role": person.role,
        "language": person.language.value,
        "needs": person.needs,
        "consent": "yes",
    }
    network = world.chance.choice(_NETWORKS)

    def do() -> str:
        response = world.process.post(f"{FUNCTION}{session_id}", form, network)
        return str(response.status_code)

    return _by_a_person(f"{person.name} for {session_id}", do, session_id, person.email)


def cancel(world: World) -> Action | None:
    """Somebody opens the link in the newest email that has one, and cancels."""
    registrations = active(world)
    if not registrations:
        return None
    one = world.chance.choice(registrations)
    looks = world.chance.random() < 0.2

    def do() -> str:
        path = _link(world, one)
        if path is None:
            return "no email with a link has come"
        shown = f"{world.process.get(path).status_code}, " if looks else ""
        return shown + str(world.process.post(f"{path}/cancel", {}, _NETWORKS[0]).status_code)

    return _by_a_person(f"{one.person.name} for {one.session_id}", do, one.session_id, one.person.email)


def _by_a_person(words: str, do: Callable[[], str], session_id: str, email: str) -> Action:
    return Action(words, do, frozenset({session_id}), frozenset({email}), by=ChangedBy.PERSON)


def _link(world: World, one: Registration) -> str | None:
    """Return the path of somebody's personal link, if an email with it has come."""
    read = world.process.application.tokens.read_manage
    for path in world.recipients[one.person.email].links():
        try:
            managed = read(path.rpartition("/")[2])
        except BadToken:
            continue
        if managed.registration_id == one.registration_id:
            return path
    return None


def lose_email(world: World) -> Action | None:
    """Somebody asks for their links once more; now and then with an address that nobody has used."""
    email = world.chance.choice(sorted(world.recipients))

    def do() -> str:
        answer = world.process.post(f"{FUNCTION}link", {"email": email, "page_language": "en"}, _NETWORKS[1])
        return str(answer.status_code)

    return Action(email, do, emails=frozenset({email}))
