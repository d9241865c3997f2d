# SPDX-License-Identifier: AGPL-3.0-or-later
"""A deployment and the way back, against an account in memory: the order, what is said, and what a failure leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from infra.deployment.errors import DeployError
from tests.support.account_in_memory import AccountInMemory
from tests.support.cloud_fakes import slow_down


def test_the_first_deployment_makes_all_there_is_in_two_steps(account: AccountInMemory) -> None:
    assert account.deployment.deploy() is True

    # The front's name is known when there is a front; so the functions, which need it, come with the second change.
    first, second = account.stack.carried_out
    assert (first["CodeKey"], account.code()) == ("", b"code 1")
    assert second == {**first, "CodeKey": account.stack.parameters["CodeKey"]}
    assert first["OriginSecret"] == account.ssm.values["/msix/trial/front"]
    assert account.machine.done == [
        "check",
        "publish https://d1.cloudfront.net",
        "sync",
        "remember trial dynamodb://table",
    ]
    assert account.machine.settings == {
        "AWS_DEFAULT_REGION": "us-west-2",
        "REGISTER_STORE": "dynamodb://table",
        "REGISTER_SITE": "https://d1.cloudfront.net",
        "REGISTER_SECRET": "ssm:///msix/trial/secret",
        "REGISTER_STAFF": "ssm:///msix/trial/staff",
        "REGISTER_JOIN_LINKS": "ssm:///msix/trial/join/",
        "REGISTER_MAIL": "ses://",
        "REGISTER_SENDER": "training@migrant.ca.gov",
        "REGISTER_BUILD": f"{account.folder}/1/build",
    }
    assert (account.shows(), account.invalidated) == ({"index.html": "one"}, ["F1"])
    assert account.said == [
        "Content",
        "Secrets",
        "made the secret /msix/trial/secret",
        "made the secret /msix/trial/front",
        "Stack msix-trial: all but the functions; the first time it takes some ten minutes",
        "  Http: create complete",
        "Site for https://d1.cloudfront.net",
        "Package of the functions",
        "What pages name",
        "Stack msix-trial",
        "  Http: update complete",
        "Schedule",
        "Files of the site",
        "  1 files to send, 0 are there already, 0 to delete",
        "Front: every file is asked for anew, within a minute or two",
        "Done: https://d1.cloudfront.net",
    ]


def test_deploying_again_without_a_change_changes_nothing(account: AccountInMemory) -> None:
    account.deployment.deploy()
    before = (account.shows(), dict(account.ssm.values), len(account.stack.carried_out))
    account.site.log.clear()
    account.said.clear()
    account.deployment.deploy()

    assert (account.shows(), dict(account.ssm.values), len(account.stack.carried_out)) == before
    assert account.site.log == []
    assert [one for one in account.packages.log if one.startswith("put packages/")] == [
        f"put {account.stack.parameters['CodeKey']}"
    ]
    assert "  nothing has changed" in account.said
    assert "  0 files to send, 1 are there already, 0 to delete" in account.said


def test_a_stage_with_a_name_is_published_for_it(account: AccountInMemory) -> None:
    account.stage = replace(account.stage, domain="trainings.migrant.ca.gov", certificate="arn")
    account.deployment.deploy()

    assert account.machine.done[1] == "publish https://trainings.migrant.ca.gov"


def test_a_session_that_vanished_is_told_when_all_is_done(account: AccountInMemory) -> None:
    account.machine.complete = False

    assert account.deployment.deploy() is False
    assert account.shows() == {"index.html": "one"}


def test_the_way_back_brings_functions_and_pages_and_says_which_are_behind(twice: AccountInMemory) -> None:
    twice.deployment.roll_back()

    assert (twice.code(), twice.shows(), twice.invalidated) == (b"code 1", {"index.html": "one"}, ["F1"] * 3)
    assert twice.said == [
        "Back to release 1 (commit c1, 2026-11-30T20:00:00+00:00)",
        "What pages name",
        "Stack msix-trial",
        "  Http: update complete",
        "Files of the site",
        "Front: every file is asked for anew, within a minute or two",
        (
            "Sessions stay as the newest schedule has them, since people have been told. These pages are behind "
            "that: correct the content, and deploy it, so that they are right again:"
        ),
        "  overview: shown as S to E, scheduled; people have been told S to E, cancelled",
        "Done: release 1 (commit c1, 2026-11-30T20:00:00+00:00) is back",
    ]
    assert [one for one in twice.machine.done if one.startswith("sync")] == ["sync", "sync"]


def test_after_the_way_back_there_is_a_way_forth(twice: AccountInMemory) -> None:
    twice.deployment.roll_back()
    twice.deployment.deploy()

    assert (twice.code(), twice.shows()) == (b"code 2", {"index.html": "two"})
    twice.said.clear()
    twice.deployment.roll_back()
    assert twice.said[0] == "Back to release 3, which is 1 again (commit c1, 2026-11-30T20:00:00+00:00)"
    assert (twice.code(), twice.shows()) == (b"code 1", {"index.html": "one"})


def test_the_way_back_that_is_only_looked_at_changes_nothing(twice: AccountInMemory) -> None:
    twice.deployment.roll_back(dry_run=True)

    assert twice.said == ["would go back to release 1 (commit c1, 2026-11-30T20:00:00+00:00)"]
    assert (twice.code(), twice.site.log) == (b"code 2", [])


def test_a_way_back_that_breaks_off_says_how_to_come_back_from_it(twice: AccountInMemory) -> None:
    twice.site.broken = {"index.html": slow_down("index.html")}
    with pytest.raises(DeployError) as caught:
        twice.deployment.roll_back()
    assert str(caught.value).startswith("index.html: SlowDown: ")
    assert str(caught.value).endswith(
        "; functions and some pages are of release 1 (commit c1, 2026-11-30T20:00:00+00:00) now. "
        "What people saw before comes back by make rollback STAGE=trial"
    )
    assert twice.code() == b"code 1"

    twice.site.broken = {}
    twice.deployment.roll_back()
    assert (twice.code(), twice.shows()) == (b"code 2", {"index.html": "two"})


def test_without_a_release_before_there_is_no_way_back(account: AccountInMemory) -> None:
    with pytest.raises(DeployError) as caught:
        account.deployment.roll_back()
    assert str(caught.value) == "there is no stack msix-trial, so there is nothing to go back from"

    account.deployment.deploy()
    with pytest.raises(DeployError) as caught:
        account.deployment.roll_back()
    assert str(caught.value) == (
        "there is no release to go back to; check out the commit that you want, and run make deploy STAGE=trial"
    )


def test_an_upload_that_breaks_off_puts_the_pages_back(twice: AccountInMemory) -> None:
    twice.machine.pages = {"index.html": "three", "schedule/index.html": "three"}
    twice.site.broken = {"schedule/index.html": slow_down("schedule/index.html")}
    with pytest.raises(DeployError) as caught:
        twice.deployment.deploy()

    assert str(caught.value).startswith("the upload broke off: ")
    assert str(caught.value).endswith(
        "people see the site as it was. When that is fixed, do it again: make deploy STAGE=trial"
    )
    assert twice.shows() == {"index.html": "two"}

    twice.site.broken = {}
    twice.deployment.deploy()
    assert twice.shows() == {"index.html": "three", "schedule/index.html": "three"}
    assert (
        "  the upload of release 3 (commit c2, 2026-11-30T20:00:00+00:00) broke off; all its files are looked at"
        in twice.said
    )


def test_after_an_upload_that_was_killed_the_way_back_is_to_what_was(twice: AccountInMemory) -> None:
    class Killed(BaseException):
        """The process ends, and nothing of ours runs any more."""

    twice.machine.pages = {"index.html": "three", "calendar/all.ics": "three"}
    twice.site.broken = {"index.html": Killed()}
    with pytest.raises(Killed):
        twice.deployment.deploy()
    assert twice.shows() == {"index.html": "two", "calendar/all.ics": "three"}

    twice.site.broken = {}
    twice.deployment.roll_back()
    assert twice.shows() == {"index.html": "two"}


def test_a_schedule_that_cannot_be_brought_in_leaves_the_pages(twice: AccountInMemory) -> None:
    twice.machine.pages = {"index.html": "three"}
    twice.machine.problem = DeployError("the schedule could not be brought into the table, as it says above")
    with pytest.raises(DeployError) as caught:
        twice.deployment.deploy()

    assert str(caught.value) == (
        "the schedule could not be brought into the table, as it says above; the site's files are as they were. "
        "Then do it again: make deploy STAGE=trial"
    )
    assert twice.shows() == {"index.html": "two"}


def test_a_stack_that_cannot_be_changed_stops_before_anything_is_built(account: AccountInMemory) -> None:
    account.stack.state = "UPDATE_ROLLBACK_FAILED"
    for step in (account.deployment.deploy, account.deployment.dry_run, account.deployment.roll_back):
        with pytest.raises(DeployError):
            step()

    assert (account.machine.done, account.ssm.values, account.said) == ([], {}, [])


def test_a_dry_run_says_all_and_changes_nothing(twice: AccountInMemory) -> None:
    twice.machine.pages = {"index.html": "three"}
    twice.machine.code = b"code 3"
    twice.machine.done.clear()
    twice.packages.log.clear()
    twice.deployment.dry_run()

    assert twice.said == [
        "would modify Http (AWS::Lambda::Function)",
        "the site: 1 files to send, 0 are there already, 0 to delete",
    ]
    assert twice.machine.done == ["publish https://d1.cloudfront.net", "sync --dry-run"]
    assert (twice.site.log, twice.packages.log, twice.code(), twice.stack.discarded) == ([], [], b"code 2", 1)


def test_a_dry_run_goes_on_where_a_secret_was_deleted(twice: AccountInMemory) -> None:
    del twice.ssm.values["/msix/trial/front"]
    twice.deployment.dry_run()

    assert twice.said[:2] == [
        "would make the secret /msix/trial/front",
        "would modify Http (AWS::Lambda::Function)",
    ]


def test_a_dry_run_before_there_is_anything_says_what_would_be_made(account: AccountInMemory) -> None:
    account.deployment.dry_run()
    made = [
        "would make the secret /msix/trial/secret",
        "would make the secret /msix/trial/front",
        "would make the stack msix-trial",
    ]
    assert account.said == [*made, "the rest shows when there is a stack: the site has no name before"]

    account.said.clear()
    account.stage = replace(account.stage, domain="trainings.migrant.ca.gov", certificate="arn")
    account.deployment.dry_run()
    assert account.said == [*made, "would send 1 files of the site for https://trainings.migrant.ca.gov"]
    assert (account.ssm.values, account.stack.state) == ({}, None)
