# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sign-up function on the real schedule, anew for each test, and somebody who visits it."""

from __future__ import annotations

import pytest

from tests.support.built_site import BuiltSite
from tests.support.visitors import Visitor, World, world_of


@pytest.fixture
def world(site: BuiltSite) -> World:
    """Everything but the application, with all sessions of the real schedule."""
    return world_of(site)


@pytest.fixture
def visitor(world: World) -> Visitor:
    """Somebody with a browser."""
    return world.visitor()
