# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tests of delivery share."""

from __future__ import annotations

import pytest

from tests.support.outbox import PEOPLE, Outbox


@pytest.fixture
def outbox() -> Outbox:
    """Four people's confirmations, all due."""
    return Outbox(*PEOPLE)
