# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one process keeps for the next: nothing is made twice, and what cannot be trusted is not used."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import pytest

from plugins.build import Builder
from tests.support.constants import ROOT
from tests.support.kept_site import SmallKeptSite
from tests.support.small_site import TEMPLATES
from tests.support.stopped_disk import meanwhile


@pytest.fixture
def site(tmp_path: Path) -> SmallKeptSite:
    """A small site that one process has built."""
    site = SmallKeptSite(tmp_path)
    site.build()
    return site


def test_where_nothing_has_changed_nothing_is_done(site: SmallKeptSite) -> None:
    before = {path: path.stat().st_mtime_ns for path in site.root.rglob("*")}
    public = [path for path in site.built() if path.startswith("output/")]

    report = site.build()

    assert (report.unchanged, report.made, report.files) == (True, 0, len(public))
    assert {path: path.stat().st_mtime_ns for path in site.root.rglob("*")} == before
    assert site.said == []


def test_where_nothing_has_changed_pelican_is_not_even_loaded(site: SmallKeptSite) -> None:
    script = (
        "import sys; from pathlib import Path; from plugins.build import Builder\n"
        f"report = Builder(Path({str(site.root / 'pelicanconf.py')!r}), cache=Path({str(site.cache)!r})).build()\n"
        "print(report.unchanged, {'pelican', 'jinja2', 'icalendar', 'babel'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert done.stdout == "True set()\n"


def test_warnings_are_told_again_by_a_process_that_does_nothing(site: SmallKeptSite) -> None:
    site.content.session("a", "Bring a pen.")
    told = [str(warning) for warning in site.build().warnings]
    again = site.build()

    assert (again.unchanged, [str(warning) for warning in again.warnings]) == (True, told)
    assert len(told) == 1


def test_another_process_makes_only_what_has_changed(site: SmallKeptSite) -> None:
    site.content.change("sessions/b.md", "Capacity: 20", "Capacity: 30")
    report = site.build()

    assert (report.unchanged, 0 < report.made < report.files) == (False, True)
    assert site.is_as_cold()


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "content/sessions/b.md").unlink(),
        lambda root: (root / "theme/static/site.css").write_text("a { color: blue }"),
        lambda root: (root / "theme/templates/home.html").write_text("{{ page.title }}"),
        lambda root: (root / "theme/translations/es/LC_MESSAGES/theme.po").write_text(
            'msgid ""\nmsgstr ""\n'
        ),
        lambda root: (root / "pelicanconf.py").write_text(
            (root / "pelicanconf.py").read_text().replace("2026-11-30", "2027-03-01")
        ),
        lambda root: (root / "pelicanconf.py").write_text(
            (root / "pelicanconf.py").read_text().replace("example.org", "example.org/folder")
        ),
        lambda root: (root / "output/schedule/a/index.html").write_text("somebody's own"),
        lambda root: (root / "output/schedule/a/index.html").unlink(),
        lambda root: (root / "output/schedule/a/index.html").chmod(0o600),
        lambda root: (root / "output/schedule").chmod(0o700),
        lambda root: (root / "output/schedule/foreign.html").write_text("somebody's own"),
        lambda root: (root / "build/site.json").write_text("{}"),
        lambda root: (root / "build").chmod(0o755),
    ],
    ids=[
        *("content", "static", "template", "translation", "day", "address"),
        *(
            "file changed",
            "file deleted",
            "file's mode",
            "folder's mode",
            "file added",
            "private",
            "private's mode",
        ),
    ],
)
def test_whatever_changes_between_two_processes_is_seen(
    site: SmallKeptSite, change: Callable[[Path], object]
) -> None:
    change(site.root)
    report = site.build()

    assert not report.unchanged
    assert site.is_as_cold()
    modes = [
        (site.root / path).stat().st_mode & 0o777 for path in ("output/schedule", "build", "build/site.json")
    ]
    assert modes == [0o755, 0o700, 0o600]
    assert (site.root / "output/schedule/a/index.html").stat().st_mode & 0o777 == 0o644
    assert site.build().unchanged


def test_a_file_that_git_does_not_know_counts_by_its_time(site: SmallKeptSite) -> None:
    file = site.root / "content/sessions/a.md"
    os.utime(file, (1_700_000_000, 1_700_000_000))

    assert not site.build().unchanged
    assert site.is_as_cold()


def _flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "memo with another byte": ("memo", _flip),
    "memo cut off": ("memo", lambda file: os.truncate(file, 1000)),
    "memo empty": ("memo", lambda file: os.truncate(file, 0)),
    "memo others may write": ("memo", lambda file: file.chmod(0o666)),
    "memo a folder": ("memo", _folder),
    "memo gone": ("memo", lambda file: file.unlink()),
    "state no JSON": ("state", lambda file: file.write_text("{")),
    "state no text": ("state", lambda file: file.write_bytes(b"\xff\xfe")),
    "state of another shape": ("state", lambda file: file.write_text("[]")),
    "state of another format": ("state", lambda file: file.write_text('{"format": 0}')),
    "state others may write": ("state", lambda file: file.chmod(0o666)),
    "state a folder": ("state", _folder),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_what_cannot_be_trusted_is_not_used_and_said_once(site: SmallKeptSite, kind: str) -> None:
    name, damage = DAMAGE[kind]
    damage(site.cache / name)
    site.content.change("sessions/b.md", "Capacity: 20", "Capacity: 30")

    report = site.build()

    assert report.made == report.files
    assert site.is_as_cold()
    assert len(site.said) == 1
    assert site.said[0].startswith(
        "note: what the last build kept cannot be used, so this one makes everything anew: "
    )
    assert str(site.cache / name) in site.said[0]
    assert "\n" not in site.said[0]


