# SPDX-License-Identifier: AGPL-3.0-or-later
"""An office: a bare Debian machine, the repository that it is set up from, an email server, and visitors from elsewhere."""

from __future__ import annotations

import email
import email.policy
import os
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from tests.support import dns_server, smtp_server
from tests.support.debian_root import Machine, commit, machine, repository
from tests.support.serving import listen

NAME = "trainings.your-office.org"
PATIENCE = 60
"""Seconds within which anything comes that comes by itself."""
RECORDS = {
    "your-office.org": ["v=spf1 mx -all"],
    "mail._domainkey.your-office.org": ["v=DKIM1; p=MIGf"],
    "_dmarc.your-office.org": ["v=DMARC1; p=quarantine"],
}
"""What DNS says of the office: the doctor asks whether its emails can be proven."""
SESSION = "next-month"
TEXT = f"""\
Training: overview
Start: {datetime.now(UTC).date() + timedelta(days=30)} 10:00
Duration: 90
Trainers: uriel-ramirez-torres
Capacity: 40
Language: en
Format: online
Join-Url: https://meet.your-office.org/j/1
Status: scheduled
"""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Message
    text: str


@dataclass(frozen=True)
class Visitor:
    """Opens pages of the machine's site, as from another machine: by its name, with a certificate that must be right."""

    port: int
    trusted: ssl.SSLContext

    def ask(self, path: str, form: dict[str, str] | None = None) -> Answer:
        """Open a page, or send a form that was on a page of the site."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.connect()
        connection.sock = self.trusted.wrap_socket(connection.sock, server_hostname=NAME)
        try:
            headers = {"Host": NAME, "Origin": f"https://{NAME}"}
            if form:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            method, body = ("POST", urlencode(form)) if form else ("GET", None)
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()


class Post:
    """The office's email server."""

    def __init__(self, mailbox: smtp_server.Mailbox) -> None:
        self._mailbox = mailbox
        self._come = threading.Condition()
        mailbox.on_data = self._tell

    async def _tell(self, *_: object) -> None:
        with self._come:
            self._come.notify_all()

    def wait_for(self, subject: str) -> EmailMessage:
        """Return the email with this in its subject, as soon as it has come."""

        def found() -> EmailMessage | None:
            mails = (
                email.message_from_bytes(one, policy=email.policy.default) for one in self._mailbox.mails
            )
            return next((one for one in mails if subject in one["Subject"]), None)

        with self._come:
            mail = self._come.wait_for(found, PATIENCE)
        assert mail is not None, [email.message_from_bytes(one)["Subject"] for one in self._mailbox.mails]
        return mail


@contextmanager
def office() -> Iterator[tuple[Machine, Post, str]]:
    """Give a bare machine, the office's email server with its address, and a repository that git finds."""
    at = f"127.53.{os.getpid() >> 8 & 255}.{os.getpid() & 255}"
    with smtp_server.running() as smtp, dns_server.knowing(RECORDS, at=(at, 53)), machine() as made:
        made.file("/etc/resolv.conf").write_text(f"nameserver {at}\n")
        folder = made.file("/srv/office.git")
        repository(folder)
        (folder / f"content/sessions/{SESSION}.md").write_text(TEXT)
        commit(folder)
        made.file("/etc/gitconfig").write_text(
            "[safe]\n\tdirectory = /srv/office.git/.git\n"
            '[url "file:///srv/office.git"]\n\tinsteadOf = https://git.your-office.org/msix-trainings.git\n'
        )
        yield made, Post(smtp.mailbox), f"smtp://127.0.0.1:{smtp.port}"


def free_port() -> int:
    """Return a port of this machine on which nobody listens: its ports are the root's as well."""
    listening, url = listen()
    listening.close()
    return urlsplit(url).port or 0


def move_program(made: Machine, port: int) -> None:
    """Let the program listen on another port than 8000, which may be taken here."""
    unit = made.file("/etc/systemd/system/msix-register.service")
    unit.write_text(unit.read_text().replace("[Service]\n", f"[Service]\nEnvironment=PORT={port}\n"))


def caddy(made: Machine, program: int) -> int:
    """Let Caddy listen on a free port, and sign its certificate itself; return the port."""
    port = free_port()
    file = made.file("/etc/caddy/Caddyfile")
    text = file.read_text().replace("127.0.0.1:8000", f"127.0.0.1:{program}")
    more = f"http_port {free_port()}\nhttps_port {port}\nlocal_certs\nskip_install_trust\nadmin off\n"
    file.write_text(text.replace("\n{\n", f"\n{{\n{more}", 1))
    return port
