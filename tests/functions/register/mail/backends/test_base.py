# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which backend a URL names, and email into a folder."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from register.mail.backends.base import MailBackend, ServerDown, UnusableUrl, without_people
from register.mail.backends.by_url import backend_for
from register.mail.backends.folder import FolderBackend
from register.mail.backends.ses import SesBackend
from register.mail.backends.smtp import SmtpBackend
from tests.support.emails import composed, message, parsed, received, text_of


def test_a_folder_below_the_base_or_anywhere(tmp_path: Path) -> None:
    assert backend_for("folder:///var/mail", tmp_path) == FolderBackend(tmp_path / "var" / "mail")
    assert backend_for("folder:////srv/mail", tmp_path) == FolderBackend(Path("/srv/mail"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.example.net", SmtpBackend("mail.example.net", 25)),
        ("smtp://mail.example.net:2525", SmtpBackend("mail.example.net", 2525)),
        (
            "smtp://office%40example.net:p%2Fw%23%40@mail.example.net",
            SmtpBackend("mail.example.net", 587, "office@example.net", "p/w#@"),
        ),
        (
            "smtps://office:word@mail.example.net",
            SmtpBackend("mail.example.net", 465, "office", "word", tls_from_the_start=True),
        ),
    ],
)
def test_an_smtp_server_with_its_usual_port(url: str, expected: MailBackend, tmp_path: Path) -> None:
    assert backend_for(url, tmp_path) == expected


def test_amazon_with_or_without_a_configuration_set(tmp_path: Path) -> None:
    plain, named = backend_for("ses://", tmp_path), backend_for("ses://?configuration-set=bounces", tmp_path)
    assert isinstance(plain, SesBackend)
    assert isinstance(named, SesBackend)
    assert (plain.configuration_set, named.configuration_set) == (None, "bounces")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "var/mail",
        "folder://var/mail",
        "folder:///",
        "mailto:hunter2@example.net",
        "smtp://",
        "smtp:hunter2",
        "smtp://office:hun/ter2@mail.example.net",
        "smtp://office:hunter2@mail.example.net:port",
        "smtp://office:hunter2@[mail",
        "ses://hunter2",
        "hunter2://mail.example.net",
    ],
)
def test_anything_else_is_refused_without_repeating_a_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableUrl) as caught:
        backend_for(url, tmp_path)
    assert str(caught.value) == (
        "REGISTER_MAIL does not say where email goes; use folder:///var/mail, smtp://user:password@host:587, smtps://host or ses://, and write / : @ # in a password as %2F %3A %40 %23"
    )
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_password_that_smtplib_cannot_send_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnusableUrl) as caught:
        backend_for("smtp://office:contrase%C3%B1a@mail.example.net", tmp_path)
    assert str(caught.value) == (
        "REGISTER_MAIL: Python's smtplib sends only ASCII; choose another user name or password"
    )


def test_a_password_does_not_show(tmp_path: Path) -> None:
    assert "hunter2" not in repr(backend_for("smtp://office:hunter2@mail.example.net", tmp_path))


def test_what_a_server_says_is_told_without_email_addresses() -> None:
    reply = (
        "5.1.1 <ana.ruiz@example.net> User\r\n ana.ruiz unknown; VERP b+ana=example.net@x.org " + "x" * 300
    )
    assert (
        without_people(reply, "ana.ruiz@example.net") == (f"5.1.1 … User … unknown; VERP … {'x' * 300}"[:200])
    )
    assert without_people("Ana.Ruiz is over quota", "ana.ruiz@example.net") == "… is over quota"


# A folder


def files(folder: Path) -> list[str]:
    """Return the names of all that lies in a folder."""
    return sorted(file.name for file in folder.iterdir())


def test_an_email_in_the_folder_is_whole_and_for_its_owner_alone(tmp_path: Path) -> None:
    email = composed(message())
    folder = tmp_path / "var" / "mail"
    FolderBackend(folder).send(email)
    (file,) = folder.iterdir()
    assert file.read_bytes() == email.content
    assert b"\n" not in file.read_bytes().replace(b"\r\n", b"")
    assert text_of(parsed(file.read_bytes())) == text_of(received(message()))
    assert stat.filemode(file.stat().st_mode) == "-rw-------"
    assert stat.filemode(folder.stat().st_mode) == "drwx------"


def test_files_sort_by_time_and_name_nobody(tmp_path: Path) -> None:
    folder = FolderBackend(tmp_path)
    first = message()
    later = message(recorded=first.recorded.replace(hour=9), registration_id="rid-8")
    for recorded in (later, first):
        folder.send(composed(recorded))
    names = files(tmp_path)
    assert [name.rpartition("-confirmation-")[0] for name in names] == [
        "20261120T081530Z",
        "20261120T091530Z",
    ]
    assert all(len(name) == len("20261120T081530Z-confirmation-.eml") + 43 for name in names)


def test_an_email_that_is_sent_twice_is_there_once(tmp_path: Path) -> None:
    for _ in range(2):
        FolderBackend(tmp_path).send(composed(message()))
    assert len(files(tmp_path)) == 1


def test_a_half_written_file_is_in_nobodys_way(tmp_path: Path) -> None:
    FolderBackend(tmp_path).send(composed(message()))
    (name,) = files(tmp_path)
    (tmp_path / name).rename(tmp_path / f".{name}.part")
    FolderBackend(tmp_path).send(composed(message()))
    assert files(tmp_path) == [name]


def test_a_folder_that_cannot_be_written_to_stops_all_email(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    with pytest.raises(ServerDown) as caught:
        FolderBackend(tmp_path / "mail").send(composed(message()))
    assert str(caught.value) == f"{tmp_path}/mail: cannot be written to (File exists)"


def test_a_probe_of_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    FolderBackend(tmp_path / "mail").probe()
    assert files(tmp_path / "mail") == []
    (tmp_path / "file").write_text("a file")
    with pytest.raises(ServerDown):
        FolderBackend(tmp_path / "file").probe()