def test_what_belongs_to_somebody_else_is_not_used(
    site: SmallKeptSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the superuser can give a file away, so it is the process here that becomes another's."""
    site.content.change("sessions/b.md", "Capacity: 20", "Capacity: 30")
    user = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: user + 1)

    report = site.build()

    assert report.made == report.files
    assert site.said[0].endswith("may be somebody else's")


def test_where_nothing_can_be_kept_a_build_says_so_and_is_good(tmp_path: Path) -> None:
    site = SmallKeptSite(tmp_path)
    site.cache.parent.mkdir()
    site.cache.write_text("a file in the place of the folder")
    report = site.build()

    assert report.made == report.files
    assert site.is_as_cold()
    assert len(site.said) == 1
    assert site.said[0].startswith(f"note: {site.cache}: ")


def test_a_build_that_is_stopped_while_it_places_files_leaves_nothing_to_go_by(
    site: SmallKeptSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.content.change("sessions/b.md", "Capacity: 20", "Capacity: 30")

    stop = Mock(side_effect=KeyboardInterrupt)
    with monkeypatch.context() as patched:
        patched.setattr("plugins.build.place", stop)
        with pytest.raises(KeyboardInterrupt):
            site.build()
    assert not (site.cache / "state").exists()
    (site.root / "output/schedule/b/index.html").write_text("half of what was placed")

    report = site.build()

    assert report.made == report.files
    assert site.is_as_cold()


def test_an_error_in_a_template_leaves_what_is_kept(site: SmallKeptSite) -> None:
    site.write("theme/templates/contacts.html", "{{ nothing.here }}")
    with pytest.raises(Exception, match="'nothing' is undefined"):
        site.build()
    site.write("theme/templates/contacts.html", TEMPLATES["contacts.html"])

    assert site.build().unchanged


def test_a_site_that_is_built_elsewhere_is_whole_there(site: SmallKeptSite) -> None:
    folders = {"OUTPUT_PATH": str(site.root / "cold/output"), "BUILD_PATH": str(site.root / "cold/build")}
    before = site.built()
    report = Builder(site.root / "pelicanconf.py", folders, cache=site.cache).build()

    assert report.made == report.files
    assert {path: data for path, data in before.items() if not path.startswith(".cache/")} == {
        file.relative_to(site.root / "cold").as_posix(): file.read_bytes()
        for file in (site.root / "cold").rglob("*")
        if file.is_file()
    }


def test_what_is_moved_after_a_build_is_gone_on_with_where_it_stands(site: SmallKeptSite) -> None:
    """As versions of the published site are."""
    first, second = site.root / "first", site.root / "second"
    for folder, before in ((first, None), (second, first)):
        new = site.root / "new"
        places = {"OUTPUT_PATH": str(new / "site"), "BUILD_PATH": str(new / "build")}
        builder = Builder(
            site.root / "pelicanconf.py",
            places,
            cache=site.root / ".cache/published",
            before=(before / "site", before / "build") if before else None,
            moves=True,
        )
        report = builder.build()
        if folder == second:
            assert (report.unchanged, (new / "site").exists()) == (True, False)
            break
        new.rename(folder)
        builder.keep((folder / "site", folder / "build"))


def test_what_stands_elsewhere_and_is_to_stay_is_the_same_file_in_the_new_folder(site: SmallKeptSite) -> None:
    new = site.root / "new"
    places = {"OUTPUT_PATH": str(new / "site"), "BUILD_PATH": str(new / "build")}
    before = (site.root / "output", site.root / "build")
    site.content.change("sessions/b.md", "Capacity: 20", "Capacity: 30")
    Builder(site.root / "pelicanconf.py", places, cache=site.cache, before=before).build()

    same = (new / "site/schedule/a/index.html", site.root / "output/schedule/a/index.html")
    other = (new / "site/schedule/b/index.html", site.root / "output/schedule/b/index.html")
    assert [one.samefile(before) for one, before in (same, other)] == [True, False]


def test_what_is_edited_while_the_site_is_built_is_said_and_nothing_is_kept(site: SmallKeptSite) -> None:
    site.content.session("b", Start="2027-01-07 11:00")

    with meanwhile("os.mkdir", ".output.new", lambda: site.content.session("b", Start="2027-01-07 12:00")):
        site.build()

    assert site.said == ["note: something was edited while the site was built; build it again"]
    assert not (site.cache / "state").exists()
