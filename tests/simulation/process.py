# SPDX-License-Identifier: AGPL-3.0-or-later
"""One process: the real application, wired by `bootstrap.py` with the world's store, clock and email server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from werkzeug.test import Client, TestResponse

from register.bootstrap import Application
from register.mail.backends.base import MailBackend
from register.mail.backends.smtp import SmtpBackend
from register.mail.backends.smtp_connection import Connect, MakeTimer
from register.mail.delivery import Courier
from register.mail.policy import POLICY
from register.mail.text import MailSettings
from register.mail.worker import Workers
from register.operations import maintenance
from register.operations.sync import sync
from register.settings import config
from register.settings.current_build import ShownBuild
from register.stores import Store
from tests.support.constants import ROOT, SITE_URL
from tests.support.emails import templates

SECRET = "the secret of a term that never happened"  # noqa: S105 - it signs links that nobody opens
HEADERS = {"Origin": SITE_URL}


@dataclass(frozen=True, kw_only=True)
class _Simulated(Application):
    """The application with other ends: all between them is real."""

    opened: Store = field(repr=False)
    connect: Connect
    make_timer: MakeTimer
    wrap: Callable[[MailBackend], MailBackend]

    @property
    def store(self) -> Store:
        return self.opened

    def _mail_settings(self, shown: ShownBuild) -> MailSettings:
        # The same templates, compiled once for all processes.
        return replace(super()._mail_settings(shown), templates=templates())

    def mail_backend(self) -> MailBackend:
        return self.wrap(SmtpBackend("mail.example", 25, connect=self.connect, make_timer=self.make_timer))


class Process:
    """What a process does; each of these may end in the middle (`life.Killed`)."""

    def __init__(
        self,
        build: Path,
        store: Store,
        *,
        clock: Callable[[], datetime],
        new_registration_id: Callable[[], str],
        connect: Connect,
        make_timer: MakeTimer,
        limits: bool,
        wrap: Callable[[MailBackend], MailBackend],
    ) -> None:
        environment = {"REGISTER_SITE": SITE_URL, "REGISTER_SECRET": SECRET, "REGISTER_BUILD": str(build)}
        if not limits:
            environment |= {"REGISTER_CLIENT_LIMIT": "0", "REGISTER_RECIPIENT_LIMIT": "0"}
        self.application = _Simulated(
            config=config.read(environment, ROOT),
            clock=clock,
            new_registration_id=new_registration_id,
            opened=store,
            connect=connect,
            make_timer=make_timer,
            wrap=wrap,
        )
        self.store, self._clock = store, clock
        self._client = Client(self.application.app())
        compose = self.application.compose()
        self._couriers = [
            Courier(store, self.application.mail_backend(), compose, clock) for _ in range(POLICY.workers)
        ]
        self._workers = Workers(self._couriers, now=clock, sweep=self.sweep)

    def get(self, path: str) -> TestResponse:
        """Open a page."""
        return self._client.get(path)

    def post(self, path: str, data: Mapping[str, str], network: str) -> TestResponse:
        """Send a form."""
        base = {"REMOTE_ADDR": network}
        return self._client.post(path, data=data, headers=HEADERS, environ_base=base)

    def sync(self) -> str:
        """Do what `register sync` does, and return what it said."""
        application = self.application
        todo, _ = sync(
            application.build.contract(), self.store, application.resolve(), now=self._clock(), yes=True
        )
        return "; ".join((*todo.lines(), *todo.warnings()))

    def sweep(self) -> None:
        """Do what the server does every few minutes."""
        maintenance.sweep(self.store, now=self._clock())
        maintenance.remind(self.store, now=self._clock())

    def deliver(self, worker: int) -> None:
        """Let one of the workers look into the outbox."""
        self._workers.deliver(self._couriers[worker], slow=not worker)
