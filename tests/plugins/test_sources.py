# SPDX-License-Identifier: AGPL-3.0-or-later
"""The digests of all that a build reads: each thing that it reads changes them, and nothing else does."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.sources import Sources, look
from plugins.trainings.file_states import FileStates
from plugins.trainings.settings_file import load_settings
from tests.support.constants import ROOT
from tests.support.content import Repository
from tests.support.small_site import SmallSite

PLUGIN = 'PLUGINS = ["plugins.trainings", "a_plugin_from_elsewhere"]\n'


def sources(site: SmallSite) -> Sources:
    return look(load_settings(site.root / "pelicanconf.py"), site.root, site.root / "build", FileStates())


def add(path: str, text: str) -> Callable[[SmallSite], object]:
    """Return a change that adds to the end of a file, or makes one."""

    def change(site: SmallSite) -> None:
        file = site.root / path
        site.write(path, (file.read_text() if file.exists() else "") + text)

    return change


CHANGES: dict[str, tuple[Callable[[SmallSite], object], bool]] = {
    "a text": (add("content/sessions/a.md", "\nBring a pen.\n"), False),
    "a file more": (add("content/pages/about.md", "Title: About\n"), False),
    "a file less": (lambda site: (site.root / "content/sessions/b.md").unlink(), False),
    "another name": (
        lambda site: (site.root / "content/sessions/b.md").rename(site.root / "content/sessions/c.md"),
        False,
    ),
    "an empty folder": (lambda site: (site.root / "content/more").mkdir(), False),
    "a static file": (add("theme/static/site.css", "b { color: red }"), False),
    "a template": (add("theme/templates/home.html", " "), True),
    "a translation": (add("theme/translations/es/LC_MESSAGES/theme.po", "# \n"), True),
    "a setting": (add("pelicanconf.py", "RETENTION_DAYS = 90\n"), True),
    "a function in the settings": (add("pelicanconf.py", "def hook(): ...\n"), True),
    "settings beside the settings": (add("otherconf.py", "VALUE = 1\n"), True),
    "a setting that nobody knows": (add("pelicanconf.py", "OF_A_PLUGIN = [1]\n"), True),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_a_build_reads_changes_the_digest(tmp_path: Path, kind: str) -> None:
    site = SmallSite(tmp_path)
    before = sources(site)
    change, is_program = CHANGES[kind]
    change(site)
    after = sources(site)

    assert after.everything != before.everything
    assert (after.program != before.program) == is_program


@pytest.mark.parametrize(
    "change",
    [
        add("theme/templates/.home.html.swp", "left by an editor"),
        add("theme/static/site.css~", "left by an editor"),
        add("output/index.html", "a page"),
        add("build/schedule.json", "{}"),
    ],
)
def test_what_no_build_reads_does_not(tmp_path: Path, change: Callable[[SmallSite], object]) -> None:
    site = SmallSite(tmp_path)
    before = sources(site)
    change(site)

    assert sources(site) == before


def test_a_setting_from_the_environment_counts_by_its_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = SmallSite(tmp_path)
    add("pelicanconf.py", 'import os\nSITENAME = os.environ.get("NAME_OF_THE_SITE", "")\n')(site)
    digests = []
    for name in ("one", "another", "one"):
        monkeypatch.setenv("NAME_OF_THE_SITE", name)
        digests.append(sources(site))

    assert digests[0] == digests[2] != digests[1]


def test_a_plugin_from_elsewhere_counts_by_its_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = SmallSite(tmp_path)
    add("pelicanconf.py", PLUGIN)(site)
    monkeypatch.syspath_prepend(tmp_path / "python")
    digests = []
    for code in ("", "def register(): ...\n", "def register():\n    pass\n"):
        site.write("python/a_plugin_from_elsewhere/__init__.py", "")
        site.write("python/a_plugin_from_elsewhere/inner.py", code)
        digests.append(sources(site).program)

    assert len(set(digests)) == 3


def test_a_commit_and_an_edit_count(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    site.write(".gitignore", "/output/\n/build/\n")
    repository = Repository(tmp_path)
    repository.commit()
    told = [sources(site)]
    (tmp_path / "README.md").write_text("Nothing that a build reads.")
    told.append(sources(site))
    repository.commit()
    told.append(sources(site))
    os.utime(tmp_path / "content/sessions/a.md", (1_700_000_000, 1_700_000_000))
    told.append(sources(site))
    site.content.session("a", Capacity="7")
    told.append(sources(site))
    os.utime(tmp_path / "content/sessions/a.md", (1_700_000_000, 1_700_000_000))
    told.append(sources(site))

    everything = [one.everything for one in told]
    assert everything[0] == everything[1]  # no commit yet
    assert everything[2] == everything[3]  # what is committed has no time
    assert len(set(everything)) == 4


def test_files_outside_a_repository_count_by_their_times(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    before = sources(site)
    os.utime(tmp_path / "content/sessions/a.md", (1_700_000_000, 1_700_000_000))

    assert sources(site).everything != before.everything


def test_the_day_counts_and_where_the_site_goes_does_not(tmp_path: Path) -> None:
    SmallSite(tmp_path)
    digests = []
    for overrides in ({}, {"BUILD_DATE": "2026-12-01"}, {"OUTPUT_PATH": "elsewhere", "BUILD_PATH": "there"}):
        settings = load_settings(tmp_path / "pelicanconf.py", overrides)
        digests.append(look(settings, tmp_path, tmp_path / "build", FileStates()))

    assert digests[0] == digests[2]
    assert digests[1].program == digests[0].program
    assert digests[1].everything != digests[0].everything


def test_what_stands_published_counts_for_the_public_alone(tmp_path: Path) -> None:
    site = SmallSite(tmp_path)
    add("pelicanconf.py", "PRODUCTION = True\n")(site)
    before = sources(site)
    site.write("build/schedule.json", "{}")

    assert sources(site).everything != before.everything


@pytest.mark.parametrize(
    "path",
    [
        "plugins/sources.py",
        "plugins/editor/editor.js",
        "schedule/model.py",
        "functions/register/web/forms.py",
        "requirements/editor.txt",
    ],
)
def test_the_projects_own_code_counts(tmp_path: Path, path: str) -> None:
    """In a copy of the project, each time in a new process: what runs is read once."""
    for folder in ("plugins", "schedule", "functions", "requirements"):
        (tmp_path / folder).mkdir()
    for name in ("plugins", "schedule", "functions/register", "requirements/editor.txt"):
        subprocess.run(["cp", "-r", f"{ROOT / name}", f"{(tmp_path / name).parent}"], check=True)
    file = tmp_path / path
    assert file.is_file()

    digests = []
    for text in (b"", b"\n"):
        file.write_bytes(file.read_bytes() + text)
        script = "from plugins.sources import code_digest; print(code_digest())"
        environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, check=True
        )
        digests.append(done.stdout)

    assert digests[0] != digests[1]
