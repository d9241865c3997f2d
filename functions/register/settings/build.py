# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the site's build tells the function, and whether the public may see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from register.domain.errors import ConfigError
from schedule import contract, site
from schedule.contract import Contract, ContractError
from schedule.site import Site, UnreadableSite

Version = tuple[Path, int]
"""Where a build is, and since when it has been so: another one for each build."""


class UnfitBuild(ConfigError):
    """A build that the public must not see: it is for another address, or has the sample schedule."""


@dataclass(frozen=True, slots=True)
class Build:
    """The folder with site.json and schedule.json, as they are now: publishing puts new ones there."""

    folder: Path
    public: str | None = None
    """The address at which it is shown to the public, for whom it has to be made; None for trying out."""

    def site(self) -> Site:
        """Read site.json. Raises ConfigError, also for a site without sign-up; UnfitBuild: not for the public."""
        file = self.folder / "site.json"
        try:
            found = site.from_json(self._read("site.json"))
        except UnreadableSite as error:
            raise ConfigError(f"{file}: {error}") from error
        self._guard("site.json", found.url, sample=found.sample)
        if not found.sign_up:
            raise ConfigError(
                f'{file}: the site was built with SIGNUP = "none", and needs no sign-up function; '
                'build it with SIGNUP = "here", or do without the function'
            )
        return found

    def contract(self) -> Contract:
        """Read schedule.json. Raises ConfigError, also for a site without sign-up; UnfitBuild: not for the public."""
        if not (self.folder / "schedule.json").exists() and (self.folder / "site.json").exists():
            self.site()  # which may say why
        try:
            found = contract.from_json(self._read("schedule.json"))
        except ContractError as error:
            raise ConfigError(f"{self.folder / 'schedule.json'}: {error}") from error
        self._guard("schedule.json", found.site_url, sample=found.sample)
        return found

    def version(self) -> Version | None:
        """Return what is another one for each build; None while there is none."""
        try:
            # Of two versions of the published tree this file may be one and the same, with one time.
            return self._place(), (self.folder / "site.json").stat().st_mtime_ns
        except OSError:
            return None

    def last_made(self) -> datetime:
        """Return when this was last what there is to build, in UTC. Raises OSError.

        Files are as old as what they say. A folder is as old as the last file that was put there; of the published
        tree, the folder of the version has the time at which publishing last found that there is nothing newer.
        """
        folder = self._place()
        if self.folder.parent.is_symlink():
            folder = folder.parent
        return datetime.fromtimestamp(folder.stat().st_mtime, UTC)

    def _place(self) -> Path:
        """Return the folder by a name that stays its own; in the published tree the folder above it is a link."""
        return self.folder.parent.resolve() / self.folder.name

    def at(self, version: Version) -> Build:
        """Return this build as it is at a version's own place, whatever is linked later."""
        return replace(self, folder=version[0])

    def kept(self) -> Iterator[Build]:
        """Yield all versions of the published tree, the newest first; a build that is elsewhere has none."""
        link = self.folder.parent
        if link.is_symlink() or not link.exists():
            for version in sorted(link.with_name(f".{link.name}").glob("[!.]*"), reverse=True):
                yield replace(self, folder=version / self.folder.name)

    def _guard(self, name: str, url: str, *, sample: bool) -> None:
        if self.public is None:
            return
        file = self.folder / name
        if url.casefold() != self.public.casefold():
            raise UnfitBuild(
                f"{file} was built for {url}, and REGISTER_SITE is {self.public}; "
                f"publish it for that address: SITEURL={self.public} make publish"
            )
        if sample:
            raise UnfitBuild(
                f"{file} was built with SAMPLE_CONTENT on; run make publish with your own sessions"
            )

    def _read(self, name: str) -> Any:
        file = self.folder / name
        try:
            data = json.loads(file.read_bytes())
        except FileNotFoundError as error:
            command = "make publish" if self.public else "make html (or make publish)"
            raise ConfigError(f"{file} is not there; run {command} first") from error
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"{file} cannot be read ({type(error).__name__}); build the site again"
            ) from error
        return data
