# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of settings, `Config`, and what reads it from the environment; `bootstrap.py` wires by it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from register.domain.errors import ConfigError
from register.domain.messages import Mailbox
from register.domain.rate_limits import Rate
from register.settings import own_secret, values

_SSM = "ssm://"
V = TypeVar("V")


class Setting(NamedTuple):
    """A row of the table: all that is known of one setting; `what` and `without` are Markdown."""

    name: str
    default: str
    """As somebody would write it; empty where there is none, or `without` says what there is."""
    parse: Callable[[str], Any]
    what: str
    """What it is, in one plain sentence."""
    without: str
    secret: bool
    """Whether its value is shown nowhere, and may stand in SSM instead."""


def _setting(
    name: str, default: str, parse: Callable[[str], V], what: str, without: str = "", *, secret: bool = False
) -> V:
    """Return a field of Config that is read from the environment."""
    row = Setting(name, default, parse, what, without or (f"`{default}`" if default else "none"), secret)
    made: V = field(metadata={"setting": row}, repr=not secret)
    return made


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. A new one is a field here: what reads, refuses and documents them goes by this table."""

    site_url: str = _setting(
        "REGISTER_SITE",
        "",
        values.site_url,
        "the public address: only forms from its pages are taken, and the links in emails begin with it",
        "`http://localhost:8000`; required in production",
    )
    secrets: tuple[str, ...] = _setting(
        "REGISTER_SECRET",
        "",
        values.secrets,
        "signs the links in emails; several by commas, the newest first",
        "`var/secret`, made once; required in production",
        secret=True,
    )
    store: str = _setting(
        "REGISTER_STORE",
        "sqlite:///var/register.sqlite3",
        values.beginning_with("sqlite:///", "dynamodb://"),
        "where sign-ups are kept: a file (four slashes for a path from the root), or `dynamodb://TABLE`",
    )
    mail: str = _setting(
        "REGISTER_MAIL",
        "folder:///var/mail",
        str,
        "where emails go: a folder, `smtp://user:password@host:587`, `smtps://host` or `ses://`",
        secret=True,
    )
    sender: Mailbox = _setting(
        "REGISTER_SENDER",
        "MSIX Training <training@example.org>",
        values.mailbox,
        "the From of emails, and the organizer of invitations",
    )
    reply_to: Mailbox | None = _setting(
        "REGISTER_REPLY_TO",
        "",
        lambda text: values.mailbox(text) if text else None,
        "a person who answers when people reply",
    )
    client_limit: Rate | None = _setting(
        "REGISTER_CLIENT_LIMIT",
        "60/hour",
        values.rate,
        "how many requests one network may send, and a whole office is often one; `0` for no limit",
    )
    recipient_limit: Rate | None = _setting(
        "REGISTER_RECIPIENT_LIMIT",
        "10/hour",
        values.rate,
        "how many emails to one mailbox the forms may ask for; `0` for no limit",
    )
    proxies: int = _setting(
        "REGISTER_PROXIES", "0", values.number_up_to(9), "how many web servers of yours stand in front"
    )
    origin_secrets: tuple[str, ...] = _setting(
        "REGISTER_ORIGIN_SECRETS",
        "",
        values.several,
        "what the front puts into the header `X-Origin-Verify`; several by commas",
        secret=True,
    )
    join_links: str = _setting(
        "REGISTER_JOIN_LINKS",
        "file:///var/join-links.toml",
        values.beginning_with("file:///", _SSM),
        "where `secret:NAME` in `Join-Url` is looked up: a file, or `ssm:///prefix/`",
    )
    staff: str = _setting(
        "REGISTER_STAFF",
        "file:///var/staff.toml",
        values.beginning_with("file:///", _SSM),
        "who may use the staff desk, and which emails they get: a file, or `ssm://NAME`",
    )
    build: Path = _setting(
        "REGISTER_BUILD",
        "",
        Path,
        "the folder with `schedule.json` and `site.json`",
        "`published/build` where `REGISTER_SITE` is set, else `build`",
    )
    home: Path = _setting(
        "REGISTER_HOME", ".", Path, "the folder that relative paths are below", "the folder you are in"
    )
    has_secret: bool = True
    """Whether the secret was set, and is not what a preview made for itself."""
    has_site: bool = True
    """Whether the address was set, and is not where a preview listens."""

    @property
    def output(self) -> Path:
        """Where the site is that was built beside `build`, if nobody says otherwise."""
        return self.home / ("published/site" if self.has_site else "output")

    @property
    def public_url(self) -> str | None:
        """The public's address; None where nobody but whoever tries it out can come."""
        return self.site_url if self.has_site and self.site_url.startswith("https://") else None

    @property
    def serves_public_here(self) -> bool:
        """Whether it is this machine that serves the public; with DynamoDB, Lambda does."""
        return self.public_url is not None and not self.store.startswith("dynamodb:")

    def path(self, url: str) -> Path:
        """Return the file that a URL as `sqlite:///var/x` names: below `home`, or with four slashes anywhere."""
        return _path(url, self.home)


