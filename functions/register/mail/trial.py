# SPDX-License-Identifier: AGPL-3.0-or-later
"""An email to try out where emails go: it says so, and is about nobody."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from register.domain.messages import Mailbox
from register.mail.backends.base import (
    CannotDeliver,
    Interrupted,
    MailBackend,
    MailError,
    ServerDown,
    TryLater,
    Unanswered,
)
from register.mail.outgoing import Email, deliverable, mailbox, read_back, unstructured, written
from register.mail.policy import MINUTE, Policy

POLICY = Policy(command=MINUTE, after_data=2 * MINUTE, deadline=3 * MINUTE)
"""Somebody waits for the answer."""

_TEXT = """This is a test of {site_url}, sent on {now:%Y-%m-%d at %H:%M} UTC.

If you can read this, emails about sign-ups reach you, too. Nobody has signed up, and there is nothing to do.
"""

_NEXT_STEPS = (
    (ServerDown, "check REGISTER_MAIL and REGISTER_SENDER, or ask whoever runs the email server"),
    (TryLater, "try again in a quarter of an hour, or ask whoever runs the email server"),
    (CannotDeliver, "try another email address, or ask whoever runs the email server"),
    (Interrupted, "check REGISTER_MAIL and try again, or ask whoever runs the email server"),
    (Unanswered, "look whether it has come, before you try again"),
)


def trial_email(
    recipient: str, *, sender: Mailbox, reply_to: Mailbox | None, site_url: str, now: datetime, token: str
) -> Email:
    """Return an email that says that it is a test; `token` is one of its own. Raises UnsafeEmail, UnicodeError."""
    to = deliverable("", recipient)
    headers = [("From", mailbox(sender))]
    if reply_to is not None:
        headers.append(("Reply-To", mailbox(reply_to)))
    headers += [
        ("To", mailbox(to)),
        ("Subject", unstructured(f"Test of {site_url.partition('://')[2]}")),
        ("Date", format_datetime(now)),
        ("Message-ID", f"<test.{token}@{sender.domain}>"),
        ("Auto-Submitted", "auto-generated"),
    ]
    body = EmailMessage(policy=SMTP)
    body.set_content(_TEXT.format(site_url=site_url, now=now.astimezone(UTC)), cte="quoted-printable")
    content = written(headers, body)
    names = [*(name for name, _ in headers), "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    read_back(content, to.email, names, ["text/plain"])
    return Email(sender.email, to.email, f"test-{token}", content)


def hand_over(backend: MailBackend, email: Email) -> None:
    """Send an email as all others are sent, and close the connection. Raises MailError, with the next step."""
    try:
        backend.send(email)
    except MailError as error:
        next_step = next((words for kind, words in _NEXT_STEPS if isinstance(error, kind)), "")
        raise MailError(f"{error}; {next_step}" if next_step else str(error)) from error
    finally:
        backend.close()
