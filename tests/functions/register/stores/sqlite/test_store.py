# SPDX-License-Identifier: AGPL-3.0-or-later
"""What SQLite alone promises: what is on the disk stays, the schema is known, old data goes."""

from __future__ import annotations

import re
import sqlite3
import threading
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from register.domain.admission import Admission
from register.domain.model import ChangedBy
from register.domain.rate_limits import Limit
from register.stores.deliveries import KEPT_AFTER_SENDING
from register.stores.errors import Damaged, StoreUnavailable
from register.stores.fields import instant
from register.stores.sqlite.database import Database, NewerDatabase
from register.stores.sqlite.schema import STEPS
from register.stores.sqlite.store import SQLiteStore
from tests.support.builders import SESSION, STARTS, claim_all, counts, line, opened, person, terms
from tests.support.constants import MINUTE, NOW, SECOND


def table_counts(store: SQLiteStore) -> dict[str, int]:
    names = ("sessions", "registrations", "tallies", "trail", "messages", "hits")
    with store.database.read() as connection:
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608 - our names


def test_a_commit_is_on_the_disk_before_anybody_is_answered(sqlite: SQLiteStore) -> None:
    with sqlite.database.write() as connection:
        found = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous")
        }

    assert found == {"journal_mode": "wal", "synchronous": 2}


def test_everything_is_there_when_the_file_is_opened_again(tmp_path: Path) -> None:
    store = SQLiteStore(tmp_path / "r.sqlite3")
    opened(store).sign_up("Ana", "Ben", "Cruz")
    before = (store.session(SESSION), store.roster(SESSION), store.pending())
    store.close()

    again = SQLiteStore(tmp_path / "r.sqlite3")
    assert (again.session(SESSION), again.roster(SESSION), again.pending()) == before
    again.close()


def test_the_schema_is_recorded_and_a_newer_one_is_not_touched(tmp_path: Path) -> None:
    file = tmp_path / "r.sqlite3"
    Database(file).close()
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
        connection.execute("PRAGMA user_version = 99")

    with pytest.raises(NewerDatabase) as caught:
        Database(file)
    assert str(caught.value) == (
        f"{file}: has schema 99, this program knows {len(STEPS)}; run the newer program, or restore a backup"
    )


