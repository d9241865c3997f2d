# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sends email to an SMTP server (RFC 5321)."""

from __future__ import annotations

import re
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from register.mail.backends.base import (
    CannotDeliver,
    Interrupted,
    MailError,
    ServerDown,
    TryLater,
    Unanswered,
    without_people,
)
from register.mail.backends.smtp_connection import (
    UNREADABLE,
    Answer,
    Connect,
    Connection,
    Lost,
    MakeTimer,
    new_timer,
)
from register.mail.outgoing import Email
from register.mail.policy import POLICY, Policy

RELAY, SUBMISSION, SUBMISSIONS = 25, 587, 465
"""The ports for email between servers, and for email from programs like this one (RFC 6409, RFC 8314)."""

# RFC 5321 §4.2.1: replies from 500 on are for good; 552 is said of an email's size.
_FOR_GOOD, _TOO_LARGE = 500, 552
_DONE, _FORWARDED, _GO_ON, _LOGGED_IN = 250, 251, 354, (235, 503)
# That we have not logged in, or not as the server wants it (RFC 4954 §6).
_LOG_IN = frozenset({530, 534, 535, 538})
# Said of our rights (RFC 3463 §3.8), not of a mailbox: that may be our settings, which can be mended, or what
# the person's own server thinks of this one email. So the others go on, and this one is not given up at once.
_OF_OUR_RIGHTS = re.compile(r"\b5\.7\.\d|\brelay|rcpthosts|authenticat", re.IGNORECASE)
_LINE_WITH_A_PERIOD = re.compile(rb"^\.", re.MULTILINE)


