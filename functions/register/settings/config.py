# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function's settings, read from the environment and checked once; `application.py` wires by them."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import getaddresses
from pathlib import Path
from urllib.parse import urlsplit

from register.domain.errors import ConfigError
from register.domain.model import Mailbox
from register.domain.rate_limits import Rate

STORE = "sqlite:///var/register.sqlite3"
MAIL = "folder:///var/mail"
SENDER = "MSIX Training <training@example.org>"
JOIN_LINKS = "file:///var/join-links.toml"
CLIENT_LIMIT, RECIPIENT_LIMIT = "60/hour", "10/hour"
SECRET_FILE = Path("var/secret")

NAMES = frozenset(
    f"REGISTER_{name}"
    for name in (
        *(
            "BUILD",
            "CLIENT_LIMIT",
            "HOME",
            "JOIN_LINKS",
            "MAIL",
            "ORIGIN_SECRETS",
            "PROXIES",
            "RECIPIENT_LIMIT",
        ),
        *("REPLY_TO", "SECRET", "SENDER", "SITE", "STORE"),
    )
)
"""All settings."""

_WINDOWS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_SSM = "ssm://"
_SHORTEST_SECRET = 32
# The standard library's own class for addresses loads a whole parser, which every cold start would pay for.
_ADDRESS = re.compile(r"(?!.*=\?)[\w!#$%&'*+/=?^`{|}~.-]+@[A-Za-z0-9.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Config:
    """All settings; paths in them are below `home`."""

    home: Path
    build: Path
    """The folder with site.json and schedule.json."""
    store: str
    mail: str
    join_links: str
    site_url: str
    secrets: tuple[str, ...] = field(repr=False)
    own_secret: bool
    """Whether REGISTER_SECRET was set, and is not what a preview made for itself."""
    origin_secrets: tuple[str, ...] = field(repr=False)
    sender: Mailbox
    reply_to: Mailbox | None
    client_limit: Rate | None
    recipient_limit: Rate | None
    proxies: int

    def path(self, address: str) -> Path:
        """Return the file that an address as `sqlite:///var/x` names: below `home`, or with four slashes anywhere."""
        return self.home / urlsplit(address).path.removeprefix("/")


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
    get = {**_DEFAULTS, **{key: value for key, value in environment.items() if value}}
    port = _number("PORT", get.get("PORT", str(port)), 65535)
    site_url = get.get("REGISTER_SITE", "" if production else f"http://localhost:{port}").rstrip("/")
    if not re.fullmatch(r"https?://[^/\s]+", site_url):
        raise ConfigError(
            f'REGISTER_SITE is "{site_url}"; give the public address, as https://trainings.example.org'
        )
    config = Config(
        home=home,
        build=home / get.get("REGISTER_BUILD", "build"),
        store=_scheme("REGISTER_STORE", get["REGISTER_STORE"], "sqlite:///", "dynamodb://"),
        mail=get["REGISTER_MAIL"],
        join_links=_scheme("REGISTER_JOIN_LINKS", get["REGISTER_JOIN_LINKS"], "file:///", _SSM),
        site_url=site_url,
        own_secret="REGISTER_SECRET" in get,
        secrets=_secrets(get.get("REGISTER_SECRET"), home, make_secret and not production, parameter),
        origin_secrets=_several("REGISTER_ORIGIN_SECRETS", get.get("REGISTER_ORIGIN_SECRETS", ""), parameter),
        sender=_mailbox("REGISTER_SENDER", get["REGISTER_SENDER"]),
        reply_to=_mailbox("REGISTER_REPLY_TO", get["REGISTER_REPLY_TO"])
        if "REGISTER_REPLY_TO" in get
        else None,
        client_limit=_rate("REGISTER_CLIENT_LIMIT", get["REGISTER_CLIENT_LIMIT"]),
        recipient_limit=_rate("REGISTER_RECIPIENT_LIMIT", get["REGISTER_RECIPIENT_LIMIT"]),
        proxies=_number("REGISTER_PROXIES", get.get("REGISTER_PROXIES", "0"), 9),
    )
    if production:
        refuse_what_is_for_trying_out(config)
    return config


_DEFAULTS = {
    "REGISTER_STORE": STORE,
    "REGISTER_MAIL": MAIL,
    "REGISTER_JOIN_LINKS": JOIN_LINKS,
    "REGISTER_SENDER": SENDER,
    "REGISTER_CLIENT_LIMIT": CLIENT_LIMIT,
    "REGISTER_RECIPIENT_LIMIT": RECIPIENT_LIMIT,
}


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    """Raise ConfigError for a setting that is none: a misspelt one would be as if it had not been made."""
    for name in sorted(environment):
        if name.startswith("REGISTER_") and name not in NAMES:
            from difflib import get_close_matches

            meant = get_close_matches(name, NAMES, 1, cutoff=0.85)
            hint = f"did you mean {meant[0]}?" if meant else "docs/operations.md lists them"
            raise ConfigError(f"{name} is no setting; {hint}")


def refuse_what_is_for_trying_out(config: Config) -> None:
    """Raise ConfigError for the first setting with which nobody should reach the public."""
    if not config.site_url.startswith("https://"):
        raise ConfigError(f'REGISTER_SITE is "{config.site_url}"; in production it begins with https://')
    for name, address in (("REGISTER_SENDER", config.sender), ("REGISTER_REPLY_TO", config.reply_to)):
        domain = address.domain if address else ""
        if re.fullmatch(r"(.*\.)?example\.(org|com|net)|.*\.(invalid|test|localhost)", domain):
            raise ConfigError(f'{name} is at "{domain}", where nobody reads; give an address of yours')
    if config.mail.startswith("folder:"):
        raise ConfigError("REGISTER_MAIL writes into a folder; give smtp://user:password@host:587 or ses://")
    if not config.own_secret:
        raise ConfigError(
            "REGISTER_SECRET is missing; make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )


def _secrets(
    value: str | None, home: Path, make: bool, parameter: Callable[[str], str] | None
) -> tuple[str, ...]:
    """Return the secrets that sign links; the one in var/secret where the environment names none."""
    if value is None:
        file = home / SECRET_FILE
        if make and not file.exists():
            _make_secret(file)
        try:
            value = file.read_text(encoding="ascii").strip()
        except FileNotFoundError as error:
            raise ConfigError("REGISTER_SECRET is missing; set it, or run make serve once here") from error
        except (OSError, UnicodeError) as error:
            raise ConfigError(
                f"{SECRET_FILE} cannot be read ({type(error).__name__}); mend or delete it"
            ) from error
    several = _several("REGISTER_SECRET", value, parameter)
    if not several or min(map(len, several)) < _SHORTEST_SECRET:
        raise ConfigError(f"REGISTER_SECRET is shorter than {_SHORTEST_SECRET} characters; make a longer one")
    return several


def _make_secret(file: Path) -> None:
    """Write a new secret, for its owner alone; one that another process makes at the same time stands."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        number = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(number, "w", encoding="ascii") as opened:
        opened.write(f"{secrets.token_urlsafe(32)}\n")


def _several(name: str, value: str, parameter: Callable[[str], str] | None) -> tuple[str, ...]:
    """Return values separated by commas; `ssm://NAME` stands for those in a parameter."""
    if value.startswith(_SSM):
        if parameter is None:
            raise ConfigError(f"{name} is in SSM, which cannot be read here; give the value itself")
        value = parameter(value.removeprefix(_SSM))
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _scheme(name: str, value: str, *schemes: str) -> str:
    if not any(value.startswith(scheme) and value != scheme for scheme in schemes):
        raise ConfigError(f'{name} is "{value}"; it begins with {" or ".join(schemes)}')
    return value


def _mailbox(name: str, value: str) -> Mailbox:
    found = getaddresses([value])
    if len(found) != 1 or not _ADDRESS.fullmatch(found[0][1]):
        raise ConfigError(f'{name} is "{value}"; give one address, as MSIX Training <training@example.org>')
    return Mailbox(*found[0])


def _rate(name: str, value: str) -> Rate | None:
    """Return "60/hour" as a rate; 0 turns it off."""
    if value == "0":
        return None
    found = re.fullmatch(r"([1-9]\d{0,6})/(minute|hour|day)", value)
    if not found:
        raise ConfigError(f'{name} is "{value}"; write it as 60/hour (minute, hour, day), or 0 for none')
    return Rate(int(found[1]), _WINDOWS[found[2]])


def _number(name: str, value: str, most: int) -> int:
    if not re.fullmatch(r"\d{1,5}", value) or int(value) > most:
        raise ConfigError(f'{name} is "{value}"; give a number from 0 to {most}')
    return int(value)
