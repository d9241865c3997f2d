# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sends email with Amazon SES (API version 2), as it is: `Raw`, so that invitations stay whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from register.mail.backends.base import (
    CannotDeliver,
    Interrupted,
    MailError,
    ServerDown,
    TryLater,
    Unanswered,
    without_people,
)
from register.mail.outgoing import Email
from register.mail.policy import POLICY, Policy

# What SES says of one email; all else it says of us, our account or itself, and so of every email. But "not
# verified" is said of our own From, or of a person while our account is in the sandbox, where some are known.
_FOR_GOOD = frozenset({"MessageRejected", "BadRequestException"})


def new_client(policy: Policy) -> Any:
    """Return botocore's client, as boto3's, which takes region, keys and endpoint from boto3's own variables."""
    from botocore.config import Config
    from botocore.session import get_session

    return get_session().create_client(
        "sesv2",
        config=Config(
            connect_timeout=policy.amazon_connect.total_seconds(),
            read_timeout=policy.amazon_answer.total_seconds(),
            # The client would send again what has brought no answer; the outbox does that when it is time.
            retries={"mode": "standard", "total_max_attempts": 1},
        ),
    )


class SesBackend:
    """Hands email to SES; the client is made with the first one, since botocore takes long to load."""

    def __init__(
        self,
        configuration_set: str | None = None,
        *,
        policy: Policy = POLICY,
        make_client: Callable[[Policy], Any] = new_client,
    ) -> None:
        self.configuration_set = configuration_set
        self.policy = policy
        self._make_client = make_client
        self._client: Any = None

    def send(self, email: Email) -> None:
        """Hand an email over. Raises MailError; ServerDown where a limit is reached or the account is paused."""
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            ConnectionError,  # noqa: A004 - botocore's own
            HTTPClientError,
        )

        try:
            self._connected().send_email(**self._request(email))
        except ClientError as error:
            raise _judged(error, email) from error
        except ConnectionError as error:
            raise Interrupted(f"SES: no connection ({type(error).__name__})") from error
        except HTTPClientError as error:
            kind = type(error).__name__
            problem = f"SES: no answer ({kind}) after it had all of the email; it may have arrived"
            raise Unanswered(problem, timed_out=kind == "ReadTimeoutError") from error
        except BotoCoreError as error:
            raise ServerDown(f"SES: cannot be asked ({type(error).__name__})") from error

    def probe(self) -> None:
        """Ask whether our account may send. Raises ServerDown."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            account = self._connected().get_account()
        except ClientError as error:
            raise ServerDown(_said(error)) from error
        except BotoCoreError as error:
            raise ServerDown(f"SES: no answer ({type(error).__name__})") from error
        if not account.get("SendingEnabled"):
            raise ServerDown("SES: sending is paused for this account")

    def _connected(self) -> Any:
        if self._client is None:
            self._client = self._make_client(self.policy)
        return self._client

    def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _request(self, email: Email) -> dict[str, Any]:
        request: dict[str, Any] = {
            "Content": {"Raw": {"Data": email.content}},
            "Destination": {"ToAddresses": [email.recipient]},
            "FromEmailAddress": email.sender,
        }
        if self.configuration_set is not None:
            request["ConfigurationSetName"] = self.configuration_set
        return request


def _judged(error: Any, email: Email) -> MailError:
    """Return what an error of SES means for this email and the others."""
    code, reply = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    problem = _said(error, email.recipient)
    if code not in _FOR_GOOD:
        return ServerDown(problem)
    if "not verified" in reply:
        return ServerDown(problem) if email.sender.casefold() in reply.casefold() else TryLater(problem)
    return CannotDeliver(problem)


def _said(error: Any, recipient: str = "") -> str:
    code, reply = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    return f"SES: {code} {without_people(reply, recipient)}".rstrip()
