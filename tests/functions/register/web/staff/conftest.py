# SPDX-License-Identifier: AGPL-3.0-or-later
"""The staff desk on the real schedule, anew for each test."""

from __future__ import annotations

import pytest

from tests.support.attendance import Room, room_of
from tests.support.staff import StaffWorld
from tests.support.visitors import World


@pytest.fixture
def staff(world: World) -> StaffWorld:
    """Everything but the applications, and a list of staff that a test may change."""
    return StaffWorld(world)


@pytest.fixture
def room(staff: StaffWorld) -> Room:
    """A room with three people on the list."""
    room = room_of(staff)
    room.signed_up("Ana Núñez", "Ben O’Brien", "Carla Vang")
    return room
