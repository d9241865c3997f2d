# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever the database holds, the doctor and the other commands say in a line what is wrong, and what to do."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from register.domain import snapshot
from register.domain.counts import count
from register.domain.errors import RegisterError
from register.domain.identity import hash_of
from register.domain.rate_limits import Limit
from register.domain.wishes import Wish, WishPurpose
from register.operations import failed_mail, maintenance, people, privacy
from register.operations.doctor import examine
from register.operations.sync_plan import plan
from register.stores import Store
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.errors import StoreUnavailable
from register.stores.sqlite import schema
from register.stores.sqlite.store import SQLiteStore
from schedule.model import Language
from tests.support.builders import SESSION, STARTS, UNLISTED, announcement, claim_all, notice, opened, terms
from tests.support.constants import HOUR, NOW, SECOND
from tests.support.dynamodb_engine import Engine, in_process
from tests.support.dynamodb_faults import Between, refused
from tests.support.schedules import contract_with
from tests.support.whole_function import one_session

CONTRACT = contract_with(one_session())
SNAPSHOT = snapshot.write(CONTRACT, SESSION)
SECRET = "Secretname"  # noqa: S105 - a person's, who must be named nowhere
SHOWN = {"session_id", "registration_id", "kind", "occasion", "wish_id", "problem", "bounced"}
"""Keys, which name what is damaged, and what email servers say, which `without_people` has seen to."""
OFFICE = "office@example.org"
MORE = "see docs/operations.md, What is damaged"


def filled(store: Store) -> None:
    """Put one of everything into a store: sent, failed and pending emails, a line, a notice, a wish, what staff have."""
    whole: dict[str, Any] = {"snapshot_json": SNAPSHOT, "capacity": 1}
    everybody = opened(store, terms(**whole))
    everybody.sign_up("Ana", "Ben", "Cruz")
    store.bounced("ana@example.net", "550", now=NOW)
    sent, failed, _ = claim_all(store, now=everybody.now)
    store.settle_sent(sent.message, now=NOW)
    store.settle_failed(failed.message, now=NOW, problem="550")
    store.write_reminders(SESSION, now=STARTS - HOUR)
    told = notice(before_snapshot_json=SNAPSHOT)
    store.sync_session(terms(**whole | {"revision": 9}), told, expected=store.session(SESSION))
    store.record_wish(Wish("w1", WishPurpose.LOST_LINK, "ida@example.net", Language.SPANISH, NOW))
    store.claim_wish(now=NOW, lease=SECOND)
    store.count([Limit("client", "client:x", 5, HOUR)], now=NOW)
    tick: dict[str, Any] = {"attended": True, "expected": None, "now": STARTS}
    store.attend(SESSION, "rid-1", **tick, staff="trainer@example.org")
    store.announce(SESSION, announcement(), now=NOW, staff=OFFICE)
    store.end_staff_sessions(hash_of(OFFICE))
    store.keep_counts(count(store.session(SESSION), store.roster(SESSION), organization=UNLISTED))


def commands(store: Store) -> Iterator[Callable[[], object]]:
    """Yield what people do with a store, and what it does by itself."""
    later = NOW + 2 * HOUR
    yield lambda: (store.session(SESSION), store.roster(SESSION))
    yield lambda: store.trail(SESSION)
    yield lambda: plan(CONTRACT, store, {}.get, now=NOW)
    yield lambda: privacy.export(store, "ana@example.net")
    yield lambda: people.resend(store, people.find(store, SESSION, "ben@example.net"), now=later)
    yield lambda: failed_mail.find(store, now=NOW)
    yield lambda: store.claim(now=later, lease=HOUR)
    yield lambda: store.claim_wish(now=later, lease=HOUR)
    yield lambda: store.count([Limit("client", "client:x", 5, HOUR)], now=later)
    yield lambda: maintenance.remind(store, now=STARTS - HOUR)
    yield lambda: maintenance.sweep(store, now=later)
    yield lambda: store.announce(SESSION, announcement(occasion="next"), now=later, staff=OFFICE)
    yield lambda: store.new_staff_feed(hash_of(OFFICE))
    yield lambda: store.staff_account(hash_of(OFFICE))
    yield lambda: store.keep_counts(
        count(store.session(SESSION), store.roster(SESSION), organization=UNLISTED)
    )
    yield lambda: store.counts(NOW)
    yield lambda: privacy.forget(store, "cruz@example.net", now=later, organization=UNLISTED)


