# SPDX-License-Identifier: AGPL-3.0-or-later
"""After the time for which they are kept, no byte of a person is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.simulation.cast import traces
from tests.simulation.laws.base import hold

if TYPE_CHECKING:
    from tests.simulation.world import World


def nothing_is_left(world: World) -> None:
    """Look for everybody in all bytes that are stored."""
    everything = b"\n".join(world.place.contents()).lower()
    for person in world.cast:
        for trace in traces(person):
            at = everything.find(trace.lower())
            around = everything[max(0, at - 60) : at + 60]
            hold("forgetting", at < 0, f"{trace.decode()} is still there: {around!r}")
