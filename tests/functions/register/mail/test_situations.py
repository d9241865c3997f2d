# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever an email server does: one copy more for each answer that is lost, three at most, and nobody else is late."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.delivery_situations import SITUATIONS, Row, row, table

LATE = timedelta(minutes=30)
ENDS = {
    "never an answer to DATA": (3, "given up"),
    "connection dropped after DATA": (3, "given up"),
    "answer to DATA dripped, a byte a minute": (3, "given up"),
    "answer to RCPT dripped, a byte a minute": (0, "to be tried again"),
    "one recipient that times out": (0, "to be tried again"),
    "an outage, then one recipient that times out": (0, "to be tried again"),
    "5xx for one mailbox": (0, "given up"),
    "11 minutes from DATA to the answer, once": (2, "sent"),
    "a kill in DATA": (2, "sent"),
    "a kill in DATA, every five minutes": (3, "given up"),
    "a stop in DATA": (2, "sent"),
}
"""Copies, and what stands beside the email; elsewhere it is sent once."""


@pytest.mark.parametrize("name", SITUATIONS)
def test_no_email_comes_too_often_and_none_is_late_for_anothers_sake(name: str, tmp_path: Path) -> None:
    found = row(name, tmp_path)

    assert (found.copies, found.end) == ENDS.get(name, (1, "sent"))
    assert found.copies <= min(1 + found.lost, 3)
    assert found.late <= LATE


def test_the_table_says_it_in_words() -> None:
    assert table(iter([Row("a kill", 2, 1, timedelta(seconds=83), "sent")])).splitlines()[2] == (
        "| a kill | 1 | 2 | sent | 1 min 23 s late |"
    )
