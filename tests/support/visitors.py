# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sign-up function of its own for each test, on the real schedule, and somebody who visits it."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import count
from typing import Any

from flask import Flask
from werkzeug.test import Client, TestResponse

from plugins.page_parser import Parsed, parse
from register.domain import snapshot as details
from register.domain.identity import hash_of
from register.domain.model import Registration, SessionTerms
from register.domain.organizations import Organizations
from register.domain.rate_limits import Limits, Rate
from register.stores.memory import MemoryStore
from register.web.app import create_app
from register.web.forms import SignUpForms
from register.web.pages import Pages
from register.web.responses import Web
from register.web.tokens import Receipt, Tokens
from schedule.contract import Contract, from_json
from schedule.model import Status
from tests.support.built_site import BuiltSite
from tests.support.constants import HOUR, NOON, ROOT, SITE_URL

SECRETS = ("newest secret of the tests", "secret before that one")
LIMITS = Limits(client=Rate(60, HOUR), recipient=Rate(10, HOUR))

STAFF = "2026-12-03-overview"
IN_PERSON = "2026-12-10-secondary-user"
IN_SPANISH = "2026-12-08-parents"
CALLED_OFF = "2027-02-09-user-administrator"

FILLED_IN = {
    "page_language": "en",
    "leave_empty": "",
    "name": "Ana Núñez",
    "email": "ana@example.org",
    "organization": "Yolo County Office of Education",
    "role": "recruiter",
    "language": "es",
    "needs": "",
    "consent": "yes",
}
PHONE = '<a href="tel:+18003422964,3">(800) 342-2964, '
OWN_ORIGIN = {"Origin": SITE_URL}


@dataclass
class Clock:
    """The time that the tests set."""

    now: datetime = NOON


@cache
def pages_of(site: BuiltSite) -> Pages:
    """Return the function's pages for a built site; their templates are compiled once for all tests of a process."""
    return Pages(ROOT / "theme", site.told)


@cache
def forms_of(site: BuiltSite) -> SignUpForms:
    """Return the function's forms for a built site."""
    return SignUpForms(Organizations(site.told.organizations))


@dataclass
class World:
    """The function, what it is made from, and what a test wants to know afterward."""

    site: BuiltSite
    contract: Contract
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: Clock = field(default_factory=Clock)
    woken: list[datetime] = field(default_factory=list)

    def web(self, **changes: Any) -> Web:
        numbers = count(1)
        web = Web(
            store=self.store,
            pages=pages_of(self.site),
            forms=forms_of(self.site),
            tokens=Tokens(SECRETS),
            limits=LIMITS,
            clock=lambda: self.clock.now,
            new_registration_id=lambda: f"rid-{next(numbers)}",
            wake=lambda: self.woken.append(self.clock.now),
            site_url=SITE_URL,
            hash_key=SECRETS[0].encode(),
        )
        return replace(web, **changes)

    def app(self, **changes: Any) -> Flask:
        return create_app(self.web(**changes))

    def visitor(self, **changes: Any) -> Visitor:
        return Visitor(Client(self.app(**changes)))

    def change(self, session_id: str, **changes: Any) -> None:
        """Change what the schedule says of a session."""
        occupancy = self.store.session(session_id)
        self.store.occupancies[session_id] = replace(occupancy, terms=replace(occupancy.terms, **changes))

    def fill(self, session_id: str, capacity: int = 0) -> None:
        """Leave no seat, or as many as given."""
        self.change(session_id, capacity=capacity)

    def only_registration(self) -> Registration:
        (one,) = self.store.registrations.values()
        return one

    def snapshot(self) -> tuple[object, ...]:
        """All that the store holds."""
        store = self.store
        parts = (
            store.occupancies,
            store.registrations,
            store.outbox,
            store.hits,
            store.tallies,
            store.wished,
        )
        return tuple(dict(part) for part in parts)


@dataclass
class Visitor:
    """Asks and sends as a browser on a page of the site does."""

    client: Client

    address: str = "192.0.2.1"

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, environ_base={"REMOTE_ADDR": self.address}, **options)

    def post(self, path: str, data: Any = None, **options: Any) -> TestResponse:
        headers = OWN_ORIGIN | options.pop("headers", {})
        base = {"REMOTE_ADDR": self.address}
        return self.client.post(path, data=data, headers=headers, environ_base=base, **options)

    def sign_up(self, session_id: str = STAFF, **changes: Any) -> TestResponse:
        data = {name: value for name, value in (FILLED_IN | changes).items() if value is not None}
        return self.post(f"/register/{session_id}", data)

    def follow(self, response: TestResponse) -> TestResponse:
        assert response.status_code == 303, response.status
        return self.get(response.headers["Location"])


def signed_up(world: World, visitor: Visitor, email: str = "ana@example.org") -> Registration:
    """Sign somebody up who wants Spanish mails."""
    assert visitor.sign_up(email=email).status_code == 303
    return next(
        one for one in world.store.registrations.values() if one.person.email == email and one.is_active
    )


