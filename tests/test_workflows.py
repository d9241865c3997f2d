# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the code host runs: checked by its schema and by an audit, with few rights, and by commands that work."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.clones import AS_IT_IS, clone_into, give_environment, give_noting_python, program
from tests.support.constants import ROOT
from tests.support.content import ContentFolder
from tests.support.documented import in_shell
from tests.support.small_site import SETTINGS

FOLDER = ROOT / ".github/workflows"
NAMES = ("checks", "content", "publish")
PROGRAMS = Path(sys.executable).parent
SCHEMA = "check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml"
AUDIT = "zizmor --quiet --offline --persona auditor .github/workflows"

CHECKS = 'sudo env "PATH=$PATH" CI=true .ci/run'

CHECKOUT = "actions/checkout@df4cb1c069e1874edd31b4311f1884172cec0e10 # v6.0.3"
SETUP = "actions/setup-python@a309ff8b426b58ec0e2a45f0f869d46889d02405 # v6.2.0"
CREDENTIALS = "aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3"
"""The commits of releases. Whoever takes a newer one looks its commit up at the code host."""


def text(name: str) -> str:
    return (FOLDER / f"{name}.yml").read_text(encoding="utf-8")


def workflow(name: str) -> dict[Any, Any]:
    """Return a workflow as data; YAML 1.1 reads its key `on` as true."""
    read = yaml.safe_load(text(name))
    return {"on" if key is True else key: value for key, value in read.items()}


def job(name: str) -> dict[str, Any]:
    (only,) = workflow(name)["jobs"].values()
    return dict(only)


def steps(name: str, key: str) -> Iterator[str]:
    return (step[key] for step in job(name)["steps"] if key in step)


def test_these_are_all_workflows() -> None:
    assert sorted(file.name for file in FOLDER.iterdir()) == [f"{name}.yml" for name in NAMES]


@pytest.mark.parametrize("command", [SCHEMA, AUDIT], ids=["schema", "audit"])
def test_the_workflows_pass_what_make_check_asks_of_them(command: str) -> None:
    assert f"\t@$(BIN)/{command}\n" in (ROOT / "Makefile").read_text()
    in_shell(ROOT, path=PROGRAMS)(command)


@pytest.mark.parametrize(
    ("command", "old", "new", "told"),
    [
        (SCHEMA, "timezone: America", "time-zone: America", "time-zone"),
        (AUDIT, CREDENTIALS, "aws-actions/configure-aws-credentials@v6", "unpinned-uses"),
        (AUDIT, "persist-credentials: false", "persist-credentials: true", "artipacked"),
        (AUDIT, "permissions: {}\n", "permissions: write-all\n", "excessive-permissions"),
        (AUDIT, "STAGE=production", "STAGE=${{ github.head_ref }}", "template-injection"),
    ],
)
def test_what_must_not_be_in_a_workflow_is_found(
    command: str, old: str, new: str, told: str, tmp_path: Path
) -> None:
    shutil.copytree(FOLDER, tmp_path / ".github/workflows")
    assert old in text("publish")
    (tmp_path / ".github/workflows/publish.yml").write_text(text("publish").replace(old, new))

    shell = in_shell(tmp_path, path=PROGRAMS, NO_COLOR="1")
    said = shell(f"! {command}")
    assert told in said.stdout


@pytest.mark.parametrize(
    ("name", "used"),
    [
        ("checks", [CHECKOUT, SETUP]),
        ("content", [CHECKOUT, SETUP]),
        ("publish", [CHECKOUT, SETUP, CREDENTIALS]),
    ],
)
def test_a_workflow_uses_these_actions_by_their_commits_and_keeps_nothing(name: str, used: list[str]) -> None:
    """Nothing is uploaded or cached at the code host, so the private links of the build are not either."""
    assert re.findall(r"uses: (.+)", text(name)) == used


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_has_the_whole_history_and_no_rights_that_it_does_not_need(name: str) -> None:
    (checkout,) = (step["with"] for step in job(name)["steps"] if "checkout" in step.get("uses", ""))

    assert checkout == {"fetch-depth": 0, "persist-credentials": False}
    assert workflow(name)["permissions"] == {}
    token = {"id-token": "write"} if name == "publish" else {}
    assert job(name)["permissions"] == {"contents": "read"} | token
    assert "secrets" not in text(name)


