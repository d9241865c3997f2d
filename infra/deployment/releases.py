# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was deployed, and when: a record for each release, in the bucket of the packages.

A record names the version of each file of the site and the function's package, so an earlier release can come back
without being built again. It is written when the upload begins, and once more when all is done.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from infra.deployment.bucket import Files
from infra.deployment.errors import DeployError

_PREFIX = "releases/"

LOOKED_AT = 100
"""How many records are read: the bucket keeps replaced files for 30 days, so older ones could not come back."""


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """A file of a release, as the bucket has it."""

    md5: str
    version: str
    content_type: str
    cache_control: str


@dataclass(frozen=True, slots=True)
class Release:
    """One release; `shows` is the number of the one whose files it has, which is another after a rollback."""

    number: int
    shows: int
    commit: str
    begun: str
    """When, in UTC, as ISO 8601."""
    code_key: str = ""
    done: bool = False
    files: Mapping[str, ReleasedFile] = field(default_factory=dict)
    sessions: Mapping[str, str] = field(default_factory=dict)
    """For each session's id what people can see of it, in a few words."""

    @property
    def label(self) -> str:
        """How people are told of it."""
        back = "" if self.shows == self.number else f", which is {self.shows} again"
        return f"release {self.number}{back} (commit {self.commit}, {self.begun})"


class Releases:
    """The records of a stage, the oldest first."""

    def __init__(self, files: Files) -> None:
        self._files = files

    def last(self) -> list[Release]:
        """Return the last releases. Raises DeployError for a record that cannot be read."""
        return [self._read(path) for path in self._files.paths(_PREFIX)[-LOOKED_AT:]]

    def _read(self, path: str) -> Release:
        try:
            data = json.loads(self._files.read(path) or b"")
            files = {path: ReleasedFile(**one) for path, one in data.pop("files").items()}
            return Release(**data, files=files)
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise DeployError(
                f"{path} in the bucket of the packages cannot be read ({type(error).__name__}); "
                "delete it there, then do it again"
            ) from error

    def begin(self, release: Release) -> None:
        """Record a release whose upload begins. Raises Refused if there is one of this number."""
        self._files.put_new(_path(release), _data(release))

    def finish(self, release: Release) -> Release:
        """Record that all of a release is there. Raises DeployError."""
        done = replace(release, done=True)
        self._files.put(_path(done), _data(done), "application/json", "no-store")
        return done


def newest(releases: list[Release]) -> Release | None:
    """Return the release that people see: the last that was finished."""
    return next((one for one in reversed(releases) if one.done), None)


def before(releases: list[Release]) -> Release | None:
    """Return the release to go back to: the one before what people see, or what they saw before an upload broke off."""
    shown = newest(releases)
    if shown is None or not releases[-1].done:
        return shown
    return next((one for one in reversed(releases) if one.done and one.number < shown.shows), None)


def told(releases: list[Release]) -> Mapping[str, str]:
    """Return what people have been told of each session: what the newest schedule says, whatever is shown."""
    return next((one.sessions for one in reversed(releases) if one.number == one.shows), {})


def differing(target: Release, shown: Mapping[str, str]) -> list[str]:
    """Return the sessions that a release shows otherwise than people have been told, in words."""
    found = []
    for session, now in sorted(shown.items()):
        then = target.sessions.get(session)
        if then != now:
            found.append(
                f"{session}: {f'shown as {then}' if then else 'not shown'}; people have been told {now}"
            )
    found += [
        f"{session}: shown as {then}; it is no longer in the schedule"
        for session, then in sorted(target.sessions.items())
        if session not in shown
    ]
    return found


def _path(release: Release) -> str:
    return f"{_PREFIX}{release.number:06}.json"


def _data(release: Release) -> bytes:
    return json.dumps(asdict(release), ensure_ascii=False, sort_keys=True).encode()
