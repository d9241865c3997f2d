# SPDX-License-Identifier: AGPL-3.0-or-later
"""A sign-up in SQLite: through the store, and through the whole application, beside the bare transaction."""

from __future__ import annotations

import io
import itertools
import json
import sqlite3
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, redirect, request

from register.bootstrap import new_registration_id
from register.domain.model import Occupancy, Person, Registration, SessionTerms, State, Tally
from register.domain.organizations import Organizations
from register.domain.outcomes import signed_up
from register.domain.rate_limits import Limits, Rate
from register.stores.sqlite.store import SQLiteStore
from register.stores.sqlite.transaction import SQLiteTransaction
from register.web.app import create_app
from register.web.forms import SignUpForms
from register.web.pages import Pages
from register.web.responses import Web
from register.web.tokens import Tokens
from schedule.model import Language, Status
from schedule.site import Site
from tests.support.built_site import build
from tests.support.constants import ROOT

NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
STARTS = NOW + timedelta(days=13)
ROUNDS, CALLS = 12, 100
CLIENTS = 8
FEW, MANY = 10, 1000
NAMES = itertools.count(1)

Step = Callable[[], object]


def person() -> Person:
    """Return somebody new."""
    number = next(NAMES)
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))  # names hold no digits
    return Person(
        f"Ana Núñez {letters}", f"ana{number}@example.net", "Yolo COE", "recruiter", Language.SPANISH
    )


def opened(folder: Path, name: str, details: str, sessions: int = 1) -> SQLiteStore:
    """Return a new store with sessions that have seats for everybody."""
    store = SQLiteStore(folder / f"{name}.sqlite3")
    for number in range(sessions):
        expires = STARTS + timedelta(days=180)
        one = SessionTerms(
            f"s{number}",
            STARTS,
            STARTS + timedelta(hours=1),
            STARTS,
            expires,
            10**6,
            Status.SCHEDULED,
            3,
            details,
        )
        store.sync_session(one, None, expected=None)
    return store


@contextmanager
def bare_connection(path: Path) -> Iterator[sqlite3.Connection]:
    """Open the same database plainly, with the same promises: WAL and `synchronous=FULL`."""
    with closing(
        sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    ) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        yield connection


class Bare:
    """The writes of a sign-up and nothing else: their values are made beforehand."""

    def __init__(self, store: SQLiteStore, count: int) -> None:
        self.path = store.database.path
        occupancy = Occupancy(store.session("s0").terms)
        self._writes = deque(self._written(occupancy) for _ in range(count))

    def _written(self, occupancy: Occupancy) -> list[tuple[str, Any]]:
        new = Registration("s0", new_registration_id(), State.CONFIRMED, person(), NOW, NOW, NOW)
        noted = Noted()
        SQLiteTransaction(noted).write(signed_up(occupancy, new, Tally()))
        return noted.written

    def write(self, connection: sqlite3.Connection) -> None:
        """Do one transaction."""
        writes = self._writes.popleft()
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in writes:
            connection.execute(statement, values)
        connection.execute("COMMIT")


class Noted:
    """Takes statements instead of a database, and keeps those that write with their values."""

    def __init__(self) -> None:
        self.written: list[tuple[str, Any]] = []

    def execute(self, statement: str, values: Any) -> Noted:
        """Keep a statement that writes."""
        if not statement.startswith("SELECT"):
            self.written.append((statement, values))
        return self

    def fetchone(self) -> None:
        """Nothing is there yet."""


def through_store(store: SQLiteStore, session: str = "s0") -> Step:
    """Return a sign-up through the store; who signs up is known beforehand, as it is to the bare one."""
    people = deque((person(), new_registration_id()) for _ in range((ROUNDS + 1) * CALLS + MANY))

    def sign_up() -> None:
        one, registration_id = people.popleft()
        store.sign_up(session, one, registration_id=registration_id, now=NOW)

    return sign_up


