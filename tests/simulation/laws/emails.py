# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each change reaches its person: once, and once more for each answer that was lost; nothing about what is over."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from register.domain.errors import UnknownSession
from register.domain.identity import digest
from register.domain.messages import Message, Method
from register.domain.model import ChangedBy, Kind, Registration
from register.domain.snapshot import read
from register.stores.deliveries import OVERTAKEN, Delivery
from tests.simulation.laws.base import hold
from tests.simulation.recipients import Arrival

if TYPE_CHECKING:
    from tests.simulation.world import World

MOST_COPIES = 3
_SAYS = {
    ChangedBy.PERSON: ("Thank you for letting us know", "Gracias por avisarnos"),
    ChangedBy.STAFF: ("The training team", "El equipo de capacitación"),
    ChangedBy.ERASURE: ("We erased what we kept about you", "Borramos lo que guardábamos sobre usted"),
}
"""How an email says whose deed it tells of."""


def name_of(message: Message) -> str:
    """Return the recipient of an email, and what its Message-ID says of its message, as the server does.

    An address that was corrected may get what the earlier one had: two emails with a Message-ID, and none came twice.
    """
    return f"{message.email} {message.kind}.{digest(message.label)}"


class Emails:
    """The laws of emails."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[str, Message] = {}
        self._open: dict[str, Message] = {}
        """What has been recorded and is to reach its person."""
        self._last: dict[tuple[str, str], Message] = {}
        """The newest message that has arrived, by session and address."""

    def expect(self, registration: Registration, *kinds: Kind, occasion: str | None = None) -> Message:
        """Hold the store to having recorded an email of one of these kinds; it must arrive. Returns the newest."""
        found = [
            each.message
            for each in self._world.place.look.messages_of(registration.person.email)
            if each.message.registration_id == registration.registration_id
            and each.message.kind in kinds
            and occasion in (None, each.message.occasion)
        ]
        what = " or ".join(kinds)
        where = f"{registration.session_id}/{registration.registration_id}"
        hold("told", bool(found), f"{where}: no {what} was recorded for {registration.state}")
        newest = max(found, key=lambda message: message.number)
        self._known[name_of(newest)] = self._open[name_of(newest)] = newest
        return newest

    def arrived(self, email: str, arrival: Arrival) -> Message:
        """An email has arrived."""
        message = self._message(email, arrival.name)
        server = self._world.server
        copies, lost = server.copies[arrival.name], server.unanswered[arrival.name]
        words = f"{message.label}: copy {copies}, and {lost} answers were lost"
        hold("copies", copies <= min(1 + lost, MOST_COPIES), words)
        hold(
            "over",
            not self._is_over(message, self._world.time()),
            f"{message.label}: arrived at {arrival.at:%d %H:%M}",
        )
        hold("by whom", *_says_by_whom(message, arrival.text))
        last = self._last.get((message.session_id, email))
        older = last is not None and message.number < last.number
        hold(
            "numbers",
            not older or bool(server.lost[arrival.name]),
            f"{message.label}: after {last and last.label}",
        )
        if not older:
            self._last[message.session_id, email] = message
        return message

    def process_died(self) -> None:
        """Nobody has the answers that the process had: of what has arrived, and of what it had in hand."""
        server = self._world.server
        for each in self._world.place.look.pending():
            name = name_of(each.message)
            if server.copies[name] > server.unanswered[name]:
                server.unanswered[name] += 1
                server.lost[name] += 1
            elif each.lease is not None:  # whoever comes next cannot know that nothing was handed over
                server.lost[name] = max(server.lost[name], each.unknown + 1)

    def erased(self, email: str) -> None:
        """Expect nothing more of what is erased."""
        self._open = {name: each for name, each in self._open.items() if each.email != email}

    def check(self, *, finally_: bool = False) -> None:
        """Look at all emails that should have arrived by now; `finally_` they all should have."""
        for name, message in list(self._open.items()):
            self._world.done["look at an email"] += 1
            if self._world.server.copies[name]:
                del self._open[name]
                continue
            delivery = self._delivery(message)
            if delivery is not None and delivery.due is not None:
                hold("told", not finally_, f"{message.label}: is still to be sent: {delivery.problem}")
                continue
            hold("told", self._is_excused(delivery), f"{message.label}: never arrived: {_problem(delivery)}")
            del self._open[name]

    def _is_excused(self, delivery: Delivery | None) -> bool:
        """Whether there is a reason why an email that is settled never arrived."""
        if delivery is None:
            return False
        name, server = name_of(delivery.message), self._world.server
        if delivery.sent is not None:
            if delivery.problem == OVERTAKEN:
                return server.lost[name] > 0
            # By the clock of whoever took it last: a try whose answer was lost waits for four hours, the session may
            # be over by then, and the clock may have been set back since.
            return self._is_over(delivery.message, delivery.sent)
        return server.refusals[delivery.message.email] > 0 or server.lost[name] >= MOST_COPIES

    def _is_over(self, message: Message, now: datetime) -> bool:
        """Whether nobody has any use for an email: its session is over, or what it reminds of has begun."""
        if message.kind is Kind.REMINDER and int(message.occasion) <= now.timestamp():
            return True
        ends = read(message.snapshot_json).session.period.end
        if message.method is not Method.CANCEL:  # that ends an event at the time that it says
            with suppress(UnknownSession):
                ends = self._world.place.look.session(message.session_id).terms.ends
        return ends <= now

    def _delivery(self, message: Message) -> Delivery | None:
        found = self._world.place.look.messages_of(message.email)
        return next((each for each in found if each.message.key == message.key), None)

    def _message(self, email: str, name: str) -> Message:
        """Return the message of an email that has arrived, which the store has recorded before."""
        if name not in self._known:
            for each in self._world.place.look.messages_of(email):
                self._known[name_of(each.message)] = each.message
        hold("recorded", name in self._known, f"{name}: arrived and was never recorded")
        return self._known[name]


def _problem(delivery: Delivery | None) -> str:
    """Return what stands beside an email, without what it holds."""
    return "it is not in the outbox" if delivery is None else str(delivery.problem)


def _says_by_whom(message: Message, text: str) -> tuple[bool, str]:
    """Return whether an email says by whom what it tells of was done, and otherwise what it says.

    A cancellation always does. What tells how things stand does where staff signed somebody up, unless the session or
    the line has other news.
    """
    said = {by for by, words in _SAYS.items() if any(each in text for each in words)}
    allowed: set[ChangedBy] = {message.changed_by} & _SAYS.keys()
    as_it_was = said == allowed if message.kind is Kind.CANCELLATION else said <= allowed
    return as_it_was, f"{message.label}: by {message.changed_by}, and it says {sorted(said)}"
