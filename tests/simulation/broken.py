# SPDX-License-Identifier: AGPL-3.0-or-later
"""The product broken on purpose: what of it the laws find, and after how many terms.

`python -m tests.simulation.broken` prints the table.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.simulation.faults import FAULTS
from tests.simulation.term import Term, play, usual

MOST_TERMS = 60
"""After how many terms a fault counts as not found."""


@dataclass(frozen=True)
class Found:
    """How a fault was found."""

    fault: str
    law: str | None
    """The law that broke; None where none did."""
    terms: int


def find(fault: str, most: int = MOST_TERMS) -> Found:
    """Play terms with a fault until a law breaks."""
    for number in range(most):
        played = play(Term(number, "sqlite", usual(number), make_sqlite=FAULTS[fault]))
        if played.broken is not None:
            return Found(fault, played.broken.law, number + 1)
    return Found(fault, None, most)


def table(found: Iterable[Found]) -> Iterator[str]:
    """Yield the lines of a table in Markdown, each as soon as it is known."""
    yield "| fault | law that broke | terms |"
    yield "| --- | --- | --- |"
    for each in found:
        yield f"| {each.fault} | {each.law or 'none'} | {each.terms} |"


if __name__ == "__main__":
    logging.disable()
    for line in table(map(find, FAULTS)):
        print(line, flush=True)  # noqa: T201 - a command
