# SPDX-License-Identifier: AGPL-3.0-or-later
"""No healthy email comes later than half an hour after the server is back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from register.domain.messages import MessageKey
from register.stores.deliveries import Delivery, DeliveryFault, held_back
from tests.simulation.laws.base import hold

if TYPE_CHECKING:
    from tests.simulation.world import World

PATIENCE = timedelta(minutes=30)


class Promptness:
    """The law of promptness. A stopwatch runs for each email that could go out."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._since: dict[MessageKey, timedelta] = {}

    def check(self) -> None:
        """Time has passed."""
        world = self._world
        pending = world.place.look.pending()
        world.done["look at the outbox"] += 1
        could = {each.message.key for each in pending if self._could_go(each, pending)}
        self._since = {key: self._since.get(key, world.idle) for key in could}
        for key, since in self._since.items():
            waits = world.idle - since
            hold("promptness", waits <= PATIENCE, f"{key[0]}/{key[2]}/{key[3]}: waits for {waits}")

    def _could_go(self, each: Delivery, pending: list[Delivery]) -> bool:
        healthy = each.fault in (None, DeliveryFault.SERVER) and not each.attempts and not each.unknown
        if each.due is None:
            return False
        now = self._world.time()
        # A server's fault leaves it due; only a clock that is set back may say otherwise.
        due = each.due <= now or (each.fault is DeliveryFault.SERVER and not self._world.skew)
        well = self._world.server.is_well(each.message.email)
        return healthy and due and well and not held_back(each.message, pending)
