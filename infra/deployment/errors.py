# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stops a deployment, in words: the thing, what is wrong with it, and the next step."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

LOG_IN = "log in, as with: aws sso login (or give AWS_PROFILE=NAME, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"

_NEXT = {
    "AccessDenied": "ask the account's administrator for this right; infra/README.md says who needs which",
    "AccessDeniedException": "ask the account's administrator for this right; infra/README.md says who needs which",
    "ExpiredToken": LOG_IN,
    "ExpiredTokenException": LOG_IN,
    "InvalidClientTokenId": LOG_IN,
    "UnrecognizedClientException": LOG_IN,
    "NoSuchBucket": "somebody has deleted it; infra/README.md says how to bring a stage back",
    "OptInRequired": "the account is not ready yet; look at it in Amazon's console",
    "NoSuchVersion": "it is older than 30 days and gone; check out the commit, and run make deploy",
    "PreconditionFailed": "somebody else deploys at this moment; when they are done, do it again",
}
"""What to do about what Amazon says; anything else is said as Amazon says it."""


class DeployError(Exception):
    """A deployment cannot go on; the message says what to do."""


class Refused(DeployError):
    """Amazon has said no; `code` is its word for it."""

    def __init__(self, what: str, code: str, message: str) -> None:
        hint = _NEXT.get(code, "if it is not clear, do it again: that is always safe")
        super().__init__(f"{what}: {code}: {message.rstrip('.')}; {hint}")
        self.code = code


@contextmanager
def told(what: str) -> Iterator[None]:
    """Turn what boto3 raises into our own words. Raises DeployError; `what` is what was being done."""
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        CredentialRetrievalError,
        EndpointConnectionError,
        NoCredentialsError,
        PartialCredentialsError,
        ProfileNotFound,
        SSOError,
        TokenRetrievalError,
    )

    try:
        yield
    except ClientError as error:
        said = error.response["Error"]
        # An answer without a body has the status alone: a bucket that belongs to somebody else says so.
        code = {"403": "AccessDenied", "404": "NotFound"}.get(str(said["Code"]), str(said["Code"]))
        raise Refused(what, code, str(said.get("Message", ""))) from error
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
        raise DeployError(f"{what}: there are no credentials for Amazon here; {LOG_IN}") from error
    except (SSOError, TokenRetrievalError) as error:
        raise DeployError(f"{what}: you are no longer logged in; {LOG_IN}") from error
    except ProfileNotFound as error:
        raise DeployError(f"{what}: {error}; aws configure list-profiles says which there are") from error
    except EndpointConnectionError as error:
        raise DeployError(
            f"{what}: Amazon cannot be reached ({error}); look at the network and at the stage's region"
        ) from error
    except BotoCoreError as error:
        raise DeployError(f"{what}: {error}; do it again: that is always safe") from error
