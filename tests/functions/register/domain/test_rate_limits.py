# SPDX-License-Identifier: AGPL-3.0-or-later
"""How limits are counted."""

from __future__ import annotations

from datetime import timedelta

from register.domain.rate_limits import Limit
from tests.functions.register.builders import NOW


def test_the_window_of_a_limit_is_as_long_as_it_says() -> None:
    limit = Limit("client", "k", 5, timedelta(hours=1))
    hour = NOW.replace(minute=0, second=0, microsecond=0)

    assert limit.window_of(hour) == limit.window_of(hour + timedelta(minutes=59, seconds=59))
    assert limit.window_of(hour + timedelta(hours=1)) == limit.window_of(hour) + 1