@dataclass(slots=True)
class SmtpBackend:
    """Sends over SMTP, encrypted where the server can, and never a password in the clear."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls_from_the_start: bool = False
    policy: Policy = POLICY
    context: ssl.SSLContext | None = field(default=None, repr=False)
    """What certificates are checked against; by default the machine's own list."""
    make_timer: MakeTimer = field(default=new_timer, repr=False)
    connect: Connect = field(default=socket.create_connection, repr=False)
    _open: Connection | None = field(default=None, init=False, repr=False)

    def send(self, email: Email) -> None:
        """Send an email; a connection that the server has closed meanwhile is opened again, once."""
        kept = self._open
        if kept is not None:
            try:
                with kept.within(self.policy.deadline):
                    return self._hand_over(kept, email)
            except Lost as lost:
                self._drop()
                if lost.timed_out:
                    raise self._interrupted(lost) from lost
        connection = self._new()
        try:
            with connection.within(self.policy.deadline):
                self._connect(connection)
                self._hand_over(connection, email)
        except Lost as lost:
            self._drop()
            raise self._interrupted(lost) from lost

    def probe(self) -> None:
        """Connect, greet, log in, and do nothing; the next email goes over this connection. Raises ServerDown."""
        self.close()
        connection = self._new()
        try:
            with connection.within(self.policy.probe):
                self._connect(connection)
                code, reply = connection.ask(self.policy.command, connection.noop)
        except Lost as lost:
            self._drop()
            raise ServerDown(self._words(lost)) from lost
        if code != _DONE:
            self.close()
            raise ServerDown(self._said(code, reply))

    def close(self) -> None:
        """Say good-bye, if the server is still there."""
        if self._open is not None:
            with suppress(Lost):
                self._open.ask(self.policy.connect, self._open.quit)
        self._drop()

    def _new(self) -> Connection:
        context = self.context or ssl.create_default_context() if self.tls_from_the_start else None
        self._open = Connection(self.make_timer, context, self.connect)
        return self._open

    def _drop(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            connection.close()

    def _connect(self, connection: Connection) -> None:
        """Open a connection, encrypt it and log in. Raises Lost, ServerDown."""
        try:
            self._accept(connection.open(self.host, self.port, self.policy.connect), 220)
            self._greet(connection)
            if not self.tls_from_the_start:
                self._encrypt(connection)
            if self.user is not None:
                self._log_in(connection, self.user)
        except ServerDown:
            self._drop()
            raise

    def _greet(self, connection: Connection) -> None:
        code, _ = connection.ask(self.policy.command, connection.ehlo)
        if code != _DONE:
            self._accept(connection.ask(self.policy.command, connection.helo), _DONE)

    def _encrypt(self, connection: Connection) -> None:
        """Start TLS. With a password, or on the port for submission, it must be there and be proven."""
        must = self.user is not None or self.port == SUBMISSION
        if connection.has_extn("starttls"):
            context = self.context or (ssl.create_default_context() if must else _unproven())
            self._accept(connection.start_tls(context, self.policy.command), 220)
            self._greet(connection)
        elif must:
            raise ServerDown(f"{self.host}:{self.port}: offers no STARTTLS, and we send nothing in the clear")

    def _log_in(self, connection: Connection, user: str) -> None:
        if not connection.has_extn("auth"):
            raise ServerDown(f"{self.host}:{self.port}: takes no password")
        self._accept(
            connection.ask(self.policy.command, lambda: connection.login(user, self.password or "")),
            *_LOGGED_IN,
        )

    def _accept(self, answer: Answer, *codes: int) -> None:
        code, reply = answer
        if code not in codes:
            said = f"{code} {without_people(_text(reply))}"
            raise ServerDown(f"{self.host}:{self.port}: refuses us ({said})")

    def _hand_over(self, connection: Connection, email: Email) -> None:
        """Send on an open connection. Raises Lost and our own errors."""
        command = self.policy.command
        size = [f"size={len(email.content)}"] if connection.has_extn("size") else []
        code, reply = connection.ask(command, lambda: connection.mail(email.sender, size))
        if code != _DONE:
            self._reset(connection)
            refusal = self._refusal(code, reply, email)
            # Except for the email's size, this is said of the From, and so of every email.
            raise refusal if code == _TOO_LARGE else ServerDown(str(refusal))
        code, reply = connection.ask(command, lambda: connection.rcpt(email.recipient))
        if code in {_DONE, _FORWARDED}:
            code, reply = connection.ask(command, lambda: connection.docmd("DATA"))
            if code == _GO_ON:
                code, reply = self._hand_over_content(connection, email.content)
                if code == _DONE:
                    return
        self._reset(connection)
        raise self._refusal(code, reply, email)

    def _hand_over_content(self, connection: Connection, content: bytes) -> Answer:
        """Send the email itself and return the answer. Raises Unanswered, and Lost before its last line is out."""
        lines = _LINE_WITH_A_PERIOD.sub(b"..", content)  # RFC 5321 §4.5.2
        end = b".\r\n" if lines.endswith(b"\r\n") else b"\r\n.\r\n"
        is_out = False

        def hand_over() -> Answer:
            nonlocal is_out
            connection.send(lines)
            is_out = True  # of the last line, nobody knows how much has arrived
            connection.send(end)
            code, reply = connection.getreply()
            is_answer = code == _DONE or code >= 400  # RFC 5321 §4.3.2 knows no other
            return (code, reply) if is_answer else UNREADABLE

        try:
            return connection.ask(self.policy.after_data, hand_over)
        except Lost as lost:
            if not is_out or lost.reply:
                raise
            self._drop()
            where = f"{self.host}:{self.port}"
            problem = f"{where}: {lost.why} after it had all of the email; it may have arrived"
            raise Unanswered(problem, timed_out=lost.timed_out) from lost

    def _reset(self, connection: Connection) -> None:
        """Make a connection ready for another email after a refusal."""
        try:
            connection.ask(self.policy.connect, connection.rset)
        except Lost:
            self._drop()

    def _interrupted(self, lost: Lost) -> Interrupted:
        return Interrupted(self._words(lost), timed_out=lost.timed_out)

    def _words(self, lost: Lost) -> str:
        return self._said(*lost.reply) if lost.reply else f"{self.host}:{self.port}: {lost.why}"

    def _said(self, code: int, reply: bytes, recipient: str = "") -> str:
        return f"{self.host}: {code} {without_people(_text(reply), recipient)}"

    def _refusal(self, code: int, reply: bytes, email: Email) -> MailError:
        problem = self._said(code, reply, email.recipient)
        if code in _LOG_IN:
            return ServerDown(problem)
        mended = code < _FOR_GOOD or _OF_OUR_RIGHTS.search(_text(reply))
        return TryLater(problem) if mended else CannotDeliver(problem)


def _unproven() -> ssl.SSLContext:
    """Return TLS without proof of who answers: better than the clear text that would be sent otherwise."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _text(reply: bytes) -> str:
    return reply.decode("utf-8", "replace")
