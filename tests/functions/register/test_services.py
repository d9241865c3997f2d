# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings are wired to."""

from __future__ import annotations

from pathlib import Path

import pytest

from register import config, services
from register.config import ConfigError
from register.senders import FolderSender
from register.services import Services
from register.stores.dynamodb import DynamoDBStore
from register.stores.sqlite import SQLiteStore


def wired(home: Path, **environment: str) -> Services:
    return Services(config.read({"REGISTER_SECRET": "s" * 32, **environment}, home))


def test_the_store_is_a_file_below_the_home_folder(tmp_path: Path) -> None:
    store = wired(tmp_path).store

    assert isinstance(store, SQLiteStore)
    assert store.database.path == tmp_path / "var/register.sqlite3"
    store.close()


def test_the_store_can_be_a_table_in_dynamodb(tmp_path: Path) -> None:
    store = wired(tmp_path, REGISTER_STORE="dynamodb://sign-ups").store

    assert isinstance(store, DynamoDBStore)
    assert store.table.name == "sign-ups"


def test_mail_goes_below_the_home_folder(tmp_path: Path) -> None:
    assert wired(tmp_path).sender() == FolderSender(tmp_path / "var/mail")


def test_links_to_join_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/join-links.toml").write_text('overview-may = "https://meet.example.org/j/1"\n')

    resolve = wired(tmp_path).resolve()

    assert (resolve("overview-may"), resolve("other")) == ("https://meet.example.org/j/1", None)
    assert wired(tmp_path / "elsewhere").resolve()("overview-may") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("overview-may: https://x", 'cannot be read; write lines as overview-may = "https://…"'),
        ('overview-may = "http://x"', "overview-may is no address that begins with https://"),
    ],
)
def test_a_file_of_links_that_is_wrong_is_named_without_its_links(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "var/join-links.toml"
    file.parent.mkdir()
    file.write_text(text)

    with pytest.raises(ConfigError) as caught:
        wired(tmp_path).resolve()

    assert str(caught.value) == f"{file}: {message}"


@pytest.mark.parametrize(
    ("text", "said"), [("{", "JSONDecodeError"), ('{"schema_version": 0}', "schema_version 0")]
)
def test_a_build_that_cannot_be_read_says_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build/schedule.json").write_text(text)

    with pytest.raises(ConfigError) as caught:
        wired(tmp_path).contract()

    assert said in str(caught.value)


def test_registrations_have_ids_that_nobody_guesses() -> None:
    made = {services.new_rid() for _ in range(1000)}

    assert len(made) == 1000
    assert min(map(len, made)) >= 22


def test_the_clock_is_in_utc() -> None:
    assert services.now().utcoffset().total_seconds() == 0
