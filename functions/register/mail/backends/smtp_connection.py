# SPDX-License-Identifier: AGPL-3.0-or-later
"""A connection to an SMTP server that ends when its time is over, whatever the server does.

A socket's own time-out begins anew with each byte, so that a server which drips its answers holds a program for
ever. Here a timer shuts the socket.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Protocol

Answer = tuple[int, bytes]
"""A reply's code and text."""

UNREADABLE: Answer = (-1, b"")
"""What stands for something that is no answer, as in `smtplib`."""

CLOSING = 421
"""Said by a server that ends the connection (RFC 5321 §4.2.2)."""


class Timer(Protocol):
    """What `threading.Timer` does."""

    def start(self) -> None:
        """Begin."""

    def cancel(self) -> None:
        """Let nothing happen any more."""


MakeTimer = Callable[[float, Callable[[], None]], Timer]
"""Makes what calls a function some seconds after its start, in whatever thread."""

Connect = Callable[[tuple[str, int], float], socket.socket]
"""Opens a connection to a host and a port, in so many seconds; `socket.create_connection` does."""


def new_timer(seconds: float, call: Callable[[], None]) -> Timer:
    """Return a timer that keeps no process from ending."""
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    return timer


class Lost(Exception):
    """The connection has ended. `reply` is what the server said about that (421), if anything."""

    def __init__(self, why: str, *, timed_out: bool = False, reply: Answer | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.timed_out = timed_out
        self.reply = reply


class Connection(smtplib.SMTP):
    """Python's own, with a time for each step instead of one for each byte."""

    def __init__(
        self,
        make_timer: MakeTimer,
        tls: ssl.SSLContext | None,
        connect: Connect = socket.create_connection,
    ) -> None:
        """`tls` encrypts from the start."""
        super().__init__()
        self._make_timer = make_timer
        self._connect_to = connect
        self._tls = tls
        self._name = ""
        self._ran_out = False

    def open(self, host: str, port: int, limit: timedelta) -> Answer:
        """Connect, and return the greeting. Raises Lost."""
        self._name = host

        def connect() -> Answer:
            connected = self.sock = self._connect_to((host, port), limit.total_seconds())
            if self._ran_out:  # while there was no socket to shut
                raise TimeoutError
            connected.settimeout(None)  # from here on the timer alone counts
            # An email's last line goes out by itself, and would wait for the answer to what is before it.
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                self._encrypt(connected, self._tls)
            return self.getreply()

        return self.ask(limit, connect)

    def start_tls(self, context: ssl.SSLContext, limit: timedelta) -> Answer:
        """Encrypt the connection; what the server said before counts no more (RFC 3207 §4.2). Raises Lost."""

        def start() -> Answer:
            code, reply = self.docmd("STARTTLS")
            if code == 220 and self.sock is not None:  # "Ready to start TLS"
                self._encrypt(self.sock, context)
                self.helo_resp = self.ehlo_resp = None
                self.esmtp_features = {}
                self.does_esmtp = False
            return code, reply

        return self.ask(limit, start)

    def _encrypt(self, plain: socket.socket, context: ssl.SSLContext) -> None:
        # In two steps, so that the timer finds the socket while hands are shaken.
        sealed = context.wrap_socket(plain, server_hostname=self._name, do_handshake_on_connect=False)
        self.sock = sealed
        sealed.do_handshake()
        self.file = None

    def ask(self, limit: timedelta, step: Callable[[], Answer]) -> Answer:
        """Take a step that brings an answer. Raises Lost where there is none, or one that says good-bye."""
        try:
            with self.within(limit):
                code, reply = step()
        except smtplib.SMTPAuthenticationError as error:
            return error.smtp_code, _bytes(error.smtp_error)
        except smtplib.SMTPResponseException as error:  # an answer without end
            raise self._lost("answers in no way that can be read") from error
        except (smtplib.SMTPException, OSError) as error:
            raise self._lost(_reason(error), timed_out=_too_slow(error)) from error
        if self._ran_out:  # perhaps in the middle of the answer
            raise self._lost("no answer in time")
        if code == CLOSING:
            raise Lost("closes the connection", reply=(code, reply))
        if not 200 <= code < 600:
            raise self._lost("answers in no way that can be read")
        return code, reply

    @contextmanager
    def within(self, limit: timedelta) -> Iterator[None]:
        """Shut the connection if what is done inside takes too long."""
        timer = self._make_timer(limit.total_seconds(), self._run_out)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _run_out(self) -> None:
        self._ran_out = True
        if self.sock is not None:
            with suppress(OSError):  # it has ended by itself
                # Not SSLSocket's own, which pulls the rug from under the thread that reads.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def _lost(self, why: str, *, timed_out: bool = False) -> Lost:
        if self._ran_out or timed_out:
            return Lost("no answer in time", timed_out=True)
        return Lost(why)


def _too_slow(error: Exception) -> bool:
    """Whether a connection could not be made in time."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "hung up"
    return str(getattr(error, "strerror", None) or type(error).__name__)


def _bytes(reply: bytes | str) -> bytes:
    return reply if isinstance(reply, bytes) else reply.encode()
