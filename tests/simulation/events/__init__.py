# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may happen in a term: a table of events, each with its weight. A new kind of event is a row in it.

An event looks at the world and draws an action, or None where there is nothing for it to do. What it draws comes from
the world's own chance, and nothing that it looks at depends on the kind of store.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests.simulation.events import people, schedule, staff, trouble
from tests.simulation.events.base import Action
from tests.simulation.world import World


class Event(NamedTuple):
    """A kind of event; one of weight 4 comes twice as often as one of weight 2."""

    name: str
    weight: int
    draw: Callable[[World], Action | None]


EVENTS = (
    Event("sign-up", 31, people.sign_up),
    Event("sign-up of a family", 9, people.sign_up_family),
    Event("sign-up again", 5, people.sign_up_again),
    Event("repeated sign-up", 2, people.repeat),
    Event("cancel", 11, people.cancel),
    Event("lost email", 4, people.lose_email),
    Event("added by staff", 3, staff.add),
    Event("canceled by staff", 4, staff.cancel),
    Event("corrected by staff", 6, staff.correct),
    Event("moved by staff", 6, staff.move),
    Event("sent again by staff", 1, staff.resend),
    Event("erased", 2, staff.erase),
    Event("failed emails retried", 1, staff.retry_failed),
    Event("announced by staff", 4, staff.announce),
    Event("more seats", 5, schedule.more_seats),
    Event("fewer seats", 3, schedule.fewer_seats),
    Event("session moved", 4, schedule.move),
    Event("session canceled", 2, schedule.cancel),
    Event("session restored", 3, schedule.restore),
    Event("session published", 3, schedule.publish),
    Event("session withdrawn", 1, schedule.withdraw),
    Event("another link", 3, schedule.change_link),
    Event("another place", 2, schedule.change_place),
    Event("other words", 1, schedule.reword),
    Event("trouble with email", 8, trouble.of_the_server),
    Event("trouble with a mailbox", 5, trouble.of_a_mailbox),
    Event("clock set", 3, trouble.of_the_clock),
)


def drawn(world: World) -> tuple[str, Action]:
    """Return what happens next, with its name."""
    while True:
        [event] = world.chance.choices(EVENTS, [each.weight for each in EVENTS])
        if (action := event.draw(world)) is not None:
            return event.name, action
