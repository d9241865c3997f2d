# SPDX-License-Identifier: AGPL-3.0-or-later
"""The report counts what happened, says which laws held, and how to play a broken term again."""

from __future__ import annotations

from collections import Counter

from tests.simulation.laws.base import LawBroken
from tests.simulation.report import LAWS, report
from tests.simulation.term import Played

DONE = Counter(
    {
        "step": 3,
        "event: cancel": 1,
        "event: sign-up": 2,
        "email: reminder": 1200,
        "kill": 1,
        "look at a session": 4,
    }
)
HELD = Played(4, ("a day",), DONE, None, 3)
BROKEN = Played(5, ("a day",), DONE, LawBroken("seats", "9 have a seat, of 8"), 2)


def test_a_report_counts_what_happened_in_all_terms() -> None:
    text = report([HELD, HELD], "sqlite")

    assert text.split("\n\nLaws\n")[0].splitlines() == [
        "2 terms on sqlite, 6 steps",
        "",
        "What happened",
        f"  {'sign-up':<32}{4:>10}",
        f"  {'cancel':<32}{2:>10}",
        "",
        "Emails that arrived",
        f"  {'reminder':<32}{'2,400':>10}",
        "",
        "What went wrong",
        f"  {'kill':<32}{2:>10}",
        "",
        "What was looked at",
        f"  {'a session':<32}{8:>10}",
    ]
    assert text.split("Laws\n")[1].splitlines() == [f"  held  {words}" for words in LAWS.values()]


def test_a_report_names_a_broken_law_and_the_command_that_plays_its_term_again() -> None:
    text = report([HELD, BROKEN], "dynamodb")

    assert f"  broken 1 times  {LAWS['seats']}" in text
    assert text.splitlines()[-2:] == [
        "Seed 5, step 2: seats: 9 have a seat, of 8",
        "  make simulate SEED=5 STORE=dynamodb",
    ]


def test_terms_are_equal_in_what_has_happened() -> None:
    assert HELD.digest == BROKEN.digest
    assert Played(4, ("another day",), DONE, None, 3).digest != HELD.digest
