# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages, and what their emails need, that tests of email share; they hold what must not leak."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import Any

from jinja2 import Environment

from plugins.trainings.catalogues import read_catalogues
from plugins.trainings.memo import Memo
from register.domain import snapshot
from register.domain.messages import Mailbox, Message
from register.domain.model import ChangedBy, Kind, State
from register.domain.notifications import method_of
from register.domain.staff_news import NothingToSay, StaffNews
from register.mail.compose import compose
from register.mail.outgoing import Email
from register.mail.text import MailSettings
from schedule.model import Language, Session, Status
from schedule.site import Site
from schedule.templates import environment
from tests.support.constants import ROOT, SITE_URL
from tests.support.schedules import cancelled, contract_with, revised, session, timed

JOIN = "https://meet.example.net/j/123?pwd=secret&from=mail"
MANAGE = f"{SITE_URL}/register/manage/token-of-rid-7"
MINE = f"{SITE_URL}/register/mine/token-of-address"
FEED = f"{SITE_URL}/register/mine/token-of-feed/calendar.ics"
RECORDED = datetime(2026, 11, 20, 8, 15, 30, 123456, tzinfo=UTC)
NAME = "María Núñez"
NUMBER = 217_325_730
"""The seconds from 2020 to RECORDED."""

KINDS_AND_STATES: tuple[tuple[Kind, State], ...] = (
    (Kind.CONFIRMATION, State.CONFIRMED),
    (Kind.WAITING_LIST, State.WAITLISTED),
    (Kind.PROMOTION, State.CONFIRMED),
    (Kind.CHANGE, State.CONFIRMED),
    (Kind.CHANGE, State.WAITLISTED),
    (Kind.LINK, State.CONFIRMED),
    (Kind.CANCELLATION, State.CONFIRMED),
    (Kind.CANCELLATION, State.WAITLISTED),
    (Kind.SESSION_CANCELLATION, State.CONFIRMED),
    (Kind.SESSION_CANCELLATION, State.WAITLISTED),
    (Kind.REMINDER, State.CONFIRMED),
    (Kind.REMINDER, State.WAITLISTED),
    (Kind.CORRECTION, State.CONFIRMED),
    (Kind.CORRECTION, State.WAITLISTED),
    (Kind.ADDRESS_CHANGED, State.CONFIRMED),
    (Kind.ADDRESS_CHANGED, State.WAITLISTED),
    (Kind.ANNOUNCEMENT, State.CONFIRMED),
    (Kind.ANNOUNCEMENT, State.WAITLISTED),
)
"""Every kind of email to people who sign up, with every state that it is written in."""

ANNOUNCED = {
    Language.ENGLISH: (
        "Please bring a laptop",
        "We have no computers there.\n\nSee https://trainings.example.org/contacts/.",
    ),
    Language.SPANISH: (
        "Traiga una computadora",
        "Ahí no hay computadoras.\n\nVea https://trainings.example.org/es/contacts/.",
    ),
}
"""What staff have written, as subject and text."""

MOVED = revised(session(), period=timed("2026-12-04 13:00", "2026-12-04 14:30"))
"""The session as an email about a change has it."""


def snapshot_json(about: Session) -> str:
    """Return the text that a store keeps of a session."""
    return snapshot.write(contract_with(about, links={about.id: JOIN}), about.id)


def message(
    kind: Kind = Kind.CONFIRMATION,
    state: State = State.CONFIRMED,
    language: Language = Language.ENGLISH,
    about: Session | None = None,
    **changes: Any,
) -> Message:
    """Return a message with the link to join in it, though not everybody may read that."""
    about = about or session()
    before = session() if kind in {Kind.CHANGE, Kind.SESSION_CANCELLATION} else None
    subject, body = ANNOUNCED[language] if kind is Kind.ANNOUNCEMENT else (None, None)
    status = Status.CANCELLED if about.cancelled else Status.SCHEDULED
    whole: dict[str, Any] = {
        "session_id": about.id,
        "number": NUMBER,
        "method": method_of(kind, state, status),
        "registration_id": "rid-7",
        "kind": kind,
        "occasion": "once",
        "name": "" if kind is Kind.ADDRESS_CHANGED else NAME,
        "email": "maria@example.net",
        "language": language,
        "state": state,
        "changed_by": ChangedBy.PERSON,
        "recorded": RECORDED,
        "snapshot_json": snapshot_json(about),
        "join_url": JOIN,
        "before_snapshot_json": before and snapshot_json(before),
        "place": 3 if (kind, state) == (Kind.REMINDER, State.WAITLISTED) else None,
        "subject": subject,
        "body": body,
    }
    return Message(**(whole | changes))


