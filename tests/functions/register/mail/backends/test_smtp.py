# SPDX-License-Identifier: AGPL-3.0-or-later
"""Email over SMTP, against a real server that is down, slow, moody, or asks for a password."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP

from register.mail.backends.base import (
    CannotDeliver,
    Interrupted,
    MailError,
    ServerDown,
    TryLater,
    Unanswered,
)
from register.mail.backends.smtp import SmtpBackend
from register.mail.backends.smtp_connection import Connection, new_timer
from register.mail.policy import POLICY
from tests.support.constants import NOW
from tests.support.emails import composed, message
from tests.support.smtp_server import (
    HOST,
    PASSWORD,
    USER,
    Certificate,
    Running,
    certificate,
    password_is_right,
    running,
)
from tests.support.virtual_time import VirtualTime

MARIA, JUAN = "maria@example.net", "juan@example.net"
# aiosmtpd warns of what the tests are about.
IN_THE_CLEAR = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
LOGIN = {"auth_required": True, "authenticator": password_is_right}


@pytest.fixture
def server() -> Iterator[Running]:
    """A friendly server."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate, and who trusts it."""
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def backend(server: Running) -> Iterator[SmtpBackend]:
    """A backend that sends to the friendly server."""
    made = SmtpBackend(HOST, server.port)
    yield made
    made.close()


def send(backend: SmtpBackend, email: str = MARIA) -> None:
    """Send a confirmation to an address."""
    backend.send(composed(message(email=email, registration_id=email)))


def refused(backend: SmtpBackend, email: str = MARIA) -> MailError:
    """Return the error that an email brings."""
    with pytest.raises(MailError) as caught:
        send(backend, email)
    return caught.value


def test_an_email_arrives_as_it_was_written(server: Running, backend: SmtpBackend) -> None:
    email = composed(message())
    backend.send(email)
    assert server.mailbox.mails == [email.content]
    assert server.mailbox.people == [[MARIA]]


def test_several_emails_go_over_one_connection(server: Running, backend: SmtpBackend) -> None:
    send(backend)
    send(backend, JUAN)
    assert server.mailbox.people == [[MARIA], [JUAN]]
    assert server.mailbox.greetings == 1


def test_after_closing_an_email_opens_a_new_connection(server: Running, backend: SmtpBackend) -> None:
    send(backend)
    backend.close()
    send(backend, JUAN)
    assert server.mailbox.people == [[MARIA], [JUAN]]


def test_a_connection_that_was_closed_meanwhile_is_opened_again(
    server: Running, backend: SmtpBackend
) -> None:
    send(backend)
    server.hang_up()
    send(backend, JUAN)
    assert server.mailbox.people == [[MARIA], [JUAN]]
    assert server.mailbox.greetings == 2


def test_a_server_that_hangs_up_on_one_email_may_take_others(server: Running, backend: SmtpBackend) -> None:
    server.mailbox.hangs_up_on.add(MARIA)
    error = refused(backend)
    assert type(error) is Interrupted
    assert (str(error), error.timed_out) == (f"127.0.0.1:{server.port}: hung up", False)
    send(backend, JUAN)
    assert server.mailbox.people == [[JUAN]]


def test_a_server_that_hangs_up_when_it_has_all_may_have_taken_it(
    server: Running, backend: SmtpBackend
) -> None:
    server.mailbox.hangs_up_after_data = True
    error = refused(backend)
    assert type(error) is Unanswered
    assert str(error) == (
        f"127.0.0.1:{server.port}: hung up after it had all of the email; it may have arrived"
    )
    # The client has not sent it a second time, and neither does it on a connection that it had before.
    assert server.mailbox.people == [[MARIA]]
    server.mailbox.hangs_up_after_data = False
    send(backend, JUAN)
    server.mailbox.hangs_up_after_data = True
    assert type(refused(backend)) is Unanswered
    assert server.mailbox.people == [[MARIA], [JUAN], [MARIA]]


def test_a_server_that_is_not_there_is_down() -> None:
    with socket.socket() as bound:
        bound.bind((HOST, 0))  # nobody listens, and nobody else can
        port = bound.getsockname()[1]
        backend = SmtpBackend(HOST, port)
        error = refused(backend)
        with pytest.raises(ServerDown) as caught:
            backend.probe()
    assert type(error) is Interrupted
    assert str(error) == str(caught.value) == f"127.0.0.1:{port}: Connection refused"


