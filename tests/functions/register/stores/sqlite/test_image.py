# SPDX-License-Identifier: AGPL-3.0-or-later
"""A database as bytes: whole while people sign up, and refused where it is not."""

from __future__ import annotations

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from register.stores.errors import StoreUnavailable
from register.stores.sqlite import image
from register.stores.sqlite.store import SQLiteStore
from tests.support.builders import SESSION, opened, terms

OPENS_IT = """
import sys
from pathlib import Path
from register.stores.sqlite.store import SQLiteStore
store = SQLiteStore(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with a hundred people in it."""
    file = tmp_path / "register.sqlite3"
    with closing(SQLiteStore(file)) as store:
        opened(store, terms(capacity=500)).sign_up(*(f"Person {number}" for number in range(100)))
    return file


def test_an_image_is_whole_while_people_sign_up(tmp_path: Path) -> None:
    file = tmp_path / "register.sqlite3"
    store = SQLiteStore(file)
    people = opened(store, terms(capacity=500))
    stop = threading.Event()

    def go_on() -> None:
        for number in range(400):
            if stop.is_set():
                break
            people.sign_up(f"Person {number}")

    thread = threading.Thread(target=go_on)
    thread.start()
    images = [image.taken(file) for _ in range(5)]
    stop.set()
    thread.join(30)
    store.close()

    for number, each in enumerate(images):
        copy = tmp_path / f"{number}.sqlite3"
        copy.write_bytes(each)
        with closing(SQLiteStore(copy)) as restored:
            confirmed = restored.session(SESSION).confirmed
            assert confirmed == len(restored.roster(SESSION)) == len(restored.pending())
            assert image.looked_at(each, "it") == (1, confirmed)


def test_nothing_is_written_by_taking_an_image(file: Path) -> None:
    before = file.read_bytes()

    assert image.taken(file) == before == file.read_bytes()


def test_where_there_is_no_database_none_is_made(tmp_path: Path) -> None:
    file = tmp_path / "register.sqlite3"

    with pytest.raises(StoreUnavailable, match="there is no database; start the server once"):
        image.taken(file)
    assert list(tmp_path.iterdir()) == []


def test_pages_of_noise_are_refused_and_not_quoted(file: Path) -> None:
    whole = image.taken(file)
    broken = whole[:8192] + b"Ana Person 1" * 2000 + whole[8192 + 24000 :]

    with pytest.raises(StoreUnavailable, match=r"copy\.tar: is no whole database of sign-ups") as caught:
        image.looked_at(broken, "copy.tar")
    assert "Person" not in str(caught.value)


@pytest.mark.parametrize("broken", [b"", b"This is a letter. " * 500])
def test_what_is_no_database_is_refused(broken: bytes) -> None:
    with pytest.raises(StoreUnavailable, match="is no whole database of sign-ups"):
        image.looked_at(broken, "copy.tar")


@pytest.mark.parametrize("in_its_place", ["itself", "nothing", "another"])
def test_a_database_that_another_program_has_open_is_not_held_alone(file: Path, in_its_place: str) -> None:
    command = [sys.executable, "-c", OPENS_IT, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == "open\n"
        if in_its_place != "itself":
            file.unlink()
        if in_its_place == "another":
            file.touch()
        with (
            pytest.raises(StoreUnavailable, match="is in use; stop the server first, then try again"),
            image.held_alone(file),
        ):
            pytest.fail("it was held alone")
        server.communicate("")
    with image.held_alone(file):
        pass
