# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editor is part of a site whose settings ask for one, and no page of it."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from plugins.editor import site as editor_site
from plugins.editor.config import configuration
from plugins.editor.program import EditorNotFetchable, pinned
from plugins.page_checks import check_site
from plugins.page_parser import parse
from plugins.trainings.code_host import CodeHost
from schedule.addresses import Addresses
from schedule.editor_policy import PAGE_POLICY
from schedule.model import Language
from tests.support.built_site import BuiltSite, build
from tests.support.constants import SITE_URL

FOLDER = pinned().folder
DATES = {
    "en": "MSIX Virtual Café: Wednesday, January 20, 2027, 3:00 to 4:00 p.m. Pacific time",
    "es": "Café virtual de MSIX: miércoles, 20 de enero de 2027, de 3:00 a 4:00 p. m., hora del Pacífico",
}


def test_a_site_has_no_editor_unless_it_is_asked_for(site: BuiltSite) -> None:
    assert not site.told.editor
    assert not [path for path in site.files if path.startswith(("edit/", "es/edit/"))]


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """A site that is edited at GitHub, on a day in the midst of a series, with a program of two files as if it had been fetched."""
    folder = tmp_path_factory.mktemp("edited")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editor_site, "FETCHED", folder)
        (folder / FOLDER / "npm").mkdir(parents=True)
        (folder / FOLDER / "npm" / "index.js").write_text("export default {}")
        (folder / FOLDER / "LICENSE.txt").write_text("MIT")
        (folder / FOLDER / ".whole").touch()
        return build(folder, EDITOR="github:msix-ca/trainings", BUILD_DATE="2027-01-20")


def test_the_site_has_two_pages_their_configurations_and_the_program(edited: BuiltSite) -> None:
    assert edited.told.editor
    assert sorted(path for path in edited.files if path.startswith(("edit/", "es/edit/"))) == [
        f"edit/{FOLDER}/LICENSE.txt",
        f"edit/{FOLDER}/npm/index.js",
        "edit/config.json",
        "edit/editor.js",
        "edit/format.js",
        "edit/index.html",
        "es/edit/config.json",
        "es/edit/index.html",
    ]


@pytest.mark.parametrize(("path", "language", "words"), [("edit", "en", "en-US"), ("es/edit", "es", "es-CO")])
def test_a_page_starts_the_program_in_its_language(
    edited: BuiltSite, path: str, language: str, words: str
) -> None:
    page = parse("index.html", edited.files[f"{path}/index.html"].decode())
    assert next(page.all("html")) == {
        "lang": language,
        "data-words": words,
        "data-program": f"/edit/{FOLDER}/npm/index.js",
    }
    assert next(page.all("script")) == {"type": "module", "src": "/edit/editor.js"}
    assert {meta.get("name") or meta.get("http-equiv"): meta.get("content") for meta in page.all("meta")} == {
        None: None,
        "viewport": "width=device-width",
        "robots": "noindex",
        "Content-Security-Policy": PAGE_POLICY,
    }


@pytest.mark.parametrize(("path", "language", "url"), [("edit", "en", "/"), ("es/edit", "es", "/es/")])
def test_a_page_has_its_configuration_beside_it(
    edited: BuiltSite, path: str, language: str, url: str
) -> None:
    host = CodeHost("github", "msix-ca/trainings")
    told = json.loads(edited.files[f"{path}/config.json"])
    field = told["config"]["collections"][1]["fields"][0]
    dates = {option["value"]: option["label"] for option in field["options"]}

    assert list(dates) == ["cafe-2027-01-20", "cafe-2027-03-17", "cafe-2027-06-16", "-"]
    assert dates["cafe-2027-01-20"] == DATES[language]
    field["options"] = field["options"][-1:]
    assert told == json.loads(json.dumps(configuration(Language(language), host, f"{SITE_URL}{url}", ())))


def test_in_a_folder_of_a_host_the_page_finds_its_program_there() -> None:
    page = parse(
        "index.html", editor_site.page(Addresses("https://example.org/msix", Language.SPANISH), pinned())
    )

    assert next(page.all("html"))["data-program"] == f"/msix/edit/{FOLDER}/npm/index.js"
    assert next(page.all("script"))["src"] == "/msix/edit/editor.js"


def test_it_is_no_page_of_the_site(edited: BuiltSite) -> None:
    assert check_site(edited.output) == []
    mine = re.compile(rb'["/>(]/?(?:es/)?edit/')
    others = {path: data for path, data in edited.files.items() if "edit/" not in path and path != "_headers"}
    assert [path for path, data in others.items() if mine.search(data)] == []


def test_a_site_whose_program_cannot_be_had_is_not_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editor_site, "FETCHED", tmp_path)
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho no network >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(EditorNotFetchable, match=r"It says: no network$"):
        build(tmp_path, EDITOR="github:msix-ca/trainings")

    assert not (tmp_path / "output").exists()
