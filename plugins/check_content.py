# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks the content alone, without building the site; `make check-content`.

On CI of the code host (GITHUB_ACTIONS=true) each problem is an annotation: a mark beside its line of the proposal.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from plugins.trainings.documents import Documents
from plugins.trainings.memo import Memo
from plugins.trainings.notes import renderer_of
from plugins.trainings.problems import ContentError, ContentProblem, Problems, SiteError, visible
from plugins.trainings.reader import read_content
from plugins.trainings.revisions import revisions
from plugins.trainings.session import JOIN_URL
from plugins.trainings.settings import SiteSettings, read_settings
from plugins.trainings.settings_file import load_settings

_EXAMPLE = re.compile(r"https://([^/]+\.)?example\.(org|com|net)(/|$)")
"""Nobody meets there: these names are reserved for examples."""


def check(settings: SiteSettings, *, public: bool = False) -> tuple[ContentProblem, ...]:
    """Return all that is wrong with the content, and what to look at, in the order of its files and lines.

    Where everybody can read the project (`public`), a link to join that stands in a file is an error. Raises SiteError
    if nothing can be read at all.
    """
    memo, found = Memo(), Problems()
    history, _ = revisions(settings.content)
    notes = renderer_of(settings, memo)
    try:
        content = read_content(settings.content, settings.zone, history, memo, notes, settings.now)
        found.extend(content.warnings)
    except ContentError as error:
        found.extend(error.problems)
    if public:
        found.extend(_links_in_public(Documents(settings.content, memo, Problems())))
    return tuple(found)


def _links_in_public(documents: Documents) -> Iterator[ContentProblem]:
    """Yield a problem for each session's file with a link to join, which is not repeated."""
    for document in documents.originals["sessions"].values():
        header = document.headers.get(JOIN_URL.name)
        if header and not header.value.startswith("secret:") and not _EXAMPLE.match(header.value):
            yield ContentProblem(
                header.path,
                header.line,
                JOIN_URL.name,
                "everybody can read this project, and so this link",
                'write "Join-Url: secret:NAME", and give the meeting a new link: the history keeps this one',
            )


def annotation(problem: ContentProblem) -> str:
    """Return a problem as a command that GitHub's runner takes from the output."""
    kind = "warning" if problem.warning else "error"
    # In the log the runner shows nothing but the message, so it names the place, too.
    message = f"{visible(problem.path)}:{problem.line}: {problem.text}"
    return f"::{kind} file={_property(problem.path)},line={problem.line}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _count(number: int, word: str) -> str:
    return f"{number or 'no'} {word}{'' if number == 1 else 's'}"


def main(arguments: list[str] | None = None) -> int:
    """Check from the command line; the exit status is 1 if there is an error, and 0 if there are warnings alone."""
    parser = argparse.ArgumentParser(prog="make check-content", description=__doc__)
    parser.add_argument("--settings", type=Path, default=Path("pelicanconf.py"), help="settings file")
    parser.add_argument(
        "--public", choices=("yes", "no"), default="no", help="whether everybody can read the project"
    )
    options = parser.parse_args(arguments)
    on_ci = os.environ.get("GITHUB_ACTIONS") == "true"
    try:
        settings = read_settings(load_settings(options.settings))
        problems = check(settings, public=options.public == "yes")
    except SiteError as error:
        print(f"::error::{_data(str(error))}" if on_ci else f"error: {error}", file=sys.stderr)
        return 1
    for problem in problems:
        print(annotation(problem) if on_ci else problem, file=sys.stderr)
    errors = sum(not problem.warning for problem in problems)
    counts = _count(errors, "error"), _count(len(problems) - errors, "warning")
    print(f"{settings.content.name}: {', '.join(counts)}")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
