# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each fault that is put into the product on purpose is found by the law that it breaks."""

from __future__ import annotations

import logging

import pytest

from tests.simulation.broken import find
from tests.simulation.faults import FAULTS
from tests.simulation.report import LAWS

QUICK = ("one seat more than there is", "no CANCEL for the last seat")
"""What is found at once, so that a change of the simulation itself is tried with each run."""

RARE = ("overtaken by what says nothing to the calendar",)
"""What needs more terms than a test has time for; tests of the stores hold it directly."""
LONG = [pytest.param(name, marks=pytest.mark.long) for name in FAULTS if name not in QUICK + RARE]


@pytest.mark.parametrize("fault", [*QUICK, *LONG])
def test_a_fault_is_found(fault: str) -> None:
    logging.disable()
    try:
        found = find(fault)
    finally:
        logging.disable(logging.NOTSET)

    assert found.law in LAWS, found
