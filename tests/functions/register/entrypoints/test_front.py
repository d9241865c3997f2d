# SPDX-License-Identifier: AGPL-3.0-or-later
"""A front that the settings do not know of is noticed, and no visitor can pretend that there is one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.test import Client

from register.entrypoints.front import noticing
from register.stores.errors import StoreUnavailable


def answering(_: object, start_response: Callable[..., object]) -> list[bytes]:
    start_response("200 OK", [])
    return [b"all is well"]


def ask(notice: Callable[[], None], *requests: tuple[str, dict[str, str]]) -> None:
    client = Client(noticing(answering, notice))
    for network, headers in requests:
        assert client.get("/", environ_base={"REMOTE_ADDR": network}, headers=headers).text == "all is well"


FORWARDED = {"X-Forwarded-For": "203.0.113.7"}


@pytest.mark.parametrize("network", ["127.0.0.1", "127.0.0.53", "::1"])
def test_what_comes_through_a_front_on_this_machine_is_noticed_once(network: str) -> None:
    noticed: list[str] = []

    ask(lambda: noticed.append(network), (network, {}), (network, FORWARDED), (network, FORWARDED))

    assert noticed == [network]


@pytest.mark.parametrize(
    "network", ["203.0.113.7", "192.168.1.20", "10.0.0.1", "2001:db8::1", "", "nonsense"]
)
def test_a_visitor_who_sends_the_header_rings_no_alarm(network: str) -> None:
    ask(lambda: pytest.fail("it was noticed"), (network, FORWARDED), ("127.0.0.1", {}))


def test_a_visitor_is_answered_also_where_nothing_can_be_kept() -> None:
    def full() -> None:
        raise StoreUnavailable("disk full")

    ask(full, ("127.0.0.1", FORWARDED))
