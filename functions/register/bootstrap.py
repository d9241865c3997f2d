# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place where everything is wired; what takes long to load is loaded when it is first asked for."""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from register.domain.errors import ConfigError
from register.settings import config, env_file
from register.settings.config import Config
from register.stores import Store
from schedule.contract import Contract, ContractError, from_json

if TYPE_CHECKING:
    from flask import Flask

    from register.mail.backends.base import MailBackend
    from register.mail.delivery import Compose
    from register.mail.text import MailSettings
    from register.mail.worker import Worker
    from register.stores.sqlite.database import Database
    from register.web.tokens import Tokens

_DYNAMODB = "dynamodb://"


def now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


def new_registration_id() -> str:
    """Return a random id for a registration; nobody can guess it."""
    return secrets.token_urlsafe(16)


def from_environment(*, production: bool = False, make_secret: bool = False, port: int = 8000) -> Application:
    """Wire by the settings of this process and of the folder's register.env. Raises ConfigError."""
    home = _home()
    settings = config.read(
        {**env_file.read_file(home / env_file.SETTINGS_FILE), **os.environ},
        home,
        production=production,
        port=port,
        make_secret=make_secret,
        parameter=_parameter,
    )
    return Application(settings, production=production)


def for_preview(site_url: str, build: Path) -> Application:
    """Wire for the preview of a build; what the folder's register.env says is for the public. Raises ConfigError."""
    given = {"REGISTER_SITE": site_url, "REGISTER_BUILD": str(build)}
    return Application(config.read({**os.environ, **given}, _home(), make_secret=True, parameter=_parameter))


def _home() -> Path:
    return Path(os.environ.get("REGISTER_HOME", ".")).resolve()


def _parameter(name: str) -> str:
    from register.settings import aws_parameters as ssm

    return ssm.parameter(name, ssm.new_client())


@dataclass
class Application:
    """What a process needs of the function, made once; `clock` and `registration_id` are its only time and chance."""

    config: Config
    clock: Callable[[], datetime] = now
    registration_id: Callable[[], str] = new_registration_id
    production: bool = False

    @cached_property
    def store(self) -> Store:
        """The store that REGISTER_STORE names."""
        address = self.config.store
        if address.startswith(_DYNAMODB):
            from register.stores.dynamodb.store import DynamoDBStore

            return DynamoDBStore(address.removeprefix(_DYNAMODB))
        from register.stores.sqlite.store import SQLiteStore

        store = SQLiteStore(self.config.path(address))
        try:
            self._keep_apart(store.database)
        except ConfigError:
            store.close()
            raise
        return store

    def _keep_apart(self, database: Database) -> None:
        """Mark the public's database, and keep what is set up for trying out away from it.

        Else a preview or a forgotten setting would write real people's mail into a folder. Raises ConfigError.
        """
        if self.production:
            database.mark_for_production()
        elif database.is_for_production:
            try:
                config.refuse_what_is_for_trying_out(self.config)
            except ConfigError as error:
                raise ConfigError(f"{database.path} holds real sign-ups, but {error}") from error

    @cached_property
    def site(self) -> dict[str, Any]:
        """What build/site.json says. Raises ConfigError."""
        return self._built("site.json")

    @cached_property
    def tokens(self) -> Tokens:
        """What signs the links."""
        from register.web.tokens import Tokens

        return Tokens(self.config.secrets)

    def site_version(self) -> int | None:
        """Return what is another number for each build; None while there is none."""
        try:
            return (self.config.build / "site.json").stat().st_mtime_ns
        except OSError:
            return None

    def forget_site(self) -> None:
        """Read site.json and the templates anew when they are next needed."""
        for name in ("site", "_mail_settings"):
            self.__dict__.pop(name, None)

    def contract(self) -> Contract:
        """Read build/schedule.json as it is now. Raises ConfigError."""
        try:
            return from_json(self._built("schedule.json"))
        except ContractError as error:
            raise ConfigError(f"{self.config.build}: {error}") from error

    def app(self, wake: Callable[[], None] = lambda: None) -> Flask:
        """Return the web application."""
        from register.web.app import Wiring, create_app

        return create_app(
            Wiring(
                store=self.store,
                site=self.site,
                theme=self.config.home / "theme",
                site_url=self.config.site_url,
                secrets=self.config.secrets,
                now=self.clock,
                new_registration_id=self.registration_id,
                client_limit=self.config.client_limit,
                recipient_limit=self.config.recipient_limit,
                proxies=self.config.proxies,
                origin_secrets=self.config.origin_secrets,
                wake=wake,
            )
        )

    def sender(self) -> MailBackend:
        """Return a new sender, as REGISTER_MAIL names it; each thread has one of its own."""
        from register.mail.backends.by_url import backend_for

        return backend_for(self.config.mail, self.config.home)

    def compose(self) -> Compose:
        """Return what makes mails of messages, by the newest build that is known."""
        from register.mail import compose as mail

        return lambda message: mail.compose(message, self._mail_settings)

    @cached_property
    def _mail_settings(self) -> MailSettings:
        from register.mail import compose as mail

        site_url, tokens = self.config.site_url, self.tokens
        return mail.MailSettings(
            sender=self.config.sender,
            reply_to=self.config.reply_to,
            site_url=site_url,
            site=self.site,
            templates=mail.environment(self.config.home / "theme"),
            manage_url=lambda one: (
                f"{site_url}/register/manage/{tokens.manage(one.session_id, one.registration_id, one.link_generation)}"
            ),
        )

    def worker(self) -> Worker:
        """Return the thread that delivers, reminds and sweeps by itself."""
        from register.mail.worker import Worker
        from register.operations import maintenance as maintenance

        def sweep() -> None:
            maintenance.sweep(self.store, now=self.clock())
            maintenance.remind(self.store, now=self.clock())

        return Worker(self.store, self.sender(), self.compose(), now=self.clock, sweep=sweep)

    def resolve(self) -> Callable[[str], str | None]:
        """Return what gives the link to join for a NAME of `secret:NAME`."""
        address = self.config.join_links
        if address.startswith("ssm://"):
            return self._from_ssm(address.removeprefix("ssm://"))
        return _read_links(self.config.path(address)).get

    def _from_ssm(self, prefix: str) -> Callable[[str], str | None]:
        from register.settings import aws_parameters as ssm

        client = ssm.new_client()

        def link(name: str) -> str | None:
            try:
                return ssm.parameter(f"{prefix}{name}", client)
            except ssm.MissingParameter:
                return None

        return link

    def _built(self, name: str) -> dict[str, Any]:
        file = self.config.build / name
        try:
            data: dict[str, Any] = json.loads(file.read_bytes())
        except FileNotFoundError as error:
            raise ConfigError(f"{file} is not there; run make html (or make publish) first") from error
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"{file} cannot be read ({type(error).__name__}); build the site again"
            ) from error
        return data


def _read_links(file: Path) -> dict[str, str]:
    """Return the links to join by their names; none if there is no such file. Raises ConfigError."""
    try:
        links = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ConfigError(f'{file}: cannot be read; write lines as overview-may = "https://…"') from error
    wrong = sorted(name for name, link in links.items() if not str(link).startswith("https://"))
    if wrong:
        raise ConfigError(f"{file}: {wrong[0]} is no address that begins with https://")
    return links
