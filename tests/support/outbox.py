# SPDX-License-Identifier: AGPL-3.0-or-later
"""An outbox with emails of people who have signed up, a clock, and a backend that fails as it is told to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from register.domain.messages import Message
from register.mail.backends.base import ServerDown
from register.mail.delivery import Courier, DeliveryReport, Tried, deliver
from register.mail.outgoing import Email
from register.stores.deliveries import Delivery
from register.stores.memory import MemoryStore
from tests.support.builders import opened, terms
from tests.support.constants import MINUTE, NOW
from tests.support.emails import snapshot_json
from tests.support.schedules import session

PEOPLE = ("Ana", "Ben", "Carla", "David")


@dataclass
class Clock:
    """Says what time it is, and never goes on by itself."""

    time: datetime = NOW + MINUTE

    def __call__(self) -> datetime:
        return self.time


@dataclass
class FakeBackend:
    """Takes emails, and fails as it is told to; implements `MailBackend`."""

    problems: dict[str, list[Exception | None]] = field(default_factory=dict)
    """By recipient, what the next tries bring."""
    taken: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    closed: int = 0
    on_send: Callable[[], None] = lambda: None
    probes: list[Exception | None] = field(default_factory=list)
    """What the next probes bring; the server is there where nothing is said."""
    probed: int = 0

    def send(self, email: Email) -> None:
        self.on_send()
        self.tried.append(email.recipient)
        problems = self.problems.get(email.recipient)
        if problems and (problem := problems.pop(0)):
            raise problem
        self.taken.append(email.recipient)

    def probe(self) -> None:
        self.probed += 1
        if self.probes and (problem := self.probes.pop(0)):
            raise problem

    def close(self) -> None:
        self.closed += 1

    def goes_down(self) -> None:
        """Refuse everything until `comes_back`."""

        def refuse() -> None:
            raise ServerDown("mail:25: no connection")

        self.on_send = refuse

    def comes_back(self) -> None:
        """Take emails again."""
        self.on_send = lambda: None


def smallest_email(message: Message) -> Email:
    """Return the least that can be sent; real emails take longer to write."""
    return Email("training@example.org", message.email, message.registration_id, b"")


class Outbox:
    """A store with confirmations of these people, all due, and what delivers them."""

    def __init__(self, *names: str) -> None:
        self.store = MemoryStore()
        self.people = opened(self.store, terms(capacity=100, snapshot_json=snapshot_json(session())))
        self.people.sign_up(*names)
        self.clock = Clock()
        self.backend = FakeBackend()
        self.compose: Callable[[Message], Email] = smallest_email

    def deliver(self, go_on: Callable[[], bool] = lambda: True) -> DeliveryReport:
        """Deliver what is due."""
        return deliver(self.store, self.backend, self.compose, now=self.clock, go_on=go_on)

    def delivery(self, name: str) -> Delivery:
        """Return how far a person's one message is on its way."""
        (found,) = self.store.messages_of(email_of(name))
        return found

    def deliver_one(self, name: str) -> Tried | None:
        """Deliver a person's one message, as the stream asks for it."""
        key = self.delivery(name).message.key
        return Courier(self.store, self.backend, self.compose, self.clock).deliver_next(of=key)

    def fails(self, name: str, *problems: Exception | None) -> None:
        """Let the next tries for a person fail."""
        self.backend.problems[email_of(name)] = list(problems)

    def next_due(self) -> datetime:
        """Return when something is due next."""
        return min(delivery.due for delivery in self.store.pending() if delivery.due)


def email_of(name: str) -> str:
    """Return the email of a person."""
    return f"{name.casefold()}@example.net"


def emails_of(names: Sequence[str]) -> list[str]:
    """Return the emails of people."""
    return [email_of(name) for name in names]
