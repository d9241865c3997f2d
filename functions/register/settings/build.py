# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the site's build tells the function, and what is made from it."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from register.domain.errors import ConfigError
from schedule import contract, site
from schedule.contract import Contract, ContractError
from schedule.site import Site, UnreadableSite

_Made = TypeVar("_Made")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Build:
    """The folder with site.json and schedule.json, as they are now: publishing puts new ones there."""

    folder: Path

    def site(self) -> Site:
        """Read site.json. Raises ConfigError."""
        try:
            return site.from_json(self._read("site.json"))
        except UnreadableSite as error:
            raise ConfigError(f"{self.folder / 'site.json'}: {error}") from error

    def contract(self) -> Contract:
        """Read schedule.json. Raises ConfigError."""
        try:
            return contract.from_json(self._read("schedule.json"))
        except ContractError as error:
            raise ConfigError(f"{self.folder / 'schedule.json'}: {error}") from error

    def version(self) -> int | None:
        """Return a number that is another one for each build; None while there is none."""
        try:
            return (self.folder / "site.json").stat().st_mtime_ns
        except OSError:
            return None

    def _read(self, name: str) -> Any:
        file = self.folder / name
        try:
            data = json.loads(file.read_bytes())
        except FileNotFoundError as error:
            raise ConfigError(f"{file} is not there; run make html (or make publish) first") from error
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"{file} cannot be read ({type(error).__name__}); build the site again"
            ) from error
        return data


class Newest(Generic[_Made]):
    """What is made from a build, and made anew once there is a newer one: publishing needs no restart.

    A newer one that cannot be read changes nothing but the log: what there was still serves.
    """

    def __init__(self, build: Build, make: Callable[[], _Made]) -> None:
        self._build, self._make = build, make
        self._lock = threading.Lock()
        self._made: tuple[int | None, _Made] | None = None

    def __call__(self) -> _Made:
        """Return it. Raises ConfigError before the first good build."""
        version = self._build.version()
        with self._lock:
            if self._made is None:
                self._made = version, self._make()
            # In the moment in which a build is put in place there is none; what there was still serves.
            elif version not in {None, self._made[0]}:
                self._made = version, self._made_anew(self._made[1])
            return self._made[1]

    def _made_anew(self, before: _Made) -> _Made:
        try:
            return self._make()
        except ConfigError as error:
            _log.error("the build before this one still serves: %s", error)
            return before
