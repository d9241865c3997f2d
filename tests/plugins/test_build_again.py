# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a later build of one process sees, and what it leaves; each as a cold build would have it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.small_site import PO, SETTINGS, TEMPLATES, SmallSite


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    """A small site that has been built once."""
    site = SmallSite(tmp_path)
    site.builder.build()
    return site


def in_place(file: Path, data: bytes) -> None:
    """Write over a file: its number (inode) stays."""
    file.write_bytes(data)


def anew(file: Path, data: bytes) -> None:
    """Put another file in the place of one."""
    aside = file.with_name("aside")
    aside.write_bytes(data)
    aside.replace(file)


@pytest.mark.parametrize("write", [in_place, anew])
@pytest.mark.parametrize(
    ("path", "old", "new", "page"),
    [
        ("content/sessions/a.md", "Capacity: 20", "Capacity: 30", "schedule/a/index.html"),
        ("theme/templates/session.html", "capacity", "language", "schedule/a/index.html"),
        (
            "theme/translations/es/LC_MESSAGES/theme.po",
            "Capacitaciones",
            "Entrenamiento.",
            "es/trainings/index.html",
        ),
    ],
)
def test_a_change_that_keeps_the_time_and_the_size_of_a_file_is_seen(
    site: SmallSite, path: str, old: str, new: str, page: str, write: Callable[[Path, bytes], None]
) -> None:
    before = site.built()
    file = site.root / path
    stat, text = file.stat(), file.read_text()
    write(file, text.replace(old, new).encode())
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (stat.st_size, stat.st_mtime_ns)

    site.builder.build()

    assert site.built()[f"output/{page}"] != before[f"output/{page}"]
    assert site.built() == site.cold()


def test_an_added_and_a_deleted_translation_of_the_theme_are_seen(site: SmallSite) -> None:
    site.write("theme/translations/es/LC_MESSAGES/zz.po", PO.replace("Capacitaciones", "Cursos"))
    site.builder.build()
    assert site.built()["output/es/trainings/index.html"] == b"Cursos /es/trainings/overview/\n"
    assert site.built() == site.cold()

    (site.root / "theme/translations/es/LC_MESSAGES/zz.po").unlink()
    site.builder.build()
    assert site.built() == site.cold()


def test_messages_in_another_order_are_told_to_the_function_in_that_order(site: SmallSite) -> None:
    more = '\nmsgid "Contacts"\nmsgstr "Contactos"\n'
    site.write("theme/translations/es/LC_MESSAGES/theme.po", PO + more)
    site.builder.build()
    head, trainings = PO.split("\n\n")
    site.write("theme/translations/es/LC_MESSAGES/theme.po", f"{head}\n{more}\n{trainings}")
    site.builder.build()

    assert site.built() == site.cold()


def test_a_changed_an_added_and_a_deleted_static_file_are_seen(site: SmallSite) -> None:
    for change in (
        lambda: site.write("theme/static/site.css", "a { color: blue }"),
        lambda: site.write("theme/static/print.css", "a { color: black }"),
        lambda: (site.root / "theme/static/print.css").rename(site.root / "theme/static/Print.css"),
        lambda: (site.root / "theme/static/Print.css").unlink(),
    ):
        change()
        site.builder.build()
        assert site.built() == site.cold()


def test_what_editors_leave_in_the_theme_is_no_part_of_it(site: SmallSite) -> None:
    before = site.built()
    for folder in ("static", "templates", "translations/es/LC_MESSAGES"):
        for name in (".home.html.swp", "home.html~", "#home.html#", ".DS_Store", "home.html.orig"):
            site.write(f"theme/{folder}/{name}", "{% nothing good %}")

    assert site.builder.build().made == 0
    assert site.built() == before == site.cold()


def test_a_template_that_cannot_be_read_leaves_everything_until_it_can(site: SmallSite) -> None:
    before = site.built()
    file = site.root / "theme/templates/contacts.html"
    file.write_text("{% if site %}")
    with pytest.raises(Exception, match=r"theme/templates/contacts\.html:1: .*TemplateSyntaxError"):
        site.builder.build()
    assert site.built() == before

    file.write_text(TEMPLATES["contacts.html"])
    site.builder.build()
    assert site.built() == site.cold()


def test_a_builder_knows_which_settings_have_changed_since_it_read_them(site: SmallSite) -> None:
    assert site.builder.changed_settings() == []

    site.write("pelicanconf.py", SETTINGS.replace("180", "90"))
    site.write("publishconf.py", "PRODUCTION = True\n")
    assert site.builder.changed_settings() == ["pelicanconf.py", "publishconf.py"]

    site.write("pelicanconf.py", SETTINGS)
    (site.root / "publishconf.py").unlink()
    assert site.builder.changed_settings() == []
