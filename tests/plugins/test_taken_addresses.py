# SPDX-License-Identifier: AGPL-3.0-or-later
"""No file of a writer's takes an address that the function or the site needs for something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from schedule.addresses import FUNCTION, is_taken
from tests.support.built_site import BuiltSite
from tests.support.content import ContentFolder
from tests.support.visitors import World, world_of


@pytest.fixture
def world(site: BuiltSite) -> World:
    return world_of(site)


@pytest.mark.parametrize(
    ("section", "slug"),
    [
        *(
            ("sessions", slug)
            for slug in ("done", "manage", "link", "health", "mine", "staff", "correct", "move")
        ),
        *(
            ("pages", slug)
            for slug in ("register", "schedule", "trainings", "parents", "contacts", "calendar")
        ),
        *(("pages", slug) for slug in ("theme", "es", "edit", "images")),
        ("trainings", "any"),
    ],
)
def test_a_taken_address_is_an_error_that_says_what_to_do(tmp_path: Path, section: str, slug: str) -> None:
    folder = ContentFolder(tmp_path)
    folder.write(f"{section}/{slug}.md", "Title: Something\nSummary: Something.\n")

    assert folder.errors() == [
        (
            f"content/{section}/{slug}.md:1: the site needs this address for something else "
            "(choose another name, such as that with the date or the topic behind it)"
        )
    ]


@pytest.mark.parametrize("path", ["pages/done.md", "parents/register.md", "parents/schedule.md"])
def test_the_same_name_where_it_is_free_is_none(tmp_path: Path, path: str) -> None:
    folder = ContentFolder(tmp_path)
    for name in (path, path.replace(".md", ".es.md")):
        folder.write(name, "Title: Something\nSummary: Something.\n\nText.\n")

    assert folder.errors() == []


def test_every_address_of_the_function_is_taken(world: World) -> None:
    rules = [rule.rule.removeprefix(FUNCTION) for rule in world.app().url_map.iter_rules()]
    own = {rule.partition("/")[0] for rule in rules if not rule.startswith("<session_id>")}

    assert {"done", "manage", "link", "status.json", "health"} <= own
    assert [word for word in own if not is_taken("sessions", word)] == []


def test_every_folder_of_the_site_that_is_no_page_of_writers_is_taken(site: BuiltSite) -> None:
    folders = {path.name for path in site.output.iterdir() if path.is_dir()}
    pages = {path.stem for path in (Path("content") / "pages").glob("*.md")}

    assert [name for name in folders if name not in pages and not is_taken("pages", name)] == []
    assert "schedule" in folders
