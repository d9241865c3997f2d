# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the settings are wired to."""

from __future__ import annotations

from pathlib import Path

import pytest

from register import bootstrap
from register.bootstrap import Application
from register.domain.errors import ConfigError
from register.domain.identity import hash_of
from register.domain.model import Kind
from register.domain.staff import LINK_LASTS, StaffMember
from register.domain.staff_messages import staff_message
from register.mail.backends.folder import FolderBackend
from register.settings import config
from register.stores.dynamodb.store import DynamoDBStore
from register.stores.sqlite.store import SQLiteStore
from register.web.staff.tokens import OldSignInLink, SignInLink


def wired(home: Path, *, production: bool = False, **environment: str) -> Application:
    settings = config.read({"REGISTER_SECRET": "s" * 32, **environment}, home)
    return Application(settings, production=production)


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
    assert wired(tmp_path).mail_backend() == FolderBackend(tmp_path / "var/mail")


def test_links_to_join_stand_in_a_file_below_the_home_folder(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/join-links.toml").write_text('overview-may = "https://meet.example.org/j/1"\n')

    assert wired(tmp_path).resolve()("overview-may") == "https://meet.example.org/j/1"


def test_registrations_have_ids_that_nobody_guesses() -> None:
    made = {bootstrap.new_registration_id() for _ in range(1000)}

    assert len(made) == 1000
    assert min(map(len, made)) >= 22


def test_the_clock_is_in_utc() -> None:
    assert bootstrap.now().utcoffset().total_seconds() == 0


PRODUCTION = {
    "REGISTER_SITE": "https://trainings.office.example",
    "REGISTER_SENDER": "MSIX Training <training@office.example>",
    "REGISTER_MAIL": "smtp://mail.office.example",
}


def test_what_is_set_up_for_trying_out_never_reaches_the_publics_sign_ups(tmp_path: Path) -> None:
    wired(tmp_path, production=True, **PRODUCTION).store.close()

    wired(tmp_path, **PRODUCTION).store.close()
    for name in PRODUCTION:
        trial = wired(tmp_path, **{key: value for key, value in PRODUCTION.items() if key != name})
        with pytest.raises(ConfigError) as caught:
            _ = trial.store
        assert str(caught.value).startswith(
            f"{tmp_path}/var/register.sqlite3 holds real sign-ups, but {name} "
        )


def test_sign_ups_can_be_read_by_their_owner_alone(tmp_path: Path) -> None:
    store = wired(tmp_path).store
    store.health()

    assert (tmp_path / "var").stat().st_mode & 0o077 == 0
    files = sorted((tmp_path / "var").iterdir())
    assert [file.name for file in files] == [f"register.sqlite3{end}" for end in ("", "-shm", "-wal")]
    assert [file.stat().st_mode & 0o077 for file in files] == [0, 0, 0]
    store.close()


def test_settings_of_the_folder_hold_for_all_commands_and_the_environment_goes_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "register.env"
    file.write_text("REGISTER_SITE=https://one.office.example\nREGISTER_PROXIES=1\n")
    file.chmod(0o600)
    monkeypatch.setenv("REGISTER_HOME", str(tmp_path))
    monkeypatch.setenv("REGISTER_SECRET", "s" * 32)
    monkeypatch.setenv("REGISTER_PROXIES", "2")

    found = bootstrap.from_environment().config
    preview = bootstrap.for_preview("http://localhost:8000", tmp_path / "build").config

    assert (found.site_url, found.proxies) == ("https://one.office.example", 2)
    assert preview.site_url == "http://localhost:8000"


def test_staff_stand_in_a_file_below_the_home_folder(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var/staff.toml").write_text('[[staff]]\nemail = "office@your-office.org"\n')

    assert wired(tmp_path).staff() == (StaffMember("office@your-office.org"),)


def test_staff_can_stand_in_ssm_which_is_asked_when_they_are(tmp_path: Path) -> None:
    staff = wired(tmp_path, REGISTER_STAFF="ssm:///msix/staff").staff

    assert staff.source == "SSM parameter /msix/staff"


def test_a_preview_has_staff_without_a_list_and_nothing_else_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTER_HOME", str(tmp_path))

    preview = bootstrap.for_preview("http://localhost:8000", tmp_path / "build")

    assert [member.email for member in preview.staff()] == ["office@example.org"]
    assert wired(tmp_path).staff() == ()


def test_the_link_to_sign_in_is_good_for_whom_it_was_made_until_it_has_run_out(tmp_path: Path) -> None:
    application = wired(tmp_path)
    recorded = bootstrap.now()
    message = staff_message(
        Kind.STAFF_LINK, occasion="nonce", email="Office@your-office.org", recorded=recorded
    )

    token = application.staff_tokens.link_of(message)

    link = application.staff_tokens.read_link(token, recorded)
    assert link == SignInLink(hash_of("office@your-office.org"), "nonce")
    with pytest.raises(OldSignInLink):
        application.staff_tokens.read_link(token, recorded + LINK_LASTS)
