# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is typed to save all that a new machine needs, and to put it back."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from register.operations import backups
from register.operations.last_backup import last_backup
from tests.support.constants import ROOT
from tests.support.terminal import SESSION, Terminal

LINKS, STAFF = (
    'overview = "https://meet.your-office.org/j/1"\n',
    '[[staff]]\nemail = "office@your-office.org"\n',
)
SETTINGS = (
    "REGISTER_REPLY_TO=Ana Lopez <ana@your-office.org>\nREGISTER_JOIN_LINKS=file:///private/links.toml\n"
)


@pytest.fixture
def machine(terminal: Terminal) -> Terminal:
    """A folder with everything in it that one machine has."""
    files = {
        "private/links.toml": LINKS,
        "var/staff.toml": STAFF,
        "var/secret": "v" * 43,
        "register.env": SETTINGS,
        "publish.env": "SAMPLE_CONTENT=no\n",
    }
    for name, text in files.items():
        file = terminal.home / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(0o600)
    terminal.add("Ana")
    return terminal


def another_machine(of: Terminal, folder: Path) -> Terminal:
    """Return a folder with the project and its build in it, and nothing of what is private."""
    shutil.copytree(of.home / "build", folder / "build")
    (folder / "theme").symlink_to(ROOT / "theme")
    return Terminal(folder)


def test_a_backup_holds_all_that_another_machine_needs(
    machine: Terminal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = machine.home / "backups"
    line = machine.says("backup", str(folder), "--keep", "14")
    [file] = folder.iterdir()
    assert re.fullmatch(rf"{file}: \d+ bytes; 1 kept\n", line)
    assert (
        machine.says("backup", str(folder), "--keep", "14") == f"{file}: nothing has changed since; 1 kept\n"
    )
    assert sorted(backups.read(file)) == [
        "join-links.toml",
        "publish.env",
        "register.env",
        "register.sqlite3",
        "secret",
        "staff.toml",
    ]

    new = another_machine(machine, tmp_path_factory.mktemp("new"))
    said = new.says("restore", str(folder), "--yes")

    put = [
        "var/register.sqlite3",
        "register.env",
        "publish.env",
        "var/secret",
        "private/links.toml",
        "var/staff.toml",
    ]
    assert said == "".join(f"{new.home}/{name}: put back\n" for name in put) + (
        "now start the server, then run register doctor and register sync\n"
    )
    for name in put[1:]:
        assert (new.home / name).read_text() == (machine.home / name).read_text()
        assert (new.home / name).stat().st_mode & 0o777 == 0o600
    assert "Ana" in new.says("roster", SESSION)
    assert new.says("sync") == "0 sessions changed, 0 emails written\n"
    assert new.add("Ben") == f"{SESSION}: confirmed\n"


def test_a_secret_that_stands_elsewhere_is_not_in_the_backup_and_that_is_said(machine: Terminal) -> None:
    settings = machine.home / "register.env"
    assert machine.run("backup", str(machine.home / "b")).stderr == (
        f"warning: REGISTER_SECRET is not in {settings}, and so not in the backup; keep a copy of it\n"
    )
    settings.write_text(f"{SETTINGS}REGISTER_SECRET={'s' * 32}\n")
    assert machine.run("backup", str(machine.home / "b")).stderr == ""


def test_restoring_moves_aside_what_was_there_and_leaves_settings_that_have_changed(
    machine: Terminal,
) -> None:
    machine.says("backup", str(machine.home / "backups"))
    machine.add("Ben")
    newer = SETTINGS.replace("Ana Lopez", "Bea Lopez")
    (machine.home / "register.env").write_text(newer)

    said = machine.says("restore", str(machine.home / "backups"), "--yes")

    [aside] = (machine.home / "var").glob("before-restore-*")
    assert said.splitlines()[1:3] == [
        f"{machine.home}/register.env: left as it is, though the backup's differs; --settings puts that in its place",
        f"what was there before is in {aside}; delete it when all is well",
    ]
    assert (machine.home / "register.env").read_text() == newer
    assert [name in machine.says("roster", SESSION) for name in ("Ana", "Ben")] == [True, False]
    with closing(sqlite3.connect(aside / "register.sqlite3")) as before:
        assert before.execute("SELECT name FROM registrations ORDER BY name").fetchall() == [
            ("Ana",),
            ("Ben",),
        ]


def test_settings_are_put_back_when_that_is_asked_for(machine: Terminal) -> None:
    machine.says("backup", str(machine.home / "backups"))
    (machine.home / "register.env").write_text("REGISTER_PROXIES=1\n")

    said = machine.says("restore", str(machine.home / "backups"), "--yes", "--settings")

    [aside] = (machine.home / "var").glob("before-restore-*")
    assert f"{machine.home}/register.env: put back\n" in said
    assert (machine.home / "register.env").read_text() == SETTINGS
    assert (aside / "register.env").read_text() == "REGISTER_PROXIES=1\n"


@pytest.mark.parametrize("damage", [b"", b"This is a letter and no database. " * 300])
def test_a_database_that_is_no_longer_one_is_replaced(machine: Terminal, damage: bytes) -> None:
    machine.says("backup", str(machine.home / "backups"))
    (machine.home / "var/register.sqlite3").write_bytes(damage)
    (machine.home / "var/register.sqlite3-wal").write_bytes(b"and its log" * 100)

    assert machine.says("restore", str(machine.home / "backups"), "--yes").startswith(
        f"{machine.home}/var/register.sqlite3: put back\n"
    )

    assert "Ana" in machine.says("roster", SESSION)
    [aside] = (machine.home / "var").glob("before-restore-*")
    assert sorted(file.name for file in aside.iterdir()) == ["register.sqlite3", "register.sqlite3-wal"]


def test_a_damaged_database_makes_no_backup_and_old_ones_stay(machine: Terminal) -> None:
    machine.says("backup", str(machine.home / "backups"), "--keep", "1")
    file = machine.home / "var/register.sqlite3"
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + bytes(len(whole) - 8192))

    assert machine.says("backup", str(machine.home / "backups"), "--keep", "1", status=1) == (
        f"Error: {file}: database disk image is malformed; restore a backup, as docs/operations.md says\n"
    )
    assert len(list((machine.home / "backups").iterdir())) == 1


