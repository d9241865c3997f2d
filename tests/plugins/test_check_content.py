# SPDX-License-Identifier: AGPL-3.0-or-later
"""`make check-content`: what it finds without building anything, and how it tells that at a desk and on CI."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugins.build import Builder
from plugins.check_content import annotation, main
from plugins.trainings.problems import ContentError, ContentProblem
from tests.support.constants import ROOT
from tests.support.content import ContentFolder, session_text
from tests.support.small_site import SETTINGS

LINK = "https://meet.county.example/j/123"
READABLE = (
    "Join-Url: everybody can read this project, and so this link "
    '(write "Join-Url: secret:NAME", and give the meeting a new link: the history keeps this one)'
)


class Project:
    """A folder with content and settings, and what the check says of it."""

    def __init__(self, root: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.settings = root / "pelicanconf.py"
        self.settings.write_text(SETTINGS)
        (root / "theme").mkdir()
        self.content = ContentFolder(root)
        self._capture = capture

    def check(self, *arguments: str) -> tuple[int, list[str], str]:
        """Return the status, the lines of problems, and the line that counts them."""
        status = main(["--settings", str(self.settings), *arguments])
        told = self._capture.readouterr()
        return status, told.err.splitlines(), told.out.strip()


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    return Project(tmp_path, capsys)


def test_the_shipped_content_is_without_errors(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUILD_DATE", "2026-11-30")
    assert main(["--settings", str(ROOT / "pelicanconf.py"), "--public", "yes"]) == 0
    assert capsys.readouterr().out.startswith("content: no errors, ")


def test_good_content_is_counted_and_nothing_is_built(project: Project, tmp_path: Path) -> None:
    project.content.session()
    before = sorted(tmp_path.iterdir())

    assert project.check() == (0, [], "content: no errors, no warnings")
    assert sorted(tmp_path.iterdir()) == before


def test_texts_are_checked_for_the_site_that_the_settings_describe(project: Project) -> None:
    project.content.change("pages/index.md", "Welcome.", "[Your link](/register/link)")
    assert project.check() == (0, [], "content: no errors, no warnings")
    project.settings.write_text(f'{SETTINGS}SIGNUP = "none"\n')

    told = 'content/pages/index.md:4: the link "/register/link" leads nowhere (as in "/schedule/")'
    assert project.check() == (1, [told], "content: 1 error, no warnings")


def test_errors_and_warnings_are_told_in_one_go_and_errors_alone_make_it_fail(project: Project) -> None:
    project.content.session("a", Capcity="20", body="Hello.")
    project.content.session("b", Trainers="uriel")
    untranslated = "warning: the text has no Spanish translation (add it to content/sessions/a.es.md)"

    assert project.check() == (
        1,
        [
            'content/sessions/a.md:9: Capcity: unknown key (did you mean "Capacity"?)',
            f"content/sessions/a.md:11: {untranslated}",
            'content/sessions/b.md:4: Trainers: no trainer "uriel" (did you mean "uriel-ramirez-torres"?)',
        ],
        "content: 2 errors, 1 warning",
    )
    project.content.session("a", body="Hello.")
    project.content.delete("sessions/b.md")
    assert project.check() == (
        0,
        [f"content/sessions/a.md:10: {untranslated}"],
        "content: no errors, 1 warning",
    )


def test_a_link_to_join_is_an_error_only_where_everybody_can_read_it(project: Project) -> None:
    project.content.session("series", Join_Url=LINK, Repeat="FREQ=WEEKLY;COUNT=3")
    project.content.session("secret", Start="2026-12-04 14:00", Join_Url="secret:december")
    project.content.session("sample", Start="2026-12-04 16:00", Join_Url="https://meet.example.org/j/1")

    assert project.check() == (0, [], "content: no errors, no warnings")
    told = project.check("--public", "yes")
    assert told == (1, [f"content/sessions/series.md:9: {READABLE}"], "content: 1 error, no warnings")
    assert LINK not in str(told)


def test_a_link_to_join_is_told_beside_what_else_is_wrong(project: Project) -> None:
    project.content.session("a", Join_Url=LINK, Capacity="0")

    _, lines, _ = project.check("--public", "yes")
    assert [line.partition(" (")[0] for line in lines] == [
        "content/sessions/a.md:5: Capacity: 0 is less than 1",
        f"content/sessions/a.md:9: {READABLE}".partition(" (")[0],
    ]


SLIPS = {
    "sessions/2027-05-11-overview.md": session_text(Trainers="uriel-ramirez"),
    "sessions/a.md": session_text(Capcity="20", Join_Url=LINK),
    "sessions/b.md": session_text(
        "Yes: https://us02web.zoom.us/j/123 and <b>[so](/shedule/)</b>", Start="May 11, 10 am"
    ),
    "sessions/c.md": session_text("Hello.", Format="on-line", Repeat="weekly"),
    "sessions/d.md": session_text("Hello.", Start="2020-05-11 10:00"),
    "sessions/e.md": session_text(Capacity=None),
    "sessions/f.md": session_text(),
    "sessions/G h.md": session_text(),
    "sessions/h.md": session_text(),
    "sessions/i": session_text(),
    "organizations.md": "Ojai USD\nSan Juan USD\nNapa COE\nYolo COE\nyolo coe\n",
}


@pytest.mark.parametrize(
    ("guide", "heading"),
    [
        ("docs/adding-a-session.md", "4. If something is wrong"),
        ("docs/adding-a-session.es.md", "4. Si algo está mal"),
    ],
)
def test_the_guide_for_trainers_says_of_each_message_what_to_do(
    project: Project, guide: str, heading: str
) -> None:
    section = (ROOT / guide).read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    quoted = re.findall(r"(?m)^(content/.+)|^\| `(.+?)` \| ", section)
    for path, written in SLIPS.items():
        project.content.write(path, written)
    _, told, _ = project.check("--public", "yes")

    messages = ["".join(one) for one in quoted]
    patterns = {one: re.escape(one).replace("…", ".+") for one in messages}
    assert [one for one in messages if not re.search(patterns[one], "\n".join(told))] == []
    assert len(messages) == 16


def test_a_build_tells_the_same(project: Project) -> None:
    for path, written in SLIPS.items():
        project.content.write(path, written)
    _, told, _ = project.check()

    with pytest.raises(ContentError) as caught:
        Builder(project.settings, {"THEME": str(ROOT / "theme")}).build()
    assert str(caught.value).splitlines() == told


def test_who_can_read_the_project_is_yes_or_no(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        project.check("--public", "true")
    assert caught.value.code == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "make check-content: error: argument --public: invalid choice: 'true' (choose from 'yes', 'no')"
    )


def test_on_ci_problems_are_marks_beside_their_lines(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    project.content.session("a", Capcity="20", body="Hello.")

    status, lines, counted = project.check()
    assert (status, [line.partition(" (")[0] for line in lines], counted) == (
        1,
        [
            "::error file=content/sessions/a.md,line=9::content/sessions/a.md:9: Capcity: unknown key",
            "::warning file=content/sessions/a.md,line=11::content/sessions/a.md:11: the text has no Spanish translation",
        ],
        "content: 1 error, 1 warning",
    )


@pytest.mark.parametrize(
    ("problem", "command"),
    [
        (
            ContentProblem("content/a,b:c%.md", 1, None, "100% wrong: a, b"),
            "::error file=content/a%2Cb%3Ac%25.md,line=1::content/a,b:c%25.md:1: 100%25 wrong: a, b",
        ),
        # Whoever proposes content must not be able to give the runner commands.
        (
            ContentProblem("content/a\n::x::.md", 2, "Key", "is\n::stop-commands::x", "as\r\n::b"),
            "::error file=content/a%0A%3A%3Ax%3A%3A.md,line=2::content/a ::x::.md:2: Key: is ::stop-commands::x (as[U+000d] ::b)",
        ),
        (
            ContentProblem("content/é.md", 3, None, "is old", warning=True),
            "::warning file=content/é.md,line=3::content/é.md:3: is old",
        ),
    ],
)
def test_what_the_runner_would_read_in_another_way_is_escaped(problem: ContentProblem, command: str) -> None:
    assert annotation(problem) == command


@pytest.mark.parametrize(
    ("on_ci", "line"),
    [("", 'error: BUILD_DATE is "100%";'), ("true", '::error::BUILD_DATE is "100%25";')],
    ids=["at a desk", "on CI"],
)
def test_a_setting_that_cannot_be_used_is_one_line(
    project: Project, monkeypatch: pytest.MonkeyPatch, on_ci: str, line: str
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", on_ci)
    project.settings.write_text(SETTINGS.replace('"2026-11-30"', '"100%"'))

    status, lines, counted = project.check()
    assert (status, len(lines), counted) == (1, 1, "")
    assert lines[0].startswith(line)


def test_a_project_without_its_content_is_told_how_to_get_it_back(project: Project, tmp_path: Path) -> None:
    (tmp_path / "content").rename(tmp_path / "kontent")
    gone = (
        "the folder with the content, or the theme's, is not there; "
        "put it back, as with: git restore content theme"
    )

    assert project.check() == (
        1,
        [f"error: {project.settings}: {gone}"],
        "",
    )
