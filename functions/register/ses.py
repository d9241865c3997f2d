# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sends mail with Amazon SES (API version 2), as it is: `Raw`, so that invitations stay whole."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from register.senders import (
    CannotDeliver,
    MailError,
    ServerDown,
    TryLater,
    as_bytes,
    recipient,
    without_people,
)

# What SES says of one mail; all else it says of us, our account or itself, and so of every mail. But "not
# verified" is said of our own sender, or of a person while our account is in the sandbox, where some are known.
_FOR_GOOD = frozenset({"MessageRejected", "BadRequestException"})


def new_client(timeout: float) -> Any:
    """Return boto3's client, which takes region, keys and endpoint from boto3's own variables."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "sesv2",
        config=Config(
            connect_timeout=timeout / 5,
            read_timeout=timeout,
            retries={"mode": "standard", "total_max_attempts": 2},
        ),
    )


class SesSender:
    """Hands mail to SES; the client is made with the first mail, since boto3 takes long to load."""

    def __init__(
        self,
        configuration_set: str | None = None,
        *,
        timeout: float,
        make_client: Callable[[float], Any] = new_client,
    ) -> None:
        self.configuration_set = configuration_set
        self.timeout = timeout
        self._make_client = make_client
        self._client: Any = None

    def send(self, mail: EmailMessage) -> None:
        """Hand a mail over. Raises ServerDown (limits reached, account paused, no answer), TryLater, CannotDeliver."""
        from botocore.exceptions import BotoCoreError, ClientError

        address = recipient(mail)
        if not address.isascii():
            raise CannotDeliver("SES takes no address with letters such as ñ before the @")
        try:
            if self._client is None:
                self._client = self._make_client(self.timeout)
            self._client.send_email(**self._request(mail, address))
        except ClientError as error:
            raise _judged(error, mail) from error
        except BotoCoreError as error:
            raise ServerDown(f"SES: no answer ({type(error).__name__})") from error

    def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _request(self, mail: EmailMessage, address: str) -> dict[str, Any]:
        request: dict[str, Any] = {
            "Content": {"Raw": {"Data": as_bytes(mail)}},
            "Destination": {"ToAddresses": [address]},
            "FromEmailAddress": str(mail["From"].addresses[0].addr_spec),
        }
        if self.configuration_set is not None:
            request["ConfigurationSetName"] = self.configuration_set
        return request


def _judged(error: Any, mail: EmailMessage) -> MailError:
    """Return what an error of SES means for this mail and the others."""
    code, reply = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    said = f"SES: {code} {without_people(reply, mail)}".rstrip()
    sender = str(mail["From"].addresses[0].addr_spec).casefold()
    if code not in _FOR_GOOD:
        return ServerDown(said)
    if "not verified" in reply:
        return ServerDown(said) if sender in reply.casefold() else TryLater(said)
    return CannotDeliver(said)
