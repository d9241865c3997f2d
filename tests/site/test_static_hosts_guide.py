# SPDX-License-Identifier: AGPL-3.0-or-later
"""docs/static-hosts.md: its commands are run, and its settings files are read."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from register.settings import config
from register.web.security import FRONT_HEADER
from schedule.addresses import FUNCTION
from tests.support.constants import BUILD_DATE, ROOT
from tests.support.content import Repository, copy_content
from tests.support.documented import in_shell, run

GUIDE = (ROOT / "docs/static-hosts.md").read_text(encoding="utf-8")
MADE = {".venv", ".git", ".cache", "output", "build", "published", ".published", "var", "register.env"}
IN_A_FOLDER = "SITEURL=https://example.github.io/msix SIGNUP=none SAMPLE_CONTENT=no make publish"
READY = " ".join(f"--old-file=.venv/{stamp}" for stamp in ("made", "ready-to-serve", "ready"))


def blocks(kind: str) -> list[str]:
    """Return the guide's blocks of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


class Office:
    """A clone of the project with content of its own, as somebody publishes from it."""

    def __init__(self, root: Path) -> None:
        for file in ROOT.iterdir():
            if file.name not in MADE | {"content"}:
                (root / file.name).symlink_to(file)
        (root / ".venv").symlink_to(Path(sys.executable).parent.parent)
        copy_content(root)
        Repository(root).commit()
        self.site = root / "published/site"
        self.build = root / "published/build"
        self.shell = in_shell(root, MAKEFLAGS=READY, BUILD_DATE=BUILD_DATE)

    def pages(self) -> list[str]:
        """Return all pages of the published site."""
        return [file.read_text(encoding="utf-8") for file in self.site.rglob("*.html")]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.mark.long
def test_a_site_without_sign_up_is_published_as_the_guide_says(office: Office) -> None:
    done = run(
        "SITEURL=https://trainings.example.org SIGNUP=none SAMPLE_CONTENT=no make publish", by=office.shell
    )

    assert re.search(r"^published: \d+ files$", done.stdout, re.MULTILINE)
    assert [file.name for file in office.build.iterdir()] == ["site.json"]
    assert [page for page in office.pages() if "/register/" in page or "<form method" in page] == []
    assert (office.site / "_redirects").read_text() == "/register/* /contacts/ 302\n"


@pytest.mark.long
def test_a_site_in_a_folder_is_published_as_the_guide_says_and_told_of_what_is_not_found(
    office: Office,
) -> None:
    done = run(
        "SITEURL=https://example.github.io/msix SIGNUP=none SAMPLE_CONTENT=no make publish", by=office.shell
    )

    assert {file.suffix for file in office.site.rglob("*") if file.is_file()} == {
        *(".html", ".ics", ".vcf", ".css", ".js", ".woff2", ".png", ".xml", ".txt"),
        "",  # _headers and _redirects
    }
    assert done.stderr.count("SITEURL: is a folder of its host") == 1
    heading = re.search(r'see "([^"]+)" in docs/static-hosts\.md', done.stderr)
    assert heading
    assert f"\n## {heading[1]}\n" in GUIDE
    assert [page for page in office.pages() if re.search(r'(href|src)="/(?!msix/)', page)] == []
    [line] = re.findall(r"^ *(Sitemap: .*)$", GUIDE, re.MULTILINE)
    assert line in (office.site / "robots.txt").read_text().splitlines()


@pytest.mark.long
def test_the_workflow_for_pages_passes_what_make_check_asks_of_workflows(tmp_path: Path) -> None:
    folder = tmp_path / ".github/workflows"
    folder.mkdir(parents=True)
    [workflow] = blocks("yaml")
    (folder / "pages.yml").write_text(f"# SPDX-License-Identifier: AGPL-3.0-or-later\n{workflow}")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = re.findall(r"^\t@\$\(BIN\)/(.+ \.github/workflows.*)$", makefile, re.MULTILINE)

    assert len(commands) == 2
    for command in commands:
        in_shell(tmp_path, path=Path(sys.executable).parent)(command)


def test_the_workflow_for_pages_runs_the_command_of_the_guide_and_uploads_what_it_makes() -> None:
    [workflow] = blocks("yaml")
    [job] = yaml.safe_load(workflow)["jobs"].values()
    [(command, settings)] = [(step["run"], step["env"]) for step in job["steps"] if "run" in step]
    [path] = [step["with"]["path"] for step in job["steps"] if "upload" in step.get("uses", "")]

    assert " ".join([*(f"{name}={value}" for name, value in settings.items()), command]) == IN_A_FOLDER
    assert path == "published/site"


def test_the_workflow_uses_the_actions_that_the_projects_own_do() -> None:
    own = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    shared = [
        line
        for line in blocks("yaml")[0].splitlines()
        if "actions/checkout" in line or "setup-python" in line
    ]

    assert [line for line in shared if line not in own.splitlines()] == []
    assert len(shared) == 2


def test_the_rule_for_netlify_passes_on_what_is_the_functions_with_the_word_that_it_asks_for() -> None:
    [text] = blocks("toml")
    [rule] = tomllib.loads(text)["redirects"]
    word = rule.pop("headers")
    own = rule["to"].removesuffix(f"{FUNCTION}:splat")

    assert rule == {"from": f"{FUNCTION}*", "to": f"{own}{FUNCTION}:splat", "status": 200, "force": True}
    assert own.startswith("https://")
    assert own in GUIDE.replace(text, "")
    [settings] = [block for block in blocks("ini") if "ORIGIN" in block]
    assert f"REGISTER_ORIGIN_SECRETS={word[FRONT_HEADER]}\n" in settings


def test_the_settings_of_the_guide_are_taken(tmp_path: Path) -> None:
    found = []
    for block in blocks("ini"):
        given = dict(line.split("=", 1) for line in block.splitlines())
        found.append(config.read(given | {"REGISTER_SECRET": "s" * 32}, tmp_path).site_url)

    assert found == ["https://example.org/msix", "https://trainings.example.org"]


def test_the_example_of_a_part_is_one_that_a_page_has() -> None:
    [example] = re.findall(r"^  (\{\{ if sign-up \}\}\n.*?\{\{ end \}\})$", GUIDE, re.MULTILINE | re.DOTALL)
    marks = re.findall(r"\{\{.*\}\}", example)
    page = (ROOT / "content/parents/questions.md").read_text(encoding="utf-8")

    assert marks == ["{{ if sign-up }}", "{{ else }}", "{{ end }}"]
    assert [mark for mark in marks if f"\n{mark}\n" not in page] == []