def test_a_probe_sends_nothing_and_the_next_email_goes_over_its_connection(
    server: Running, backend: SmtpBackend
) -> None:
    backend.probe()
    send(backend)
    assert (server.mailbox.greetings, server.mailbox.people) == (1, [[MARIA]])


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("550 5.1.1 No such user", CannotDeliver),
        ("451 4.7.1 Greylisted, come again", TryLater),
        # What a server says to people who may not send through it, or not to this person.
        ("554 5.7.1 Relay access denied", TryLater),
        ("550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", TryLater),
        ("550 relay not permitted", TryLater),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts", TryLater),
        ("550 Please authenticate first", TryLater),
    ],
)
def test_a_refused_person_is_refused_alone(
    server: Running, backend: SmtpBackend, reply: str, expected: type[MailError]
) -> None:
    server.mailbox.refused_people[MARIA] = reply
    error = refused(backend)
    assert type(error) is expected
    assert str(error) == f"127.0.0.1: {reply}"
    send(backend, JUAN)
    assert server.mailbox.people == [[JUAN]]
    assert server.mailbox.greetings == 1


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("554 5.6.0 Broken", CannotDeliver),
        ("554 5.7.1 Spam", TryLater),
        ("550 5.7.60 Client has no permission to send as this sender", TryLater),
        ("452 4.3.1 Disk full", TryLater),
    ],
)
def test_a_refused_email_is_refused_alone(
    server: Running, backend: SmtpBackend, reply: str, expected: type[MailError]
) -> None:
    server.mailbox.refused_mail = reply
    error = refused(backend)
    assert type(error) is expected
    assert str(error) == f"127.0.0.1: {reply}"
    server.mailbox.refused_mail = None
    send(backend, JUAN)
    assert server.mailbox.people == [[JUAN]]


@pytest.mark.parametrize("reply", ["550 5.7.1 Not your address", "451 4.3.0 Later"])
def test_a_server_that_refuses_our_own_from_is_down_for_every_email(
    server: Running, backend: SmtpBackend, reply: str
) -> None:
    server.mailbox.refused_sender = reply
    error = refused(backend)
    assert type(error) is ServerDown
    assert str(error) == f"127.0.0.1: {reply}"


@pytest.mark.parametrize(
    "reply",
    [
        "530 5.7.0 Must authenticate",
        "534 5.7.9 Mechanism too weak",
        "535 5.7.8 Bad password",
        "538 5.7.11 Encrypt",
    ],
)
@pytest.mark.parametrize("at", ["person", "email"])
def test_a_server_that_wants_us_to_log_in_is_down_and_costs_no_email(
    server: Running, backend: SmtpBackend, reply: str, at: str
) -> None:
    if at == "person":
        server.mailbox.refused_people[MARIA] = reply
    else:
        server.mailbox.refused_mail = reply
    error = refused(backend)
    assert type(error) is ServerDown
    assert str(error) == f"127.0.0.1: {reply}"


def test_an_email_that_is_too_large_is_refused_alone(server: Running, backend: SmtpBackend) -> None:
    server.mailbox.refused_sender = "552 5.3.4 Too large"
    assert type(refused(backend)) is CannotDeliver


def test_a_server_that_says_good_bye_has_not_taken_the_email(server: Running, backend: SmtpBackend) -> None:
    server.mailbox.refused_people[MARIA] = "421 4.3.2 Shutting down"
    error = refused(backend)
    assert type(error) is Interrupted
    assert str(error) == "127.0.0.1: 421 4.3.2 Shutting down"


def test_a_server_that_takes_no_more_on_this_connection_is_asked_on_another(
    server: Running, backend: SmtpBackend
) -> None:
    send(backend)
    server.mailbox.refused_people[JUAN] = "421 4.7.0 Too many emails on this connection"
    assert type(refused(backend, JUAN)) is Interrupted
    assert server.mailbox.greetings == 2


def test_a_good_bye_instead_of_the_last_answer_is_an_answer(server: Running, backend: SmtpBackend) -> None:
    server.mailbox.refused_mail = "421 4.3.2 Shutting down"
    error = refused(backend)
    assert type(error) is Interrupted
    assert str(error) == "127.0.0.1: 421 4.3.2 Shutting down"


def test_no_error_holds_the_persons_email_address(server: Running, backend: SmtpBackend) -> None:
    server.mailbox.refused_people[MARIA] = "550 5.1.1 <maria@example.net>: Maria unknown, not marian"
    assert str(refused(backend)) == "127.0.0.1: 550 5.1.1 … … unknown, not marian"


def test_the_last_line_of_an_email_goes_out_at_once(server: Running) -> None:
    connection = Connection(new_timer, None)
    connection.open(HOST, server.port, POLICY.connect)
    assert connection.sock is not None
    assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    connection.close()


# Time, by a clock of the tests


@pytest.mark.parametrize(
    ("at", "takes", "expected"),
    [
        ("person", timedelta(minutes=5), Interrupted),
        ("data", timedelta(minutes=10), Unanswered),
        ("data", timedelta(minutes=9), None),
    ],
)
def test_a_server_has_five_minutes_for_a_command_and_ten_for_the_email(
    server: Running, at: str, takes: timedelta, expected: type[MailError] | None
) -> None:
    clock = VirtualTime()
    backend = SmtpBackend(HOST, server.port, make_timer=clock.timer)
    slow_at(server, clock, at, takes)
    if expected is None:
        send(backend)
    else:
        error = refused(backend)
        assert (type(error), getattr(error, "timed_out", None)) == (expected, True)
    assert clock.now - NOW == takes
    backend.close()
    assert clock.timers == set()


