# SPDX-License-Identifier: AGPL-3.0-or-later
"""Email through Amazon SES, against a real server process and against its documented errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, HTTPClientError, ReadTimeoutError
from botocore.stub import Stubber

from register.mail.backends.base import (
    CannotDeliver,
    Interrupted,
    MailError,
    ServerDown,
    TryLater,
    Unanswered,
)
from register.mail.backends.ses import SesBackend, new_client
from register.mail.policy import POLICY, Policy
from tests.support.dynamodb_engine import Engine, running
from tests.support.emails import composed, message

NAMES = {"region_name": "us-west-2", "aws_access_key_id": "test", "aws_secret_access_key": "test"}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A server that speaks as Amazon does."""
    with running() as started:
        yield started


@pytest.fixture
def client() -> Iterator[Any]:
    """A client that speaks to nobody."""
    with closing(boto3.client("sesv2", **NAMES)) as made:
        yield made


def backend_of(client: Any, configuration_set: str | None = None) -> SesBackend:
    """Return a backend with this client."""
    return SesBackend(configuration_set, make_client=lambda _policy: client)


def error_for(client: Any, code: str, text: str = "no more") -> MailError:
    """Return what an error of Amazon becomes."""
    with Stubber(client) as stub:
        stub.add_client_error("send_email", code, text)
        with pytest.raises(MailError) as caught:
            backend_of(client).send(composed(message()))
    return caught.value


def test_an_email_is_handed_to_a_real_server(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in engine.environment.items():
        monkeypatch.setenv(name, value)
    with closing(engine.client("sesv2")) as known:
        known.create_email_identity(EmailIdentity="training@example.org")
        with closing(SesBackend()) as backend:
            backend.send(composed(message()))
            backend.send(composed(message(registration_id="rid-8")))
        assert known.get_account()["SendQuota"]["SentLast24Hours"] == 2


@pytest.mark.parametrize("configuration_set", [None, "bounces"])
def test_the_request_holds_the_whole_email(client: Any, configuration_set: str | None) -> None:
    email = composed(message())
    request: dict[str, Any] = {
        "Content": {"Raw": {"Data": email.content}},
        "Destination": {"ToAddresses": ["maria@example.net"]},
        "FromEmailAddress": "training@example.org",
    }
    if configuration_set:
        request["ConfigurationSetName"] = configuration_set
    with Stubber(client) as stub:
        stub.add_response("send_email", {"MessageId": "1"}, request)
        backend_of(client, configuration_set).send(email)
        stub.assert_no_pending_responses()


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_what_is_wrong_with_one_email_concerns_that_email_alone(client: Any, code: str) -> None:
    error = error_for(client, code, "Address <maria@example.net> is on the suppression list")
    assert type(error) is CannotDeliver
    assert str(error) == f"SES: {code} Address … is on the suppression list"


@pytest.mark.parametrize(
    "code",
    [
        "TooManyRequestsException",
        "LimitExceededException",
        "AccountSuspendedException",
        "SendingPausedException",
        "MailFromDomainNotVerifiedException",
        "NotFoundException",
        "AccessDeniedException",
        "ExpiredTokenException",
        "InternalFailure",
    ],
)
def test_what_is_wrong_with_us_or_amazon_stops_all_email(client: Any, code: str) -> None:
    error = error_for(client, code)
    assert type(error) is ServerDown
    assert str(error) == f"SES: {code} no more"


def test_a_from_that_amazon_does_not_know_yet_costs_no_email(client: Any) -> None:
    reply = "Email address is not verified. The following identities failed the check: training@example.org"
    assert type(error_for(client, "MessageRejected", reply)) is ServerDown


def test_a_person_whom_the_sandbox_does_not_know_holds_up_nobody_and_is_not_given_up_at_once(
    client: Any,
) -> None:
    reply = "Email address is not verified. The following identities failed the check: maria@example.net"
    error = error_for(client, "MessageRejected", reply)
    assert type(error) is TryLater
    assert str(error) == (
        "SES: MessageRejected Email address is not verified. The following identities failed the check: …"
    )


def test_a_connection_that_cannot_be_made_has_sent_nothing_and_is_for_the_probe_to_judge() -> None:
    refusing = "http://127.0.0.1:1"
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
    client = boto3.client("sesv2", endpoint_url=refusing, config=config, **NAMES)
    with closing(backend_of(client)) as backend:
        with pytest.raises(Interrupted) as caught:
            backend.send(composed(message()))
        assert str(caught.value) == "SES: no connection (EndpointConnectionError)"
        with pytest.raises(ServerDown) as down:
            backend.probe()
    assert str(down.value) == "SES: no answer (EndpointConnectionError)"


class Silent:
    """A client whose request arrives, and whose answer does not."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.requests = 0

    def send_email(self, **_request: Any) -> None:
        self.requests += 1
        raise self.error


@pytest.mark.parametrize(
    ("error", "timed_out"),
    [
        (ReadTimeoutError(endpoint_url="https://email"), True),
        (ConnectionClosedError(endpoint_url="https://email"), False),
        (HTTPClientError(error="broken"), False),
    ],
)
def test_an_answer_that_is_missed_may_have_been_a_yes(error: Exception, timed_out: bool) -> None:
    client = Silent(error)
    with pytest.raises(Unanswered) as caught:
        backend_of(client).send(composed(message()))
    kind = type(error).__name__
    assert str(caught.value) == f"SES: no answer ({kind}) after it had all of the email; it may have arrived"
    assert (caught.value.timed_out, client.requests) == (timed_out, 1)


def test_the_probe_asks_whether_the_account_may_send(client: Any) -> None:
    backend = backend_of(client)
    with Stubber(client) as stub:
        stub.add_response("get_account", {"SendingEnabled": True})
        backend.probe()
        stub.add_response("get_account", {"SendingEnabled": False})
        with pytest.raises(ServerDown) as paused:
            backend.probe()
        stub.add_client_error("get_account", "AccessDeniedException", "not authorized")
        with pytest.raises(ServerDown) as refused:
            backend.probe()
    assert str(paused.value) == "SES: sending is paused for this account"
    assert str(refused.value) == "SES: AccessDeniedException not authorized"


def test_the_client_is_made_with_the_first_email_and_again_after_closing(client: Any) -> None:
    made: list[Policy] = []

    def make(policy: Policy) -> Any:
        made.append(policy)
        return client

    backend = SesBackend(make_client=make)
    assert made == []
    with Stubber(client) as stub:
        for _ in range(3):
            stub.add_response("send_email", {"MessageId": "1"})
        backend.send(composed(message()))
        backend.send(composed(message()))
        assert made == [POLICY]
        backend.close()
        backend.send(composed(message()))
    assert made == [POLICY, POLICY]


def test_the_client_waits_no_longer_than_it_should_and_sends_nothing_twice_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-west-2")
    with closing(new_client(POLICY)) as client:
        config = client.meta.config
        assert (config.connect_timeout, config.read_timeout) == (3, 20)
        assert config.retries["total_max_attempts"] == 1
