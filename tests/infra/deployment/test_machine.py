# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands of the project, as a deployment runs them: what they are told, and what is not sent on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.deployment.errors import DeployError
from infra.deployment.local import Tree
from infra.deployment.machine import Machine

SITE = "https://trainings.migrant.ca.gov"
PLUGIN = """\
import json, os, pathlib, sys
tree = pathlib.Path(sys.argv[2])
for part in ("site", "build"):
    (tree / part).mkdir(parents=True, exist_ok=True)
(tree / "asked.json").write_text(json.dumps([sys.argv[1:], {
    name: value for name, value in os.environ.items() if name in ("SITEURL", "SAMPLE_CONTENT", "REGISTER_STORE")
}]))
(tree / "build/site.json").write_text(json.dumps({"url": os.environ["SITEURL"], "sample": False, "sign_up": True}))
(tree / "build/schedule.json").write_text(pathlib.Path("schedule.json").read_text())
(tree / "site/index.html").write_text(pathlib.Path("page").read_text())
sys.exit(int(pathlib.Path("status").read_text()))
"""
SESSION = {"id": "a", "start": "S", "end": "E", "status": "scheduled", "join_url": "secret:a"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose commands write down what they are asked for."""
    for name in ("plugins/publish.py", "register/__main__.py"):
        file = tmp_path / name
        file.parent.mkdir()
        (file.parent / "__init__.py").write_text("")
        file.write_text(PLUGIN)
    (tmp_path / "register/__main__.py").write_text(
        "import json, os, pathlib, sys\n"
        "said = [sys.argv[1:], {n: v for n, v in os.environ.items() if n.startswith('REGISTER_')}]\n"
        "pathlib.Path('asked.json').write_text(json.dumps(said))\n"
        "sys.exit(int(pathlib.Path('status').read_text()))\n".replace("\\\n", "\n")
    )
    for name, text in {
        "schedule.json": json.dumps({"sessions": [SESSION]}),
        "page": "",
        "status": "0",
    }.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def machine(project: Path) -> Machine:
    return Machine(project, project / ".cache/stages/trial/published")


def test_the_site_is_published_for_the_stage_and_nothing_of_this_machines_settings(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTER_STORE", "sqlite:///var/register.sqlite3")
    tree = machine(project).publish(SITE)

    folder = project / ".cache/stages/trial/published"
    assert tree == Tree(folder / "site", folder / "build")
    assert json.loads((folder / "asked.json").read_text()) == [
        ["--published", str(folder), "--cache", str(folder.with_name("kept"))],
        {"SITEURL": SITE, "SAMPLE_CONTENT": "no"},
    ]
    assert tree.sessions() == {"a": "S to E, scheduled"}


def test_content_with_errors_stops_before_anything_is_made(project: Path) -> None:
    (project / "plugins/check_content.py").write_text("import sys; sys.exit(len(sys.argv) == 1)")
    with pytest.raises(DeployError) as caught:
        machine(project).check()

    assert str(caught.value) == "the content has errors, as it says above; nothing was done"
    (project / "plugins/check_content.py").write_text("")
    machine(project).check()


def test_a_site_that_cannot_be_built_stops_the_deployment(project: Path) -> None:
    (project / "status").write_text("1")
    with pytest.raises(DeployError) as caught:
        machine(project).publish(SITE)

    assert str(caught.value) == (
        "the site could not be built, as it says above; what people see is as it was"
    )


def test_a_link_to_join_that_is_for_examples_is_not_sent_to_the_public(project: Path) -> None:
    (project / "schedule.json").write_text('{"join_url": "https://meet.example.org/a"}')
    with pytest.raises(DeployError) as caught:
        machine(project).publish(SITE)

    assert str(caught.value) == (
        "example.org is for examples, and stands in build/schedule.json; "
        "look for it in content/, give addresses of your own, and do it again"
    )


def test_a_site_of_examples_is_not_sent(project: Path) -> None:
    code = (project / "plugins/publish.py").read_text()
    (project / "plugins/publish.py").write_text(code.replace('"sample": False', '"sample": True'))
    with pytest.raises(DeployError) as caught:
        machine(project).publish(SITE)

    assert str(caught.value).startswith("the built site says that its sessions are examples;")


def test_a_site_for_another_address_is_not_sent(project: Path) -> None:
    code = (project / "plugins/publish.py").read_text()
    (project / "plugins/publish.py").write_text(code.replace('os.environ["SITEURL"]', '"https://other"'))
    with pytest.raises(DeployError) as caught:
        machine(project).publish(SITE)

    assert str(caught.value) == (
        f"{project}/.cache/stages/trial/published/build/site.json is for https://other, and this stage is at {SITE}; "
        "somebody else has published there in between: do it again"
    )


def test_a_site_without_sign_up_needs_none_of_this(project: Path) -> None:
    code = (project / "plugins/publish.py").read_text()
    (project / "plugins/publish.py").write_text(code.replace('"sign_up": True', '"sign_up": False'))
    with pytest.raises(DeployError) as caught:
        machine(project).publish(SITE)

    assert str(caught.value) == (
        "SIGNUP is none: such a site has no functions, and any host of files can show it; "
        "docs/static-hosts.md says how"
    )


@pytest.mark.parametrize(("status", "complete"), [(0, True), (3, False)])
def test_the_schedule_is_synced_with_the_stages_settings_alone(
    project: Path, monkeypatch: pytest.MonkeyPatch, status: int, complete: bool
) -> None:
    monkeypatch.setenv("REGISTER_SITE", "https://this-machine")
    (project / "status").write_text(str(status))

    assert machine(project).sync({"REGISTER_STORE": "dynamodb://t"}, ["--yes"]) is complete
    assert json.loads((project / "asked.json").read_text()) == [
        ["sync", "--yes"],
        {"REGISTER_STORE": "dynamodb://t"},
    ]


def test_a_sync_that_fails_stops_the_deployment(project: Path) -> None:
    (project / "status").write_text("1")
    with pytest.raises(DeployError) as caught:
        machine(project).sync({}, [])

    assert str(caught.value) == "the schedule could not be brought into the table, as it says above"


def test_the_settings_for_the_command_line_are_read_by_a_shell(project: Path) -> None:
    machine(project).remember(
        "trial", {"REGISTER_STORE": "dynamodb://t", "REGISTER_BUILD": f"{project}/build"}
    )

    assert (project / "var/trial.env").read_text() == "REGISTER_STORE=dynamodb://t\nREGISTER_BUILD=build\n"


def test_outside_of_a_repository_nobody_knows_the_commit(project: Path) -> None:
    assert machine(project).commit() == "unknown"