def damage_in(store: Store) -> list[str]:
    """Return what the doctor says of damage; each is one line, with a next step, and names nobody."""
    lines = [finding.words for finding in examine(store, now=NOW) if finding.trouble]
    assert not [line for line in lines if "\n" in line or SECRET in line]
    lines = [line for line in lines if line.startswith("store: ")]
    assert [line for line in lines if "docs/operations.md" not in line] == []
    return lines


def assert_all_commands_are_clear(store: Store) -> None:
    """Do everything, each time at most with an error of ours that names nobody."""
    said = []
    for command in commands(store):
        try:
            command()
        except RegisterError as error:
            said.append(str(error))
    assert [words for words in said if SECRET in words or "\n" in words] == []


# SQLite


def loosen(path: Path) -> None:
    """Let a database take any value anywhere, as a damaged one may hold it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        tables = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
        for table, sql in tables:
            loose = re.sub(
                r"\bSTRICT,?|NOT NULL|CHECK \([^)]*\)|REFERENCES sessions ON DELETE CASCADE", "", sql
            )
            loose = re.sub(r"\b(TEXT|INTEGER)\b", "BLOB", loose)
            connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (loose, table))
        connection.execute("PRAGMA writable_schema = RESET")


def columns() -> list[tuple[str, str]]:
    """Return every table with each of its columns."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for step in schema.STEPS:
            connection.executescript(step)
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        return [
            (table, row[1]) for table in tables for row in connection.execute(f"PRAGMA table_info({table})")
        ]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with one of everything, which takes any value anywhere."""
    path = tmp_path_factory.mktemp("sound") / "register.sqlite3"
    with closing(SQLiteStore(path)) as store:
        filled(store)
        store.database.mark_for_production()
    loosen(path)
    return path.read_bytes()


@contextmanager
def spoiled(path: Path, sound: bytes, table: str, column: str, value: object) -> Iterator[SQLiteStore]:
    """Open a database in which a column of a table's first row holds something else."""
    path.write_bytes(sound)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        new = "CAST(:value AS TEXT)" if value == b"no UTF-8 \xff" else ":value"
        first = f"{column} IS (SELECT {column} FROM {table} WHERE {column} IS NOT NULL LIMIT 1)"  # noqa: S608 - names of the schema
        with suppress(sqlite3.IntegrityError):  # a key is never NULL
            connection.execute(f"UPDATE {table} SET {column} = {new} WHERE {first}", {"value": value})  # noqa: S608 - names of the schema
    with closing(SQLiteStore(path)) as store:
        yield store


def test_a_sound_database_has_no_damage(tmp_path: Path, sound: bytes) -> None:
    path = tmp_path / "register.sqlite3"
    path.write_bytes(sound)
    with closing(SQLiteStore(path)) as store:
        assert store.damaged() == []
        assert damage_in(store) == []


@pytest.mark.parametrize(("table", "column"), columns())
def test_bytes_in_any_column_are_said_in_a_line(
    tmp_path: Path, sound: bytes, table: str, column: str
) -> None:
    with spoiled(tmp_path / "register.sqlite3", sound, table, column, b"\xff\x00") as store:
        assert any(f'"{column}" is' in line for line in damage_in(store))
        assert_all_commands_are_clear(store)


@pytest.mark.long
@pytest.mark.parametrize(("table", "column"), columns())
def test_whatever_a_column_holds_the_doctor_and_all_commands_are_clear(
    tmp_path: Path, sound: bytes, table: str, column: str
) -> None:
    path = tmp_path / "register.sqlite3"
    with spoiled(path, sound, table, column, b"no UTF-8 \xff") as store:
        assert any(f'"{column}" is' in line for line in damage_in(store))
    word = "x" if column in SHOWN or table == "facts" else SECRET
    for value in (word, None, '{"schema_version": 99}', "0001-01-01T00:00:00+00:00", -7, 10**12):
        with spoiled(path, sound, table, column, value) as store:
            damage_in(store)
            assert_all_commands_are_clear(store)


R, M = f"registration {SESSION}/rid-1", f"email {SESSION}/rid-1/confirmation/1795194001"


