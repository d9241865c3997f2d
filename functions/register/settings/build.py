# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the site's build tells the function, and what is made from it."""

from __future__ import annotations

import json
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
            raise ConfigError(f"{self.folder}: {error}") from error

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
    """What is made from a build, and made anew once there is a newer one: publishing needs no restart."""

    def __init__(self, build: Build, make: Callable[[], _Made]) -> None:
        self._build, self._make = build, make
        self._lock = threading.Lock()
        self._made: tuple[int | None, _Made] | None = None

    def __call__(self) -> _Made:
        """Return it. Raises ConfigError."""
        version = self._build.version()
        with self._lock:
            # In the moment in which a build is put in place there is none; what there was still serves.
            if self._made is None or version not in {None, self._made[0]}:
                self._made = version, self._make()
            return self._made[1]
