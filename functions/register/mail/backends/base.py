# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where email goes: into a folder, to an SMTP server (`smtp.py`) or to Amazon SES (`ses.py`); chosen by a URL.

A backend keeps its connection until `close`. None of them may be used by several threads at once.
"""

from __future__ import annotations

import re
from typing import Protocol

from register.domain.errors import RegisterError
from register.mail.outgoing import Email

TIMEOUT = 15.0
"""Seconds that an email server may take for one answer."""

_LONGEST_REPLY = 200


class MailError(RegisterError):
    """An email did not go out. What a server said is in the message, without anybody's email address."""


class TryLater(MailError):
    """This email cannot be sent now; others may."""


class ServerDown(MailError):
    """No email can be sent now: the server does not answer, or refuses us."""


class CannotDeliver(MailError):
    """This email can never be sent."""


class UnusableUrl(MailError):
    """A value of REGISTER_MAIL that names no backend. The message leaves the password out."""


class MailBackend(Protocol):
    """Sends one email to its one recipient."""

    def send(self, email: Email) -> None:
        """Hand an email over for good. Raises TryLater, ServerDown or CannotDeliver."""

    def close(self) -> None:
        """Let go of the connection; the next email opens another."""


def without_people(reply: str, recipient: str = "") -> str:
    """Return what a server said as one short line, without email addresses or the recipient's part of one."""
    text = re.sub(r"\S*@\S*", "…", " ".join(reply.split()))
    local = recipient.rpartition("@")[0]
    if local:
        text = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text[:_LONGEST_REPLY]
