# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where mail goes: into a folder, to an SMTP server (`smtp.py`) or to Amazon SES (`ses.py`); chosen by an address.

A sender keeps its connection until `close`. None of them is meant for several threads at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from register.domain.model import RegisterError
from register.mail.outgoing import Email

TIMEOUT = 15.0
"""Seconds that a mail server may take for one answer."""

_LONGEST_REPLY = 200


class MailError(RegisterError):
    """A mail did not go out. What a server said is in the message, without anybody's address."""


class TryLater(MailError):
    """This mail cannot be sent now; others may."""


class ServerDown(MailError):
    """No mail can be sent now: the server does not answer, or refuses us."""


class CannotDeliver(MailError):
    """This mail can never be sent."""


class UnusableAddress(MailError):
    """A value of REGISTER_MAIL that names no sender. The message leaves the password out."""


class Sender(Protocol):
    """Sends one email to its one recipient."""

    def send(self, email: Email) -> None:
        """Hand a mail over for good. Raises TryLater, ServerDown or CannotDeliver."""

    def close(self) -> None:
        """Let go of the connection; the next mail opens another."""


def without_people(reply: str, recipient: str = "") -> str:
    """Return what a server said as one short line, without addresses or the recipient's part of one."""
    text = re.sub(r"\S*@\S*", "…", " ".join(reply.split()))
    local = recipient.rpartition("@")[0]
    if local:
        text = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text[:_LONGEST_REPLY]


@dataclass(frozen=True, slots=True)
class FolderSender:
    """Writes each mail into a file of its own, for its owner alone; a mail sent twice is there once."""

    folder: Path

    def send(self, email: Email) -> None:
        """Write an email. Raises ServerDown if the folder cannot be written to."""
        name = f"{email.name}.eml"
        aside = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside.unlink(missing_ok=True)
            aside.touch(mode=0o600)
            aside.write_bytes(email.content)
            aside.replace(self.folder / name)
        except OSError as error:
            raise ServerDown(f"{self.folder}: cannot be written to ({error.strerror})") from error

    def close(self) -> None:
        """Nothing is open."""


def sender_for(address: str, base: Path, *, timeout: float = TIMEOUT) -> Sender:
    """Return the sender that an address names (REGISTER_MAIL). Raises UnusableAddress.

    `folder:///var/mail` is var/mail below `base`, `folder:////srv/mail` is /srv/mail itself;
    `smtp://user:password@host:587`, `smtps://host`; `ses://`, `ses://?configuration-set=NAME`.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        # The parser's own words may hold a part of the password.
        raise UnusableAddress(_UNUSABLE) from None
    if parts.scheme == "folder" and not parts.netloc and len(parts.path) > 1:
        return FolderSender(base / parts.path[1:])
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        return _smtp_sender(parts, port, timeout)
    if parts.scheme == "ses" and not parts.netloc:
        from register.mail.backends.ses import SesSender

        return SesSender(parse_qs(parts.query).get("configuration-set", [None])[0], timeout=timeout)
    raise UnusableAddress(_UNUSABLE)


_UNUSABLE = (
    "REGISTER_MAIL names no sender; use folder:///var/mail, smtp://user:password@host:587, smtps://host or "
    "ses://, and write / : @ # in a password as %2F %3A %40 %23"
)


def _smtp_sender(parts: SplitResult, port: int | None, timeout: float) -> Sender:
    from register.mail.backends import smtp

    at_once = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise UnusableAddress(
            "REGISTER_MAIL: user and password may hold ASCII only, as Python's smtplib wants it"
        )
    usual = smtp.SUBMISSIONS if at_once else smtp.SUBMISSION if user else smtp.RELAY
    return smtp.SmtpSender(
        host=parts.hostname or "",
        port=port or usual,
        user=user or None,
        password=password or None,
        tls_from_the_start=at_once,
        timeout=timeout,
    )
