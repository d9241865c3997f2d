# SPDX-License-Identifier: AGPL-3.0-or-later
"""Steps of one process, timed in batches: one thing after the other in turn, or by several clients at once."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

Step = Callable[[], object]

TURN = 10
"""Calls of one thing before it is another's turn."""


def timed(step: Step, calls: int) -> list[float]:
    """Return how many seconds each call takes."""
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


def in_turn(steps: Mapping[str, Step], rounds: int, calls: int) -> dict[str, list[list[float]]]:
    """Time so many calls of each, some of one after some of another; return the seconds of each call, round by round.

    The turns are short: what else the machine does then slows all of them. A round before warms up.
    """
    found: dict[str, list[list[float]]] = {name: [] for name in steps}
    for number in range(rounds + 1):
        batches: dict[str, list[float]] = {name: [] for name in steps}
        for _ in range(calls // TURN):
            for name, step in steps.items():
                batches[name] += timed(step, TURN)
        if number:
            for name, batch in batches.items():
                found[name].append(batch)
    return found


def at_once(steps: Sequence[Step], calls: int) -> tuple[float, list[float]]:
    """Let several clients call at the same time; return calls a second and the seconds of each."""
    start = time.perf_counter()
    with ThreadPoolExecutor(len(steps)) as pool:
        times = [one for batch in pool.map(lambda step: timed(step, calls), steps) for one in batch]
    return len(times) / (time.perf_counter() - start), times


def rates(rounds: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Return the calls a second of each round."""
    return tuple(len(batch) / sum(batch) for batch in rounds)


def medians(rounds: Sequence[Sequence[float]]) -> tuple[float, ...]:
    """Return the median of each round in milliseconds."""
    return tuple(statistics.median(batch) * 1000 for batch in rounds)


def slowest(times: Sequence[float]) -> float:
    """Return how many milliseconds 99 of 100 calls stay below."""
    return statistics.quantiles(times, n=100)[98] * 1000
