# SPDX-License-Identifier: AGPL-3.0-or-later
"""`register test-email`: what it sends, and what it says of each answer, by a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from tests.support.documented import run
from tests.support.smtp_server import HOST, Running, certificate, password_is_right, running
from tests.support.terminal import Terminal

EMAIL = "maria@example.net"
SENDER = '"Capacitación, MSIX" <training@your-office.org>'


@pytest.fixture
def server() -> Iterator[Running]:
    """A friendly server."""
    with running() as started:
        yield started


@pytest.fixture
def terminal(tmp_path: Path, server: Running, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A folder whose emails go to the server."""
    monkeypatch.setenv("REGISTER_MAIL", f"smtp://{HOST}:{server.port}")
    monkeypatch.setenv("REGISTER_SENDER", SENDER)
    monkeypatch.setenv("REGISTER_REPLY_TO", "ana@your-office.org")
    monkeypatch.setenv("REGISTER_SITE", "https://trainings.your-office.org")
    return Terminal(tmp_path)


def test_a_test_goes_out_as_all_emails_do_and_says_that_it_is_one(
    terminal: Terminal, server: Running
) -> None:
    assert terminal.says("test-email", EMAIL) == (
        f"{HOST} has taken it, from training@your-office.org to {EMAIL}; see whether it is in the inbox, and not "
        "among the spam\n"
    )

    assert server.mailbox.people == [[EMAIL]]
    [email] = [message_from_bytes(each, policy=SMTP) for each in server.mailbox.mails]
    assert dict(email) | {"Date": "", "Message-ID": "", "X-Peer": ""} == {
        "From": SENDER,
        "Reply-To": "ana@your-office.org",
        "To": EMAIL,
        "Subject": "Test of trainings.your-office.org",
        "Date": "",
        "Message-ID": "",
        "Auto-Submitted": "auto-generated",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "quoted-printable",
        "MIME-Version": "1.0",
        "X-Peer": "",
    }
    assert re.fullmatch(
        r"This is a test of https://trainings.your-office.org, sent on \d{4}-\d\d-\d\d at \d\d:\d\d UTC.\n\nIf you can "
        r"read this, emails about sign-ups reach you, too. Nobody has signed up, and there is nothing to do.\n",
        email.get_content().replace("\r\n", "\n"),
    )


def test_the_guide_sends_one_at_the_first_start(terminal: Terminal, server: Running) -> None:
    run(
        "register test-email YOUR-EMAIL-ADDRESS",
        by=lambda text: terminal.says(*text.split()[1:]),
        words={"YOUR-EMAIL-ADDRESS": EMAIL},
    )

    assert server.mailbox.people == [[EMAIL]]


def test_nothing_is_kept_of_a_test(terminal: Terminal) -> None:
    terminal.says("test-email", EMAIL)

    assert not (terminal.home / "var").exists()


REFUSALS = {
    "550 5.1.1 no such mailbox": f"{HOST}: 550 5.1.1 no such mailbox; try another email address, or ask whoever runs "
    "the email server",
    "451 4.7.1 greylisted": f"{HOST}: 451 4.7.1 greylisted; try again in a quarter of an hour, or ask whoever runs the "
    "email server",
    "530 5.7.0 authenticate first": f"{HOST}: 530 5.7.0 authenticate first; check REGISTER_MAIL and REGISTER_SENDER, or "
    "ask whoever runs the email server",
}


@pytest.mark.parametrize("answer", REFUSALS)
def test_what_the_server_refuses_is_said_with_the_next_step(
    terminal: Terminal, server: Running, answer: str
) -> None:
    server.mailbox.refused_people[EMAIL] = answer

    assert terminal.says("test-email", EMAIL, status=1) == f"Error: {REFUSALS[answer]}\n"


def test_a_sender_that_the_server_does_not_take_is_a_matter_of_the_settings(
    terminal: Terminal, server: Running
) -> None:
    server.mailbox.refused_sender = "553 5.7.1 not your address"

    assert terminal.says("test-email", EMAIL, status=1) == (
        f"Error: {HOST}: 553 5.7.1 not your address; check REGISTER_MAIL and REGISTER_SENDER, or ask whoever runs the "
        "email server\n"
    )


def test_a_server_that_does_not_answer_in_the_end_may_have_sent_it(
    terminal: Terminal, server: Running
) -> None:
    server.mailbox.hangs_up_after_data = True

    assert terminal.says("test-email", EMAIL, status=1) == (
        f"Error: {HOST}:{server.port}: hung up after it had all of the email; it may have arrived; look whether it has "
        "come, before you try again\n"
    )


def test_nobody_who_listens_is_one_line(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTER_MAIL", f"smtp://{HOST}:9")

    assert terminal.says("test-email", EMAIL, status=1) == (
        f"Error: {HOST}:9: Connection refused; check REGISTER_MAIL and try again, or ask whoever runs the email server\n"
    )


def test_a_password_goes_to_no_server_that_cannot_prove_who_it_is(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificate(tmp_path).server
    with running(tls_context=tls, auth_required=True, authenticator=password_is_right) as server:
        monkeypatch.setenv("REGISTER_MAIL", f"smtp://office:x@localhost:{server.port}")

        said = terminal.says("test-email", EMAIL, status=1)
        assert said.startswith(f"Error: localhost:{server.port}: ")
        assert "certificate verify failed: self-signed certificate" in said
        assert server.mailbox.authenticated == []


def test_a_folder_has_it_and_nobody_gets_it(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTER_MAIL", "folder:///var/mail")

    said = terminal.says("test-email", EMAIL)

    [file] = (terminal.home / "var/mail").iterdir()
    assert said == (
        f"the folder {terminal.home}/var/mail has it, as {file.name}: REGISTER_MAIL is a folder, so nobody gets it\n"
    )


def test_what_is_no_email_address_is_refused(terminal: Terminal) -> None:
    assert "maria@: " not in terminal.says("test-email", "maria@", status=2)
