# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which of the builds is shown, and what is made from it: publishing needs no restart, and mistakes change nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from register.domain.errors import ConfigError
from register.settings.build import Build, Version
from schedule.site import Site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_Made = TypeVar("_Made")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ShownBuild:
    """A build that may be shown, in a place of its own: a newer version that is linked does not change it."""

    version: Version | None
    build: Build
    site: Site
    kept: tuple[Build, ...]
    """The versions that are kept, this one among them; none where there is no published tree."""


class Current:
    """The build that is shown: the newest, unless that one cannot or must not be.

    What is wrong with a newer one changes nothing but the log: what was shown still is. At the start, when nothing
    has been shown, any other version that is kept of the public's site is better than none.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._shown: ShownBuild | None = None
        self._seen: Version | None = None

    def __call__(self) -> ShownBuild:
        """Return it. Raises ConfigError before the first good build."""
        with self._lock:
            version = self._build.version()
            if self._shown is None:
                self._shown = self._first(version)
            elif version is None:
                self._tell_that_it_is_gone()
            elif version != self._seen:
                self._shown = self._newer(version, self._shown)
            self._seen = version
            return self._shown

    def _first(self, version: Version | None) -> ShownBuild:
        try:
            return self._read(self._build, version)
        except ConfigError as error:
            for build in self._build.kept():
                with suppress(ConfigError):
                    shown = self._read(build, build.version())
                    _log.error("%s serves instead: %s", build.folder, error)
                    return shown
            raise

    def _newer(self, version: Version, before: ShownBuild) -> ShownBuild:
        try:
            return self._read(self._build, version)
        except ConfigError as error:
            _log.error("the build before this one still serves: %s", error)
            return before

    def _read(self, build: Build, version: Version | None) -> ShownBuild:
        """Read the very build that a version is. Raises ConfigError."""
        own = build if version is None else build.at(version)
        return ShownBuild(version, own, own.site(), tuple(self._build.kept()))

    def _tell_that_it_is_gone(self) -> None:
        """In the moment in which `make html` puts a build in place there is none, and nothing to tell."""
        if self._seen is not None and self._build.public:
            _log.error("%s is gone, and what it was still serves; run make publish", self._build.folder)


class Newest(Generic[_Made]):
    """What is made from the build that is shown, and made anew once another one is.

    If it cannot be made from that one, what was made before still serves, and the log says so.
    """

    def __init__(self, current: Callable[[], ShownBuild], make: Callable[[ShownBuild], _Made]) -> None:
        self._current, self._make = current, make
        self._lock = threading.Lock()
        self._made: tuple[Version | None, _Made] | None = None

    def __call__(self) -> _Made:
        """Return it. Raises ConfigError before the first good build."""
        with self._lock:
            shown = self._current()
            if self._made is None:
                self._made = shown.version, self._make(shown)
            elif shown.version != self._made[0]:
                self._made = shown.version, self._made_anew(shown, self._made[1])
            return self._made[1]

    def _made_anew(self, shown: ShownBuild, before: _Made) -> _Made:
        try:
            return self._make(shown)
        except ConfigError as error:
            _log.error("the build before this one still serves: %s", error)
            return before


def following(
    current: Callable[[], ShownBuild], make: Callable[[ShownBuild], WSGIApplication]
) -> WSGIApplication:
    """Return an application (PEP 3333) that is always the one made from the build that is shown. Raises ConfigError."""
    newest = Newest(current, make)
    newest()  # what is wrong with the build is said now, and not to the first visitor

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return newest()(environ, start_response)

    return application