def test_a_database_of_which_only_a_sign_up_is_damaged_makes_no_backup_either(machine: Terminal) -> None:
    file = machine.home / "var/register.sqlite3"
    image = bytearray(file.read_bytes())
    page = image.index(b"Ana") // 4096 * 4096
    image[page : page + 4096] = b"\xff" * 4096
    file.write_bytes(image)

    said = machine.says("backup", str(machine.home / "backups"), status=1)

    assert said.startswith(f"Error: {file}: is no whole database of sign-ups (")
    assert not (machine.home / "backups").exists()


def test_a_note_of_the_backup_says_where_it_is_from_wherever_somebody_asks(
    machine: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(machine.home)

    machine.says("backup", "backups")

    last = last_backup(machine.home / "var/register.sqlite3")
    assert last is not None
    assert [last.file] == list((machine.home / "backups").iterdir())


def test_nothing_is_restored_unless_somebody_says_yes(machine: Terminal) -> None:
    machine.says("backup", str(machine.home / "backups"))
    [file] = (machine.home / "backups").iterdir()
    machine.add("Ben")

    result = machine.run("restore", str(file), typed="n\n")

    assert result.exit_code == 1
    asked = f"Restore 1 sign-ups for 26 sessions from {file}? It replaces what is there. [y/N]: n"
    assert result.stdout.splitlines()[0] == asked
    assert "Ben" in machine.says("roster", SESSION)


def test_nothing_is_restored_while_the_database_is_open(machine: Terminal) -> None:
    machine.says("backup", str(machine.home / "backups"))
    code = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM facts'); print(); input()"
    database = machine.home / "var/register.sqlite3"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        said = subprocess.run(
            [sys.executable, "-m", "register", "restore", str(machine.home / "backups"), "--yes"],
            env={"REGISTER_HOME": str(machine.home), "PATH": ""},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        server.communicate("\n")

    assert (said.returncode, said.stderr) == (
        1,
        f"Error: {database}: is in use; stop the server first, then try again\n",
    )
    assert list((machine.home / "var").glob("before-restore-*")) == []


@pytest.mark.parametrize("words", ["backup", "restore"])
def test_a_store_that_is_no_file_is_saved_elsewhere(
    machine: Terminal, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.says("backup", str(machine.home / "backups"))
    monkeypatch.setenv("REGISTER_STORE", "dynamodb://msix")

    said = machine.says(words, str(machine.home / "backups"), status=1)

    assert (
        said
        == {
            "backup": "Error: this store is not an SQLite file; on AWS, point-in-time recovery keeps backups\n",
            "restore": "Error: REGISTER_STORE names no SQLite file; correct it in register.env\n",
        }[words]
    )


def test_a_backup_of_longer_than_people_were_told_is_refused(machine: Terminal) -> None:
    assert "100 is not in the range 1<=x<=31" in machine.says("backup", "b", "--keep", "100", status=2)
