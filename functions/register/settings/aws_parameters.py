# SPDX-License-Identifier: AGPL-3.0-or-later
"""Secrets in Amazon's Systems Manager: read once, since Lambda's environment cannot refer to them."""

from __future__ import annotations

from typing import Any

from register.domain.errors import RegisterError


class ParameterError(RegisterError):
    """A parameter that cannot be read."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(
            f"SSM parameter {name}: {reason}; create it as a SecureString and allow ssm:GetParameter"
        )
        self.name = name


class MissingParameter(ParameterError):
    """A parameter that is not there."""


def new_client() -> Any:
    """Return botocore's client, as boto3's, which takes region, keys and endpoint from boto3's own variables."""
    from botocore.config import Config
    from botocore.session import get_session

    return get_session().create_client(
        "ssm", config=Config(connect_timeout=2, read_timeout=5, retries={"max_attempts": 3})
    )


def parameter(name: str, client: Any) -> str:
    """Return the decrypted value of a parameter. Raises ParameterError."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = client.get_parameter(Name=name, WithDecryption=True)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        kind = MissingParameter if code == "ParameterNotFound" else ParameterError
        raise kind(name, code) from error
    except BotoCoreError as error:
        raise ParameterError(name, type(error).__name__) from error
    return str(answer["Parameter"]["Value"])
