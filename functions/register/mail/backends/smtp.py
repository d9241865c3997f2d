# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sends email to an SMTP server (RFC 5321)."""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from register.mail.backends.base import (
    TIMEOUT,
    CannotDeliver,
    MailError,
    ServerDown,
    TryLater,
    without_people,
)
from register.mail.outgoing import Email

RELAY, SUBMISSION, SUBMISSIONS = 25, 587, 465
"""The ports for email between servers, and for email from programs like this one (RFC 6409, RFC 8314)."""

# RFC 5321 §4.2.1: replies from 500 on are for good; 421 is said of the whole service, 552 of an email's size.
_FOR_GOOD, _CLOSING, _TOO_LARGE = 500, 421, 552
# That we have not logged in, or not as the server wants it (RFC 4954 §6).
_LOG_IN = frozenset({530, 534, 535, 538})
# Said of our rights (RFC 3463 §3.8), not of a mailbox: that may be our settings, which can be mended, or what
# the person's own server thinks of this one email. So the others go on, and this one is not given up at once.
_OF_OUR_RIGHTS = re.compile(r"\b5\.7\.\d|\brelay|rcpthosts|authenticat", re.IGNORECASE)


class _Lost(Exception):
    """The connection has ended; `reply` is what the server said before (421), if anything."""

    def __init__(self, reply: str = "") -> None:
        super().__init__(reply)
        self.reply = reply


@dataclass(slots=True)
class SmtpBackend:
    """Sends over SMTP, encrypted where the server can, and never a password in the clear."""

    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls_from_the_start: bool = False
    timeout: float = TIMEOUT
    context: ssl.SSLContext | None = field(default=None, repr=False)
    """What certificates are checked against; by default the machine's own list."""
    _smtp: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def send(self, email: Email) -> None:
        """Send an email; a connection that the server has closed meanwhile is opened again, once."""
        if self._smtp is not None:
            try:
                self._hand_over(self._smtp, email)
            except _Lost:
                self.close()
            else:
                return
        self._smtp = smtp = self._connect()
        try:
            self._hand_over(smtp, email)
        except _Lost as lost:
            self.close()
            if lost.reply:
                raise ServerDown(lost.reply) from lost
            # The server is there, so it may be this email that it does not like.
            raise TryLater(f"{self.host}: closed the connection while it took the email") from lost

    def close(self) -> None:
        """Say good-bye, if the server is still there."""
        smtp, self._smtp = self._smtp, None
        if smtp is not None:
            with suppress(smtplib.SMTPException, OSError):
                smtp.quit()
            smtp.close()

    def _connect(self) -> smtplib.SMTP:
        try:
            smtp = self._dial()
        except (smtplib.SMTPException, OSError) as error:
            raise ServerDown(f"{self.host}:{self.port}: no connection ({_reason(error)})") from error
        try:
            smtp.ehlo_or_helo_if_needed()
            if not self.tls_from_the_start:
                self._encrypt(smtp)
            if self.user is not None:
                smtp.login(self.user, self.password or "")
        except (smtplib.SMTPException, OSError) as error:
            smtp.close()
            raise ServerDown(f"{self.host}:{self.port}: refuses us ({_reason(error)})") from error
        except ServerDown:
            smtp.close()
            raise
        return smtp

    def _dial(self) -> smtplib.SMTP:
        if not self.tls_from_the_start:
            return smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        context = self.context or ssl.create_default_context()
        return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=context)

    def _encrypt(self, smtp: smtplib.SMTP) -> None:
        """Start TLS. With a password, or on the port for submission, it must be there and be proven."""
        must = self.user is not None or self.port == SUBMISSION
        if smtp.has_extn("starttls"):
            smtp.starttls(context=self.context or (ssl.create_default_context() if must else _unproven()))
            smtp.ehlo()
        elif must:
            raise ServerDown(f"{self.host}:{self.port}: offers no STARTTLS, and we send nothing in the clear")

    def _hand_over(self, smtp: smtplib.SMTP, email: Email) -> None:
        """Send on an open connection. Raises _Lost and our own errors."""
        try:
            smtp.sendmail(email.sender, [email.recipient], email.content)
        except smtplib.SMTPServerDisconnected as error:
            if not _too_slow(error):
                raise _Lost from error
            self.close()
            raise ServerDown(f"{self.host}:{self.port}: {_reason(error)} while it took an email") from error
        except smtplib.SMTPRecipientsRefused as error:
            code, reply = next(iter(error.recipients.values()))
            raise self._refused(code, reply, email) from error
        except smtplib.SMTPSenderRefused as error:
            refusal = self._refused(error.smtp_code, error.smtp_error, email)
            # Except for the email's size, this is said of the From, and so of every email.
            if error.smtp_code != _TOO_LARGE and isinstance(refusal, MailError):
                raise ServerDown(str(refusal)) from error
            raise refusal from error
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, error.smtp_error, email) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise ServerDown(f"{self.host}:{self.port}: {_reason(error)} while it took an email") from error

    def _refused(self, code: int, reply: bytes | str, email: Email) -> MailError | _Lost:
        problem = f"{self.host}: {code} {without_people(_text(reply), email.recipient)}"
        if code == _CLOSING:
            return _Lost(problem)
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


def _too_slow(error: Exception) -> bool:
    """Whether a server gave no answer in time, of which smtplib says that it hung up."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _reason(error: Exception) -> str:
    """Return what has gone wrong, in the server's words or in ours."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {without_people(_text(error.smtp_error))}"
    if _too_slow(error):
        return "no answer in time"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "hung up"
    return str(getattr(error, "strerror", None) or type(error).__name__)


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
