# SPDX-License-Identifier: AGPL-3.0-or-later
"""`python -m tests.simulation`: plays terms, and says what was done and what held. Ends with 1 if a law did not."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from functools import partial

from tests.simulation.report import report
from tests.simulation.term import Played, Term, play, usual

_LAST = 40
"""How much of a transcript is shown before the step in which a law broke."""


def played(seed: int, *, store: str) -> Played:
    """Play the usual term of a seed."""
    logging.disable()
    return play(Term(seed, store, usual(seed)))


def all_played(seeds: Sequence[int], store: str, jobs: int) -> Iterator[Played]:
    """Play a term for each seed, several at once."""
    if jobs == 1 or len(seeds) == 1:
        yield from map(partial(played, store=store), seeds)
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(partial(played, store=store), seeds, chunksize=5)


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument(
        "--terms", type=int, default=20, help="how many terms; their seeds count from --first on"
    )
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--store", choices=("sqlite", "dynamodb"), default="sqlite")
    parser.add_argument("--seed", type=int, help="play this term alone, and show what happened in it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many terms at once")
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.terms) if options.seed is None else [options.seed]
    terms: list[Played] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):  # what has been played until then is worth a report
        for each in all_played(seeds, options.store, options.jobs):
            terms.append(each)
            if each.broken:
                print(f"seed {each.seed}, step {each.step}: {each.broken}", file=sys.stderr)
    if options.seed is not None and terms:
        shown = terms[0].transcript[-_LAST:] if terms[0].broken else terms[0].transcript
        print("\n".join(shown), end="\n\n")
    print(report(terms, options.store))
    return int(any(each.broken for each in terms))


if __name__ == "__main__":
    sys.exit(main())
