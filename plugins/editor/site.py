# SPDX-License-Identifier: AGPL-3.0-or-later
"""Puts the editor into the site, where the settings ask for one: two pages, their configurations, and the program."""

from __future__ import annotations

import json
from functools import partial
from html import escape
from pathlib import Path
from string import Template

from plugins.editor import words
from plugins.editor.config import configuration
from plugins.editor.program import FETCHED, PROGRAM, Pinned, fetch, fetched, files, pinned
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.session import SESSION_TABLE
from schedule.addresses import Addresses
from schedule.editor_policy import PAGE_POLICY
from schedule.model import LANGUAGES, Language, Session

_HERE = Path(__file__).parent
_SCRIPTS = ("editor.js", "format.js")
_PROGRAM_WORDS = {Language.ENGLISH: "en-US", Language.SPANISH: "es-CO"}
"""The languages that the program itself speaks."""


def write_editor(generator: ScheduleGenerator) -> None:
    """Add the editor's files to the site. Raises EditorNotFetchable."""
    host = generator.options.editor
    if host is None:
        return
    program = pinned()
    # Whoever publishes by a timer or at the code host has no hand in it: what is missing is fetched, by its hash.
    there = fetched(program, FETCHED) or fetch(program, FETCHED)
    for path, file in files(there):
        generator.files.add(f"edit/{program.folder}/{path}", file, file.read_bytes)
    for name in _SCRIPTS:
        data = (_HERE / name).read_bytes()
        generator.files.add(f"edit/{name}", data, partial(bytes, data))
    dates = _dates(generator)
    for language in LANGUAGES:
        addresses = Addresses(generator.site.url, language)
        made = configuration(language, host, addresses.whole(addresses.home), dates)
        for path, text in (
            ("config.json", json.dumps(made, ensure_ascii=False)),
            ("", page(addresses, program)),
        ):
            generator.files.add(addresses.file(f"{addresses.editor}{path}"), text, text.encode)


def _dates(generator: ScheduleGenerator) -> list[Session]:
    """Return the sessions of series that are still to come and have no file of their own yet, the next one first."""
    folder = generator.options.content / SESSION_TABLE.folder
    return [
        session
        for session in sorted(generator.content.schedule.sessions, key=lambda one: one.period.start)
        if session.series is not None
        and session.period.end > generator.options.now
        and not (folder / f"{session.id}.md").exists()
    ]


def page(addresses: Addresses, program: Pinned) -> str:
    """Return the page that starts the editor's program, in the language of the addresses."""
    template = Template((_HERE / "page.html").read_text(encoding="utf-8"))
    shared, language = Addresses(addresses.site_url).editor, addresses.language
    texts = {
        "language": language.value,
        "words": _PROGRAM_WORDS[language],
        "program": f"{shared}{program.folder}/{PROGRAM}",
        "script": f"{shared}{_SCRIPTS[0]}",
        "policy": PAGE_POLICY,
        "title": words.APP_TITLE.text(language),
        "needs_script": words.NEEDS_SCRIPT.text(language),
        "problem": words.PROBLEM.text(language),
    }
    return template.substitute({name: escape(text) for name, text in texts.items()})
