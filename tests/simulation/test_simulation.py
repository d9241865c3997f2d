# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whole terms hold to their laws, on both stores; one seed is one term."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.simulation.report import replay
from tests.simulation.term import Played, Term, play, usual
from tests.simulation.world import Options

SHORT = Options(people=30, sessions=3, days=4, steps=6, within=False)
"""A term for both stores: no limits, and kills between verbs."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A term fails thousands of times on purpose; nobody reads the log of that."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


def held(seed: int, store: str, options: Options) -> Played:
    """Play a term, and say how to play it again if a law does not hold."""
    played = play(Term(seed, store, options))
    words = f"step {played.step}: {played.broken}\n{replay(played, store)}"
    assert played.broken is None, words
    return played


def seeds(short: int, long: int) -> list[object]:
    """Return the seeds of each run, and of the long one."""
    return [*range(short), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(short, long))]


@pytest.mark.parametrize("seed", seeds(12, 40))
def test_a_term_on_sqlite_holds_to_its_laws(seed: int) -> None:
    held(seed, "sqlite", usual(seed))


@pytest.mark.parametrize("seed", seeds(2, 8))
def test_a_term_is_the_same_on_both_stores(seed: int) -> None:
    on_dynamodb, on_sqlite = (held(seed, store, SHORT) for store in ("dynamodb", "sqlite"))

    assert on_dynamodb.transcript == on_sqlite.transcript
    assert on_dynamodb.digest == on_sqlite.digest


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, 2])
def test_a_term_on_dynamodb_holds_to_its_laws_where_kills_fall_inside_a_verb(seed: int) -> None:
    held(seed, "dynamodb", usual(seed))


def test_one_seed_is_one_term() -> None:
    first, again = (play(Term(7, "sqlite", SHORT)) for _ in range(2))
    other = play(Term(8, "sqlite", SHORT))

    assert first == again
    assert first.digest != other.digest
    assert first.done["step"] == SHORT.days * SHORT.steps


def test_terms_differ_in_where_they_are_killed_and_whether_limits_are_on() -> None:
    kinds = {(usual(seed).within, usual(seed).limits) for seed in range(20)}
    assert kinds == {(True, True), (True, False), (False, True), (False, False)}
    assert all(replace(usual(seed), within=True, limits=False) == Options() for seed in range(20))
