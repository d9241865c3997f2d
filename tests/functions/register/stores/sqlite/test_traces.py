# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whoever is erased, and whoever's time is over, is in no byte of the database's files any more.

The files are read as they lie on the disk: pages in use and free ones, indexes, overflow, the write-ahead log.
"""

from __future__ import annotations

import itertools
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from register.domain.model import ChangedBy, Person
from register.domain.wishes import Wish, WishPurpose
from register.stores.errors import StoreUnavailable
from register.stores.sqlite import database
from register.stores.sqlite.store import SQLiteStore
from schedule.model import Language
from tests.support.builders import LEASE, SESSION, STARTS, opened, terms
from tests.support.constants import NOW, SECOND

SIZES = st.sampled_from((1, 30, 400, 3000))
"""How often a person's mark stands in their needs: short, in a page, over several pages."""


def somebody(mark: str, times: int) -> Person:
    """Return somebody in all of whose fields a mark stands that is in nobody else's."""
    return Person(
        name=f"{mark} Name",
        email=f"{mark}@example.net",
        organization=f"{mark} Office",
        needs=f"{mark} " * times,
    )


def wish_of(who: Person, now: datetime) -> Wish:
    return Wish(f"wish {now}", WishPurpose.LOST_LINK, who.email, Language.ENGLISH, now)


@contextmanager
def database_in_a_folder() -> Iterator[tuple[Path, SQLiteStore]]:
    folder = Path(tempfile.mkdtemp(prefix="traces-"))
    store = SQLiteStore(folder / "register.sqlite3")
    try:
        yield folder, store
    finally:
        store.close()
        shutil.rmtree(folder)


def found(folder: Path, mark: str) -> list[str]:
    """Return the files of the database in which a mark stands, in any letters."""
    return [file.name for file in sorted(folder.iterdir()) if mark.encode() in file.read_bytes().lower()]


def settle_everything(store: SQLiteStore, now: datetime) -> None:
    for each in iter(lambda: store.claim(now=now, lease=LEASE), None):
        store.settle_sent(each.message, now=now)


people = st.lists(st.tuples(st.booleans(), SIZES, st.booleans(), st.booleans()), min_size=3, max_size=30)


@settings(max_examples=15, deadline=None)
@given(people=people, order=st.randoms(use_true_random=False))
def test_whoever_is_erased_is_in_no_byte_of_the_files(
    people: list[tuple[bool, int, bool, bool]], order: object
) -> None:
    with database_in_a_folder() as (folder, store):
        opened(store, terms(capacity=4))
        now, gone = NOW, []
        for number, (goes, times, cancels, asks) in enumerate(people):
            now += SECOND
            mark = f"{'leaver' if goes else 'stayer'}{number}x"
            who = somebody(mark, times)
            store.sign_up(SESSION, who, registration_id=f"id{number}", now=now)
            if cancels:
                store.cancel(SESSION, f"id{number}", now=now, by=ChangedBy.PERSON)
            if asks:
                store.record_wish(wish_of(who, now))
            if goes:
                gone.append((number, who))
        store.bounced(somebody("leaver0x", 1).email, "550", now=now)
        settle_everything(store, now)
        order.shuffle(gone)
        for number, _ in gone:
            store.cancel(SESSION, f"id{number}", now=now + SECOND, by=ChangedBy.PERSON)
        settle_everything(store, now + SECOND)

        for erased, (_, who) in enumerate(gone, 1):
            store.erase(who.email, now=now + SECOND)
            left = [f"leaver{number}x" for number, _ in gone[erased:]]
            assert [mark for mark in left if not found(folder, mark)] == []
        assert found(folder, "leaver") == []
        stayers = [number for number, (goes, *_) in enumerate(people) if not goes]
        assert [number for number in stayers if not found(folder, f"stayer{number}x")] == []


@settings(max_examples=10, deadline=None)
@given(people=people)
def test_whoever_s_time_is_over_is_in_no_byte_of_the_files(
    people: list[tuple[bool, int, bool, bool]],
) -> None:
    over = STARTS + timedelta(days=1)
    with database_in_a_folder() as (folder, store):
        opened(store, terms("over", capacity=4, expires=over), terms("stays", capacity=4))
        now = NOW
        for number, (goes, times, cancels, asks) in enumerate(people):
            now += SECOND
            mark, session_id = (f"leaver{number}x", "over") if goes else (f"stayer{number}x", "stays")
            who = somebody(mark, times)
            store.sign_up(session_id, who, registration_id=f"id{number}", now=now)
            if cancels:
                store.cancel(session_id, f"id{number}", now=now, by=ChangedBy.PERSON)
            if asks and goes:
                store.record_wish(wish_of(who, now))
        settle_everything(store, now)

        store.purge(now=over)

        assert found(folder, "leaver") == []
        assert not any(goes is False for goes, *_ in people) or found(folder, "stayer") == [
            "register.sqlite3"
        ]


