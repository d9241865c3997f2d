# SPDX-License-Identifier: AGPL-3.0-or-later
"""A Hugo site with as many pages as ours, from the same texts, and the program that serves it.

Its layouts (`hugo_layouts/`) are small. What stands around a page's main part, and the sign-up form, are the HTML of
our own pages word for word, so that pages are of one size; Hugo puts in the titles and addresses. It makes the pages of
sessions, trainings and texts, and the lists; not calendars, feeds, the month grid, or checks of what is written, and
the labels in its lists are not translated.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.content import ROOT
from benchmarks.progress import say
from requirements.apart import installed
from requirements.install import InstallFailed

LANGUAGES = ("en", "es")
LAYOUTS = Path(__file__).parent / "hugo_layouts"

_CONFIG = {
    "baseURL": "http://localhost/",
    "title": "California MSIX Trainings",
    "timeZone": "America/Los_Angeles",
    "buildFuture": True,
    "disableKinds": ["taxonomy", "term", "rss", "sitemap", "robotstxt", "404"],
    "defaultContentLanguage": "en",
    "languages": {
        language: {"contentDir": f"content/{language}", "weight": number}
        for number, language in enumerate(LANGUAGES, 1)
    },
}
_MAIN, _FORM, _FOOT = '<div class="two session">', '<section class="panel" id="sign-up"', "</main>"
_FOLDERS = {"trainings": "trainings", "sessions": "schedule", "parents": "parents", "pages": ""}


def program() -> Path | None:
    """Return the program, installed where it is not yet; None where that fails, which a line says."""
    try:
        return installed(ROOT / "requirements/bench.txt", ROOT / ".cache/hugo") / "hugo"
    except InstallFailed as error:
        say(f"{error}: only ours is measured")
        return None


def site(folder: Path, content: Path, frames: Mapping[str, str], stem: str) -> Path:
    """Write a site from a content folder of ours; return the folder of its English sessions.

    `frames` are our pages of the session `stem`, by language.
    """
    folder.mkdir()
    (folder / "hugo.json").write_text(json.dumps(_CONFIG))
    shutil.copytree(LAYOUTS, folder / "layouts")
    for language in LANGUAGES:
        _frame(folder / "layouts/_partials", language, frames[language], stem)
        texts = folder / "content" / language
        for source, target in _FOLDERS.items():
            (texts / target).mkdir(parents=True, exist_ok=True)
            for file in (content / source).glob("*.md"):
                if not file.name.endswith(".es.md"):
                    name = "_index.md" if file.stem == "index" else file.name
                    (texts / target / name).write_text(_text(file, content, language))
        for name in ("trainings/_index", "schedule/_index", "contacts"):
            title = name.partition("/")[0].capitalize()
            (texts / f"{name}.md").write_text(_page({"title": title}, title))
    return folder / "content/en/schedule"


def _frame(partials: Path, language: str, page: str, stem: str) -> None:
    """Write what stands around the main part, and the form, as layouts that name their page by themselves."""
    title = page.partition("<h1>")[2].partition("</h1>")[0]
    page = page.replace(stem, "{{ .File.ContentBaseName }}").replace(title, "{{ .Title }}")
    main, form, foot = (page.index(mark) for mark in (_MAIN, _FORM, _FOOT))
    for name, part in (("before", page[:main]), ("form", page[form:foot]), ("after", page[foot:])):
        (partials / f"{name}.{language}.html").write_text(part)


def _text(file: Path, content: Path, language: str) -> str:
    """Return a file of ours as Hugo reads it: the English one, with what its translation says before it."""
    keys, body = _parts(file)
    translation = file.with_suffix(".es.md")
    if language == "es" and translation.is_file():
        words, own = _parts(translation)
        keys, body = {**keys, **words}, own or body
    if file.parent.name == "sessions":
        training = content / "trainings" / f"{keys['Training']}.md"
        given = _parts(training.with_suffix(".es.md") if language == "es" else training)[0]
        trainer = _parts(content / "trainers" / f"{keys['Trainers']}.md")[0]
        front = {
            "title": given["Title"],
            "date": keys["Start"].replace(" ", "T") + ":00",
            "training": keys["Training"],
            "trainer": f"{trainer['Title']}, {trainer['Phone']}",
            "minutes": int(keys["Duration"]),
            "capacity": keys["Capacity"],
            "held_in": keys["Language"],
        }
    else:
        front = {"title": keys["Title"], "summary": keys.get("Summary", "")}
        front |= {"weight": int(keys.get("Order", "1")), "topics": keys.get("Topics", "").split("\n")}
    return _page(front, body)


def _parts(file: Path) -> tuple[dict[str, str], str]:
    """Return a file's keys, the lines of a list joined, and its text."""
    head, _, body = file.read_text().partition("\n\n")
    keys: dict[str, str] = {}
    name = ""
    for line in head.splitlines():
        if line.startswith(" "):
            keys[name] = "\n".join(filter(None, (keys[name], line.strip())))
        elif line:
            name, _, value = line.partition(":")
            keys[name] = value.strip()
    return keys, body


def _page(front: Mapping[str, Any], body: str) -> str:
    return f"{json.dumps(front, ensure_ascii=False)}\n\n{body}"
