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
from plugins.editor.program import FETCHED, EditorNotFetched, Pinned, fetched, files, pinned
from plugins.trainings.code_host import CodeHost
from plugins.trainings.generator import ScheduleGenerator
from schedule.addresses import Addresses
from schedule.editor_policy import PAGE_POLICY
from schedule.model import LANGUAGES, Language

_HERE = Path(__file__).parent
_SCRIPTS = ("editor.js", "format.js")
_PROGRAM_WORDS = {Language.ENGLISH: "en-US", Language.SPANISH: "es-CO"}
"""The languages that the program itself speaks."""


def write_editor(generator: ScheduleGenerator) -> None:
    """Add the editor's files to the site. Raises EditorNotFetched."""
    host = generator.options.editor
    if host is None:
        return
    program = pinned()
    there = fetched(program, FETCHED)
    if there is None:
        raise EditorNotFetched(
            f"EDITOR is set, and the editor's program ({program.folder}) is not there: run make editor, then this "
            "command again; or set EDITOR to None in publishconf.py, for a site without an editor"
        )
    for path, file in files(there):
        generator.files.add(f"edit/{program.folder}/{path}", file, file.read_bytes)
    for name in _SCRIPTS:
        data = (_HERE / name).read_bytes()
        generator.files.add(f"edit/{name}", data, partial(bytes, data))
    for language in LANGUAGES:
        _write_page(generator, Addresses(generator.site.url, language), host, program)


def _write_page(generator: ScheduleGenerator, addresses: Addresses, host: CodeHost, program: Pinned) -> None:
    language = addresses.language
    site_url = addresses.whole(addresses.home)
    made = configuration(language, host, site_url)
    generator.files.add(
        addresses.file(f"{addresses.editor}config.json"),
        made,
        lambda: json.dumps(made, ensure_ascii=False, indent=1).encode(),
    )
    page = _page(addresses, program)
    generator.files.add(addresses.file(addresses.editor), page, page.encode)


def _page(addresses: Addresses, program: Pinned) -> str:
    template = Template((_HERE / "page.html").read_text(encoding="utf-8"))
    shared, language = Addresses(addresses.site_url).editor, addresses.language
    texts = {
        "language": language.value,
        "words": _PROGRAM_WORDS[language],
        "program": f"{shared}{program.folder}/index.js",
        "script": f"{shared}{_SCRIPTS[0]}",
        "policy": PAGE_POLICY,
        "title": words.APP_TITLE.text(language),
        "needs_script": words.NEEDS_SCRIPT.text(language),
        "problem": words.PROBLEM.text(language),
    }
    return template.substitute({name: escape(text) for name, text in texts.items()})