@pytest.mark.parametrize(
    ("table", "column", "value", "line"),
    [
        ("registrations", "state", SECRET, f'{R}: "state" is none of confirmed, waitlisted, cancelled'),
        ("registrations", "state", None, f'{R}: "state" is missing'),
        ("registrations", "language", "fr", f'{R}: "language" is none of en, es'),
        ("registrations", "signed_up", "2026-13-45", f'{R}: "signed_up" is no date and time'),
        ("registrations", "since", "2026-11-20", f'{R}: "since" is no date and time of ours'),
        ("registrations", "identity", "x", f'{R}: "identity" is not that of its name and email address'),
        ("registrations", "attended", 7, f'{R}: "attended" is neither yes nor no'),
        ("registrations", "changed", "x", f'{R}: "changed" is no date and time'),
        ("trail", "action", "x", f'trail of {SESSION}: "action" is none of added, walked-in'),
        ("trail", "recorded", "x", f'trail of {SESSION}: "recorded" is no date and time'),
        ("messages", "kind", "x", f'email {SESSION}/rid-1/x/1795194001: "kind" is none of confirmation'),
        ("messages", "number", "1", f'{M}: "number" is no whole number of ours'),
        (
            "messages",
            "snapshot_json",
            "{",
            f'{M}: "snapshot_json" is no session that can be shown (JSONDecodeError)',
        ),
        ("sessions", "status", "x", f'session {SESSION}: "status" is none of scheduled, cancelled'),
        (
            "sessions",
            "snapshot_json",
            '{"schema_version": 99}',
            f'session {SESSION}: "snapshot_json" is no session that can be shown (schedule.json has schema_version 99',
        ),
        ("sessions", "notice_kind", "x", f'session {SESSION}: "notice_kind" is none of confirmation'),
        ("sessions", "capacity", -7, f'session {SESSION}: "capacity" is no whole number of ours'),
        ("tallies", "seats", 9, f'counts of an email address in {SESSION}: "seats" is more than "active"'),
        ("wishes", "purpose", "x", 'request for an email w1: "purpose" is none of lost-link'),
        ("hits", "hit", "x", 'limit: "hit" is no date and time'),
        (
            "staff",
            "feed_generation",
            -7,
            'account of a member of staff: "feed_generation" is no whole number',
        ),
        ("counts", "people_json", "{", f'counts of {SESSION}: "people_json" is no JSON'),
        ("counts", "people_json", "[1, 2]", f'counts of {SESSION}: "people_json" has no counts of ours'),
        ("counts", "groups_json", "[]", f'counts of {SESSION}: "groups_json" is no object'),
        ("counts", "groups_json", "{}", f'counts of {SESSION}: "groups_json" has no organizations'),
        ("sessions", "announcement_to", "x", f'session {SESSION}: "announcement_to" is none of confirmed'),
    ],
)
def test_the_line_names_what_is_damaged_and_the_next_step(
    tmp_path: Path, sound: bytes, table: str, column: str, value: object, line: str
) -> None:
    with spoiled(tmp_path / "register.sqlite3", sound, table, column, value) as store:
        found = damage_in(store)

    assert found[0].startswith(f"store: {line}"), found
    assert found[0].endswith(MORE)


def test_a_tick_without_a_seat_is_damage(tmp_path: Path, sound: bytes) -> None:
    with spoiled(tmp_path / "register.sqlite3", sound, "registrations", "state", "cancelled") as store:
        assert f'store: {R}: "attended" does not fit its state; {MORE}' in damage_in(store)


# DynamoDB


@pytest.fixture(scope="module")
def engine() -> Engine:
    return in_process()


@pytest.fixture(scope="module")
def table(engine: Engine) -> Iterator[DynamoDBStore]:
    """A table with one of everything."""
    store = engine.store(sleep=lambda _: None)
    filled(store)
    yield store
    store.close()


def kinds(store: DynamoDBStore) -> dict[str, dict[str, Any]]:
    """Return one item of each kind, and of messages one of each state."""
    found = {}
    for item in store.table.scan():
        pk, sk = item["pk"]["S"], item["sk"]["S"]
        state = "due" if "due" in item else "sent" if "sent" in item else ""
        found[f"{pk.split('#')[0]}#{'WISH' if 'WISH' in pk else ''}{sk.split('#')[0][:1]}{state}"] = item
    return found


