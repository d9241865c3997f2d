# SPDX-License-Identifier: AGPL-3.0-or-later
"""The secrets of a stage: made once, shown nowhere, and changed by whoever writes a new one in front of the old."""

from __future__ import annotations

import pytest

from infra.deployment.errors import DeployError
from infra.deployment.stage import Stage
from infra.deployment.stage_secrets import ensure, front, missing
from tests.support.cloud_fakes import FakeParameters

TRIAL = Stage("trial", "MSIX Training", "training@migrant.ca.gov")


def test_secrets_are_made_once_and_shown_nowhere() -> None:
    ssm, said = FakeParameters(), list[str]()
    assert missing(ssm, TRIAL) == ["/msix/trial/secret", "/msix/trial/front"]

    [origin] = ensure(ssm, TRIAL, said.append)
    made = dict(ssm.values)
    assert made.keys() == {"/msix/trial/secret", "/msix/trial/front"}
    assert (made["/msix/trial/front"], len(origin), len(set(made.values()))) == (origin, 43, 2)
    assert said == ["made the secret /msix/trial/secret", "made the secret /msix/trial/front"]

    assert ensure(ssm, TRIAL, said.append) == (origin,)
    # Whoever deploys for the first time at the same moment has made them: then the first of both holds.
    assert (ssm.values, len(said), ssm.overwritten) == (made, 2, [])


def test_a_new_secret_of_the_front_stands_before_the_one_that_it_replaces() -> None:
    ssm = FakeParameters(**{"/msix/trial/front": f"{'n' * 32}, {'o' * 32}"})

    assert front(ssm, TRIAL) == ("n" * 32, "o" * 32)


@pytest.mark.parametrize("value", ["", "short", f"{'a' * 32},{'b' * 32},{'c' * 32}", "ñ" * 32])
def test_a_secret_that_is_none_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(DeployError) as caught:
        front(FakeParameters(**{"/msix/trial/front": value}), TRIAL)

    assert str(caught.value) == (
        "SSM parameter /msix/trial/front: it holds one secret, or the new one, a comma and the one before, "
        "each of 32 letters, digits, - and _ at least; infra/README.md says how to change it"
    )
