# SPDX-License-Identifier: AGPL-3.0-or-later
"""A process that signs people up, corrects and moves them until it is killed: `python -m …victim sqlite PATH` or `… dynamodb TABLE`.

It forks for each line that it reads; the child says its own id, then what the store has answered, and is the
one to kill. So everything is imported once.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from register.domain.model import ChangedBy, State
from register.stores import Store
from tests.support.builders import SESSION, person
from tests.support.constants import NOW, SECOND

THREADS = 4
THERE = "there"
"""Another date of the same training."""


def work(make: Callable[[], Store], round_: str) -> None:
    """Sign up and cancel in several threads, and print what was answered; it never returns."""
    store = make()
    say = threading.Lock()

    def tell(*words: str) -> None:
        with say:
            os.write(1, (" ".join(words) + "\n").encode())

    def one(thread: int) -> None:
        number = 0
        while True:
            number += 1
            name = f"{round_}-{thread}-{number}"
            now = NOW + SECOND * number
            store.sign_up(SESSION, person(name, needs="A ramp"), registration_id=name, now=now)
            tell("signed-up", name)
            if number % 4 == 0:
                store.amend(
                    SESSION, name, person(name, email=f"new{name}@example.net"), now=now, by=ChangedBy.PERSON
                )
                tell("amended", name)
            if number % 5 == 0:
                there = {"to": THERE, "new_registration_id": name}
                store.move(SESSION, name, **there, now=now, by=ChangedBy.PERSON)
                tell("moved", name)
            elif number % 3 == 0:
                gone = store.cancel(SESSION, name, now=now, by=ChangedBy.PERSON)
                assert gone.state is State.CANCELLED
                tell("cancelled", name)

    tell("started", str(os.getpid()))
    for thread in range(THREADS):
        threading.Thread(target=one, args=(thread,), daemon=True).start()
    threading.Event().wait()


def maker(kind: str, place: str) -> Callable[[], Store]:
    """Return what opens the store."""
    if kind == "sqlite":
        from register.stores.sqlite.store import SQLiteStore

        return lambda: SQLiteStore(Path(place))
    from register.stores.dynamodb.client import connect
    from register.stores.dynamodb.store import DynamoDBStore

    connect().close()  # boto3 has read its files before the first fork
    return lambda: DynamoDBStore(place)


def main(kind: str, place: str) -> None:
    """Fork a worker for each line of standard input, and wait for its end."""
    make = maker(kind, place)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work(make, line.strip())
        os.waitpid(child, 0)
        os.write(1, b"dead\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
