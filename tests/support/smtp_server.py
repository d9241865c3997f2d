# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real SMTP server on loopback, as friendly or as difficult as a test wants it."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
USER, PASSWORD = "office", "pass word/#@"
WAIT = 20
"""Seconds that anything may take before a test fails."""


@dataclass
class Mailbox:
    """What the server has taken, and how it behaves."""

    mails: list[bytes] = field(default_factory=list)
    people: list[list[str]] = field(default_factory=list)
    greetings: int = 0
    """How many connections have said hello without encryption or after it."""
    encrypted: list[bool] = field(default_factory=list)
    authenticated: list[bool] = field(default_factory=list)
    refused_people: dict[str, str] = field(default_factory=dict)
    """By address, what is answered to RCPT."""
    refused_sender: str | None = None
    refused_mail: str | None = None
    hangs_up_on: set[str] = field(default_factory=set)
    """People for whom the server closes the connection."""
    is_down: bool = False
    """Whether the server hangs up on everybody."""
    hangs_up_after_data: bool = False
    """Whether the server takes an email and says nothing."""
    on_data: Callable[[SMTP, str], Awaitable[None]] | None = None
    """What happens between an email and the answer; it gets the recipient."""
    on_person: Callable[[SMTP, str], Awaitable[None]] | None = None
    """What happens between RCPT and the answer."""
    _open: list[SMTP] = field(default_factory=list)

    async def handle_EHLO(self, server: SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]) -> list[str]:  # fmt: skip
        if self.is_down:
            server.transport.close()
        self.greetings += 1
        self._open.append(server)
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, _server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # fmt: skip
        if self.refused_sender:
            return self.refused_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, _session: Any, envelope: Any, address: str, options: list[str]) -> str:  # fmt: skip
        if self.on_person:
            await self.on_person(server, address)
        if address in self.hangs_up_on:
            server.transport.close()
        if address in self.refused_people:
            return self.refused_people[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.refused_mail:
            return self.refused_mail
        self.mails.append(envelope.content)
        self.people.append(envelope.rcpt_tos)
        self.encrypted.append(session.ssl is not None)
        self.authenticated.append(bool(session.authenticated))
        if self.on_data:
            await self.on_data(server, envelope.rcpt_tos[0])
        if self.hangs_up_after_data:
            server.transport.close()
        return "250 OK"

    async def hang_up(self) -> None:
        """Close all connections, as servers do with those that are idle."""
        for server in self._open:
            if server.transport:
                server.transport.close()


def password_is_right(_server: SMTP, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    """Judge who logs in."""
    right = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=data == right, handled=False)


class _Server(Controller):
    """Takes its socket ready-made, so that no port has to be guessed."""

    def __init__(self, mailbox: Mailbox, listening: socket.socket, **options: Any) -> None:
        self._listening = listening
        super().__init__(mailbox, hostname=HOST, port=listening.getsockname()[1], **options)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listening, ssl=self.ssl_context)


@dataclass(frozen=True)
class Running:
    """A server that runs."""

    mailbox: Mailbox
    port: int
    loop: asyncio.AbstractEventLoop

    def hang_up(self) -> None:
        """Close all connections, and come back when that is done."""
        asyncio.run_coroutine_threadsafe(self.mailbox.hang_up(), self.loop).result(WAIT)


@contextmanager
def running(**options: Any) -> Iterator[Running]:
    """Run a server; `options` are aiosmtpd's."""
    mailbox = Mailbox()
    with socket.create_server((HOST, 0)) as listening:
        server = _Server(mailbox, listening, **options)
        server.start()
        try:
            yield Running(mailbox, server.port, server.loop)
        finally:
            server.stop()


@dataclass(frozen=True)
class Certificate:
    """A certificate for loopback that nobody has signed but itself."""

    server: ssl.SSLContext
    trusting: ssl.SSLContext
    """For clients who know it."""


def certificate(folder: Path) -> Certificate:
    """Make a certificate, good for a day around now."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "loopback.pem"
    file.write_bytes(
        signed.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return Certificate(server, ssl.create_default_context(cafile=file))
