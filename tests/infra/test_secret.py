# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets of a stage are written without being shown, and changed in steps that leave no moment without a good one."""

from __future__ import annotations

import io

import pytest

from infra.deployment.errors import DeployError
from infra.deployment.stage import Stage
from infra.secret import write
from tests.support.cloud_fakes import FakeParameters

TRIAL = Stage("trial", "MSIX Training", "training@migrant.ca.gov")
STAFF = '[[staff]]\nemail = "ana@migrant.ca.gov"'
LINK = "https://meet.migrant.ca.gov/overview"


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_a_link_and_the_list_of_staff_are_read_from_the_standard_input(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ssm = FakeParameters(**{"/msix/trial/join/overview": "https://old"})
    typed(monkeypatch, f"{LINK}\n")
    said = write(ssm, TRIAL, "join/overview", None)
    typed(monkeypatch, f"{STAFF}\n")
    write(ssm, TRIAL, "staff", None)

    assert said == "/msix/trial/join/overview: written; it takes effect within a minute"
    assert ssm.values == {"/msix/trial/join/overview": LINK, "/msix/trial/staff": STAFF}


def test_a_secret_of_ours_changes_in_three_steps() -> None:
    ssm = FakeParameters(**{"/msix/trial/front": "old"})
    said = []
    values = []
    for change in ("add", "swap", "drop"):
        said.append(write(ssm, TRIAL, "front", change).partition(": ")[2])
        values.append(ssm.values["/msix/trial/front"].split(","))

    new = values[0][1]
    assert (values, len(new)) == ([["old", new], [new, "old"], [new]], 43)
    assert said == [
        "a new one is good as well; the old one is in use",
        "the new one is in use; the old one is good as well",
        "the old one is good no longer",
    ]


@pytest.mark.parametrize(
    ("name", "change", "text", "problem"),
    [
        ("front", None, "", "SSM parameter /msix/trial/front holds 1; the next step is CHANGE=add"),
        ("front", "swap", "", "SSM parameter /msix/trial/front holds 1; the next step is CHANGE=add"),
        (
            "secret",
            "add",
            "",
            "SSM parameter /msix/trial/secret holds 2; the next step is CHANGE=swap or CHANGE=drop",
        ),
        ("staff", "add", "", "CHANGE is for secret and front; staff is read anew as a whole"),
        ("stuff", None, "", 'NAME is "stuff"; give join/NAME, staff, secret or front'),
        ("join/a/b", None, "", 'NAME is "join/a/b"; give join/NAME, staff, secret or front'),
        ("join/a", None, "meet.migrant.ca.gov", "join/a is no link; give one that begins with https://"),
        (
            "join/a",
            None,
            "https://" + "a" * 4090,
            "join/a has 4098 bytes, and SSM takes 4096; make it shorter",
        ),
        (
            "staff",
            None,
            '["ana@migrant.ca.gov"]',
            (
                "staff: only entries stand in it; begin each entry with [[staff]], "
                'and below it email = "office@your-office.org"; nothing has changed'
            ),
        ),
    ],
)
def test_what_is_no_value_changes_nothing_and_is_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, change: str | None, text: str, problem: str
) -> None:
    before = {"/msix/trial/front": "one", "/msix/trial/secret": "one,two"}
    ssm = FakeParameters(**before)
    typed(monkeypatch, text)
    with pytest.raises(DeployError) as caught:
        write(ssm, TRIAL, name, change)

    assert (str(caught.value), ssm.values) == (problem, before)


def test_before_the_first_deployment_there_is_nothing_to_change() -> None:
    with pytest.raises(DeployError) as caught:
        write(FakeParameters(), TRIAL, "secret", "add")

    assert str(caught.value) == (
        "SSM parameter /msix/trial/secret is not there; the first deployment makes it"
    )