def through_app(app: Any, origin: str, session: str = "s0") -> Step:
    """Return a form sent to a WSGI application, as a server would hand it over."""

    def post() -> None:
        one = person()
        said = {"name": one.name, "email": one.email, "organization": "Yolo COE", "role": "recruiter"}
        body = urlencode(
            {**said, "language": "es", "needs": "", "consent": "yes", "page_language": "es"}
        ).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/register/{session}",
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "192.0.2.1",
            "HTTP_HOST": "localhost",
            "HTTP_ORIGIN": origin,
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        said_status: list[str] = []
        b"".join(app(environ, lambda status, _: said_status.append(status)))
        assert said_status[0].startswith("30"), said_status

    return post


def plain_flask(bare: Bare, connection: sqlite3.Connection) -> Flask:
    """Return the least that Flask can do around the same transaction: no checks, no limits, no tokens."""
    app = Flask("plain")

    @app.post("/register/<session>")
    def sign_up(session: str) -> Any:
        request.form.get("name")
        bare.write(connection)
        return redirect(f"/done/{session}", 303)

    return app


def our_app(store: SQLiteStore, site: Site) -> Any:
    """Return the application as it runs: a minute passes with each call, and limits count but are never reached."""
    often, minutes = Rate(10_000, timedelta(hours=1)), itertools.count()
    return create_app(
        Web(
            store=store,
            pages=Pages(ROOT / "theme", site),
            forms=SignUpForms(Organizations(site.organizations)),
            tokens=Tokens(("s" * 32,)),
            limits=Limits(client=often, recipient=often),
            clock=lambda: NOW + timedelta(minutes=next(minutes)),
            new_registration_id=new_registration_id,
            wake=lambda: None,
            site_url="http://localhost",
            hash_key=b"s" * 32,
        )
    ).wsgi_app


def timed(step: Step, calls: int) -> list[float]:
    """Return how many seconds each call takes."""
    times = []
    for _ in range(calls):
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return times


def rate(times: list[float]) -> float:
    """Return calls a second."""
    return len(times) / sum(times)