def test_a_schema_step_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "r.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE hits (x)")  # in the way of the step's last table

    with pytest.raises(StoreUnavailable):
        Database(file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        tables = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        assert (tables, connection.execute("PRAGMA user_version").fetchone()[0]) == ({"hits"}, 0)


def test_a_folder_that_cannot_be_made_is_an_unavailable_store(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnavailable):
        SQLiteStore(tmp_path / "file" / "r.sqlite3")


def test_a_transaction_that_fails_writes_nothing_and_the_next_one_goes_on(sqlite: SQLiteStore) -> None:
    people = opened(sqlite)
    with sqlite.database.write() as connection:
        connection.execute("ALTER TABLE messages RENAME TO hidden")

    with pytest.raises(StoreUnavailable):
        people.sign_up("Ana")
    assert counts(sqlite) == (0, 0)
    with sqlite.database.write() as connection:
        connection.execute("ALTER TABLE hidden RENAME TO messages")
    people.sign_up("Ana")
    assert counts(sqlite) == (1, 0)


def test_what_staff_did_is_written_with_its_trail_or_not_at_all(sqlite: SQLiteStore) -> None:
    [ana] = opened(sqlite).sign_up("Ana")
    about = SESSION, ana.registration.registration_id
    before = sqlite.roster(SESSION), sqlite.pending()
    with sqlite.database.write() as connection:
        connection.execute("ALTER TABLE trail RENAME TO hidden")

    by_staff = {"now": STARTS, "by": ChangedBy.STAFF}
    steps = (
        lambda: sqlite.attend(*about, attended=True, expected=None, now=STARTS, staff=""),
        lambda: sqlite.cancel(*about, **by_staff),
        lambda: sqlite.amend(*about, person("Anna"), **by_staff),
        lambda: sqlite.resend(*about, **by_staff),
        lambda: sqlite.sign_up(
            SESSION, person("Ben"), registration_id="b", admission=Admission.LATE, **by_staff
        ),
    )
    for step in steps:
        with pytest.raises(StoreUnavailable):
            step()
    assert (sqlite.roster(SESSION), sqlite.pending()) == before


def test_a_writer_waits_for_one_of_another_process(sqlite: SQLiteStore) -> None:
    people = opened(sqlite)
    other = sqlite3.connect(sqlite.database.path, isolation_level=None, check_same_thread=False)
    with closing(other):
        other.execute("BEGIN IMMEDIATE")
        thread = threading.Thread(target=people.sign_up, args=("Ana",))
        thread.start()
        assert counts(sqlite) == (0, 0)  # reading goes on
        other.execute("COMMIT")
        thread.join(20)
    assert not thread.is_alive()
    assert counts(sqlite) == (1, 0)


def test_data_goes_when_its_time_is_over_and_not_before(sqlite: SQLiteStore) -> None:
    kept, gone = terms("kept", expires=STARTS + timedelta(days=9)), terms("gone", expires=STARTS)
    people = opened(sqlite, kept, gone)
    people.sign_up("Ana", session_id="kept")
    people.sign_up("Ben", session_id="gone")
    for one in claim_all(sqlite, now=people.now):
        if one.message.session_id == "gone":
            sqlite.settle_failed(one.message, now=people.now, problem="550")

    for each in ("kept", "gone"):
        who = {"attended": True, "expected": None, "staff": "trainer@example.org"}
        [seat] = sqlite.roster(each)
        sqlite.attend(each, seat.registration_id, now=STARTS - SECOND, **who)

    sqlite.purge(now=STARTS - SECOND)
    assert table_counts(sqlite)["registrations"] == 2
    assert sqlite.purge(now=STARTS) > 0

    assert table_counts(sqlite) == {
        "sessions": 1,
        "registrations": 1,
        "tallies": 1,
        "trail": 1,
        "messages": 1,
        "hits": 0,
    }
    assert line(sqlite, "kept") == [("Ana", "confirmed", None)]
    assert sqlite.purge(now=STARTS) == 0


def test_what_was_deleted_is_in_none_of_the_files_while_the_server_runs(sqlite: SQLiteStore) -> None:
    def is_there(name: str) -> bool:
        folder = sqlite.database.path.parent
        return any(name.encode() in file.read_bytes() for file in folder.glob("register.sqlite3*"))

    people = opened(sqlite, terms("kept", expires=STARTS + timedelta(days=9)), terms(expires=STARTS))
    [ana] = people.sign_up("Anamaria", session_id="kept")
    people.sign_up("Benedicta")
    people.cancel(ana.registration)
    while sent := claim_all(sqlite, now=people.now):
        for each in sent:
            sqlite.settle_sent(each.message, now=people.now)
    sqlite.erase("anamaria@example.net", now=people.now)
    assert (is_there("namaria"), is_there("enedicta")) == (False, True)

    sqlite.purge(now=STARTS)
    assert not is_there("enedicta")
    with sqlite.database.write() as connection:
        assert connection.execute("PRAGMA secure_delete").fetchone()[0] == 1


def test_a_limit_keeps_no_more_rows_than_it_lets_requests_through(sqlite: SQLiteStore) -> None:
    limit = Limit("client", "client:k", 2, timedelta(hours=1))
    for number in range(5):
        sqlite.count([limit], now=STARTS + number * limit.window)

    with sqlite.database.read() as connection:
        rows = connection.execute("SELECT key, hit FROM hits ORDER BY hit").fetchall()
    assert [tuple(row) for row in rows] == [
        ("client:k", instant(STARTS + number * limit.window)) for number in (3, 4)
    ]


def test_a_sign_up_asks_no_more_of_the_database_unless_somebody_has_needs(sqlite: SQLiteStore) -> None:
    opened(sqlite)
    asked: list[str] = []
    with sqlite.database.write() as connection:
        connection.set_trace_callback(asked.append)

    def cost_of(name: str, needs: str) -> int:
        asked.clear()
        sqlite.sign_up(SESSION, person(name, needs=needs), registration_id=name, now=NOW)
        return len(asked)

    # Begin, four reads, four writes, and the end; a message more is one read and one write.
    assert [cost_of("Ana", ""), cost_of("Ben", "A ramp")] == [10, 12]


def test_a_mails_data_goes_a_week_after_it_was_sent(sqlite: SQLiteStore) -> None:
    people = opened(sqlite)
    people.sign_up("Ana", "Ben")
    sent, waiting = claim_all(sqlite, now=people.now)
    sqlite.settle_sent(sent.message, now=people.now)

    sqlite.purge(now=people.now + KEPT_AFTER_SENDING)

    assert [one.message for one in sqlite.pending()] == [waiting.message]
    assert sqlite.messages_of("ana@example.net") == []


def test_an_index_in_a_wrong_order_is_said_when_an_email_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "register.sqlite3"
    with closing(SQLiteStore(file)) as store:
        opened(store, terms(capacity=3))
        for number, name in enumerate(("Ana", "Ben", "Cruz"), 1):
            member = person(name, email="family@example.net")
            store.sign_up(SESSION, member, registration_id=f"rid-{number}", now=NOW + number * SECOND)
    image = bytearray(file.read_bytes())
    # In the leaves of indexes (https://sqlite.org/fileformat.html, 1.6), and not in those of tables.
    [place] = [
        found.start()
        for found in re.finditer(b"rid-1confirmation", image)
        if image[found.start() // 4096 * 4096] == 10
    ]
    image[place + 4] = ord("9")
    file.write_bytes(image)

    with closing(SQLiteStore(file)) as store, pytest.raises(StoreUnavailable) as caught:
        store.claim(now=NOW + MINUTE, lease=MINUTE)
    assert str(caught.value) == (
        f"{file}: an index does not fit its table; restore a backup, as docs/operations.md says"
    )


def test_an_error_never_quotes_what_is_stored(sqlite: SQLiteStore) -> None:
    opened(sqlite).sign_up("Ana")
    with sqlite.database.write() as connection:
        connection.execute("UPDATE registrations SET needs = CAST(x'536563726574ff' AS TEXT)")

    with pytest.raises(Damaged) as caught:
        sqlite.roster(SESSION)
    assert str(caught.value) == (
        f'registration {SESSION}/rid-1: "needs" is no text in UTF-8; see docs/operations.md, What is damaged'
    )
