# SPDX-License-Identifier: AGPL-3.0-or-later
"""Messages, and what their mails need, that tests of mail share; they hold what must not leak."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from functools import cache
from typing import Any

from plugins.trainings.catalogues import read_catalogues
from plugins.trainings.memo import Memo
from register.domain import snapshot as details
from register.domain.model import Kind, Mailbox, Message, State
from register.domain.notifications import method_of
from register.mail.compose import compose
from register.mail.outgoing import Email
from register.mail.text import MailSettings, environment
from schedule import wording
from schedule.contract import Contract
from schedule.model import LANGUAGES, Language, Schedule, Session, Status
from tests.calendars import PACIFIC, SITE, cancelled, revised, session, timed
from tests.conftest import ROOT

JOIN = "https://meet.example.net/j/123?pwd=secret&from=mail"
MANAGE = f"{SITE}/register/manage/token-of-rid-7"
RECORDED = datetime(2026, 11, 20, 8, 15, 30, 123456, tzinfo=UTC)
NAME = "María Núñez"
NUMBER = 217_325_730
"""The seconds from 2020 to RECORDED."""

ALL: tuple[tuple[Kind, State], ...] = (
    (Kind.CONFIRMATION, State.CONFIRMED),
    (Kind.WAITING_LIST, State.WAITLISTED),
    (Kind.PROMOTION, State.CONFIRMED),
    (Kind.CHANGE, State.CONFIRMED),
    (Kind.CHANGE, State.WAITLISTED),
    (Kind.CANCELLATION, State.CONFIRMED),
    (Kind.CANCELLATION, State.WAITLISTED),
    (Kind.SESSION_CANCELLATION, State.CONFIRMED),
    (Kind.SESSION_CANCELLATION, State.WAITLISTED),
    (Kind.REMINDER, State.CONFIRMED),
)
"""Every kind of mail with every state that it is written in."""


MOVED = revised(session(), period=timed("2026-12-04 13:00", "2026-12-04 14:30"))
"""The session as a mail about a change has it."""


def told(one: Session) -> str:
    """Return the text that a store keeps of a session."""
    contract = Contract(
        site_url=SITE,
        time_zone=PACIFIC,
        retention=timedelta(days=180),
        sample=False,
        schedule=Schedule((one.training,), one.trainers, (one,), {one.id: JOIN}),
        worded={one.id: {language: wording.worded(one, language) for language in LANGUAGES}},
        paths={
            one.id: {Language.ENGLISH: f"/schedule/{one.id}/", Language.SPANISH: f"/es/schedule/{one.id}/"}
        },
    )
    return details.write(contract, one.id)


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
    status = Status.CANCELLED if about.cancelled else Status.SCHEDULED
    whole: dict[str, Any] = {
        "session_id": about.id,
        "number": NUMBER,
        "method": method_of(kind, state, status),
        "registration_id": "rid-7",
        "kind": kind,
        "occasion": "once",
        "name": NAME,
        "email": "maria@example.net",
        "language": language,
        "state": state,
        "recorded": RECORDED,
        "snapshot_json": told(about),
        "join_url": JOIN,
        "before_snapshot_json": before and told(before),
    }
    return Message(**(whole | changes))


def site(*, sample: bool = False) -> dict[str, Any]:
    """Return what mails use of build/site.json, with the theme's real translations."""
    return {
        "sample": sample,
        "support_name": {"en": "CA MSIX Support", "es": "Línea de ayuda de CA MSIX"},
        "support_phone": "(800) 342-2964",
        "support_extension": "3",
        "support_uri": "tel:+18003422964,3",
        "catalogues": {
            language.value: catalogue.messages
            for language, catalogue in read_catalogues(ROOT / "theme", Memo()).items()
        },
    }


@cache
def mail_settings(*, sample: bool = False, reply_to: bool = True) -> MailSettings:
    """Return the mail_settings of the tests' site."""
    return MailSettings(
        sender=Mailbox("MSIX Training", "training@example.org"),
        reply_to=Mailbox("The office", "office@example.org") if reply_to else None,
        site_url=SITE,
        site=site(sample=sample),
        templates=environment(ROOT / "theme"),
        manage_url=lambda one: f"{SITE}/register/manage/token-of-{one.registration_id}",
    )


def composed(one: Message) -> Email:
    """Return a message's email, as it is sent."""
    return compose(one, mail_settings())


def received(one: Message) -> EmailMessage:
    """Return a message's email, as it is read."""
    return parsed(composed(one).content)


def parsed(data: bytes) -> EmailMessage:
    """Return the mail that bytes hold."""
    mail = message_from_bytes(data, policy=SMTP)  # type: ignore[arg-type]
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    """Return the text part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """Return the HTML part."""
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def calendar_of(mail: EmailMessage) -> bytes | None:
    """Return the calendar that clients act on, if there is one."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            return data
    return None


def everything_in(mail: EmailMessage) -> str:
    """Return all that a mail says, headers and every part decoded and unfolded."""
    found = [f"{name}: {value}" for name, value in mail.items()]
    for part in mail.walk():
        if not part.is_multipart():
            data = part.get_payload(decode=True)
            assert isinstance(data, bytes)
            found.append(data.replace(b"\r\n ", b"").decode())
    return "\n".join(found)


def about(kind: Kind) -> Session:
    """Return the session as it is when a mail of this kind is written."""
    return {Kind.CHANGE: MOVED, Kind.SESSION_CANCELLATION: cancelled(session())}.get(kind, session())


def of(kind: Kind, state: State, language: Language = Language.ENGLISH, **changes: Any) -> EmailMessage:
    """Return such a mail, as who gets it reads it."""
    return received(message(kind, state, language, about(kind), **changes))


def words_of(markup: str) -> list[str]:
    """Return the words of a page's body or of a text, without addresses."""
    body = re.sub(r"(?s)<head>.*</head>|<[^>]*>", " ", markup)
    return re.findall(r"\w+", re.sub(r"https?://\S+", "", html.unescape(body)))
