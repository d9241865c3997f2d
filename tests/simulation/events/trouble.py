# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes wrong with email servers, mailboxes and clocks; it passes, but for mailboxes that are gone."""

from __future__ import annotations

from datetime import timedelta

from tests.simulation.events.base import Action
from tests.simulation.mail_server import MailServer
from tests.simulation.world import World

_LONGEST = 9
"""Hours."""


def of_the_server(world: World) -> Action | None:
    """The server is down, slow, unfriendly, or drops connections."""
    if world.trouble_ends is not None:
        return None
    kind = world.chance.choice(("down", "refusing", "slow", "dropping", "dropping"))
    hours = world.chance.randint(1, _LONGEST)

    def do() -> str:
        server = world.server
        if kind == "down":
            server.is_down = True
        elif kind == "refusing":
            server.refuses = "421 4.3.2 come again"
        elif kind == "slow":
            server.takes = timedelta(seconds=20)
        else:
            server.drops = 0.5
        world.trouble_ends = world.clock.now + timedelta(hours=hours)
        return f"for {hours} hours"

    return Action(f"it is {kind}", do)


def of_a_mailbox(world: World) -> Action | None:
    """One mailbox is busy, gone, or makes the server silent."""
    email = world.chance.choice(sorted(world.recipients))
    kind = world.chance.choice(("busy", "gone", "silent", "mute", "mute"))

    def do() -> str:
        server: MailServer = world.server
        box: set[str] = getattr(server, kind)
        box.add(email)
        if kind != "gone" and world.trouble_ends is None:
            world.trouble_ends = world.clock.now + timedelta(hours=6)
        return kind

    return Action(email, do, emails=frozenset({email}))


def of_the_clock(world: World) -> Action | None:
    """The clock of the machine is set back, or right again; minutes later the server sweeps."""
    hours = 0 if world.skew else world.chance.choice((1, 3, 24))

    def do() -> str:
        world.skew = -timedelta(hours=hours)
        world.process.sweep()
        return "done"

    return Action(f"{hours} hours back" if hours else "right again", do)
