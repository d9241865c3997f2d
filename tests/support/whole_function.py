# SPDX-License-Identifier: AGPL-3.0-or-later
"""The whole function in a folder: a schedule that changes, sign-ups in SQLite, and mail that lands as files."""

from __future__ import annotations

import email
import email.policy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import icalendar

from register.domain.identity import hash_of
from register.domain.messages import Mailbox
from register.domain.model import Registration, State
from register.domain.notifications import instant_of
from register.domain.other_dates import other_dates
from register.mail.backends.folder import FolderBackend
from register.mail.compose import MailSettings, compose
from register.mail.delivery import deliver
from register.operations import maintenance as maintenance
from register.operations.sync import Synced, sync
from register.operations.sync_plan import Plan
from register.stores import Store
from register.web.tokens import Tokens
from schedule.contract import Contract
from schedule.model import Revision, Session
from schedule.site import Site
from tests.support.builders import People
from tests.support.constants import NOW, SITE_URL
from tests.support.emails import nothing_to_say, templates
from tests.support.schedules import session


def edited(one: Session, **changes: Any) -> Session:
    """Return a session after an edit that somebody has committed."""
    return replace(
        one, revision=Revision(one.revision.number + 1, one.revision.time + timedelta(days=1)), **changes
    )


@dataclass(frozen=True)
class Mail:
    """What a mail in the folder says, taken apart."""

    to: str
    kind: str
    method: str | None
    starts: datetime | None
    links: bool
    """Whether the link to join stands anywhere in it."""


@dataclass
class WholeFunction:
    """The parts, and what one does with them."""

    store: Store
    folder: Path
    site: Site
    now: datetime = NOW
    seen: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._people = People(self.store)

    def sync(self, contract: Contract, **options: Any) -> tuple[Plan, Synced]:
        """Sync a minute later."""
        self.now += timedelta(minutes=1)
        secrets = options.pop("secrets", {})
        return sync(contract, self.store, secrets.get, now=self.now, **options)

    def people(self) -> People:
        """Return who signs up, from now on."""
        self._people.now = self.now
        return self._people

    def sweep(self) -> None:
        """Finish what is left, as the server does every few minutes."""
        self.now += timedelta(minutes=1)
        maintenance.sweep(self.store, now=self.now)

    def post(self) -> list[EmailMessage]:
        """Deliver, and return the mails that are new in the folder, in no order that matters."""
        self.now += timedelta(minutes=1)
        tokens = Tokens(("s" * 32,))
        mail_settings = MailSettings(
            sender=Mailbox("MSIX Training", "training@example.org"),
            reply_to=None,
            site_url=SITE_URL,
            site=self.site,
            templates=templates(),
            manage_url=lambda one: (
                f"{SITE_URL}/register/manage/{tokens.manage(one.session_id, one.registration_id, one.link_generation)}"
            ),
            mine_url=lambda one: f"{SITE_URL}/register/mine/{tokens.mine(hash_of(one.email))}",
            feed_url=lambda one: f"{SITE_URL}/register/mine/{tokens.feed(hash_of(one.email))}/calendar.ics",
            other_dates=lambda _, session: other_dates(
                session, self.store.sessions(after=self.now), self.now
            ),
            staff_sign_in_url=lambda _: f"{SITE_URL}/register/staff/in/token",
            staff_news=nothing_to_say,
        )
        deliver(
            self.store,
            FolderBackend(self.folder),
            lambda message: compose(message, mail_settings),
            now=lambda: self.now,
        )
        new = sorted(file for file in self.folder.glob("*.eml") if file.name not in self.seen)
        self.seen |= {file.name for file in new}
        return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in new]

    def mails(self) -> list[Mail]:
        """Deliver, and return what the new mails say, by recipient and kind."""
        return sorted(map(read_mail, self.post()), key=lambda one: (one.to, one.kind))


def read_mail(mail: EmailMessage) -> Mail:
    """Take a mail apart."""
    texts = [str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"]
    method, starts = None, None
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            calendar = icalendar.Calendar.from_ical(part.get_content())
            [event] = calendar.walk("VEVENT")
            assert part.get_param("method") == calendar["METHOD"]
            method = str(calendar["METHOD"])
            assert event["DTSTAMP"].dt == instant_of(int(event["SEQUENCE"]))
            starts = event["DTSTART"].dt.astimezone(UTC)
    return Mail(
        to=mail["To"].addresses[0].display_name,
        kind=str(mail["Message-ID"]).strip("<> ").partition(".")[0],
        method=method,
        starts=starts,
        links=any("meet.example.org" in text for text in texts),
    )


def states(store: Store, session_id: str) -> dict[str, State]:
    """Return everybody's state by name."""
    return {one.person.name: one.state for one in store.roster(session_id)}


def seats_are_true(store: Store, session_id: str) -> bool:
    """Whether a session's counts are those of its registrations."""
    occupancy, everybody = store.session(session_id), store.roster(session_id)

    def count(state: State) -> int:
        found: list[Registration] = [one for one in everybody if one.state is state]
        return len(found)

    return (occupancy.confirmed, occupancy.waiting) == (count(State.CONFIRMED), count(State.WAITLISTED))


def one_session(**changes: Any) -> Session:
    """Return a session of two seats."""
    return session(capacity=2, **changes)
