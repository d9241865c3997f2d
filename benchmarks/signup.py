# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sign-up in SQLite: through the store, and through the whole application, beside the bare transaction."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import content
from benchmarks.bare import Bare, bare_connection
from benchmarks.people import opened
from benchmarks.progress import say
from benchmarks.sign_ups import our_app, plain_flask, through_app, through_store
from benchmarks.tables import Row, Table, at_least, at_most
from benchmarks.timing import Step, at_once, in_turn, medians, rates, slowest
from register.domain import snapshot
from schedule.contract import from_json
from schedule.site import Site
from tests.support.built_site import build

ROUNDS, CALLS = 12, 100
CLIENTS, CLIENT_ROUNDS = 8, 5
FEW, MANY = 10, 1000
SITE = "http://localhost"


def one_client(folder: Path, text: str, site: Site) -> Iterator[Row]:
    """Yield what one client gets in a second."""
    say("signup: one client")
    calls = (ROUNDS + 1) * CALLS
    stores = {name: opened(folder, name, text) for name in ("bare", "store", "flask", "app")}
    bare, for_flask = Bare(stores["bare"], calls), Bare(stores["flask"], calls)
    with bare_connection(bare.path) as one, bare_connection(for_flask.path) as other:
        steps: dict[str, Step] = {
            "bare": partial(bare.write, one),
            "store": through_store(stores["store"], calls),
            "flask": through_app(plain_flask(for_flask, other).wsgi_app, ""),
            "app": through_app(our_app(stores["app"], site), SITE),
        }
        found = {name: rates(rounds) for name, rounds in in_turn(steps, ROUNDS, CALLS).items()}
    for store in stores.values():
        assert store.session("s0").confirmed == calls
        store.close()
    yield Row("through the store", "/s", found["store"], found["bare"], at_least(0.6))
    yield Row("plain Flask route, bare transaction", "/s", found["flask"], found["bare"])
    yield Row("whole application", "/s", found["app"], found["bare"], at_least(0.2))


def several_clients(folder: Path, text: str, site: Site) -> Iterator[Row]:
    """Yield what clients get that sign up at the same time."""
    say(f"signup: {CLIENTS} clients at once")
    each = CALLS // 2
    calls = CLIENT_ROUNDS * each
    stores = {name: opened(folder, f"{name}-{CLIENTS}", text) for name in ("bare", "store", "app")}
    bare = Bare(stores["bare"], calls * CLIENTS)
    found: dict[str, list[tuple[float, list[float]]]] = {name: [] for name in stores}
    with ExitStack() as opening:
        connections = [opening.enter_context(bare_connection(bare.path)) for _ in range(CLIENTS)]
        steps: dict[str, list[Step]] = {
            "bare": [partial(bare.write, one) for one in connections],
            "store": [through_store(stores["store"], calls) for _ in range(CLIENTS)],
            "app": [through_app(our_app(stores["app"], site), SITE)] * CLIENTS,
        }
        for _ in range(CLIENT_ROUNDS):
            for name, clients in steps.items():
                found[name].append(at_once(clients, each))
    for store in stores.values():
        assert store.session("s0").confirmed == calls * CLIENTS
        store.close()
    speeds = {name: tuple(rate for rate, _ in rounds) for name, rounds in found.items()}
    late = {name: tuple(slowest(times) for _, times in rounds) for name, rounds in found.items()}
    yield Row(f"through the store, {CLIENTS} clients at once", "/s", speeds["store"], speeds["bare"])
    yield Row(f"whole application, {CLIENTS} at once", "/s", speeds["app"], speeds["bare"])
    yield Row("same, 99 of 100 are done in", "ms", late["app"], late["bare"])


def growth(folder: Path, text: str) -> Iterator[Row]:
    """Yield what a sign-up costs among many, beside what it costs among few."""
    say("signup: among many")
    calls = (ROUNDS + 1) * CALLS
    registrations = opened(folder, "registrations", text, sessions=2)
    for session, number in (("s0", FEW), ("s1", MANY)):
        _fill(through_store(registrations, number, session), number)
    few, many = (opened(folder, f"{number}-sessions", text, sessions=number) for number in (FEW, MANY))

    def full(people: int) -> Step:
        """Return a sign-up for the waiting list behind so many."""
        store = opened(folder, f"{people}-wait", text)
        before = store.session("s0")
        store.sync_session(replace(before.terms, capacity=1), None, expected=before)
        _fill(through_store(store, people), people)
        return through_store(store, calls)

    steps = {
        "few": through_store(registrations, calls, "s0"),
        "many": through_store(registrations, calls, "s1"),
        "short": full(FEW),
        "long": full(MANY),
        "few sessions": through_store(few, calls),
        "many sessions": through_store(many, calls),
    }
    found = {name: medians(rounds) for name, rounds in in_turn(steps, ROUNDS, CALLS).items()}
    for what, more, less in (
        (f"beside {MANY:,} registrations, and {FEW}", "many", "few"),
        (f"behind {MANY:,} people who wait, and {FEW}", "long", "short"),
        (f"among {MANY:,} sessions, and {FEW}", "many sessions", "few sessions"),
    ):
        yield Row(what, "ms", found[more], found[less], at_most(1.2))


def tables() -> Iterator[Table]:
    """Yield the rates, and what grows with people and sessions."""
    with content.workplace() as folder:
        built = build(folder)
        contract = from_json(json.loads((built.private / "schedule.json").read_bytes()))
        text = snapshot.write(contract, "2026-12-03-overview")
        yield Table(
            "A sign-up in SQLite, beside the bare transaction (same writes, as safe on the disk) or among few",
            "beside",
            (
                *one_client(folder, text, built.told),
                *several_clients(folder, text, built.told),
                *growth(folder, text),
            ),
        )


def _fill(step: Step, number: int) -> None:
    for _ in range(number):
        step()
