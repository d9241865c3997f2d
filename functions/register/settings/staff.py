# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of staff, a TOML file or a parameter in SSM: everything in it is checked, and it is read again and again.

Whoever is taken off it loses the desk within a minute. So a list that has become wrong is not kept for longer
either: until it is mended nobody is staff, which the log and `register doctor` say. Logs hold no email addresses:
what is wrong is said of an entry by its number.
"""

from __future__ import annotations

import logging
import threading
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from register.domain.errors import ConfigError, RegisterError
from register.domain.identity import is_plain_email, normalized_email
from register.domain.staff import StaffEmail, StaffMember
from register.settings import aws_parameters
from schedule.model import DEFAULT_LANGUAGE, LANGUAGES, Language

KEPT = timedelta(seconds=60)
"""How long a list serves before it is read again."""

FOR_PREVIEW = (StaffMember("office@example.org", emails=frozenset(StaffEmail)),)
"""Who is staff where somebody tries things out on a machine of their own, and has no list."""

_KEYS = ("email", "trainer", "language", "emails")
_C = TypeVar("_C", Language, StaffEmail)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class StaffList:
    """Everybody who is staff, as the list says now; for several threads at once."""

    source: str
    """What names the list in messages."""
    read: Callable[[], str | None]
    """Returns its text, or None if there is none; raises RegisterError."""
    clock: Callable[[], datetime]
    without: tuple[StaffMember, ...] = ()
    """Who is staff while there is no list."""
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _last: tuple[datetime, tuple[StaffMember, ...] | RegisterError] | None = field(default=None, init=False)

    def __call__(self) -> tuple[StaffMember, ...]:
        """Return everybody who is staff; nobody while the list cannot be used, which the log says."""
        try:
            return self.members()
        except RegisterError:
            return ()

    def members(self) -> tuple[StaffMember, ...]:
        """Return everybody who is staff. Raises ConfigError or ParameterError while the list cannot be used."""
        with self._lock:
            now = self.clock()
            # Also where it seems to have been read in the future: then the clock has been set back meanwhile.
            if self._last is None or not self._last[0] <= now < self._last[0] + KEPT:
                self._last = now, self._read()
            found = self._last[1]
        if isinstance(found, RegisterError):
            raise found
        return found

    def _read(self) -> tuple[StaffMember, ...] | RegisterError:
        try:
            text = self.read()
            return self.without if text is None else parsed(text, self.source)
        except RegisterError as error:
            _log.error("nobody is staff until this is fixed: %s", error)
            return error


def from_file(file: Path, clock: Callable[[], datetime], without: tuple[StaffMember, ...] = ()) -> StaffList:
    """Return the list in a file, which need not be there."""

    def read() -> str | None:
        try:
            return file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeError) as error:
            raise ConfigError(f"{file} cannot be read ({type(error).__name__}); {_EXAMPLE}") from error

    return StaffList(str(file), read, clock, without)


def from_ssm(name: str, clock: Callable[[], datetime]) -> StaffList:
    """Return the list in a parameter of SSM, which need not be there; a standard one holds 4 KB."""

    client = cache(aws_parameters.new_client)

    def read() -> str | None:
        try:
            return aws_parameters.parameter(name, client())
        except aws_parameters.MissingParameter:
            return None

    return StaffList(f"SSM parameter {name}", read, clock)


def parsed(text: str, source: str) -> tuple[StaffMember, ...]:
    """Read a list; `source` names it in errors. Raises ConfigError for the first thing in it that is wrong."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{source}: {error}; {_EXAMPLE}") from error
    entries = table.get("staff", [])
    if set(table) - {"staff"} or not isinstance(entries, list):
        raise ConfigError(f"{source}: only entries stand in it; {_EXAMPLE}")
    members: list[StaffMember] = []
    first: dict[str, int] = {}
    for number, entry in enumerate(entries, 1):
        member = _Entry(source, number, entry).member()
        before = first.setdefault(normalized_email(member.email), number)
        if before != number:
            raise ConfigError(
                f"{source}: entry {number}: entry {before} has this email address, too; leave one of the two out"
            )
        members.append(member)
    return tuple(members)


_EXAMPLE = 'begin each entry with [[staff]], and below it email = "office@your-office.org"'


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry, before anything is known of it."""

    source: str
    number: int
    values: Any

    def member(self) -> StaffMember:
        """Return whom it names. Raises ConfigError."""
        if not isinstance(self.values, dict):
            raise self._wrong(f"it is no entry; {_EXAMPLE}")
        for key in self.values:
            if key not in _KEYS:
                raise self._wrong(f"{key} is not known; there are {', '.join(_KEYS)}")
        email, trainer = self.values.get("email"), self.values.get("trainer")
        if not isinstance(email, str) or not is_plain_email(email):
            what = "missing" if email is None else "no email address"
            raise self._wrong(f'email is {what}; write one, as "office@your-office.org"')
        if trainer is not None and (not isinstance(trainer, str) or not trainer):
            raise self._wrong(
                f"trainer is {_shown(trainer)}; write the name of the file in content/trainers/"
            )
        language = self._choice("language", self.values.get("language", DEFAULT_LANGUAGE.value), LANGUAGES)
        wanted = self.values.get("emails", [])
        if not isinstance(wanted, list):
            raise self._wrong(f'emails is {_shown(wanted)}; write a list, as ["needs", "roster"]')
        emails = frozenset(self._choice("emails", each, tuple(StaffEmail)) for each in wanted)
        if trainer is not None and StaffEmail.PROBLEMS in emails:
            raise self._wrong(
                'emails holds "problems", which go to the office; leave it out, or leave trainer out'
            )
        return StaffMember(email, trainer, language, emails)

    def _choice(self, key: str, value: Any, choices: tuple[_C, ...]) -> _C:
        for choice in choices:
            if value == choice.value:
                return choice
        words = " or ".join(f'"{choice.value}"' for choice in choices)
        raise self._wrong(f"{key} is {_shown(value)}; write {words}")

    def _wrong(self, words: str) -> ConfigError:
        return ConfigError(f"{self.source}: entry {self.number}: {words}")


def _shown(value: Any) -> str:
    """Return a value as it stands in TOML, or nearly so."""
    return f'"{value}"' if isinstance(value, str) else str(value)