_FIELDS: dict[str, Setting] = {
    item.name: item.metadata["setting"] for item in fields(Config) if item.metadata
}

SETTINGS: Mapping[str, Setting] = {setting.name: setting for setting in _FIELDS.values()}
"""The rows of the table by their names."""


def home_of(environment: Mapping[str, str]) -> Path:
    """Return the folder that relative paths are below, which must be known before its register.env is read."""
    return Path(environment.get("REGISTER_HOME") or SETTINGS["REGISTER_HOME"].default).resolve()


def file_of(name: str, environment: Mapping[str, str], home: Path) -> Path | None:
    """Return the file that a setting names; None if it names none. Raises ConfigError."""
    setting = SETTINGS[name]
    url: str = _parsed(name, environment.get(name) or setting.default, setting.parse)
    return _path(url, home) if url.startswith(("file:", "sqlite:")) else None


def read(
    environment: Mapping[str, str],
    home: Path,
    *,
    production: bool = False,
    port: int = 8000,
    make_secret: bool = False,
    parameter: Callable[[str], str] | None = None,
) -> Config:
    """Read the settings. Raises ConfigError for the first that cannot be used.

    `production` refuses what is meant for trying out; `make_secret` makes a secret into var/secret if there
    is none; `parameter` reads `ssm://NAME`.
    """
    _refuse_unknown(environment)
    texts = {name: text for name, text in environment.items() if text}
    has_secret = "REGISTER_SECRET" in texts
    if not has_secret:
        if production:
            raise ConfigError(f"REGISTER_SECRET is missing; {_MAKE_ONE}")
        texts["REGISTER_SECRET"] = own_secret.read(home, make=make_secret)
    has_site = "REGISTER_SITE" in texts
    texts.setdefault("REGISTER_BUILD", "published/build" if has_site else "build")
    if not production:
        port = _parsed("PORT", texts.get("PORT", str(port)), values.number_up_to(65535))
        texts.setdefault("REGISTER_SITE", f"http://localhost:{port}")
    found = {
        name: _value(setting, texts.get(setting.name, setting.default), parameter)
        for name, setting in _FIELDS.items()
    }
    config = Config(
        **found
        | {"home": home, "build": home / found["build"], "has_secret": has_secret, "has_site": has_site}
    )
    if production:
        refuse_what_is_for_trying_out(config)
    return config


def refuse_what_is_for_trying_out(config: Config) -> None:
    """Raise ConfigError for the first setting with which nobody should reach the public."""
    if not config.site_url.startswith("https://"):
        raise ConfigError(f'REGISTER_SITE is "{config.site_url}"; in production it begins with https://')
    for name, mailbox in (("REGISTER_SENDER", config.sender), ("REGISTER_REPLY_TO", config.reply_to)):
        domain = mailbox.domain if mailbox else ""
        if re.fullmatch(r"(.*\.)?example\.(org|com|net)|.*\.(invalid|test|localhost)", domain):
            raise ConfigError(f'{name} is at "{domain}", where nobody reads; give an email address of yours')
    if config.mail.startswith("folder:"):
        raise ConfigError("REGISTER_MAIL writes into a folder; give smtp://user:password@host:587 or ses://")
    if not config.has_secret:
        raise ConfigError(f"REGISTER_SECRET is missing; {_MAKE_ONE}")


_MAKE_ONE = "make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise ConfigError for a name that is no setting: a misspelled one would be as if it had not been set."""
    for name in sorted(environment):
        if name.startswith("REGISTER_") and name not in SETTINGS:
            from difflib import get_close_matches

            meant = get_close_matches(name, SETTINGS, 1, cutoff=0.85)
            hint = f"did you mean {meant[0]}?" if meant else "docs/operations.md lists them"
            raise ConfigError(f"{name} is no setting; {hint}")


def _path(url: str, home: Path) -> Path:
    return home / urlsplit(url).path.removeprefix("/")


def _value(setting: Setting, text: str, parameter: Callable[[str], str] | None) -> Any:
    if setting.secret and text.startswith(_SSM):
        if parameter is None:
            raise ConfigError(f"{setting.name} is in SSM, which cannot be read here; give the value itself")
        text = parameter(text.removeprefix(_SSM))
    return _parsed(setting.name, text, setting.parse, secret=setting.secret)


def _parsed(name: str, text: str, parse: Callable[[str], V], *, secret: bool = False) -> V:
    try:
        return parse(text)
    except ValueError as error:
        raise ConfigError(f"{name} {error}" if secret else f'{name} is "{text}"; {error}') from None
