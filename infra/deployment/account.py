# SPDX-License-Identifier: AGPL-3.0-or-later
"""The account at Amazon that we are logged in to, and its services in the stage's region."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from infra.deployment.errors import DeployError, told
from infra.deployment.stage import Stage


@dataclass(frozen=True, slots=True)
class Account:
    """The clients that a deployment needs; boto3's own variables give keys, profile and endpoint."""

    id: str
    cloudformation: Any
    s3: Any
    ssm: Any
    cloudfront: Any


def open_account(stage: Stage) -> Account:
    """Return the account that we are logged in to. Raises DeployError: no login, or that of another account."""
    import boto3
    from botocore.config import Config

    with told("who you are at Amazon"):
        session = boto3.session.Session(region_name=stage.region)
        config = Config(
            connect_timeout=10, read_timeout=60, retries={"total_max_attempts": 5, "mode": "standard"}
        )
        clients = {
            name: session.client(name, config=config)
            for name in ("sts", "cloudformation", "s3", "ssm", "cloudfront")
        }
        number = str(clients.pop("sts").get_caller_identity()["Account"])
    if stage.account and stage.account != number:
        raise DeployError(
            f"you are logged in to the account {number}, and the stage {stage.name} is in {stage.account}; "
            "log in to that one, as with AWS_PROFILE=NAME"
        )
    return Account(number, **clients)
