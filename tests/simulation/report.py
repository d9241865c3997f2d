# SPDX-License-Identifier: AGPL-3.0-or-later
"""What came of many terms, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.simulation.term import Played

_EVENT, _EMAIL, _LOOK = "event: ", "email: ", "look at "
LAWS = {
    "seats": "never more confirmed than seats, but for a cut",
    "counts": "a session's counts are those of its people",
    "free seats": "nobody waits beside a free seat",
    "closed": "nobody joins the line from an hour before the start",
    "order": "the line keeps its order",
    "roster": "nobody goes from a roster unless erased",
    "withdrawn": "no session goes with people in it",
    "notice": "no change is left half told",
    "announced": "what staff write is written out",
    "told": "each change reached its person",
    "by whom": "each change is told as the deed of whoever did it",
    "recorded": "nothing arrives that was not recorded",
    "copies": "once, once more for each answer that was lost, three times at most",
    "numbers": "emails to an address about a session arrive in order",
    "over": "no email about what is over",
    "promptness": "no healthy email later than 30 minutes after the server is back",
    "calendars": "every calendar equals the roster, of clients that remember and that forget",
    "forgetting": "after retention no byte of a person is left",
}
"""The names of the laws, as `laws/` breaks them, and what they say."""


def replay(played: Played, store: str) -> str:
    """Return the command that plays a term again, alone."""
    return f"make simulate SEED={played.seed} STORE={store}"


def report(terms: Sequence[Played], store: str) -> str:
    """Return what was done, and what held."""
    done: Counter[str] = sum((played.done for played in terms), Counter())
    broken = [played for played in terms if played.broken]
    others = Counter({name: n for name, n in done.items() if ": " not in name and not name.startswith(_LOOK)})
    del others["step"]
    lines = [
        f"{len(terms)} terms on {store}, {done['step']:,} steps",
        "",
        "What happened",
        *_table(_of(done, _EVENT)),
        "",
        "Emails that arrived",
        *_table(_of(done, _EMAIL)),
        "",
        "What went wrong",
        *_table(others),
        "",
        "What was looked at",
        *_table(_of(done, _LOOK)),
        "",
        "Laws",
        *(f"  {_held(name, broken)}  {words}" for name, words in LAWS.items()),
    ]
    for played in broken:
        lines += [
            "",
            f"Seed {played.seed}, step {played.step}: {played.broken}",
            f"  {replay(played, store)}",
        ]
    return "\n".join(lines)


def _held(law: str, broken: Sequence[Played]) -> str:
    times = sum(played.broken is not None and played.broken.law == law for played in broken)
    return f"broken {times} times" if times else "held"


def _of(done: Counter[str], prefix: str) -> Counter[str]:
    """Return the counts whose names begin so, without that."""
    return Counter({name.removeprefix(prefix): n for name, n in done.items() if name.startswith(prefix)})


def _table(counts: Counter[str]) -> list[str]:
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0]))
    return [f"  {name:<32}{number:>10,}" for name, number in rows]
