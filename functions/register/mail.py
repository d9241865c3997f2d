# SPDX-License-Identifier: AGPL-3.0-or-later
"""A recorded message as a mail: headers, text, HTML, and the invitation or cancellation for calendars.

The same message always gives the same bytes, so that what is sent twice (delivery is at least once) can be
told to be one mail.
"""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum

from jinja2 import TemplateError

from register import details
from register.letters import Letterhead, environment, join_url, kind_to_say, letter, one_line
from register.registration import Kind, Message, RegisterError, State, digest
from register.senders import as_bytes
from schedule.walltime import ScheduleError

__all__ = ["CannotCompose", "Letterhead", "Method", "compose", "environment", "method"]

_INVITING = frozenset({Kind.CONFIRMATION, Kind.PROMOTION, Kind.CHANGE})
_ENDING = frozenset({Kind.CANCELLATION, Kind.SESSION_CANCELLATION})
# What bad data or a broken template may raise below; never what the store or the network raise.
_FAULTS = (ScheduleError, TemplateError, MessageError, LookupError, ValueError, TypeError, AttributeError)


class CannotCompose(RegisterError):
    """A message of which no mail can be made, however often it is tried."""

    def __init__(self, message: Message, fault: Exception) -> None:
        # The fault's own words may name the person.
        super().__init__(f"{message.key}: no mail can be made of it ({type(fault).__name__})")
        self.key = message.key


class Method(StrEnum):
    """What a calendar does with the event that a mail carries (RFC 5546 §1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


def method(message: Message) -> Method | None:
    """Return what the mail does to the person's calendar: only who has, or had, a seat has an event there.

    A reminder leaves the event alone: it would come as one more invitation.
    """
    if message.state is not State.CONFIRMED:
        return None
    kind = kind_to_say(message)
    if kind in _ENDING:
        return Method.CANCEL
    return Method.REQUEST if kind in _INVITING else None


def compose(message: Message, letterhead: Letterhead) -> EmailMessage:
    """Return the mail of a message, which has proven that it can be sent as bytes. Raises CannotCompose."""
    try:
        mail = _compose(message, letterhead)
        as_bytes(mail)
    except _FAULTS as fault:
        raise CannotCompose(message, fault) from fault
    return mail


def _compose(message: Message, letterhead: Letterhead) -> EmailMessage:
    said = method(message)
    words = letter(message, letterhead, invites=said is Method.REQUEST)
    recipient = _recipient(message)
    token = digest(message.key)

    mail = EmailMessage(policy=SMTP)
    mail["From"] = letterhead.sender
    if letterhead.reply_to is not None:
        mail["Reply-To"] = letterhead.reply_to
    mail["To"] = recipient
    mail["Subject"] = words.subject
    mail["Date"] = message.recorded
    mail["Message-ID"] = f"<{message.kind}.{token}@{letterhead.sender.domain}>"
    # RFC 3834; Exchange's own word for it ([MS-OXCMAIL] 2.1.3.2.20), without NDR: we want to know of bounces.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "DR, RN, NRN, OOF, AutoReply"

    mail.set_content(words.text, cte="quoted-printable")
    mail.add_alternative(words.html, subtype="html", cte="quoted-printable")
    if said is not None:
        _add_calendar(mail, said, _calendar(message, letterhead, said, recipient))
    # Here, because what begins with Content- moves into the parts.
    mail["Content-Language"] = message.language.value
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"=_{number}_{token}")
    return mail


def _recipient(message: Message) -> Address:
    """Return the person's address, its domain as DNS has it; raises ValueError if it is not exactly one."""
    local, at, domain = message.email.rpartition("@")
    ascii_domain = domain.encode("idna").decode("ascii")
    name = one_line(message.name)
    if local.isascii():
        return Address(name, addr_spec=f"{local}{at}{ascii_domain}")
    # The parser refuses what RFC 6532 allows; it may judge all but those letters.
    fit = "".join(one if one.isascii() else "x" for one in local)
    checked = Address(addr_spec=f"{fit}{at}{ascii_domain}")
    return Address(name, username=one_line(local), domain=checked.domain)


def _add_calendar(mail: EmailMessage, said: Method, calendar: bytes) -> None:
    """Add the event twice, as Google's own invitations have it.

    Outlook takes an invitation only from the first part of a multipart/mixed, and shows the last alternative
    that it knows ([MS-STANOICAL] 2.2.168); programs that do not know invitations show the attached file. It
    is no text/calendar, so that nobody finds two invitations. Base64 keeps the calendar's line ends.
    """
    mail.add_alternative(
        calendar,
        maintype="text",
        subtype="calendar",
        cte="base64",
        params={"charset": "utf-8", "method": said.value},
    )
    name = "invitation.ics" if said is Method.REQUEST else "cancellation.ics"
    mail.add_attachment(calendar, maintype="application", subtype="ics", filename=name)


def _calendar(message: Message, letterhead: Letterhead, said: Method, recipient: Address) -> bytes:
    """Return the invitation or the cancellation; it holds no personal link, since people forward it."""
    # icalendar and Babel take long to load, and the form needs neither.
    from schedule import invitations

    session, language = details.read(message.details).session, message.language
    gettext = letterhead.gettext(language)
    organizer = invitations.Address("", letterhead.sender.addr_spec)
    # A name that calendars cannot carry is better left out than the mail not sent.
    name = recipient.display_name
    attendee = invitations.Address("" if invitations.unfit_for_calendar(name) else name, recipient.addr_spec)
    if said is Method.CANCEL:
        return invitations.cancellation(
            session,
            language,
            letterhead.site_url,
            gettext,
            organizer=organizer,
            attendee=attendee,
            recorded=message.recorded,
        )
    return invitations.invitation(
        session,
        language,
        letterhead.site_url,
        gettext,
        organizer=organizer,
        attendee=attendee,
        recorded=message.recorded,
        join_url=join_url(message),
    )
