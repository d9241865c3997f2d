# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place where everything is wired; what takes long to load is loaded when it is first asked for."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from register.domain.errors import ConfigError
from register.domain.identity import hash_of
from register.settings import config, env_file
from register.settings.build import Build
from register.settings.config import Config
from register.settings.current_build import Current, Newest, ShownBuild, following
from register.stores import Store
from schedule.addresses import Addresses

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from register.domain.organizations import Organizations
    from register.domain.staff import StaffMember
    from register.mail.backends.base import MailBackend
    from register.mail.delivery import Compose
    from register.mail.text import MailSettings
    from register.mail.worker import Workers
    from register.settings.staff import StaffList
    from register.web.forms import SignUpForms
    from register.web.responses import Web
    from register.web.staff.contexts import Hint
    from register.web.staff.tokens import StaffTokens
    from register.web.tokens import Tokens
    from schedule.site import Site

_DYNAMODB = "dynamodb://"
_SSM = "ssm://"


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def new_registration_id() -> str:
    """Return a random id for a registration or a wish; nobody can guess it."""
    return secrets.token_urlsafe(16)


def from_environment(*, production: bool = False, make_secret: bool = False, port: int = 8000) -> Application:
    """Wire by the settings of this process and of the folder's register.env. Raises ConfigError."""
    home, environment = env_file.surroundings(os.environ)
    settings = config.read(
        environment,
        home,
        production=production,
        port=port,
        make_secret=make_secret,
        parameter=_parameter,
    )
    return Application(settings, production=production)


def for_preview(site_url: str, build: Path) -> Application:
    """Wire for the preview of a build; what the folder's register.env says is for the public. Raises ConfigError."""
    from register.settings.staff import FOR_PREVIEW

    environment = {**os.environ, "REGISTER_SITE": site_url, "REGISTER_BUILD": str(build)}
    home = config.home_of(os.environ)
    settings = config.read(environment, home, make_secret=True, parameter=_parameter)
    return Application(settings, staff_without_list=FOR_PREVIEW)


def _parameter(name: str) -> str:
    from register.settings import aws_parameters

    return aws_parameters.parameter(name, aws_parameters.new_client())