def test_half_an_answer_is_none(server: Running) -> None:
    clock = VirtualTime()
    backend = SmtpBackend(HOST, server.port, make_timer=clock.timer)

    async def drip(smtp: SMTP, _email: str) -> None:
        smtp.transport.write(b"250")
        clock.passes(timedelta(hours=1))
        smtp.transport.abort()

    server.mailbox.on_person = drip
    error = refused(backend)
    assert (type(error), getattr(error, "timed_out", None)) == (Interrupted, True)
    server.mailbox.on_person, server.mailbox.on_data = None, drip
    assert type(refused(backend)) is Unanswered


def test_a_server_that_takes_its_time_over_everything_has_twenty_minutes_in_all(server: Running) -> None:
    clock = VirtualTime()
    policy = replace(POLICY, command=timedelta(minutes=15), after_data=timedelta(minutes=15))
    backend = SmtpBackend(HOST, server.port, policy=policy, make_timer=clock.timer)
    for at in ("person", "data"):
        slow_at(server, clock, at, timedelta(minutes=14))
    assert type(refused(backend)) is Unanswered
    assert clock.now - NOW == timedelta(minutes=20)
    assert clock.timers == set()


def test_a_server_that_never_greets_is_left() -> None:
    policy = replace(POLICY, connect=timedelta(seconds=0.2))
    with socket.create_server((HOST, 0)) as silent:
        port = silent.getsockname()[1]
        error = refused(SmtpBackend(HOST, port, policy=policy))
    assert type(error) is Interrupted
    assert (str(error), error.timed_out) == (f"127.0.0.1:{port}: no answer in time", True)


def slow_at(server: Running, clock: VirtualTime, at: str, takes: timedelta) -> None:
    """Let the server take its time, unless the client goes first."""

    async def take(smtp: SMTP, _email: str) -> None:
        if not clock.passes(takes):
            smtp.transport.abort()

    setattr(server.mailbox, f"on_{at}", take)


# Encryption and passwords


def test_a_password_is_given_over_an_encrypted_connection(made: Certificate) -> None:
    with running(**LOGIN, tls_context=made.server) as server:
        backend = SmtpBackend("localhost", server.port, USER, PASSWORD, context=made.trusting)
        send(backend)
        backend.close()
    assert server.mailbox.people == [[MARIA]]
    assert (server.mailbox.encrypted, server.mailbox.authenticated) == ([True], [True])


@IN_THE_CLEAR
def test_a_connection_may_be_encrypted_from_the_start(made: Certificate) -> None:
    with running(**LOGIN, ssl_context=made.server, auth_require_tls=False) as server:
        backend = SmtpBackend(
            "localhost",
            server.port,
            USER,
            PASSWORD,
            tls_from_the_start=True,
            context=made.trusting,
        )
        send(backend)
        backend.close()
    assert (server.mailbox.people, server.mailbox.authenticated) == ([[MARIA]], [True])


def test_a_wrong_password_stops_all_email_and_is_not_repeated(made: Certificate) -> None:
    with running(**LOGIN, tls_context=made.server) as server:
        backend = SmtpBackend("localhost", server.port, USER, "wrong-one", context=made.trusting)
        error = refused(backend)
    assert type(error) is ServerDown
    assert str(error) == f"localhost:{server.port}: refuses us (535 5.7.8 Authentication credentials invalid)"
    assert "wrong-one" not in str(error) + repr(backend)


@IN_THE_CLEAR
def test_a_password_is_never_sent_in_the_clear() -> None:
    with running(**LOGIN, auth_require_tls=False) as server:
        backend = SmtpBackend(HOST, server.port, USER, PASSWORD)
        error = refused(backend)
    assert str(error) == f"127.0.0.1:{server.port}: offers no STARTTLS, and we send nothing in the clear"
    assert type(error) is ServerDown
    assert server.mailbox.mails == []


def test_a_password_is_given_only_to_a_server_that_proves_who_it_is(made: Certificate) -> None:
    with running(**LOGIN, tls_context=made.server) as server:
        error = refused(SmtpBackend("localhost", server.port, USER, PASSWORD))
    assert type(error) is Interrupted
    assert "certificate verify failed" in str(error)
    assert server.mailbox.mails == []


def test_without_a_password_encryption_is_used_where_it_is_offered(made: Certificate) -> None:
    with running(tls_context=made.server) as server:
        backend = SmtpBackend("localhost", server.port)
        send(backend)
        backend.close()
    assert (server.mailbox.people, server.mailbox.encrypted) == ([[MARIA]], [True])


def test_a_server_that_wants_a_password_and_gets_none_is_down(made: Certificate) -> None:
    with (
        running(**LOGIN, tls_context=made.server) as server,
        closing(SmtpBackend("localhost", server.port)) as backend,
    ):
        error = refused(backend)
    assert type(error) is ServerDown
    assert str(error) == "localhost: 530 5.7.0 Authentication required"
    assert server.mailbox.mails == []
