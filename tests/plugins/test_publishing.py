# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `make publish` looks at before it lets a build take the place of the last one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from plugins import page_checks, vanished_sessions
from plugins.publish import publish
from plugins.published import Published
from plugins.trainings import signals
from plugins.trainings.revisions import RepositoryError, UncommittedContent
from plugins.vanished_sessions import vanished
from schedule.contract import to_json
from schedule.model import Schedule, Session
from tests.support.constants import BUILD_DATE, ROOT, SITE_URL
from tests.support.content import Repository, copy_content
from tests.support.schedules import OVERVIEW, cancelled, contract_with, session, timed

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
CAFE = "sessions/cafe.md"
OVERVIEW_FILE = "sessions/2026-12-03-overview.md"


class Office:
    """Somebody who publishes from a repository of their own, as often as wanted."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.content = copy_content(root)
        self.repository = Repository(root)
        self.published = Published(root / "published")
        (root / ".gitignore").write_text("published\n.published/\n")
        self.repository.commit()

    def publish(self, *, settings: str = "publishconf.py", **more: object) -> list[str]:
        """Publish; return what is warned of."""
        overrides = {
            "PATH": str(self.content),
            "SITEURL": SITE_URL,
            "BUILD_DATE": BUILD_DATE,
            "SAMPLE_CONTENT": False,
            **more,
        }
        said: list[str] = []
        self.done = publish(ROOT / settings, self.published, said.append, overrides, cache=self.root / "kept")
        return said


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office whose content is committed; what publishing connects does not stay for other tests' builds."""
    # publishconf.py imports pelicanconf, and other tests have small ones of that name.
    monkeypatch.delitem(sys.modules, "pelicanconf", raising=False)
    yield Office(tmp_path)
    signals.pages_written.disconnect(vanished_sessions._warn)
    signals.site_written.disconnect(page_checks._check)


def test_content_that_is_not_committed_is_refused_with_the_names_of_its_files(office: Office) -> None:
    assert office.publish() == []
    published = (office.root / "published/build/schedule.json").read_bytes()
    (office.content / OVERVIEW_FILE).write_text(
        (office.content / OVERVIEW_FILE).read_text().replace("Capacity: 40", "Capacity: 41")
    )
    (office.content / "sessions/2026-12-04-new.md").write_text(
        (office.content / OVERVIEW_FILE).read_text().replace("2026-12-03", "2026-12-04")
    )
    (office.content / "sessions/2027-06-09-overview.md").unlink()
    names = [
        "content/sessions/2026-12-03-overview.md",
        "content/sessions/2026-12-04-new.md",
        "content/sessions/2027-06-09-overview.md",
    ]

    with pytest.raises(UncommittedContent) as refused:
        office.publish()

    assert str(refused.value) == (
        f"{', '.join(names)}: are not committed, so the calendars' SEQUENCE would not tell the next change of them; "
        "commit them first (or go on all the same: make publish ALLOW_UNCOMMITTED=yes)"
    )
    assert (office.root / "published/build/schedule.json").read_bytes() == published

    told = office.publish(ALLOW_UNCOMMITTED=True)
    unsafe = [f"{name}:1: warning: is published as it is, not committed" for name in names]
    assert told[:3] == unsafe

    office.repository.commit()
    assert [line for line in office.publish() if "committed" in line] == []


def test_an_address_that_is_for_examples_alone_is_not_published(office: Office) -> None:
    trainer = office.content / "trainers/yecenia-ocampo.md"
    trainer.write_text(
        trainer.read_text().replace("Kind: trainer\n", "Kind: trainer\nEmail: ana@example.net\n")
    )
    office.repository.commit()

    with pytest.raises(page_checks.PagesNotGood) as refused:
        office.publish()

    assert (
        'contacts/index.html: "ana@example.net" is for examples alone; look for it in content/, '
        "and give an address of your own"
    ) in str(refused.value).splitlines()
    assert office.published.current is None


def test_content_that_git_ignores_is_content_that_is_not_committed(office: Office) -> None:
    (office.root / ".git/info/exclude").write_text("*draft*\n")
    (office.content / "sessions/.draft.md.swp").touch()  # an editor's own
    assert office.publish() == []
    text = (office.content / OVERVIEW_FILE).read_text().replace("2026-12-03", "2026-12-04")
    (office.content / "sessions/2026-12-04-draft.md").write_text(text)

    with pytest.raises(UncommittedContent) as refused:
        office.publish()

    assert refused.value.files == ("content/sessions/2026-12-04-draft.md",)