@dataclass(frozen=True)
class Application:
    """What a process needs of the function, made once; its only time and chance are handed in here."""

    config: Config
    clock: Callable[[], datetime] = now
    new_registration_id: Callable[[], str] = new_registration_id
    production: bool = False
    staff_without_list: tuple[StaffMember, ...] = ()
    """Who is staff while there is no list of them."""
    guarded: bool = False
    """Whether a public address is shown only what was built for it, and no sample sessions."""

    @cached_property
    def store(self) -> Store:
        """The store that REGISTER_STORE names. Raises ConfigError, BackupError."""
        url = self.config.store
        if url.startswith(_DYNAMODB):
            from register.stores.dynamodb.store import DynamoDBStore

            return DynamoDBStore(url.removeprefix(_DYNAMODB))
        from register.operations.last_backup import refuse_to_begin_anew
        from register.stores.sqlite.store import SQLiteStore

        refuse_to_begin_anew(self.config.path(url))
        store = SQLiteStore(self.config.path(url))
        try:
            store.database.keep_apart(
                production=self.production, refuse=lambda: config.refuse_what_is_for_trying_out(self.config)
            )
        except ConfigError:
            store.close()
            raise
        return store

    def close(self) -> None:
        """Close the store, if it was ever asked for."""
        if "store" in vars(self):
            self.store.close()

    @cached_property
    def tokens(self) -> Tokens:
        """What signs the links."""
        from register.web.tokens import Tokens

        return Tokens(self.config.secrets)

    @cached_property
    def staff_tokens(self) -> StaffTokens:
        """What signs the links and cookies of staff."""
        from register.web.staff.tokens import StaffTokens

        return StaffTokens(self.config.secrets)

    @cached_property
    def staff(self) -> StaffList:
        """Everybody who is staff, by the list that REGISTER_STAFF names: called, it gives the newest."""
        from register.settings import staff

        url = self.config.staff
        if url.startswith(_SSM):
            return staff.from_ssm(url.removeprefix(_SSM), self.clock)
        return staff.from_file(self.config.path(url), self.clock, self.staff_without_list)

    @property
    def build(self) -> Build:
        """What the site's newest build says."""
        return Build(self.config.build, self.config.public_url if self.guarded else None)

    @cached_property
    def current(self) -> Current:
        """The build that is shown, which may be an older one; called, it gives it."""
        return Current(self.build)

    def organizations(self, site: Site | None = None) -> Organizations:
        """Return those that a site lists: one that was read, or the one that is shown. Raises ConfigError."""
        from register.domain.organizations import Organizations

        return Organizations((site or self.current().site).organizations)

    def forms(self, site: Site | None = None) -> SignUpForms:
        """Return what reads the form, by a site as above. Raises ConfigError."""
        from register.web.forms import SignUpForms

        return SignUpForms(self.organizations(site))

    def app(self, wake: Callable[[], None] = lambda: None) -> WSGIApplication:
        """Return the web application (PEP 3333), which follows the build that is shown. Raises ConfigError.

        `wake` is called when there is something to deliver.
        """
        from register.web.mounted import mounted

        return mounted(following(self.current, lambda shown: self._web_app(shown, wake)))

    def _web_app(self, shown: ShownBuild, wake: Callable[[], None]) -> WSGIApplication:
        from register.domain.rate_limits import Limits
        from register.web.app import create_app
        from register.web.pages import Pages
        from register.web.responses import Web
        from register.web.with_desk import with_desk

        settings, site = self.config, shown.site
        web = Web(
            store=self.store,
            pages=Pages(settings.home / "theme", site),
            forms=self.forms(site),
            tokens=self.tokens,
            limits=Limits(settings.client_limit, settings.recipient_limit),
            clock=self.clock,
            new_registration_id=self.new_registration_id,
            wake=wake,
            site_url=settings.site_url,
            hash_key=settings.secrets[0].encode(),
            origin_secrets=settings.origin_secrets,
            proxies=settings.proxies,
        )
        return with_desk(create_app(web), Addresses(settings.site_url).staff, lambda: self._desk_app(web))

    def _desk_app(self, web: Web) -> WSGIApplication:
        from register.web.staff.app import create_desk
        from register.web.staff.desk import Desk

        return create_desk(Desk(web, self.staff, self.staff_tokens, self.staff_hint))

    def staff_hint(self) -> Hint | None:
        """Return how to sign in where nobody has listed staff; None where somebody has, or emails reach people."""
        from register.web.staff.contexts import Hint

        staff, folder = self.staff(), self.config.mail.removeprefix("folder:///")
        is_for_trial = staff == self.staff_without_list and folder != self.config.mail
        return Hint(staff[0].email, folder) if staff and is_for_trial else None

    def mail_backend(self) -> MailBackend:
        """Return a new backend, as REGISTER_MAIL names it; each thread has one of its own. Raises MailError."""
        from register.mail.backends.by_url import backend_for

        return backend_for(self.config.mail, self.config.home)

    def compose(self) -> Compose:
        """Return what makes emails of messages, by the build that is shown."""
        from register.mail.compose import compose

        newest = Newest(self.current, self._mail_settings)
        return lambda message: compose(message, newest())

    def _mail_settings(self, shown: ShownBuild) -> MailSettings:
        from register.mail.text import MailSettings
        from register.operations.other_dates import other_dates
        from register.operations.staff_news import Reader
        from schedule.templates import environment

        site_url, tokens = self.config.site_url, self.tokens
        addresses = Addresses(site_url)
        return MailSettings(
            sender=self.config.sender,
            reply_to=self.config.reply_to,
            site_url=site_url,
            site=shown.site,
            templates=environment(self.config.home / "theme"),
            manage_url=lambda message: addresses.whole(
                addresses.manage(
                    tokens.manage(message.session_id, message.registration_id, message.link_generation)
                )
            ),
            mine_url=lambda message: addresses.whole(addresses.mine(tokens.mine(hash_of(message.email)))),
            feed_url=lambda message: addresses.whole(addresses.own_feed(tokens.feed(hash_of(message.email)))),
            other_dates=lambda message, session: other_dates(self.store, message, session, self.clock()),
            staff_sign_in_url=lambda message: addresses.whole(
                addresses.staff_sign_in(self.staff_tokens.link_of(message))
            ),
            staff_news=Reader(self.store, self.staff.members, self.clock),
        )

    def workers(self) -> Workers:
        """Return the threads that deliver, remind and sweep by themselves. Raises MailError."""
        from register.mail.delivery import Courier
        from register.mail.policy import POLICY
        from register.mail.worker import Workers
        from register.operations import counts, maintenance, staff_messages

        def sweep() -> None:
            try:
                maintenance.sweep(self.store, now=self.clock())
            finally:  # whoever reads the database for long keeps nobody's reminder back
                maintenance.remind(self.store, now=self.clock())
                staff_messages.record(self.store, self.staff(), now=self.clock())
                counts.keep(self.store, now=self.clock(), organization=self.organizations().listed)

        compose, staff = self.compose(), self.staff.members
        couriers = [
            Courier(self.store, self.mail_backend(), compose, self.clock, staff=staff)
            for _ in range(POLICY.workers)
        ]
        return Workers(couriers, now=self.clock, sweep=sweep)

    def resolve(self) -> Callable[[str], str | None]:
        """Return what gives the link to join for a NAME of `secret:NAME`. Raises ConfigError."""
        from register.settings import join_links

        url = self.config.join_links
        if url.startswith(_SSM):
            return join_links.from_ssm(url.removeprefix(_SSM))
        return join_links.from_file(self.config.path(url))
