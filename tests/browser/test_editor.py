# SPDX-License-Identifier: AGPL-3.0-or-later
"""The browser editor in a browser: what people do there, and what it leaves in the content's files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from plugins.editor.program import fetch, fetched, pinned
from plugins.serve import static_files
from schedule.contract import from_json as read_contract
from schedule.model import Language, Session, Status
from tests.support.built_site import build
from tests.support.constants import ROOT
from tests.support.editor_visitor import ENGLISH, SPANISH, TALL, EditorVisitor, content, write_into
from tests.support.guide_pictures import EDITOR_GUIDES, Album, named_in
from tests.support.serving import listen, serving
from tests.support.windows import Windows

pytestmark = pytest.mark.long

COLLECTIONS = {
    "trainings": "training",
    "trainers": "trainer",
    "sessions": "session",
    "parents": "parents-page",
    "pages": "page",
}
DATED = re.compile(r".-\d{4}-\d\d-\d\d$")


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with the editor, as `make serve` has it."""
    program = pinned()
    if fetched(program) is None:
        fetch(program)
    site = build(tmp_path_factory.mktemp("edited"), EDITOR="local")
    listening, address = listen()
    with serving(static_files(site.output), listening):
        yield address


@pytest.fixture
def visitor(windows: Windows, edited: str, tmp_path: Path) -> Iterator[EditorVisitor]:
    with windows.lend(edited, 1280, TALL, locale="en-US") as window:
        yield EditorVisitor(window, ENGLISH, content(), Album("en", tmp_path))


def entries() -> Iterator[tuple[str, str, str]]:
    """Yield each entry of the content: its collection, its name and the path of its file."""
    for path in content():
        folder, _, name = path.removeprefix("content/").rpartition("/")
        if folder and not name.endswith(".es.md"):
            stem = name.removesuffix(".md")
            yield (
                "occurrence" if folder == "sessions" and DATED.search(stem) else COLLECTIONS[folder],
                stem,
                path,
            )


def test_what_is_saved_unchanged_is_the_same_byte_for_byte(visitor: EditorVisitor) -> None:
    before = content()
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    for collection, name, path in entries():
        visitor.open(collection, name)
        key = "Duration" if collection in {"session", "occurrence"} else "Title"
        written = visitor.value(key)
        visitor.write(key, f"{written}1")
        visitor.save()
        assert [one for one, text in visitor.files().items() if text != before[one]] == [path]
        visitor.write(key, written)
        visitor.save()
        assert visitor.files() == before


def built(visitor: EditorVisitor, folder: Path) -> dict[str, Session]:
    """Build what the folder holds; return its sessions by their ids."""
    write_into(folder, visitor.files())
    site = build(folder, PATH=str(folder / "content"))
    contract = read_contract(json.loads((site.private / "schedule.json").read_bytes()))
    return {session.id: session for session in contract.schedule.sessions}


def test_a_session_from_the_first_field_to_its_cancellation(visitor: EditorVisitor, tmp_path: Path) -> None:
    before = visitor.files()
    visitor.list("session")
    visitor.take("editor-sessions")
    visitor.new("session")
    visitor.choose("Training", "CA MSIX Overview")
    visitor.write("Start", "2027-05-11")
    visitor.write("Start-Time", "10:00")
    visitor.write("Duration", "90")
    visitor.choose("Trainers", "Uriel Ramirez Torres")
    visitor.write("Capacity", "40")
    visitor.write("body", "Please join five minutes early.")
    visitor.take("editor-new")
    visitor.save()

    path = "content/sessions/2027-05-11-overview.md"
    added = (
        "Training: overview\nStart: 2027-05-11 10:00\nDuration: 90\nTrainers: uriel-ramirez-torres\nCapacity: 40\n"
        "Language: en\nFormat: online\nStatus: scheduled\n\nPlease join five minutes early.\n"
    )
    assert visitor.files() == {**before, path: added}

    visitor.in_spanish()
    visitor.write("body", "Conéctese cinco minutos antes.")
    visitor.take("editor-spanish")
    visitor.save()
    translation = {path.replace(".md", ".es.md"): "\nConéctese cinco minutos antes.\n"}
    assert visitor.files() == {**before, path: added, **translation}

    visitor.in_english()
    visitor.write("Capacity", "25")
    visitor.save()
    session = built(visitor, tmp_path / "changed")["2027-05-11-overview"]
    assert (session.capacity, session.status) == (25, Status.SCHEDULED)
    assert session.note is not None
    assert session.note.text(Language.SPANISH).text == "Conéctese cinco minutos antes."

    visitor.choose("Status", "Canceled")
    visitor.take("editor-canceled", "Status")
    visitor.save()
    changed = added.replace("Capacity: 40", "Capacity: 25").replace("scheduled", "cancelled")
    assert visitor.files() == {**before, path: changed, **translation}
    assert built(visitor, tmp_path / "canceled")["2027-05-11-overview"].status is Status.CANCELLED
    assert visitor.album.names == [name for name in named_in(EDITOR_GUIDES["en"]) if "date" not in name]


