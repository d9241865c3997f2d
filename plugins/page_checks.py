# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of a built site: pure functions from files to messages; `python -m plugins.page_checks OUTPUT`.

As a plugin (publishconf.py) it stops a build whose pages do not pass.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from plugins.page_rules import PageRecord, file_at
from plugins.site_records import FilesOnDisk, SiteFiles, look_at
from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.memo import Memo
from plugins.trainings.problems import SiteError
from schedule.addresses import Addresses
from schedule.site import from_json


class PagesNotGood(SiteError):
    """Some pages of a build break a rule; the message lists them."""


def check_links(
    page: PageRecord, pages: Mapping[str, PageRecord], files: frozenset[str], *, sign_up: bool
) -> Iterator[str]:
    """Every link within the site leads to a file, or to the function if there is one, and every fragment to an id."""
    for link in page.links:
        if sign_up and link.to_function:
            continue
        if link.file not in files:
            yield f"the link {link.href} leads nowhere"
        elif link.fragment and link.file in pages and link.fragment not in pages[link.file].ids:
            yield f"the link {link.href} leads to no id"


def check_languages(page: PageRecord, pages: Mapping[str, PageRecord], folder: str) -> Iterator[str]:
    """Each of the alternates of a page names the same ones."""
    for language, href in page.alternates.items():
        alternate = pages.get(file_at(urlsplit(href).path, folder))
        if alternate is None:
            yield f"hreflang {language} leads nowhere: {href}"
        elif alternate.alternates != page.alternates:
            yield f"hreflang {language} is not mutual: {href}"


def check_files(
    files: SiteFiles,
    memo: Memo,
    secrets: Iterable[str] = (),
    folder: str = "",
    *,
    sign_up: bool = True,
    examples_beside: str | None = None,
) -> list[str]:
    """Return all that is wrong with the files of a site, each message with the path of its file.

    `folder` is the one of its host that the site stands in, as `/msix`, empty at the root; `sign_up` says whether
    the sign-up function answers there. `examples_beside` is the site's own address, if no other may be an example.
    What a file says by itself is looked up in the memo.
    """
    found = look_at(files, memo, secrets, folder, examples_beside)
    names = frozenset(files.paths)
    messages = [f"{path}: holds the private link of a session" for path in found.private]
    for path, faults in found.calendars.items():
        messages += [f"{path}:{line}: {text}" for line, text in faults]
    for path, page in found.pages.items():
        said = (
            *page.faults,
            *check_links(page, found.pages, names, sign_up=sign_up),
            *page.language_faults,
            *check_languages(page, found.pages, folder),
        )
        messages += [f"{path}: {message}" for message in dict.fromkeys(said)]
    messages += [f"{path}: {said}" for path, said in found.examples.items()]
    return messages


def check_site(
    output: Path, secrets: Iterable[str] = (), folder: str = "", *, sign_up: bool = True
) -> list[str]:
    """Return all that is wrong with a site that is built in a folder, as `check_files` does."""
    return check_files(FilesOnDisk(output), Memo(), secrets, folder, sign_up=sign_up)


def private_links(contract: Path) -> list[str]:
    """Return the private links in a schedule.json: the addresses, and the names of the secrets."""
    sessions = json.loads(contract.read_bytes())["sessions"]
    return [session["join_url"] for session in sessions if session["join_url"]]


def _check(generator: ScheduleGenerator) -> None:
    site = generator.site
    messages = check_files(
        generator.files,
        generator.state.memo,
        generator.content.schedule.join_urls.values(),
        Addresses(site.url).folder,
        sign_up=site.sign_up,
        examples_beside=site.url,
    )
    if messages:
        raise PagesNotGood("\n".join(messages))


def register() -> None:
    """Connect to the site's generator; last of PLUGINS, so that all files are there."""
    signals.site_written.connect(_check)


def main(arguments: list[str] | None = None) -> int:
    """Check a site from the command line; the exit status is 1 if something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m plugins.page_checks", description=__doc__)
    parser.add_argument("output", type=Path, help="the built site")
    parser.add_argument(
        "--private",
        type=Path,
        help="the folder with what its build tells the function",
    )
    options = parser.parse_args(arguments)
    if options.private:
        site = from_json(json.loads((options.private / "site.json").read_bytes()))
        secrets = private_links(options.private / "schedule.json") if site.sign_up else []
        messages = check_site(options.output, secrets, Addresses(site.url).folder, sign_up=site.sign_up)
    else:
        messages = check_site(options.output)
    print("\n".join(messages), file=sys.stderr, end="\n" if messages else "")
    return 1 if messages else 0


if __name__ == "__main__":
    sys.exit(main())
