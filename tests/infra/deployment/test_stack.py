# SPDX-License-Identifier: AGPL-3.0-or-later
"""The stack: what it is in no state for, what would change, and what is said of a change that fails."""

from __future__ import annotations

import pytest

from infra.deployment.errors import DeployError
from infra.deployment.stack import Change, ChangeSet, Stack, StackUnusable
from tests.support.cloud_fakes import FakeCloudFormation

AGAIN = "make deploy STAGE=trial"


def stack(client: FakeCloudFormation, said: list[str] | None = None) -> Stack:
    return Stack(
        client, "msix-trial", (said if said is not None else []).append, again=AGAIN, sleep=lambda _: None
    )


@pytest.mark.parametrize("state", [None, "REVIEW_IN_PROGRESS"])
def test_a_stack_that_is_not_there_yet_is_made(state: str | None) -> None:
    client = FakeCloudFormation(state, SiteBucket="site")
    one = stack(client)
    assert one.outputs() is None

    proposed = one.propose({"SenderName": "Núñez, Ana"}, "template")
    assert proposed == ChangeSet(
        "change-set", True, (Change("Modify", "Http", "AWS::Lambda::Function", False),)
    )
    assert one.carry_out(proposed) == {"SiteBucket": "site"}
    assert (client.parameters, client.body) == ({"SenderName": "Núñez, Ana"}, "template")


def test_what_would_change_nothing_is_not_carried_out_and_leaves_nothing_behind() -> None:
    client = FakeCloudFormation()
    one = stack(client)
    made = one.propose({"CodeKey": "1"}, "template")
    assert made is not None
    one.carry_out(made)

    assert one.propose({"CodeKey": "1"}, "template") is None
    assert client.discarded == 1
    assert one.propose({"CodeKey": "2"}, "template") is not None


def test_the_template_may_stay_as_it_is_and_all_values_but_some() -> None:
    client = FakeCloudFormation()
    one = stack(client)
    made = one.propose({"CodeKey": "1", "SenderName": "A"}, "template")
    assert made is not None
    one.carry_out(made)
    changed = one.propose({"CodeKey": "2"})
    assert changed is not None
    one.carry_out(changed)

    assert (client.parameters, client.body) == ({"CodeKey": "2", "SenderName": "A"}, "template")


def test_a_first_change_that_is_only_looked_at_leaves_no_empty_stack() -> None:
    client = FakeCloudFormation()
    one = stack(client)
    proposed = one.propose({}, "template")
    assert proposed is not None
    one.discard(proposed)

    assert (client.discarded, client.state) == (1, None)


def test_what_amazon_does_is_told_and_nothing_twice() -> None:
    client, said = FakeCloudFormation(), list[str]()
    one = stack(client, said)
    for key in ("1", "2"):
        change = one.propose({"CodeKey": key}, "template")
        assert change is not None
        one.carry_out(change)

    assert said == ["  Http: create complete", "  Http: update complete"]


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        (
            "ROLLBACK_COMPLETE",
            (
                "the stack msix-trial could not be made (ROLLBACK_COMPLETE): in Amazon's console, look at "
                "CloudFormation, msix-trial, Events, for the reason, and delete the stack; "
                "then do it again: make deploy STAGE=trial"
            ),
        ),
        (
            "UPDATE_ROLLBACK_FAILED",
            (
                "the stack msix-trial could be changed no further, and not put back either (UPDATE_ROLLBACK_FAILED): "
                "in Amazon's console, look at CloudFormation, msix-trial, Events, for the reason, "
                'and choose "Continue update rollback" there; then do it again: make deploy STAGE=trial'
            ),
        ),
        (
            "UPDATE_IN_PROGRESS",
            (
                "the stack msix-trial is being changed by somebody at this moment (UPDATE_IN_PROGRESS); "
                "wait until that is over, then do it again: make deploy STAGE=trial"
            ),
        ),
    ],
)
def test_a_stack_that_cannot_be_changed_says_what_to_do(state: str, problem: str) -> None:
    with pytest.raises(StackUnusable) as caught:
        stack(FakeCloudFormation(state)).outputs()

    assert str(caught.value) == problem


