# SPDX-License-Identifier: AGPL-3.0-or-later
"""An SMTP server without a network: the real backend speaks to it over a socket that is none.

What it does to an email depends on the email and on how often it has seen it, not on what else there is: one term is
the same whatever order things come in.
"""

from __future__ import annotations

import re
import socket
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from register.mail.backends.smtp_connection import Connect
from tests.simulation.life import Life
from tests.support.virtual_time import VirtualTime

FOREVER = timedelta(days=30)
_MESSAGE_ID = re.compile(rb"^Message-ID: <([^@>]*)@", re.MULTILINE)

Arrive = Callable[[str, str, bytes], None]
"""Gets the recipient, the email's own name and its bytes."""


class MailServer:
    """What the server does, and what it has done."""

    def __init__(self, clock: VirtualTime, seed: str, arrive: Arrive) -> None:
        self._clock, self._seed, self._arrive = clock, seed, arrive
        self.copies: Counter[str] = Counter()
        """How often each email has reached its recipient."""
        self.unanswered: Counter[str] = Counter()
        """How many of these copies the sender has no answer for."""
        self.refusals: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()
        """How many tries of an email ended without an answer, whether it arrived or not."""
        self.conversations = 0
        self.gone: set[str] = set()
        """Mailboxes that are not there."""
        self.heal_passing()

    def heal_passing(self) -> None:
        """Be well again, but for mailboxes that are gone for good."""
        self.is_down = False
        self.refuses: str | None = None
        """What everybody is greeted with, instead of a welcome."""
        self.takes = timedelta()
        self.drops = 0.0
        """The share of emails after which the connection breaks."""
        self.busy: set[str] = set()
        self.silent: set[str] = set()
        """For whom RCPT is never answered."""
        self.mute: set[str] = set()
        """For whom the email itself is never answered."""

    def is_well(self, email: str) -> bool:
        """Whether nothing keeps an email from its recipient."""
        troubled = self.is_down or self.refuses is not None or self.takes or self.drops
        return not troubled and email not in self.busy | self.gone | self.silent | self.mute

    def connect_for(self, life: Life) -> Connect:
        """Return what opens a connection for a process."""

        def connect(_address: tuple[str, int], _seconds: float) -> socket.socket:
            life.touch()
            if self.is_down:
                raise ConnectionRefusedError("connection refused")
            self.conversations += 1
            return _Line(self, life)

        return connect

    def passes(self, duration: timedelta) -> bool:
        """Let time pass; False if the client has given up meanwhile."""
        return self._clock.passes(duration)

    def take(self, recipient: str, content: bytes) -> bool:
        """Take an email, and say whether it is answered."""
        found = _MESSAGE_ID.search(content)
        assert found is not None
        message_id = found[1].decode()
        name = f"{recipient} {message_id}"
        tries = self.copies[name] + self.lost[name]
        drops = self._share(message_id, tries, "drop") < self.drops
        if not drops or self._share(message_id, tries, "keep") < 0.5:
            self.copies[name] += 1
            self._arrive(recipient, name, content)
            if drops or recipient in self.mute:
                self.unanswered[name] += 1
        if drops or recipient in self.mute:
            self.lost[name] += 1
        return not drops

    def _share(self, message_id: str, tries: int, what: str) -> float:
        digest = sha256(f"{self._seed} {message_id} {tries} {what}".encode()).digest()
        return int.from_bytes(digest[:4]) / 2**32


class _Line(socket.socket):
    """The client's end of a connection; it has no descriptor, so that nothing has to be closed after a kill."""

    def __init__(self, server: MailServer, life: Life) -> None:
        # Not socket's own, which would ask the system for a socket.
        self._server, self._life = server, life
        self._heard = b""
        self._replies: list[bytes] = [(server.refuses or "220 mail.example").encode()]
        self._recipient = ""
        self._in_data = False
        self._is_open = True

    def setsockopt(self, *_: Any) -> None:
        """There is nothing to set."""

    def settimeout(self, _: float | None) -> None:
        """The timers count alone."""

    def makefile(self, *_: Any, **__: Any) -> Any:
        """Return what answers are read from."""
        return self

    def close(self) -> None:
        """Hang up."""
        self._is_open = False

    def sendall(self, data: Any, _flags: int = 0) -> None:
        """Say something to the server."""
        self._life.touch()
        if not self._is_open:
            raise BrokenPipeError("the server has hung up")
        self._heard += bytes(data)
        while self._is_open and (end := b"\r\n.\r\n" if self._in_data else b"\r\n") in self._heard:
            line, _, self._heard = self._heard.partition(end)
            self._content(line + b"\r\n") if self._in_data else self._command(line.decode())

    def readline(self, _limit: int = -1) -> bytes:
        """Return a line of an answer, or nothing where the connection has ended."""
        self._life.touch()
        if self._replies:
            return self._replies.pop(0) + b"\r\n"
        # It has hung up, or takes its time until the client loses patience.
        if self._is_open:
            self._server.passes(FOREVER)
            self._is_open = False
        return b""

    def _command(self, line: str) -> None:
        server, verb = self._server, line.partition(" ")[0].upper()
        answer = "250 OK"
        if verb == "RCPT":
            self._recipient = line.partition("<")[2].partition(">")[0]
            if self._recipient in server.silent:
                return
            if self._recipient in server.busy | server.gone:
                server.refusals[self._recipient] += 1
                gone = self._recipient in server.gone
                answer = "550 5.1.1 no such user" if gone else "451 4.2.1 come again"
        elif verb == "DATA":
            self._in_data, answer = True, "354 go on"
        elif verb == "QUIT":
            answer = "221 bye"
        self._replies.append(answer.encode())

    def _content(self, content: bytes) -> None:
        self._in_data = False
        is_answered = self._server.take(self._recipient, content.replace(b"\r\n..", b"\r\n."))
        if not is_answered:
            self._is_open = False
        elif self._recipient not in self._server.mute and self._server.passes(self._server.takes):
            self._replies.append(b"250 OK")
