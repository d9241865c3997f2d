# SPDX-License-Identifier: AGPL-3.0-or-later
"""What ends the sign-ins and the private feed of a member of staff, as somebody types it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from register.entrypoints.command_line import main
from register.stores.desk import StaffAccount
from register.stores.sqlite.store import SQLiteStore
from register.web.staff.tokens import StaffTokens
from tests.support.staff import OFFICE

SECRET = "s" * 32


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a list of staff."""
    (tmp_path / "var").mkdir()
    (tmp_path / "var/staff.toml").write_text('[[staff]]\nemail = "Office@example.org"\n')
    return tmp_path


def run(home: Path, *words: str) -> Result:
    environment = {"REGISTER_HOME": str(home), "REGISTER_SECRET": SECRET}
    result = CliRunner().invoke(main, ["staff", *words], env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def accounts(home: Path) -> Iterator[StaffAccount]:
    """Yield what is kept of the office."""
    with closing(SQLiteStore(home / "var/register.sqlite3")) as store:
        yield store.staff_account(OFFICE.email_hash)


def test_a_sign_out_ends_all_sign_ins_of_one_person(home: Path) -> None:
    result = run(home, "sign-out", "office@example.org")

    assert (result.exit_code, result.stdout) == (0, "office@example.org: signed out on all devices\n")
    assert [*accounts(home)] == [StaffAccount(session_generation=1, feed_generation=0)]


def test_a_new_feed_ends_the_one_before_and_has_another_address(home: Path) -> None:
    addresses = [run(home, "new-feed", "OFFICE@example.org").stdout.strip() for _ in range(2)]
    tokens = [each.rsplit("/", 1)[1].removesuffix(".ics") for each in addresses]

    assert all(each.startswith("http://localhost:8000/register/staff/feed/") for each in addresses)
    assert [StaffTokens([SECRET]).read_feed(token) for token in tokens] == [
        (OFFICE.email_hash, 1),
        (OFFICE.email_hash, 2),
    ]
    assert [*accounts(home)] == [StaffAccount(session_generation=0, feed_generation=2)]


@pytest.mark.parametrize("command", ["sign-out", "new-feed"])
def test_somebody_who_is_not_on_the_list_is_an_error(home: Path, command: str) -> None:
    result = run(home, command, "somebody@example.org")

    assert result.exit_code == 1
    assert "somebody@example.org is not on the list of staff (file:///var/staff.toml)" in result.output


@pytest.mark.parametrize("command", ["sign-out", "new-feed"])
def test_a_list_that_is_wrong_is_said_and_changes_nothing(home: Path, command: str) -> None:
    (home / "var/staff.toml").write_text("[[staff]\n")
    result = run(home, command, "office@example.org")

    assert result.exit_code == 1
    assert "staff.toml" in result.output
    assert [*accounts(home)] == [StaffAccount()]
