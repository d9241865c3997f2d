# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where email goes: into a folder, to an SMTP server (`smtp.py`) or to Amazon SES (`ses.py`); chosen by a URL.

A backend keeps its connection until `close`. None of them may be used by several threads at once.
"""

from __future__ import annotations

import re
from typing import Protocol

from register.domain.errors import RegisterError
from register.mail.outgoing import Email

_LONGEST_REPLY = 200


class MailError(RegisterError):
    """An email did not go out. What a server said is in the message, without anybody's email address."""


class TryLater(MailError):
    """This email cannot be sent now; others may."""


class ServerDown(MailError):
    """No email can be sent now: the server is not there, or refuses us in words that mean all emails."""


class _Broken(MailError):
    """A connection that failed; `timed_out` says whether nobody said anything for too long."""

    def __init__(self, problem: str, *, timed_out: bool = False) -> None:
        super().__init__(problem)
        self.timed_out = timed_out


class Interrupted(_Broken):
    """The connection failed before the email was handed over. `MailBackend.probe` tells whose fault that is."""


class Unanswered(_Broken):
    """All of the email was handed over, and then no answer came: it may arrive."""


class CannotDeliver(MailError):
    """This email can never be sent."""


class UnusableUrl(MailError):
    """A value of REGISTER_MAIL that names no backend. The message leaves the password out."""


class MailBackend(Protocol):
    """Sends one email to its one recipient."""

    def send(self, email: Email) -> None:
        """Hand an email over for good, once. Raises MailError: any of the five above that say what happened."""

    def probe(self) -> None:
        """Ask whether the server takes emails at all, without one. Raises ServerDown."""

    def close(self) -> None:
        """Let go of the connection; the next email opens another."""


def without_people(reply: str, recipient: str = "") -> str:
    """Return what a server said as one short line, without email addresses or the recipient's part of one."""
    text = re.sub(r"\S*@\S*", "…", " ".join(reply.split()))
    local = recipient.rpartition("@")[0]
    if local:
        text = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text[:_LONGEST_REPLY]
