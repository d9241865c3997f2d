# SPDX-License-Identifier: AGPL-3.0-or-later
"""The built site and the sign-up function on one port, as on one machine, and the mails that come of it."""

from __future__ import annotations

import email
import email.policy
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from register.bootstrap import Application
from register.domain.model import Person, Registration
from register.entrypoints.server import beside
from register.entrypoints.static_site import files
from register.mail.backends.base import MailBackend
from register.mail.delivery import Courier, deliver
from register.mail.outgoing import Email
from register.mail.worker import Workers
from register.operations.sync import sync
from register.settings import config
from register.stores import Store
from schedule.contract import from_json
from tests.support.built_site import BuiltSite
from tests.support.constants import NOON, ROOT
from tests.support.serving import listen, serving

SMALL = "2026-12-10-secondary-user"
"""A session in person with six seats."""
SEATS = 6
ONLINE = "2026-12-03-overview"
PARENTS = "2026-12-08-parents"
CLOSED = "2026-12-02-user-administrator"
CALLED_OFF = "2027-02-09-user-administrator"
JOIN_URL = "https://meet.example.org/overview-december"
PATIENCE = 30
"""Seconds within which a mail comes at the latest; it is waited for by being told of it."""

_LINK = re.compile(r"https?://[^\s<>\"']+")


class Letterbox:
    """The folder of mails, which says when one has come."""

    def __init__(self, sender: MailBackend, folder: Path) -> None:
        self._sender, self.folder = sender, folder
        self._come = threading.Condition()

    def send(self, email: Email) -> None:
        """See `MailBackend.send`."""
        self._sender.send(email)
        with self._come:
            self._come.notify_all()

    def probe(self) -> None:
        """See `MailBackend.probe`."""
        self._sender.probe()

    def close(self) -> None:
        """See `MailBackend.close`."""
        self._sender.close()

    def mails(self, address: str = "") -> list[EmailMessage]:
        """Return the mails of an address, or all, in the order of their recording."""
        found = [
            email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
            for file in sorted(self.folder.glob("*.eml"))
        ]
        return [one for one in found if address in str(one["To"])]

    def wait_for(self, address: str, kind: str) -> EmailMessage:
        """Return the mail of a kind to an address, as soon as it is in the folder."""

        def found() -> EmailMessage | None:
            return next((one for one in self.mails(address) if kind_of(one) == kind), None)

        with self._come:
            mail = self._come.wait_for(found, PATIENCE)
        assert mail is not None, f"no mail of the kind {kind} within {PATIENCE} seconds"
        return mail