def test_a_change_that_fails_says_which_resource_and_why_and_that_all_is_as_it_was() -> None:
    client = FakeCloudFormation("CREATE_COMPLETE")
    client.becomes = "UPDATE_ROLLBACK_COMPLETE"
    client.fails = [
        ("Front", "UPDATE_FAILED", "The certificate is not valid."),
        ("Http", "UPDATE_FAILED", "Resource update cancelled"),
        ("msix-trial", "UPDATE_ROLLBACK_IN_PROGRESS", ""),
    ]
    one = stack(client)
    change = one.propose({"CodeKey": "2"}, "template")
    assert change is not None
    with pytest.raises(DeployError) as caught:
        one.carry_out(change)

    assert str(caught.value) == (
        "the stack msix-trial was put back as it was (UPDATE_ROLLBACK_COMPLETE), since this failed: "
        "Front (AWS::Lambda::Function): The certificate is not valid; fix it, then do it again: make deploy STAGE=trial"
    )


def test_a_change_that_is_the_administrators_says_so() -> None:
    client = FakeCloudFormation("CREATE_COMPLETE")
    client.becomes = "UPDATE_ROLLBACK_COMPLETE"
    client.fails = [("Table", "UPDATE_FAILED", "User x is not authorized to perform: dynamodb:UpdateTable")]
    one = stack(client)
    change = one.propose({"CodeKey": "2"}, "template")
    assert change is not None
    with pytest.raises(DeployError) as caught:
        one.carry_out(change)

    assert str(caught.value).endswith(
        "is not authorized to perform: dynamodb:UpdateTable; such a change of infra/template.yaml takes an administrator "
        "of the account: ask one to run make deploy STAGE=trial"
    )


def test_a_first_change_that_fails_says_why_and_how_to_begin_again() -> None:
    client = FakeCloudFormation()
    client.becomes = "ROLLBACK_COMPLETE"
    client.fails = [("Front", "CREATE_FAILED", "Access denied")]
    one = stack(client)
    change = one.propose({}, "template")
    assert change is not None
    with pytest.raises(StackUnusable) as caught:
        one.carry_out(change)

    assert str(caught.value).startswith(
        "this failed: Front (AWS::Lambda::Function): Access denied; the stack msix-trial could not be made (ROLLBACK_COMPLETE)"
    )


def test_a_change_that_amazon_refuses_says_why() -> None:
    client = FakeCloudFormation("CREATE_COMPLETE")
    client.reason = "Parameter SenderAddress failed to satisfy constraint."
    with pytest.raises(DeployError) as caught:
        stack(client).propose({}, "template")

    assert str(caught.value) == (
        "the stack msix-trial cannot be changed so: Parameter SenderAddress failed to satisfy constraint; "
        "nothing has changed"
    )
    assert client.discarded == 1


def test_a_change_that_never_ends_is_not_waited_for_for_ever() -> None:
    client = FakeCloudFormation("CREATE_COMPLETE")
    client.becomes = "UPDATE_IN_PROGRESS"
    seconds = iter(range(0, 10**9, 1000))
    one = Stack(client, "msix-trial", print, again=AGAIN, sleep=lambda _: None, clock=lambda: next(seconds))
    change = one.propose({"CodeKey": "2"}, "template")
    assert change is not None
    client.becomes = "UPDATE_IN_PROGRESS"
    with pytest.raises(DeployError) as caught:
        one.carry_out(change)

    assert str(caught.value) == (
        "the stack msix-trial is still being changed after an hour; look at it in Amazon's console, "
        "and when it is done, do it again: make deploy STAGE=trial"
    )