def site(*, sample: bool = False) -> Site:
    """Return a site with the theme's real translations."""
    return Site(
        url=SITE_URL,
        sample=sample,
        sign_up=True,
        assets={},
        support_name={Language.ENGLISH: "CA MSIX Support", Language.SPANISH: "Línea de ayuda de CA MSIX"},
        support_phone="(800) 342-2964",
        support_extension="3",
        support_uri="tel:+18003422964,3",
        retention_days=180,
        organizations=(),
        catalogues=read_catalogues(ROOT / "theme", Memo()),
        editor=False,
    )


@cache
def templates() -> Environment:
    """Return the templates of emails; they are compiled once for all tests of a process."""
    return environment(ROOT / "theme")


def nothing_to_say(sent: Message) -> StaffNews:
    """Say that there is nothing to tell staff."""
    raise NothingToSay(f"{sent.kind}: nothing")


@cache
def mail_settings(*, sample: bool = False, reply_to: bool = True) -> MailSettings:
    """Return the settings of the tests' site."""
    return MailSettings(
        sender=Mailbox("MSIX Training", "training@example.org"),
        reply_to=Mailbox("The office", "office@example.org") if reply_to else None,
        site_url=SITE_URL,
        site=site(sample=sample),
        templates=templates(),
        manage_url=lambda sent: f"{SITE_URL}/register/manage/token-of-{sent.registration_id}",
        mine_url=lambda _: MINE,
        feed_url=lambda _: FEED,
        other_dates=lambda *_: (),
        staff_sign_in_url=lambda sent: f"{SITE_URL}/register/staff/in/token-of-{sent.occasion}",
        staff_news=nothing_to_say,
    )


def composed(sent: Message) -> Email:
    """Return a message's email, as it is sent."""
    return compose(sent, mail_settings())


def received(sent: Message) -> EmailMessage:
    """Return a message's email, as it is read."""
    return parsed(composed(sent).content)


def parsed(content: bytes) -> EmailMessage:
    """Return the email that bytes hold."""
    email = message_from_bytes(content, policy=SMTP)
    assert isinstance(email, EmailMessage)
    return email


def text_of(email: EmailMessage) -> str:
    """Return the text part."""
    part = email.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(email: EmailMessage) -> str:
    """Return the HTML part."""
    part = email.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def calendar_of(email: EmailMessage) -> bytes | None:
    """Return the calendar that clients act on, if there is one."""
    for part in email.walk():
        if part.get_content_type() == "text/calendar":
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            return data
    return None


def everything_in(email: EmailMessage) -> str:
    """Return all that an email says, headers and every part decoded and unfolded."""
    found = [f"{name}: {value}" for name, value in email.items()]
    for part in email.walk():
        if not part.is_multipart():
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            found.append(data.replace(b"\r\n ", b"").decode())
    return "\n".join(found)


def about(kind: Kind) -> Session:
    """Return the session as it is when an email of this kind is written."""
    return {Kind.CHANGE: MOVED, Kind.SESSION_CANCELLATION: cancelled(session())}.get(kind, session())


def email_for(
    kind: Kind, state: State, language: Language = Language.ENGLISH, **changes: Any
) -> EmailMessage:
    """Return such an email, as its recipient reads it."""
    return received(message(kind, state, language, about(kind), **changes))


def words_of(markup: str) -> list[str]:
    """Return the words of a page's body or of a text, without URLs."""
    body = re.sub(r"(?s)<head>.*</head>|<[^>]*>", " ", markup)
    return re.findall(r"\w+", re.sub(r"https?://\S+", "", html.unescape(body)))