def broken(store: MemoryStore, error: Exception, *verbs: str) -> MemoryStore:
    """Return a store with the same content of which some verbs fail."""

    def fail(*arguments: Any, **options: Any) -> Any:  # noqa: ARG001 - whatever the verb takes
        raise error

    other = copy(store)
    for verb in verbs:
        setattr(other, verb, fail)
    return other


def manage_path(registration: Registration) -> str:
    """Return the path of the link that a registration's mails have."""
    token = Tokens(SECRETS).manage(
        registration.session_id, registration.registration_id, registration.link_generation
    )
    return f"/register/manage/{token}"


def mine_path(email: str) -> str:
    """Return the path of the page of all registrations of an email address."""
    return f"/register/mine/{Tokens(SECRETS).mine(hash_of(email))}"


def feed_path(email: str) -> str:
    """Return the path of an email address's private feed."""
    return f"/register/mine/{Tokens(SECRETS).feed(hash_of(email))}/calendar.ics"


def receipt_of(response: TestResponse) -> Receipt:
    """Return the receipt that an answer to a sign-up leads to."""
    token = response.headers["Location"].removeprefix("/register/done/")
    return Tokens(SECRETS).read_receipt(token, NOON)


def told(response: TestResponse) -> Receipt:
    """Return what the receipt says: all but the random parts, which no two receipts have in common."""
    return replace(receipt_of(response), registration_id="", nonce="")


def heading(response: TestResponse) -> str:
    """Return the text of the page's h1."""
    inside = response.text.split("<h1")[1].split(">", 1)[1]
    return inside.split("</h1>")[0].strip()


def parsed(response: TestResponse) -> Parsed:
    """Take a page of the function apart as the checks of the site do."""
    return parse("register/index.html", response.text)


def everywhere(world: World, visitor: Visitor, language: str = "en") -> dict[str, TestResponse]:
    """Return an answer of each kind that the function gives."""
    said = {"page_language": language}
    done = visitor.sign_up(page_language=language)
    path = manage_path(world.only_registration())
    asked = f"?lang={language}"
    return {
        "done": visitor.follow(done),
        "done again": visitor.follow(visitor.sign_up(page_language=language)),
        "sent to done": done,
        "form again": visitor.sign_up(name="", consent=None, role="x", page_language=language),
        "cancelled session": visitor.sign_up(CALLED_OFF, page_language=language),
        "unknown session": visitor.get(f"/register/unknown{asked}"),
        "sent to session": visitor.get(f"/register/{STAFF}{asked}"),
        "own": visitor.get(f"{path}{asked}"),
        "own, not corrected": visitor.post(f"{path}/correct", said),
        "own, corrected": visitor.post(f"{path}/correct", FILLED_IN | said | {"name": "Ana Nuñez Ruiz"}),
        "own, after that": visitor.get(f"{path}{asked}&news=corrected"),
        "mine": visitor.get(f"{mine_path(FILLED_IN['email'])}{asked}"),
        "no date to move to": visitor.post(f"{path}/move", said),
        "cancel": visitor.post(f"{path}/cancel", said),
        "cancelled": visitor.get(f"{path}{asked}"),
        "lost mail": visitor.get(f"/register/link{asked}"),
        "lost mail again": visitor.post("/register/link", said),
        "mail sent": visitor.get(f"/register/link{asked}&sent=yes"),
        "broken link": visitor.get(f"/register/manage/x{asked}"),
        "no page": visitor.get(f"/register/a/b/c{asked}"),
        "method": visitor.post(f"/register/manage/x{asked}"),
        "foreign": visitor.post(f"/register/link{asked}", headers={"Origin": "null"}),
        "large": visitor.post(f"/register/link{asked}", {"email": "x" * 9000}),
        "status": visitor.get("/register/status.json"),
        "health": visitor.get("/register/health"),
        "root": visitor.get(f"/register/{asked}"),
    }


def terms_of(contract: Contract, session_id: str) -> SessionTerms:
    session = next(one for one in contract.schedule.sessions if one.id == session_id)
    return SessionTerms(
        session_id=session_id,
        starts=session.period.start,
        ends=session.period.end,
        closes=session.registration_closes,
        expires=session.period.end + contract.retention,
        capacity=session.capacity,
        status=Status(session.status),
        revision=session.revision.number,
        snapshot_json=details.write(contract, session_id),
        join_url="https://meet.example.org/secret-room",
    )


@cache
def schedule_of(site: BuiltSite) -> tuple[Contract, tuple[SessionTerms, ...]]:
    """Return what a built site says of its sessions to the function, and what the function keeps of each."""
    contract = from_json(json.loads((site.private / "schedule.json").read_text()))
    return contract, tuple(terms_of(contract, session.id) for session in contract.schedule.sessions)


def world_of(site: BuiltSite) -> World:
    """Return everything but the application, with all sessions of a built site."""
    contract, terms = schedule_of(site)
    world = World(site, contract)
    for each in terms:
        world.store.sync_session(each, None, expected=None)
    return world