def test_one_date_of_a_series_is_moved_and_another_canceled(visitor: EditorVisitor, tmp_path: Path) -> None:
    before = visitor.files()
    visitor.new("occurrence")
    visitor.choose("Date", "MSIX Virtual Café: Wednesday, March 17, 2027, 3:00 to 4:00 p.m. Pacific time")
    visitor.write("Start", "2027-03-19")
    visitor.write("Start-Time", "09:30")
    visitor.take("editor-one-date")
    visitor.save()
    visitor.new("occurrence")
    visitor.choose("Date", "MSIX Virtual Café: Wednesday, June 16, 2027, 3:00 to 4:00 p.m. Pacific time")
    visitor.choose("Status", "Canceled")
    visitor.save()

    assert visitor.files() == {
        **before,
        "content/sessions/cafe-2027-03-17.md": "Start: 2027-03-19 09:30\n",
        "content/sessions/cafe-2027-06-16.md": "Status: cancelled\n",
    }
    sessions = built(visitor, tmp_path)
    moved, canceled = sessions["cafe-2027-03-17"], sessions["cafe-2027-06-16"]
    assert f"{moved.period.start:%Y-%m-%d %H:%M}" == "2027-03-19 16:30"
    assert (moved.status, canceled.status) == (Status.SCHEDULED, Status.CANCELLED)

    assert visitor.album.names == [name for name in named_in(EDITOR_GUIDES["en"]) if "date" in name]

    visitor.open("occurrence", "cafe-2027-03-17")
    visitor.write("Start", "2027-03-22")
    visitor.save()
    assert visitor.files()["content/sessions/cafe-2027-03-17.md"] == "Start: 2027-03-22 09:30\n"


def test_a_change_of_one_date_is_not_saved_before_the_date_is_chosen(visitor: EditorVisitor) -> None:
    before = visitor.files()
    visitor.new("occurrence")
    visitor.choose("Status", "Canceled")
    visitor.try_to_save()

    visitor.is_told("This field is required.")
    assert visitor.files() == before


def test_a_whole_day_has_no_time(visitor: EditorVisitor) -> None:
    visitor.open("session", "2026-12-02-user-administrator")
    visitor.write("Start-Time", "")
    visitor.save()

    assert "\nStart: 2026-12-02\n" in visitor.files()["content/sessions/2026-12-02-user-administrator.md"]


def test_the_names_that_the_form_offers_are_edited_too(visitor: EditorVisitor) -> None:
    path = "content/organizations.md"
    before = visitor.files()
    visitor.open("_singletons", "organizations")
    visitor.write("body", f"{before[path]}Sample Desert School District")
    visitor.save()

    assert visitor.files() == {**before, path: f"{before[path]}Sample Desert School District\n"}


def test_a_new_person_has_files_in_both_languages_that_their_name_names(
    visitor: EditorVisitor, tmp_path: Path
) -> None:
    before = visitor.files()
    visitor.new("trainer")
    visitor.write("Title", "José Núñez")
    visitor.write("Role", "MSIX Trainer")
    visitor.write("Phone", "(530) 666-1977")
    visitor.in_spanish()
    visitor.write("Role", "Equipo de capacitación de MSIX")
    visitor.save()

    assert visitor.files() == {
        **before,
        "content/trainers/jose-nunez.es.md": "Role: Equipo de capacitación de MSIX\n",
        "content/trainers/jose-nunez.md": "Title: José Núñez\nRole: MSIX Trainer\nKind: trainer\nPhone: (530) 666-1977\n",
    }
    assert "2026-12-03-overview" in built(visitor, tmp_path)


def test_a_translation_that_says_nothing_yet_harms_nothing(visitor: EditorVisitor, tmp_path: Path) -> None:
    before = visitor.files()
    visitor.open("session", "2026-12-02-user-administrator")
    visitor.in_spanish()
    visitor.save()

    assert visitor.files() == {**before, "content/sessions/2026-12-02-user-administrator.es.md": "\n"}
    assert "2026-12-02-user-administrator" in built(visitor, tmp_path)


def test_a_picture_is_uploaded_to_where_the_build_looks_for_it(visitor: EditorVisitor) -> None:
    picture = ROOT / "docs" / "pictures" / "staff-add.png"
    before = visitor.files()
    visitor.upload(picture)

    assert visitor.files().keys() - before.keys() == {"content/images/staff-add.png"}


def test_it_asks_nobody_but_the_site(visitor: EditorVisitor) -> None:
    visitor.open("parents-page", "flyer")

    assert visitor.reached() == []


def test_in_spanish_all_of_it_is_spanish(windows: Windows, edited: str, tmp_path: Path) -> None:
    with windows.lend(edited, 1280, TALL, locale="en-US") as window:
        visitor = EditorVisitor(window, SPANISH, content(), Album("es", tmp_path))
        visitor.new("session")

        assert window.page.title().endswith("Editar el sitio de capacitaciones")
        assert visitor.page.get_by_text("Capacitación", exact=True).first.is_visible()
        assert visitor.page.get_by_role("button", name="Guardar", exact=True).is_visible()
        assert visitor.reached() == []


@pytest.mark.parametrize("host", ["github:msix-ca/trainings", "gitlab:county/msix/trainings"])
def test_on_the_public_site_people_sign_in_at_the_host_of_the_project(
    windows: Windows, tmp_path: Path, host: str
) -> None:
    site = build(tmp_path, EDITOR=host, EDITOR_REVIEW=True)
    listening, address = listen()
    with serving(static_files(site.output), listening), windows.lend(address, locale="en-US") as window:
        window.go("/edit/")
        expect(window.page.get_by_role("button", name="Sign In Using Access Token")).to_be_visible()


@pytest.mark.usefixtures("edited")
def test_make_serve_says_where_the_editor_is() -> None:
    listening, address = listen()
    listening.close()
    command = [sys.executable, "-m", "plugins.serve", "--port", address.rpartition(":")[2]]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as serving:
        assert serving.stdout is not None
        assert serving.stderr is not None
        site = serving.stdout.readline().strip()
        said = next(line for line in serving.stderr if "editor" in line)
        with urlopen(f"{site}/edit/", timeout=30) as answer:  # noqa: S310 - on loopback
            page = answer.read().decode()
        serving.terminate()

    assert said == f"{site}/edit/ is the editor, for Chrome and Edge; it works on this folder\n"
    assert "<title>Edit the trainings site</title>" in page
