# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command: its status, and one line that says what to do; `test_rehearsal.py` has it from end to end."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from infra import deploy, secret
from infra.deployment.account import Account
from infra.deployment.errors import LOG_IN, DeployError
from infra.deployment.stage import Stage
from tests.support.account_in_memory import AccountInMemory
from tests.support.recording_client import Client

OURS = 'sender = "MSIX Training <training@migrant.ca.gov>"\nsample-content = false\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the stage `trial`, and nobody who is logged in."""
    (tmp_path / "infra/stages").mkdir(parents=True)
    (tmp_path / "infra/stages/trial.toml").write_text(OURS)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return tmp_path


@pytest.mark.parametrize("program", [[], ["--rollback"], ["--dry-run"]])
def test_without_a_login_nothing_is_done_and_it_says_how_to_log_in(
    project: Path, capsys: pytest.CaptureFixture[str], program: list[str]
) -> None:
    before = sorted(project.rglob("*"))

    assert deploy.main(["trial", *program], project) == 1
    assert capsys.readouterr().err == (
        f"error: who you are at Amazon: there are no credentials for Amazon here; {LOG_IN}\n"
    )
    assert sorted(project.rglob("*")) == before


def test_a_secret_takes_a_login_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert secret.main(["trial", "staff"], project) == 1
    assert LOG_IN in capsys.readouterr().err


def test_without_a_stage_it_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert deploy.main([""]) == 1
    assert capsys.readouterr().err == (
        'error: STAGE is ""; give a short name in lowercase letters, as in STAGE=production\n'
    )


def test_the_status_says_whether_a_session_has_vanished(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    account = AccountInMemory(tmp_path)
    assert deploy.run(account.deployment, rollback=False, dry_run=False) == 0

    account.machine.complete = False
    assert deploy.run(account.deployment, rollback=False, dry_run=False) == 3
    assert capsys.readouterr().err == (
        "a session with people in it is no longer in the schedule; the lines of Schedule, above, say which\n"
    )
    assert deploy.run(account.deployment, rollback=False, dry_run=True) == 0
    assert deploy.run(account.deployment, rollback=True, dry_run=True) == 0


def test_a_bucket_that_is_not_ours_is_not_opened() -> None:
    gone = ClientError({"Error": {"Code": "403", "Message": ""}}, "HeadBucket")
    services = Account("123456789012", None, Client(head_bucket=gone), None, None)
    deployment = deploy.wire(
        Stage("trial", "MSIX Training", "training@migrant.ca.gov"), services, None, "", []
    )
    with pytest.raises(DeployError) as caught:
        deployment.files("site")

    assert str(caught.value).startswith(
        "the bucket site is not yours to write to, or belongs to another account"
    )


def test_the_front_is_asked_for_all_paths_at_once() -> None:
    front = Client()
    services = Account("123456789012", None, None, None, front)
    deployment = deploy.wire(
        Stage("trial", "MSIX Training", "training@migrant.ca.gov"), services, None, "", []
    )
    deployment.invalidate("F1")

    [(name, given)] = front.asked
    assert (name, given["DistributionId"]) == ("create_invalidation", "F1")
    assert given["InvalidationBatch"]["Paths"] == {"Quantity": 1, "Items": ["/*"]}