def test_what_is_not_content_need_not_be_committed(office: Office) -> None:
    (office.root / "notes.txt").write_text("To do: commit me.\n")

    assert office.publish() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"), ("PATH", "/nowhere")],
    ids=["owner", "no git"],
)
def test_a_repository_that_git_does_not_read_is_refused_rather_than_taken_for_none(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(RepositoryError) as refused:
        office.publish()

    assert str(refused.value) == (
        f"{office.content}: git does not tell the history of the repository around it, so the calendars' SEQUENCE "
        f"would fall; see why: git -C {office.content} status"
    )
    office.publish(settings="pelicanconf.py")  # a preview needs no history


def test_an_exported_folder_is_published_with_one_warning_that_says_what_to_do(office: Office) -> None:
    shutil.rmtree(office.root / ".git")

    told = [line for line in office.publish() if "SEQUENCE" in line]
    previewed = [line for line in office.publish(settings="pelicanconf.py") if "SEQUENCE" in line]

    words = (
        "content:1: warning: is in no git repository, so the SEQUENCE of every event is 0, and calendars that know "
        "another one take no changes (publish from a clone of the repository, not from an export of it)"
    )
    assert (told, previewed) == ([words], [])


def test_a_preview_takes_content_as_it_is(office: Office) -> None:
    (office.content / OVERVIEW_FILE).write_text(
        (office.content / OVERVIEW_FILE).read_text().replace("Capacity: 40", "Capacity: 41")
    )

    told = office.publish(settings="pelicanconf.py")

    assert [line for line in told if "committed" in line] == []


def test_the_command_and_make_hand_on_that_it_may_be_published(office: Office) -> None:
    (office.content / OVERVIEW_FILE).write_text(
        (office.content / OVERVIEW_FILE).read_text().replace("Capacity: 40", "Capacity: 41")
    )
    settings = office.root / "settings.py"
    text = (ROOT / "publishconf.py").read_text(encoding="utf-8")
    settings.write_text(f"{text}\nPATH, THEME = {str(office.content)!r}, {str(ROOT / 'theme')!r}\n")
    environment = {
        **os.environ,
        "BUILD_DATE": BUILD_DATE,
        "SITEURL": SITE_URL,
        "SAMPLE_CONTENT": "no",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "plugins.publish", "-s", str(settings)]
    command += ["--published", str(office.published.link)]

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *more], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    refused = run()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("error: content/sessions/2026-12-03-overview.md: is not committed, ")
    allowed = run("--allow-uncommitted")
    assert allowed.returncode == 0
    assert "content/sessions/2026-12-03-overview.md:1: warning: is published as it is" in allowed.stderr

    for given, wanted in (("yes", True), ("no", False), ("", False)):
        made = subprocess.run(
            ["make", "--dry-run", "publish", f"ALLOW_UNCOMMITTED={given}"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        (line,) = (line for line in made.stdout.splitlines() if "plugins.publish" in line)
        assert line.rstrip().endswith(" --allow-uncommitted") == wanted


def test_a_published_session_whose_file_is_deleted_is_told_once(office: Office) -> None:
    office.publish()
    (office.content / OVERVIEW_FILE).unlink()
    (office.content / OVERVIEW_FILE.replace(".md", ".es.md")).unlink()
    office.repository.commit()

    assert office.publish() == [
        (
            "content/sessions/2026-12-03-overview.md:1: warning: the session was published and is not over, but is "
            'gone, and people who signed up are told nothing (put the file back, with "Status: canceled")'
        )
    ]
    assert office.publish() == []
    assert not office.done.is_new


def test_what_was_published_a_moment_ago_is_not_built_again(office: Office) -> None:
    office.publish()
    assert office.done.is_new
    version = office.done.version

    assert office.publish() == []
    assert (office.done.report.unchanged, office.done.version, office.done.is_new) == (True, version, False)


def test_a_date_that_its_series_lost_is_told_too(office: Office) -> None:
    office.publish()
    text = (office.content / CAFE).read_text()
    (office.content / CAFE).write_text(text.replace("COUNT=7", "COUNT=6"))
    office.repository.commit()

    (told,) = (line for line in office.publish() if "is gone" in line)

    day = "content/sessions/cafe-2027-06-16.md"
    assert told == (
        f"{day}:1: warning: the session was published and is not over, but is gone, and people who signed up are told "
        'nothing (let cafe.md have this day again, and give the day a file, with "Status: canceled" or a new Start)'
    )
    (office.content / CAFE).write_text(text)
    (office.root / day).write_text("Status: canceled\n")
    office.repository.commit()
    assert [line for line in office.publish() if "is gone" in line or day in line] == []


def written(folder: Path, *sessions: Session, **changes: object) -> Path:
    """Write the schedule.json of a build that was published."""
    file = folder / "schedule.json"
    file.write_text(json.dumps(to_json(replace(contract_with(*sessions), **changes))))
    return file


def gone(published: Path, *sessions: Session, site_url: str = SITE_URL) -> list[str]:
    """Return the files of the sessions that have vanished."""
    schedule = Schedule((OVERVIEW,), (), sessions)
    return [problem.path for problem in vanished(published, site_url, schedule, NOW)]


def test_only_what_is_not_over_and_was_published_here_can_vanish(tmp_path: Path) -> None:
    over = session("over", timed("2026-11-29 10:00", "2026-11-29 11:00"))
    today = session("today", timed("2026-11-30 10:00", "2026-11-30 11:00"))
    off = cancelled(session("off"))
    published = written(tmp_path, over, today, off)

    assert gone(published) == ["content/sessions/today.md", "content/sessions/off.md"]
    assert gone(published, cancelled(today)) == ["content/sessions/off.md"]
    assert gone(published, today, off) == []
    assert gone(published, site_url="https://another.example.org") == []
    assert gone(tmp_path / "none.json") == []


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        '{"sessions": [{}]}',
        '{"sessions": [{"id": "a", "end": 3}]}',
        f'{{"site_url": "{SITE_URL}", "sessions": [{{"id": "a", "end": "2026-12-03"}}]}}',
    ],
)
def test_a_last_build_that_cannot_be_read_is_said(tmp_path: Path, text: str) -> None:
    published = tmp_path / "schedule.json"
    published.write_text(text)

    (problem,) = vanished(published, SITE_URL, Schedule((), (), ()), NOW)

    assert str(problem).startswith(f"{published}:1: warning: cannot be read (")
    assert problem.hint == "look at the schedule yourself"


def test_a_last_build_of_another_version_is_read_all_the_same(tmp_path: Path) -> None:
    published = written(tmp_path, session("a"))
    published.write_text(json.dumps({**json.loads(published.read_text()), "schema_version": 99}))

    assert gone(published) == ["content/sessions/a.md"]
