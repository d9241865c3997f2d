# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever has happened to the database's file, every command says so in a line, and quotes nobody."""

from __future__ import annotations

import random
import shutil
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from register.entrypoints.command_line import main
from register.stores.sqlite.store import SQLiteStore
from tests.support.builders import SESSION, opened, terms
from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT
from tests.support.terminal import Terminal

ANA = ("--email", "secretname1@example.net", "--name", "Secretname 1")
PAGE = 4096
TAKEN = "a port on which somebody listens"
COMMANDS = {
    "add": (
        SESSION,
        "--name",
        "Ben",
        "--email",
        "b@example.net",
        "--organization",
        "x",
        "--role",
        "recruiter",
    ),
    "backup": ("backups",),
    "bounced": ("secretname1@example.net", "550"),
    "cancel": (SESSION, "secretname1@example.net", "--name", "Secretname 1"),
    "correct": (SESSION, *ANA, "--new-needs", "A ramp"),
    "deliver": (),
    "doctor": (),
    "export": ("secretname1@example.net",),
    "failed": ("--retry",),
    "forget": ("secretname1@example.net", "--yes"),
    "move": (SESSION, "--to", SESSION, *ANA),
    "remind": (),
    "resend": (SESSION, "secretname1@example.net"),
    "roster": (SESSION, "--csv"),
    "serve": ("--port", TAKEN, "--output", "."),
    "staff": ("sign-out", "office@your-office.org"),
    "sweep": (),
    "sync": ("--yes",),
}
NAMES_PEOPLE = {"export", "failed", "roster"}
WITHOUT_DATABASE = {"restore", "test-email"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, site: BuiltSite) -> Path:
    """A folder with a database in which sixty people are signed up."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(site.private, home / "build")
    (home / "theme").symlink_to(ROOT / "theme")
    (home / "backups").mkdir()
    with closing(SQLiteStore(home / "var/register.sqlite3")) as store:
        opened(store, terms(capacity=50)).sign_up(*(f"Secretname {number}" for number in range(60)))
    shutil.copy(home / "var/register.sqlite3", home / "whole.sqlite3")
    (home / "var/staff.toml").write_text('[[staff]]\nemail = "office@your-office.org"\n')
    return home


@pytest.fixture(scope="module")
def whole(home: Path) -> bytes:
    """The database's file."""
    return (home / "whole.sqlite3").read_bytes()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[str]:
    """A port that is taken, so that no server starts; and the folder that commands are run in."""
    monkeypatch.chdir(home)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield str(taken.getsockname()[1])


def said(home: Path, image: bytes, command: str, port: str) -> tuple[int, str]:
    """Run a command on a database; return its status and what it says. What is no answer of ours is raised."""
    words = [port if word == TAKEN else word for word in COMMANDS[command]]
    for file in (home / "var").glob("register.sqlite3*"):
        file.unlink()
    (home / "var/last-backup.json").unlink(missing_ok=True)
    (home / "var/register.sqlite3").write_bytes(image)
    environment = {"REGISTER_HOME": str(home), "REGISTER_SECRET": "s" * 32}
    result = CliRunner().invoke(main, [command, *words], env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def test_every_command_is_tried() -> None:
    assert set(COMMANDS) | WITHOUT_DATABASE == set(main.commands)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_is_no_database_is_said_in_a_line(home: Path, port: str, command: str) -> None:
    status, output = said(home, b"Secretname is no database. " * 300, command, port)

    assert status == 1
    [line] = [each for each in output.splitlines() if "register.sqlite3" in each]
    assert line.endswith(
        "file is not a database; check REGISTER_STORE, or restore a backup, as docs/operations.md says"
    )
    assert "Secretname" not in output


def damages(whole: bytes) -> Iterator[bytes]:
    """Yield files with noise in the place of a page, or of some of its bytes; of which a part is gone, or zeros."""
    chance = random.Random(16)  # noqa: S311 - the same for each run
    for number, begins in enumerate(range(0, len(whole), 3 * PAGE)):
        if number % 2:
            yield whole[:begins] + chance.randbytes(PAGE) + whole[begins + PAGE :]
        else:
            some = bytearray(whole)
            for _ in range(6):
                some[begins + chance.randrange(PAGE)] = chance.randrange(256)
            yield bytes(some)
    half = len(whole) // 2 // PAGE * PAGE
    yield from (whole[:half], whole[: half + 77], whole[: 2 * PAGE] + bytes(len(whole) - 2 * PAGE))


@pytest.mark.long
@pytest.mark.parametrize(
    "command", sorted(COMMANDS.keys() - {"serve"})
)  # it starts, and logs what it cannot do
def test_whatever_the_file_holds_no_command_breaks(home: Path, port: str, whole: bytes, command: str) -> None:
    for image in damages(whole):
        status, output = said(home, image, command, port)
        assert status in {0, 1, 2, 3}
        assert command in NAMES_PEOPLE or "Secretname" not in output


def test_a_database_that_is_gone_although_it_was_backed_up_is_not_begun_anew(terminal: Terminal) -> None:
    terminal.add("Ana")
    terminal.says("backup", str(terminal.home / "backups"))
    database, note = terminal.home / "var/register.sqlite3", terminal.home / "var/last-backup.json"
    words = (
        f"run register restore {terminal.home}/backups, or delete {note} to begin anew without the sign-ups\n"
    )

    for gone in (database.unlink, database.touch):
        gone()
        for command in ("sync", "doctor"):
            output = terminal.says(command, status=1)
            assert output.startswith(f"Error: {database}: is gone, but was there at 20")
            assert output.endswith(words)
    terminal.says("restore", str(terminal.home / "backups"), "--yes")
    assert "!!" not in terminal.says("doctor")
