# SPDX-License-Identifier: AGPL-3.0-or-later
"""Building aside: an error leaves the old site as it was, and a later build makes only what has changed."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest

from plugins.build import Builder, BuildFailed
from plugins.build_log import start_logging
from plugins.trainings.problems import ContentError
from tests.support.content import TRAINER
from tests.support.small_site import LINK, TEMPLATES, SmallSite

PAGES = {
    f"{prefix}{page}index.html"
    for prefix in ("", "es/")
    for page in (
        "",
        "trainings/",
        "trainings/overview/",
        "schedule/",
        "schedule/a/",
        "schedule/b/",
        "contacts/",
    )
} | {"404.html"}


@pytest.fixture
def site(tmp_path: Path) -> SmallSite:
    """A small site that has been built once."""
    site = SmallSite(tmp_path)
    site.builder.build()
    return site


def test_the_first_build_makes_every_page(site: SmallSite) -> None:
    assert site.pages().keys() == PAGES
    assert site.built()["output/schedule/a/index.html"] == b"Overview, Thursday, December 3: 20\n"
    assert site.built()["output/es/trainings/index.html"] == b"Capacitaciones /es/trainings/overview/\n"


def test_a_report_says_how_many_files_there_are_and_how_many_were_made(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    first = site.builder.build()
    second = site.builder.build()
    files = [path for path in site.built() if path.startswith("output/")]

    assert (first.files, first.made) == (len(files), len(files))
    assert (second.files, second.made) == (len(files), 0)


def test_warnings_are_reported_again_by_a_build_that_makes_nothing(site: SmallSite) -> None:
    site.content.session("a", "Bring a pen.")
    told = [
        "content/sessions/a.md:10: warning: the text has no Spanish translation (add it to content/sessions/a.es.md)"
    ]

    for _ in range(2):
        assert [str(warning) for warning in site.builder.build().warnings] == told


def test_a_private_link_is_in_the_private_folder_alone_which_its_owner_alone_can_read(
    site: SmallSite,
) -> None:
    holding = [path for path, data in site.built().items() if LINK.encode() in data]

    assert holding == ["build/schedule.json"]
    assert (site.root / "build").stat().st_mode & 0o777 == 0o700
    assert (site.root / "build/schedule.json").stat().st_mode & 0o777 == 0o600
    assert (site.root / "build/site.json").stat().st_mode & 0o777 == 0o600


def test_a_content_error_leaves_everything_byte_for_byte(site: SmallSite) -> None:
    before = site.built()
    site.content.session("a", Capacity="0")
    site.content.session("c", Start="2027-02-04 10:00")

    with pytest.raises(ContentError) as caught:
        site.builder.build()

    assert str(caught.value) == 'content/sessions/a.md:5: Capacity: 0 is less than 1 (as in "Capacity: 20")'
    assert site.built() == before


def test_a_content_error_in_a_new_process_leaves_everything_byte_for_byte(site: SmallSite) -> None:
    before = site.built()
    site.content.session("a", Capacity="0")

    with pytest.raises(ContentError):
        Builder(site.root / "pelicanconf.py").build()

    assert site.built() == before


def test_an_error_in_a_template_leaves_everything_byte_for_byte_until_it_is_mended(site: SmallSite) -> None:
    before = site.built()
    site.write("theme/templates/contacts.html", "{{ nothing.here }}")
    site.content.session("a", Capacity="30")

    with pytest.raises(BuildFailed) as caught:
        site.builder.build()
    assert str(caught.value) == "theme/templates/contacts.html:1: UndefinedError: 'nothing' is undefined"
    assert site.built() == before

    site.write("theme/templates/contacts.html", TEMPLATES["contacts.html"])
    site.builder.build()
    assert site.built() == site.cold()


def test_a_page_at_the_address_of_another_leaves_everything_byte_for_byte(site: SmallSite) -> None:
    before = site.built()
    site.content.write("pages/schedule.md", "Title: Schedule\nSummary: Another one.\n")
    site.content.write("pages/schedule.es.md", "Title: Calendario\nSummary: Otro.\n")

    with pytest.raises(ContentError) as caught:
        site.builder.build()

    assert str(caught.value).splitlines() == [
        f"content/pages/{name}:1: the site needs this address for something else "
        "(choose another name, such as that with the date or the topic behind it)"
        for name in ("schedule.es.md", "schedule.md")
    ]
    assert site.built() == before


def test_after_an_error_is_mended_only_what_has_changed_is_made(site: SmallSite) -> None:
    site.content.change("trainers/ca-msix-support.md", "Kind: support", "Kind: x")
    with pytest.raises(ContentError):
        site.builder.build()
    site.content.change("trainers/ca-msix-support.md", "Kind: x", "Kind: support")

    assert site.builder.build().made == 0


def test_a_change_in_one_session_makes_what_lists_it_and_writes_what_says_it(site: SmallSite) -> None:
    before = site.pages()
    site.content.change("sessions/b.md", "Capacity: 20", "Capacity: 30")
    report = site.builder.build()
    after = site.pages()

    # The page of another session of its training lists it, too.
    lists = ("", "trainings/overview/", "schedule/", "schedule/a/", "schedule/b/")
    assert report.made == len(lists) * 2
    assert {page for page in after if after[page] != before.get(page)} == {
        f"{prefix}schedule/b/index.html" for prefix in ("", "es/")
    }


def test_a_deleted_session_takes_its_pages_and_their_folders_along(site: SmallSite) -> None:
    site.content.delete("sessions/b.md")
    site.builder.build()

    assert site.pages().keys() == PAGES - {"schedule/b/index.html", "es/schedule/b/index.html"}
    assert not (site.builder.output / "schedule/b").exists()
    assert not (site.builder.output / "es/schedule/b").exists()


def test_a_first_build_takes_the_place_of_whatever_was_there(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    site.write("output/schedule/old/index.html", "old")
    site.write("build/old.json", "{}")
    site.builder.build()

    assert site.built() == site.cold()


def test_a_site_that_was_deleted_is_made_again(site: SmallSite) -> None:
    before = site.built()
    site.builder.output.rename(site.root / "cold")

    site.builder.build()

    assert site.built() == before


def test_every_later_build_leaves_what_a_first_one_would_make(site: SmallSite) -> None:
    site.content.write("pages/about.md", "Title: About\nSummary: Us.\n\nWe are here.\n")
    site.content.write("pages/about.es.md", "Title: Acerca de\nSummary: Nosotros.\n\nAquí estamos.\n")
    site.builder.build()
    assert site.built() == site.cold()

    site.content.session("cafe", Start="2027-03-04 10:00", Repeat="FREQ=WEEKLY;COUNT=3")
    site.content.write("trainers/ana.md", TRAINER.replace("Uriel Ramirez Torres", "Ana"))
    site.content.write("trainers/ana.es.md", "")
    site.builder.build()
    assert site.built() == site.cold()

    site.content.write("sessions/cafe-2027-03-11.md", "Status: cancelled\nTrainers: ana\n")
    site.content.delete("pages/about.md")
    site.content.delete("pages/about.es.md")
    site.content.delete("sessions/a.md")
    site.builder.build()
    assert site.built() == site.cold()


def command(site: SmallSite) -> subprocess.CompletedProcess[str]:
    """Build from the command line."""
    arguments = [sys.executable, "-m", "plugins.build", "--settings", str(site.root / "pelicanconf.py")]
    return subprocess.run(arguments, capture_output=True, text=True, check=False)


def test_the_command_prints_every_problem_plainly_and_fails(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    site.content.session("a", Capacity="0", Trainers="uriel-ramirez")
    done = command(site)

    assert (done.returncode, done.stdout, done.stderr) == (
        1,
        "",
        (
            'content/sessions/a.md:4: Trainers: no trainer "uriel-ramirez" (did you mean "uriel-ramirez-torres"?)\n'
            'content/sessions/a.md:5: Capacity: 0 is less than 1 (as in "Capacity: 20")\n'
        ),
    )
    assert site.built() == {}


def test_the_command_prints_warnings_and_succeeds(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    site.content.session("a", "Bring a pen.")
    done = command(site)

    assert (done.returncode, done.stderr) == (
        0,
        (
            "content/sessions/a.md:10: warning: the text has no Spanish translation "
            "(add it to content/sessions/a.es.md)\n"
        ),
    )
    assert site.pages().keys() == PAGES


def test_errors_that_others_log_do_not_stop_them(caplog: pytest.LogCaptureFixture) -> None:
    """As the sign-up function's, whose postman runs in the process of the preview."""
    start_logging()

    logging.getLogger("test_build.another_program").error("mail server is down")

    assert [record.getMessage() for record in caplog.records] == ["mail server is down"]
