# SPDX-License-Identifier: AGPL-3.0-or-later
"""Builds the site for the public as a version of its own, and links it when it is whole.

`python -m plugins.publish`; with `--back` it links the version before.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from plugins.build import Builder, BuildReport, line_of, stopped, without_garbage_collection
from plugins.published import BUILD, SITE, Published, address_of
from plugins.trainings.problems import SiteError

_HERE = {"localhost", "127.0.0.1", "::1"}
"""By these names a machine calls itself."""

PUBLISHED = Path("published")
"""Where the public's site is, below the project's folder."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing has done: the version that is linked, and whether it is a new one."""

    report: BuildReport
    version: Path
    is_new: bool


def publish(
    settings: Path,
    published: Published,
    say: Callable[[str], None],
    overrides: Mapping[str, Any] | None = None,
    *,
    cache: Path | None = None,
) -> Publication:
    """Build a version and link it, if it has anything new.

    Raises SiteError; then the version before is still linked, and nothing is left over. Whoever calls it while another
    does waits, and is told so by `say`, as warnings are. What was made is kept in `cache` for the next time.
    """
    try:
        with published.locked(say), published.aside() as aside:
            before = published.current
            folders = {"OUTPUT_PATH": str(aside / SITE), "BUILD_PATH": str(aside / BUILD)}
            builder = Builder(
                settings,
                {**(overrides or {}), **folders},
                cache=cache,
                before=_folders(before) if before else None,
                moves=True,
                say=say,
            )
            report = builder.build()
            for warning in report.warnings:
                say(str(warning))
            if before and report.unchanged:
                _warn_of_address(published, before, before, say)
                published.confirm(before)
                return Publication(report, before, is_new=False)
            _warn_of_address(published, before, aside, say)
            version = published.put(aside)
            builder.keep(_folders(version))
            return Publication(report, version, is_new=version != before)
    except OSError as error:
        raise stopped(error) from error


def _folders(version: Path) -> tuple[Path, Path]:
    return version / SITE, version / BUILD


def back(published: Published, say: Callable[[str], None]) -> Path:
    """Link the version before the linked one, and return it. Raises SiteError; then nothing has changed."""
    try:
        with published.locked(say):
            newer, older = published.current, published.back()
            _warn_of_address(published, newer, older, say)
            return older
    except OSError as error:
        raise stopped(error) from error


def _warn_of_address(
    published: Published, before: Path | None, version: Path, say: Callable[[str], None]
) -> None:
    """Say that a version is for another address than the one before it, or for one that leads nobody to it."""
    was, now = before and address_of(before), address_of(version)
    if was and was != now:
        say(f"warning: {published.link} was built for {was} before, and is for {now} now")
    if now and urlsplit(now).hostname in _HERE:
        say(
            f"warning: {now} leads to this machine alone; for the public, give its address: SITEURL=https://…"
        )


def main(arguments: list[str] | None = None) -> int:
    """Publish from the command line; the exit status is 0, or 1 if the old site had to stay."""
    parser = argparse.ArgumentParser(prog="python -m plugins.publish", description=__doc__.partition("\n")[0])
    parser.add_argument("-s", "--settings", type=Path, default=Path("publishconf.py"), help="settings file")
    parser.add_argument("--published", type=Path, default=PUBLISHED, help="the link that everybody reads by")
    parser.add_argument("--back", action="store_true", help="build nothing; link the version before")
    parser.add_argument(
        "--allow-uncommitted", action="store_true", help="publish content that is not committed, and say so"
    )
    parser.add_argument("--cache", type=Path, help="keep here what the next build need not make again")
    options = parser.parse_args(arguments)
    without_garbage_collection()
    published = Published(options.published.absolute())
    overrides = {"ALLOW_UNCOMMITTED": True} if options.allow_uncommitted else {}
    say = partial(print, file=sys.stderr, flush=True)
    try:
        if options.back:
            version = back(published, say)
            print(f"{options.published}: {version.name} again; run register sync, so that sign-ups follow")
        else:
            done = publish(options.settings, published, say, overrides, cache=options.cache)
            stays = "" if done.is_new else f", nothing new; {done.version.name} stays"
            print(f"{options.published}: {done.report.files} files{stays}")
    except SiteError as error:
        say(line_of(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