class Fragile:
    """A store of which a test may break verbs: `fails["sign_up"] = StoreUnavailable("…")`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.fails: dict[str, Exception] = {}

    def __getattr__(self, name: str) -> Any:
        if name in self.fails:
            raise self.fails[name]
        return getattr(self._store, name)


@dataclass
class RunningFunction:
    """The function with its store and its mails; `now` is its clock."""

    site: BuiltSite
    application: Application
    letterbox: Letterbox
    address: str
    """Of site and function, without a slash at its end."""
    store: Fragile
    now: datetime = NOON
    _taken: int = 0
    _contract: dict[str, Any] = field(default_factory=dict)

    def publish(self, session_id: str = "", **changes: object) -> None:
        """Sync the schedule after a change of one session."""
        self._contract = self._contract or json.loads((self.site.private / "schedule.json").read_bytes())
        for one in self._contract["sessions"]:
            if one["id"] == session_id:
                one |= changes
        contract = from_json(self._contract)
        sync(contract, self.application.store, self.application.resolve(), now=self.now, yes=True)

    def sign_up(self, session_id: str, name: str, email: str, **details: Any) -> Registration:
        """Sign somebody up who is not at this browser."""
        person = Person(name, email, organization="Yolo COE", role="teacher", **details)
        return self.application.store.sign_up(
            session_id, person, registration_id=self.application.new_registration_id(), now=self.now
        ).registration

    def fill(self, session_id: str, number: int) -> None:
        """Have seats taken by others, who all use one address each."""
        for _ in range(number):
            self._taken += 1
            self.sign_up(session_id, f"Person {self._taken}", f"person{self._taken}@example.net")

    def manage_url(self, one: Registration) -> str:
        """Return the personal link of a registration."""
        token = self.application.tokens.manage(one.session_id, one.registration_id, one.link_generation)
        return f"{self.address}/register/manage/{token}"

    def deliver(self) -> None:
        """Send all that is due, here and now; for tests that run without the worker."""
        application = self.application
        deliver(
            application.store,
            self.letterbox,
            application.compose(),
            now=lambda: self.now,
            staff=application.staff.members,
        )

    def rows(self) -> list[str]:
        """Return all that the database holds, as SQL."""
        with closing(
            sqlite3.connect(self.application.config.path(self.application.config.store))
        ) as connection:
            return list(connection.iterdump())

    def roster(self, session_id: str) -> list[tuple[str, str]]:
        """Return who is signed up, and how."""
        return [(one.person.name, one.state.value) for one in self.application.store.roster(session_id)]


@contextmanager
def running(
    site: BuiltSite, home: Path, *, worker: bool = False, **settings: str
) -> Iterator[RunningFunction]:
    """Run site and function until the block ends; mail is delivered by the worker's thread, or by `deliver`."""
    (home / "theme").symlink_to(ROOT / "theme")
    (home / "var").mkdir()
    (home / "var/join-links.toml").write_text(f'overview-december = "{JOIN_URL}"\n')
    listening, address = listen()
    environment = {
        "REGISTER_SITE": address,
        "REGISTER_BUILD": str(site.private),
        "REGISTER_SECRET": "a secret of the tests in a browser",
        "REGISTER_CLIENT_LIMIT": "0",
        **settings,
    }
    application = Application(config.read(environment, home), clock=lambda: function.now)
    store = Fragile(application.store)
    application.__dict__["store"] = store  # where Application keeps the one that it has made
    letterbox = Letterbox(application.mail_backend(), home / "var/mail")
    function = RunningFunction(site, application, letterbox, address, store)
    function.publish()
    # Only a wake brings mail: nothing comes by waiting long enough.
    staff = application.staff.members
    courier = Courier(store, letterbox, application.compose(), application.clock, staff=staff)
    thread = Workers([courier], now=application.clock, sweep=lambda: None, every=3600)
    application = beside(application.app(thread.wake), files(site.output))
    with closing(store), serving(application, listening):
        if worker:
            thread.start()
        try:
            yield function
        finally:
            thread.stop()


def kind_of(mail: EmailMessage) -> str:
    """Return why a mail was sent: `confirmation`, `promotion` …"""
    return str(mail["Message-ID"]).strip().strip("<").partition(".")[0]


def parts(mail: EmailMessage) -> dict[str, str]:
    """Return a mail's texts by their types, as who gets it reads them."""
    found = {}
    for part in mail.walk():
        if not part.is_multipart():
            content = part.get_content()
            text = (content if isinstance(content, str) else content.decode()).replace("\r\n", "\n")
            if "VCALENDAR" in text:
                text = text.replace("\n ", "").replace("\\n", "\n")  # folding and escapes of RFC 5545
            found[part.get_content_type()] = text
    return found


def links(mail: EmailMessage) -> set[str]:
    """Return every address in any part of a mail."""
    return {link.rstrip(".,;") for text in parts(mail).values() for link in _LINK.findall(text)}


def personal_link(mail: EmailMessage) -> str:
    """Return the link to one's own registration; it stands in the text and in the HTML, and nowhere else."""
    by_part = {
        kind: {link for link in _LINK.findall(text) if "/register/manage/" in link}
        for kind, text in parts(mail).items()
    }
    (link,) = by_part["text/plain"]
    assert {kind for kind, found in by_part.items() if found} == {"text/plain", "text/html"}
    assert by_part["text/html"] == {link}
    return link