def test_what_cannot_be_read_in_an_item_is_found(table: DynamoDBStore) -> None:
    assert damage_in(table) == []
    client, name = table.table.client, table.table.name
    items = kinds(table)
    assert len(items) == 13, sorted(items)
    unseen = []
    for kind, item in items.items():
        for attribute in item.keys() - {"pk", "sk"}:
            with suppress(ClientError):  # an index takes texts alone
                client.put_item(TableName=name, Item=item | {attribute: {"B": b"\xff"}})
                if not any(f'"{attribute}"' in str(error) for error in table.damaged()):
                    unseen.append((kind, attribute))
        client.put_item(TableName=name, Item=item)
    assert {attribute for _, attribute in unseen} <= {"gsi1pk", "gsi2pk", "gsi2sk", "kept_until"}


@pytest.mark.long
def test_whatever_an_item_holds_the_doctor_is_clear(table: DynamoDBStore) -> None:
    client, name = table.table.client, table.table.name
    for item in kinds(table).values():
        for attribute in item.keys() - {"pk", "sk"}:
            word = {"S": "x" if attribute in SHOWN else SECRET}
            for value in ({"B": b"\xff"}, {"NULL": True}, word, {"N": "-1.5"}, {"L": []}, None):
                whole = {key: each for key, each in item.items() if key != attribute}
                with suppress(ClientError):
                    client.put_item(
                        TableName=name, Item=whole | ({} if value is None else {attribute: value})
                    )
                    damage_in(table)
            client.put_item(TableName=name, Item=item)
    assert damage_in(table) == []


@pytest.mark.parametrize(
    "value", [{"B": b"\xff"}, pytest.param({"S": SECRET}, marks=pytest.mark.long)], ids=["bytes", "text"]
)
def test_commands_are_clear_about_damaged_items(engine: Engine, value: dict[str, Any]) -> None:
    for kind, attributes in (
        ("S#M", ("starts", "snapshot_json", "confirmed", "notice_kind")),
        ("S#R", ("state", "since", "email")),
        ("S#N", ("registration_id",)),
        ("S#W", ("registration_id",)),
        ("S#E", ("active",)),
        ("O#rdue", ("due", "kind_of", "recorded", "snapshot_json")),
        ("O#WISHl", ("email", "lease")),
        ("L#R", ("counter", "hits")),
    ):
        store = engine.store(sleep=lambda _: None)
        filled(store)
        item = kinds(store)[kind]
        client, name = store.table.client, store.table.name
        for attribute in attributes:
            client.put_item(TableName=name, Item=item | {attribute: value})
            assert_all_commands_are_clear(store)
        store.close()


def test_an_item_that_nobody_knows_is_named(table: DynamoDBStore) -> None:
    key = {"pk": {"S": "X#1"}, "sk": {"S": "Y"}}
    table.table.client.put_item(TableName=table.table.name, Item=key)
    found = damage_in(table)
    table.table.client.delete_item(TableName=table.table.name, Key=key)

    assert found == [f'store: item X#1 Y: "pk" is of no kind that this program knows; {MORE}']


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("ResourceNotFoundException", "check the table in REGISTER_STORE, the account and the region"),
        ("AccessDeniedException", "this user or role may not do that: see OfficeAccess in infra/README.md"),
        ("ExpiredTokenException", "these credentials are not (or no longer) valid: log in to AWS again"),
    ],
)
def test_a_table_that_cannot_be_asked_is_named_with_the_next_step(
    table: DynamoDBStore, code: str, step: str
) -> None:
    def refuse(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:  # noqa: ARG001 - a fault's shape
        raise refused(code, operation)

    store = DynamoDBStore("registrations", lambda: Between(table.table.client, refuse))
    with pytest.raises(StoreUnavailable) as caught:
        examine(store, now=NOW)

    assert str(caught.value) == f"table registrations: get_item was refused ({code}); {step}"


def test_where_only_the_reading_of_everything_is_refused_the_rest_is_said(table: DynamoDBStore) -> None:
    def refuse(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:  # noqa: ARG001 - a fault's shape
        if operation == "scan":
            raise refused("AccessDeniedException", operation)
        return call()

    store = DynamoDBStore(table.table.name, lambda: Between(table.table.client, refuse))
    words = [finding.words for finding in examine(store, now=NOW)]

    assert words[1].startswith("sessions: 1 to come")
    assert words[-1] == (
        f"store: table {table.table.name}: scan was refused (AccessDeniedException); "
        "this user or role may not do that: see OfficeAccess in infra/README.md"
    )
