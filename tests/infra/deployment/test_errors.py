# SPDX-License-Identifier: AGPL-3.0-or-later
"""What Amazon says and boto3 raises, in our own words: what was being done, what is wrong, the next step."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, TokenRetrievalError

from infra.deployment.account import open_account
from infra.deployment.bucket import Bucket
from infra.deployment.errors import LOG_IN, DeployError, Refused, told
from infra.deployment.stage import Stage

TRIAL = Stage("trial", "MSIX Training", "training@migrant.ca.gov")


def said(error: Exception) -> str:
    with pytest.raises(DeployError) as caught, told("the stack msix-trial"):
        raise error
    return str(caught.value)


def refusal(code: str, message: str = "No.") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


def test_without_credentials_it_says_how_to_log_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(DeployError) as caught:
        open_account(TRIAL)

    assert str(caught.value) == f"who you are at Amazon: there are no credentials for Amazon here; {LOG_IN}"


def test_a_profile_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_PROFILE", "office")
    with pytest.raises(DeployError) as caught:
        open_account(TRIAL)

    assert str(caught.value) == (
        "who you are at Amazon: The config profile (office) could not be found; "
        "aws configure list-profiles says which there are"
    )


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            refusal("AccessDenied"),
            (
                "AccessDenied: No; ask the account's administrator for this right; "
                "infra/README.md says who needs which"
            ),
        ),
        (refusal("ExpiredToken", "The token has expired."), f"ExpiredToken: The token has expired; {LOG_IN}"),
        (refusal("Throttling"), "Throttling: No; if it is not clear, do it again: that is always safe"),
        (TokenRetrievalError(provider="sso", error_msg="expired"), f"you are no longer logged in; {LOG_IN}"),
        (
            EndpointConnectionError(endpoint_url="https://x"),
            (
                'Amazon cannot be reached (Could not connect to the endpoint URL: "https://x"); '
                "look at the network and at the stage's region"
            ),
        ),
    ],
)
def test_what_amazon_says_comes_with_the_next_step(error: Exception, words: str) -> None:
    assert said(error) == f"the stack msix-trial: {words}"


class Head:
    """A client of S3 that says of every bucket the same."""

    def __init__(self, status: str) -> None:
        self.status = status
        self.asked: dict[str, str] = {}

    def head_bucket(self, **asked: str) -> None:
        self.asked = asked
        raise refusal(self.status, "")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("403", "is not yours to write to, or belongs to another account"),
        ("404", "is gone"),
    ],
)
def test_a_bucket_that_is_gone_or_somebody_elses_gets_nothing(status: str, words: str) -> None:
    client = Head(status)
    with pytest.raises(DeployError) as caught:
        Bucket(client, "site", "123456789012").check()

    assert str(caught.value) == (
        f"the bucket site {words}; nothing was uploaded; infra/README.md says how to bring a stage back"
    )
    assert client.asked == {"Bucket": "site", "ExpectedBucketOwner": "123456789012"}


def test_another_refusal_of_a_bucket_is_told_as_it_is() -> None:
    with pytest.raises(Refused) as caught:
        Bucket(Head("SlowDown"), "site", "123456789012").check()

    assert caught.value.code == "SlowDown"