def side_by_side(steps: dict[str, Step]) -> dict[str, list[float]]:
    """Time all in turn, a batch each; the first batch only warms up."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for turn in range(ROUNDS + 1):
        for name, step in steps.items():
            batch = timed(step, CALLS)
            if turn:
                times[name] += batch
    return times


def fill(step: Step, number: int) -> None:
    """Do a step so often."""
    for _ in range(number):
        step()


def at_once(steps: list[Step], calls: int) -> tuple[float, list[float]]:
    """Let several clients call at the same time; return calls a second and the seconds of each."""
    start = time.perf_counter()
    with ThreadPoolExecutor(len(steps)) as pool:
        times = [one for batch in pool.map(lambda step: timed(step, calls), steps) for one in batch]
    return len(times) / (time.perf_counter() - start), times


def percentile(times: list[float], hundredth: int) -> float:
    """Return a percentile in milliseconds."""
    return statistics.quantiles(times, n=100)[hundredth - 1] * 1000


def row(name: str, a_second: float, times: list[float], beside: float) -> None:
    """Print a line of a table."""
    print(
        f"{name:<34} {a_second:>7.0f}/s {percentile(times, 50):>8.2f} ms {percentile(times, 99):>8.2f} ms "
        f"{a_second / beside:>6.2f}"
    )


HEAD = f"{'':<34} {'rate':>9} {'p50':>11} {'p99':>11}  ratio"


def one_client(folder: Path, details: str, site: Site) -> None:
    """Print the table of one client."""
    calls = (ROUNDS + 1) * CALLS
    stores = {name: opened(folder, name, details) for name in ("bare", "store", "flask", "app")}
    bare, for_flask = Bare(stores["bare"], calls), Bare(stores["flask"], calls)
    with bare_connection(bare.path) as one, bare_connection(for_flask.path) as two:
        steps: dict[str, Step] = {
            "bare": lambda: bare.write(one),
            "store": through_store(stores["store"]),
            "flask": through_app(plain_flask(for_flask, two).wsgi_app, ""),
            "app": through_app(our_app(stores["app"], site), "http://localhost"),
        }
        times = side_by_side(steps)
    beside = rate(times["bare"])
    print(f"A sign-up in SQLite, one client, in turn\n{HEAD}")
    row("bare transaction, same writes", beside, times["bare"], beside)
    row("through the store (wanted 0.6)", rate(times["store"]), times["store"], beside)
    row("plain Flask route, bare transaction", rate(times["flask"]), times["flask"], beside)
    row("whole application (wanted 0.2)", rate(times["app"]), times["app"], beside)
    for store in stores.values():
        assert store.session("s0").confirmed == calls
        store.close()


def several_clients(folder: Path, details: str, site: Site) -> None:
    """Print the table of clients at the same time."""
    calls = ROUNDS * CALLS // CLIENTS
    stores = {name: opened(folder, f"{name}-{CLIENTS}", details) for name in ("bare", "store", "app")}
    bare = Bare(stores["bare"], calls * CLIENTS)
    app = our_app(stores["app"], site)
    print(f"The same with {CLIENTS} clients at once\n{HEAD}")
    opening = [bare_connection(bare.path) for _ in range(CLIENTS)]
    connections = [one.__enter__() for one in opening]
    beside, times = at_once([lambda one=one: bare.write(one) for one in connections], calls)
    for one in opening:
        one.__exit__(None, None, None)
    row("bare, a connection each", beside, times, beside)
    a_second, times = at_once([through_store(stores["store"])] * CLIENTS, calls)
    row("through the store", a_second, times, beside)
    a_second, times = at_once([through_app(app, "http://localhost") for _ in range(CLIENTS)], calls)
    row("whole application", a_second, times, beside)
    for store in stores.values():
        assert store.session("s0").confirmed == calls * CLIENTS
        store.close()


def growth(folder: Path, details: str) -> None:
    """Print what a sign-up costs beside many registrations, and among many sessions."""
    registrations = opened(folder, "registrations", details, sessions=2)
    for session, number in (("s0", FEW), ("s1", MANY)):
        fill(through_store(registrations, session), number)
    few, many = opened(folder, "few", details, sessions=FEW), opened(folder, "many", details, sessions=MANY)

    def full(name: str, people: int) -> Step:
        """Return a sign-up for the waiting list behind so many."""
        store = opened(folder, name, details)
        before = store.session("s0")
        terms = SessionTerms(
            **{field: getattr(before.terms, field) for field in SessionTerms.__slots__} | {"capacity": 1}
        )
        store.sync_session(terms, None, expected=before)
        fill(through_store(store), people)
        return through_store(store)

    times = side_by_side(
        {
            "few": through_store(registrations, "s0"),
            "many": through_store(registrations, "s1"),
            "short": full("short", FEW),
            "long": full("long", MANY),
            "sessions few": through_store(few),
            "sessions many": through_store(many),
        }
    )

    def times_as_much(more: str, less: str) -> float:
        return statistics.median(times[more]) / statistics.median(times[less])

    print("What a sign-up costs (wanted: at most 1.2 times)")
    grown = ROUNDS * CALLS
    print(
        f"beside {MANY} registrations at first, against {FEW} ({grown} more each): {times_as_much('many', 'few'):.2f}"
    )
    print(f"behind {MANY} who wait, against {FEW} ({grown} more each): {times_as_much('long', 'short'):.2f}")
    print(f"among {MANY} sessions, against {FEW}: {times_as_much('sessions many', 'sessions few'):.2f}\n")


def main() -> None:
    """Print the tables."""
    folder_of_all = ROOT / ".cache"
    folder_of_all.mkdir(exist_ok=True)
    # Not on a memory disk: what a commit costs there is no measure.
    with tempfile.TemporaryDirectory(dir=folder_of_all) as name:
        folder = Path(name)
        built = build(folder)
        site = built.told
        from register.domain import snapshot as details
        from schedule.contract import from_json

        contract = from_json(json.loads((built.private / "schedule.json").read_bytes()))
        text = details.write(contract, "2026-12-03-overview")
        one_client(folder, text, site)
        print()
        several_clients(folder, text, site)
        print()
        growth(folder, text)


if __name__ == "__main__":
    main()