def test_content_is_looked_at_in_every_proposal_and_all_else_where_more_has_changed() -> None:
    everything_else = {"paths-ignore": ["content/**"]}

    assert workflow("content")["on"] == {
        "pull_request": None,
        "push": {"branches": ["main"]},
        "public": None,
    }
    assert workflow("checks")["on"] == {
        "pull_request": everything_else,
        "push": {"branches": ["main"], **everything_else},
    }


def test_main_is_published_after_each_change_and_at_three_in_the_morning_also_in_summer() -> None:
    assert workflow("publish")["on"] == {
        "push": {"branches": ["main"]},
        "schedule": [{"cron": "7 3 * * *", "timezone": "America/Los_Angeles"}],
        "workflow_dispatch": None,
    }
    assert workflow("publish")["concurrency"] == {"group": "publish", "cancel-in-progress": False}
    assert job("publish")["if"] == "vars.AWS_ROLE != ''"


def test_the_steps_are_commands_that_are_run_below() -> None:
    assert {name: list(steps(name, "run")) for name in NAMES} == {
        "checks": [CHECKS],
        "content": ["make check-content"],
        "publish": ["make check-content", "make deploy STAGE=production"],
    }


@pytest.mark.parametrize("name", ["content", "publish"])
def test_a_project_that_is_not_known_to_be_private_is_taken_for_one_that_everybody_can_read(
    name: str,
) -> None:
    (check,) = (step for step in job(name)["steps"] if step.get("run") == "make check-content")

    assert check["env"] == {
        "PUBLIC": "${{ vars.PUBLIC || (github.event.repository.private && 'no' || 'yes') }}"
    }


def test_the_role_that_the_guide_gives_trusts_the_main_branch_of_one_project() -> None:
    guide = (ROOT / "docs/code-host.md").read_text()
    (policy,) = re.findall(r"```json\n(.+?)```", guide, re.DOTALL)
    (statement,) = json.loads(policy)["Statement"]

    issuer = "token.actions.githubusercontent.com"
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": "repo:OWNER/PROJECT:ref:refs/heads/main",
            }
        },
    }
    used = {*re.findall(r"vars\.(\w+)", text("content") + text("publish"))}
    assert {name for name in used if f"`{name}`" in guide} == used


def test_the_step_that_checks_content_marks_what_is_wrong(tmp_path: Path) -> None:
    clone = clone_into(tmp_path, "content", "pelicanconf.py")
    give_environment(clone)
    ContentFolder(clone).session("a", Capcity="20", Join_Url="https://meet.county.example/j/1")
    (clone / "pelicanconf.py").write_text(SETTINGS)

    shell = in_shell(clone, status=2, GITHUB_ACTIONS="true", PUBLIC="yes", MAKEFLAGS=AS_IT_IS)
    marked = shell("make check-content")
    assert re.findall(r"(?m)^::(.+?)::", marked.stderr) == [
        "error file=content/sessions/a.md,line=9",
        "error file=content/sessions/a.md,line=10",
    ]
    assert marked.stdout == "content: 2 errors, no warnings\n"


def test_the_step_that_checks_everything_does_so_as_root_and_knows_that_it_is_on_ci(tmp_path: Path) -> None:
    clone, programs = clone_into(tmp_path), tmp_path / "programs"
    program(programs, "sudo", 'exec "$@"')
    program(programs, "make", 'echo "CI=$CI make $*"')

    assert in_shell(clone, path=programs)(CHECKS).stdout == "CI=true make check test-all\n"


def test_the_step_that_publishes_deploys_the_production_stage(tmp_path: Path) -> None:
    give_noting_python(clone_into(tmp_path))

    assert in_shell(tmp_path)("make deploy STAGE=production").stdout == "-m infra.deploy production\n"


def test_a_rollback_of_a_stage_whose_name_is_empty_leaves_this_machine_alone(tmp_path: Path) -> None:
    give_noting_python(clone_into(tmp_path))
    shell = in_shell(tmp_path)

    assert [shell(f"make rollback{stage}").stdout for stage in ("", " STAGE=", " STAGE=trial")] == [
        "-m plugins.publish --back\n",
        "-m infra.deploy  --rollback\n",
        "-m infra.deploy trial --rollback\n",
    ]
