# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do by command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from register.domain.admission import Admission
from register.domain.announcements import AnnouncedTo, Announcement
from register.domain.errors import RegisterError
from register.domain.model import ChangedBy, Registration
from register.operations import failed_mail, people, privacy
from schedule.model import Language
from tests.simulation.events.base import Action, active, open_sessions
from tests.simulation.world import World


def add(world: World) -> Action | None:
    """Staff sign somebody up on the phone, also after sign-up has closed."""
    sessions = open_sessions(world)
    if not sessions:
        return None
    person, session_id = world.chance.choice(world.cast), world.chance.choice(sessions)

    def do() -> str:
        application = world.process.application
        signed_up = application.store.sign_up(
            session_id,
            person,
            registration_id=application.new_registration_id(),
            now=application.clock(),
            admission=Admission.LATE,
            by=ChangedBy.STAFF,
        )
        return signed_up.registration.state

    return Action(
        f"{person.name} for {session_id}",
        lambda: _said(do),
        frozenset({session_id}),
        frozenset({person.email}),
        again=True,
        by=ChangedBy.STAFF,
    )


def cancel(world: World) -> Action | None:
    """Staff cancel for somebody who calls."""

    def do(one: Registration) -> str:
        application = world.process.application
        found = people.find(application.store, one.session_id, one.person.email, one.person.name)
        application.store.cancel(
            one.session_id, found.registration_id, now=application.clock(), by=ChangedBy.STAFF
        )
        return "canceled"

    return _for_one(world, do)


def correct(world: World) -> Action | None:
    """Staff correct an email address, which may be another family's, or the language of the emails."""
    known = active(world)
    if not known:
        return None
    one, email = world.chance.choice(known), world.chance.choice(sorted(world.recipients))
    new = (
        {"email": email}
        if world.chance.random() < 0.7
        else {"language": world.chance.choice(tuple(Language))}
    )

    def do() -> str:
        application = world.process.application
        found = people.find(application.store, one.session_id, one.person.email, one.person.name)
        corrected = replace(found.person, **new)
        return people.correct(application.store, found, corrected, now=application.clock())

    words = f"{one.person.name} for {one.session_id}: {', '.join(new.values())}"
    emails = frozenset({one.person.email, email})
    return Action(
        words, lambda: _said(do), frozenset({one.session_id}), emails, again=True, by=ChangedBy.STAFF
    )


def move(world: World) -> Action | None:
    """Staff move somebody to another date."""
    known, sessions = active(world), open_sessions(world)
    if not known or not sessions:
        return None
    one, to = world.chance.choice(known), world.chance.choice(sessions)

    def do() -> str:
        application = world.process.application
        found = people.find(application.store, one.session_id, one.person.email, one.person.name)
        moved = application.store.move(
            one.session_id,
            found.registration_id,
            to=to,
            new_registration_id=application.new_registration_id(),
            now=application.clock(),
            by=ChangedBy.STAFF,
        )
        return people.moved_in_words(one.session_id, to, moved)

    words = f"{one.person.name} from {one.session_id} to {to}"
    touched = frozenset({one.session_id, to})
    return Action(
        words,
        lambda: _said(do),
        touched,
        frozenset({one.person.email}),
        again=True,
        by=ChangedBy.STAFF,
    )


def resend(world: World) -> Action | None:
    """Staff send somebody's email again."""

    def do(one: Registration) -> str:
        application = world.process.application
        found = people.find(application.store, one.session_id, one.person.email, one.person.name)
        people.resend(application.store, found, now=application.clock())
        return "sent again"

    return _for_one(world, do)


def erase(world: World) -> Action | None:
    """Staff erase all that is kept about an address."""
    known = sorted({each.person.email for each in active(world)})
    if not known:
        return None
    email = world.chance.choice(known)
    touched = frozenset(world.laws.sessions.seen)

    def do() -> str:
        application = world.process.application
        done = privacy.forget(
            application.store, email, now=application.clock(), organization=application.organizations().listed
        )
        world.laws.erased(email)
        return f"{done.registrations} erased, {done.unsent} emails left"

    return Action(email, lambda: _said(do), touched, frozenset({email}), again=True, by=ChangedBy.ERASURE)


def announce(world: World) -> Action | None:
    """Staff write to people who are confirmed, who wait, or to all; after a kill they send the same form once more."""
    sessions = open_sessions(world)
    if not sessions:
        return None
    session_id, to = world.chance.choice(sessions), world.chance.choice(tuple(AnnouncedTo))
    occasion = f"{world.chance.getrandbits(64):x}"

    def do() -> str:
        application = world.process.application
        now = application.clock()
        texts = ("Bring a laptop", "Please bring a laptop.", "Traiga una computadora", "Tráigala, por favor.")
        written = Announcement(occasion, now, to, *texts)
        application.store.announce(session_id, written, now=now, staff="office@example.org")
        application.store.write_out_announcement(session_id)
        world.laws.sessions.announced(session_id, written)
        return "announced"

    words, touched = f"to {to} of {session_id}", frozenset({session_id})
    return Action(words, lambda: _said(do), touched, again=True, by=ChangedBy.STAFF)


def retry_failed(world: World) -> Action | None:
    """Staff send again what has failed."""

    def do() -> str:
        application = world.process.application
        now = application.clock()
        return str(
            failed_mail.retry(application.store, failed_mail.find(application.store, now=now), now=now)
        )

    return Action("all", lambda: _said(do), again=True)


def _for_one(world: World, do: Callable[[Registration], str]) -> Action | None:
    known = active(world)
    if not known:
        return None
    one = world.chance.choice(known)
    return Action(
        f"{one.person.name} for {one.session_id}",
        lambda: _said(lambda: do(one)),
        frozenset({one.session_id}),
        frozenset({one.person.email}),
        again=True,
        by=ChangedBy.STAFF,
    )


def _said(do: Callable[[], str]) -> str:
    """Do something, and return what the command says: what it has done, or why it has not."""
    try:
        return do()
    except RegisterError as error:
        return type(error).__name__
