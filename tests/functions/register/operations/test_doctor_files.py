# SPDX-License-Identifier: AGPL-3.0-or-later
"""`register doctor` on files that are no database, or cannot be opened: one line, the next step, and status 1."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from register.entrypoints.command_line import main
from register.stores.sqlite import database, schema
from register.stores.sqlite.store import SQLiteStore
from tests.support.builders import opened, terms
from tests.support.constants import ROOT

RIGHTS = "check that it is a file, and that it and its folder belong to whoever runs this"
BACKUP = "restore a backup, as docs/operations.md says"


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that anybody may enter, with a database in it."""
    folder = Path(tempfile.mkdtemp(prefix="doctor-"))
    folder.chmod(0o755)
    (folder / "theme").symlink_to(ROOT / "theme")
    with closing(SQLiteStore(folder / "var" / "register.sqlite3")) as store:
        opened(store, terms(capacity=200)).sign_up(*(f"Person {number}" for number in range(100)))
    (folder / "var").chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Have no more rights than others; root may do anything otherwise."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def doctor(home: Path) -> list[str]:
    """Run the doctor, and return what it says about the store."""
    environment = {"REGISTER_HOME": str(home), "REGISTER_SECRET": "s" * 32}
    result = CliRunner().invoke(main, ["doctor"], env=environment)
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 1
    return [line for line in result.output.splitlines() if line.startswith("!! store:")]


def test_a_file_that_is_no_database(home: Path) -> None:
    (home / "var/register.sqlite3").write_text("This is a letter and no database. " * 300)
    file = home / "var/register.sqlite3"

    assert doctor(home) == [
        f"!! store: does not answer: {file}: file is not a database; check REGISTER_STORE, or {BACKUP}"
    ]


def test_a_database_of_which_half_is_gone(home: Path) -> None:
    file = home / "var/register.sqlite3"
    os.truncate(file, file.stat().st_size // 2 // 4096 * 4096)
    [first, *others] = doctor(home)

    assert first.startswith((f"!! store: does not answer: {file}: ", f"!! store: {file}: "))
    assert [line for line in (first, *others) if not line.endswith(BACKUP)] == []


def test_a_folder_in_the_place_of_the_file(home: Path) -> None:
    file = home / "var/register.sqlite3"
    file.unlink()
    file.mkdir()

    assert doctor(home) == [f"!! store: does not answer: {file}: unable to open database file; {RIGHTS}"]


def test_a_file_that_belongs_to_somebody_else(home: Path) -> None:
    file = home / "var/register.sqlite3"
    file.chmod(0o444)
    (home / "var").chmod(0o555)
    with as_nobody():
        found = doctor(home)

    assert len(found) == 1
    assert found[0].startswith(f"!! store: does not answer: {file}: ")
    assert found[0].endswith(f"; {RIGHTS}")


def test_a_file_that_nobody_may_read(home: Path) -> None:
    (home / "var/register.sqlite3").chmod(0)
    with as_nobody():
        [line] = doctor(home)

    assert line.endswith(f"; {RIGHTS}")


def test_a_database_that_another_program_holds(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    others = (each for each in database._SETTINGS if "busy_timeout" not in each)
    monkeypatch.setattr(database, "_SETTINGS", ("busy_timeout = 1", *others))
    file = home / "var/register.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        found = doctor(home)

    [line] = found
    assert line == (
        f"!! store: does not answer: {file}: database is locked; "
        "another program is at work on it; end that program, or try again"
    )


@pytest.mark.parametrize("version", [99, -1])
def test_a_schema_of_another_program(home: Path, version: int) -> None:
    file = home / "var/register.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA user_version = {version}")

    [line] = doctor(home)
    assert line == (
        f"!! store: does not answer: {file}: has schema {version}, this program knows {len(schema.STEPS)}; "
        "run the newer program, or restore a backup"
    )


@pytest.mark.parametrize("table", ["sessions", "registrations", "messages", "wishes", "facts"])
def test_a_table_that_is_missing(home: Path, table: str) -> None:
    file = home / "var/register.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"DROP TABLE {table}")
    found = doctor(home)

    assert found != []
    assert {
        line.removeprefix("!! store: does not answer: ").removeprefix("!! store: ") for line in found
    } == {f"{file}: no such table: {table}; check REGISTER_STORE, or {BACKUP}"}


def test_an_index_that_no_longer_fits(home: Path) -> None:
    file = home / "var/register.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_schema SET sql = replace(sql, '(email_hash)', '(name)') "
            "WHERE name = 'registrations_by_email'"
        )
    first, *others = doctor(home)

    assert first.startswith(f"!! store: {file}: ")
    assert "registrations_by_email" in first
    assert first.endswith(BACKUP)
    assert "Person" not in " ".join([first, *others])
