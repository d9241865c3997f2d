# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recorded message as an email: headers, text, HTML, and the invitation or cancellation for calendars.

The same message always gives the same bytes, but for the other dates that have seats, so that what is sent twice
(delivery is at least once) can be recognized as one email.
"""

from __future__ import annotations

from datetime import UTC
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import TemplateError

from register.domain.errors import RegisterError
from register.domain.identity import digest
from register.domain.messages import Mailbox, Message, Method
from register.domain.notifications import instant_of
from register.domain.snapshot import UnreadableSnapshot
from register.mail.kinds import Purpose
from register.mail.outgoing import (
    OF_THE_BODY,
    Email,
    UnsafeEmail,
    deliverable,
    mailbox,
    read_back,
    unstructured,
    written,
)
from register.mail.staff_text import staff_text
from register.mail.text import MailSettings, email_text, one_line
from schedule.calendar_text import unfit_for_calendar
from schedule.walltime import ScheduleError

__all__ = ["CannotCompose", "MailSettings", "compose"]

# What bad data or a broken template may raise below; never what the store or the network raise.
FAULTS = (ScheduleError, TemplateError, MessageError, LookupError, ValueError, TypeError, AttributeError)


class CannotCompose(RegisterError):
    """A message of which no email can be made, however often it is tried."""

    def __init__(self, message: Message, fault: Exception) -> None:
        # The words of any other fault may name the person.
        reason = str(fault) if isinstance(fault, UnsafeEmail | UnreadableSnapshot) else type(fault).__name__
        super().__init__(f"{message.label}: no email can be made of it ({reason})")
        self.label = message.label


def compose(message: Message, mail_settings: MailSettings) -> Email:
    """Return the email of a message, which has been read back from its bytes. Raises CannotCompose."""
    try:
        email, headers, types = build(message, mail_settings)
        read_back(email.content, email.recipient, headers, types)
    except (UnsafeEmail, UnreadableSnapshot, *FAULTS) as fault:
        raise CannotCompose(message, fault) from fault
    return email


def build(message: Message, mail_settings: MailSettings) -> tuple[Email, list[str], list[str]]:
    """Return an email that nobody has read back yet, the headers it should have, and the types of its parts.

    Raises UnicodeError, UnsafeEmail and what its templates raise.
    """
    recipient = deliverable(one_line(message.name), message.email)
    purpose: Purpose | None = None
    if message.kind.for_staff:
        words = staff_text(message, mail_settings.staff_news(message), mail_settings)
        token = digest(message.label, message.key.email_hash)  # several get one of the same label
    else:
        purpose = Purpose.of(message)
        words, token = email_text(purpose, mail_settings), digest(message.label)

    headers = [("From", mailbox(mail_settings.sender))]
    if mail_settings.reply_to is not None:
        headers.append(("Reply-To", mailbox(mail_settings.reply_to)))
    headers += [
        ("To", mailbox(recipient)),
        ("Subject", unstructured(words.subject)),
        ("Date", format_datetime(message.recorded)),
        ("Message-ID", f"<{message.kind}.{token}@{mail_settings.sender.domain}>"),
        # RFC 3834; Exchange's own word for it ([MS-OXCMAIL] 2.1.3.2.20), without NDR: we want to know of bounces.
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "DR, RN, NRN, OOF, AutoReply"),
        ("Content-Language", message.language.value),
    ]
    body = EmailMessage(policy=SMTP)
    body.set_content(words.text, cte="quoted-printable")
    body.add_alternative(words.html, subtype="html", cte="quoted-printable")
    if purpose is not None and purpose.method is not None:
        _add_calendar(body, purpose.method, _calendar(purpose, mail_settings, recipient))
    for number, part in enumerate(part for part in body.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{token}")

    name = f"{message.recorded.astimezone(UTC):%Y%m%dT%H%M%SZ}-{message.kind}-{token}"
    email = Email(mail_settings.sender.email, recipient.email, name, written(headers, body))
    names = [*(name for name, _ in headers), *OF_THE_BODY]
    return email, names, [part.get_content_type() for part in body.walk()]


def _add_calendar(body: EmailMessage, method: Method, calendar: bytes) -> None:
    """Add the event twice, as Google's own invitations have it.

    Outlook takes an invitation only from the first part of a multipart/mixed, and shows the last alternative
    that it knows ([MS-STANOICAL] 2.2.168); programs that do not know invitations show the attached file. It
    is not text/calendar, so that nobody finds two invitations. Base64 keeps the calendar's line ends.
    """
    body.add_alternative(
        calendar,
        maintype="text",
        subtype="calendar",
        cte="base64",
        params={"charset": "utf-8", "method": method.value},
    )
    name = "invitation.ics" if method is Method.REQUEST else "cancellation.ics"
    body.add_attachment(calendar, maintype="application", subtype="ics", filename=name)


def _calendar(purpose: Purpose, mail_settings: MailSettings, recipient: Mailbox) -> bytes:
    """Return the invitation or the cancellation; it holds no personal link, since people forward it."""
    # icalendar and Babel take long to load, and the form needs neither.
    from schedule import invitations

    language, number = purpose.message.language, purpose.message.number
    about = (purpose.session, language, mail_settings.site_url, mail_settings.gettext(language))
    # A name that calendars cannot carry is better left out than the email not sent.
    organizer, attendee = (
        invitations.Address("" if unfit_for_calendar(owner.name) else owner.name, owner.email)
        for owner in (mail_settings.sender, recipient)
    )
    if purpose.method is Method.CANCEL:
        return invitations.cancellation(
            *about, organizer=organizer, attendee=attendee, number=number, stamp=instant_of(number)
        )
    return invitations.invitation(
        *about,
        organizer=organizer,
        attendee=attendee,
        number=number,
        stamp=instant_of(number),
        join_url=purpose.join_url,
    )