def test_a_wish_that_was_looked_up_is_in_no_byte_after_the_next_sweep(tmp_path: Path) -> None:
    with closing(SQLiteStore(tmp_path / "register.sqlite3")) as store:
        opened(store)
        who = somebody("leaver", 1)
        store.record_wish(wish_of(who, NOW))
        assert found(tmp_path, "leaver") != []
        store.delete_wish(wish_of(who, NOW))
        store.purge(now=NOW)
        assert found(tmp_path, "leaver") == []


def test_every_connection_overwrites_what_it_deletes_and_sorts_in_no_file(tmp_path: Path) -> None:
    with closing(SQLiteStore(tmp_path / "register.sqlite3")) as store:
        names = ("secure_delete", "temp_store")
        for connect in (store.database.read, store.database.write):
            with connect() as connection:
                found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]
            assert found == [1, 2]


def test_a_reader_that_keeps_the_log_from_being_emptied_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tuple(each for each in database._SETTINGS if "busy_timeout" not in each)
    monkeypatch.setattr(database, "_SETTINGS", ("busy_timeout = 1", *settings))
    path = tmp_path / "register.sqlite3"
    with closing(SQLiteStore(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        opened(store).sign_up("Ana")
        other.execute("BEGIN")
        other.execute("SELECT * FROM registrations").fetchone()
        store.cancel(SESSION, "rid-1", now=NOW + SECOND, by=ChangedBy.PERSON)
        settle_everything(store, NOW + 2 * SECOND)
        with pytest.raises(StoreUnavailable) as caught:
            store.erase("ana@example.net", now=NOW + SECOND)
        assert str(caught.value) == (
            f"{path}: all that was to go is deleted, but copies of it are still in register.sqlite3-wal, since another "
            "program reads it; end that program, and run register sweep"
        )
        other.execute("COMMIT")

        assert store.registrations_of("ana@example.net") == []
        assert found(tmp_path, "ana@example.net") != []
        store.purge(now=NOW + SECOND)
        assert found(tmp_path, "ana@example.net") == []


def test_a_file_that_could_not_be_written_anew_is_written_by_the_next_sweep(tmp_path: Path) -> None:
    disk_is_full = [True]

    class Full(sqlite3.Connection):
        def execute(self, *statement: Any) -> sqlite3.Cursor:
            if statement == ("VACUUM",) and disk_is_full[0]:
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(*statement)

    path, connect = tmp_path / "register.sqlite3", partial(sqlite3.connect, factory=Full)
    with closing(SQLiteStore(path, connect)) as store:
        opened(store)
        for number in range(200):
            who = somebody("leaver", 1 + number % 7)
            store.sign_up(SESSION, who, registration_id=f"id{number}", now=NOW)
            store.cancel(SESSION, f"id{number}", now=NOW + SECOND, by=ChangedBy.PERSON)
        settle_everything(store, NOW + 2 * SECOND)

        with pytest.raises(StoreUnavailable) as caught:
            store.erase(who.email, now=NOW + SECOND)
        assert str(caught.value) == (
            "all that was to go is deleted, but copies of it may still be in the file until a sweep has written it anew: "
            f"{path}: database or disk is full; see docs/operations.md; then run register sweep"
        )
        assert store.registrations_of(who.email) == []
        disk_is_full[0] = False
        statements: list[str] = []
        store.database._writer.set_trace_callback(statements.append)
        for _ in range(2):
            store.purge(now=NOW + SECOND)

        assert statements.count("VACUUM") == 1
        assert found(tmp_path, "leaver") == []


def test_the_marks_are_found_where_nothing_is_scrubbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(SQLiteStore(tmp_path / "register.sqlite3")) as store:
        monkeypatch.setattr(store.database, "scrub", lambda: None)
        opened(store)
        for number, times in itertools.product(range(3), (1, 3000)):
            registration_id = f"id{number}-{times}"
            who = somebody(f"leaver{number}t{times}", times)
            store.sign_up(SESSION, who, registration_id=registration_id, now=NOW)
            store.cancel(SESSION, registration_id, now=NOW + SECOND, by=ChangedBy.PERSON)
            settle_everything(store, NOW + 2 * SECOND)
            store.erase(who.email, now=NOW + SECOND)

        assert found(tmp_path, "leaver") != []
