# SPDX-License-Identifier: AGPL-3.0-or-later
"""What goes wrong between a store and DynamoDB, put between the two on purpose.

No engine for tests ever reports a conflict of transactions, and none loses its answers.
"""

from __future__ import annotations

import contextlib
import itertools
import random
import threading
from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import ClientError, ConnectTimeoutError, ReadTimeoutError

Fault = Callable[[Callable[[], Any], str, dict[str, Any]], Any]
"""Does a call, or not: it gets the call itself, the operation's name and the request."""


def refused(code: str, operation: str = "TransactWriteItems", **more: Any) -> ClientError:
    """Return the error of the client for a code of DynamoDB."""
    return ClientError({"Error": {"Code": code, "Message": code}, **more}, operation)


def cancelled(*codes: str, items: Sequence[dict[str, Any] | None] = ()) -> ClientError:
    """Return the error of a transaction that was cancelled, with the reason of each of its writes."""
    stored = [*items, *[None] * len(codes)]
    reasons = [
        {"Code": code} | ({"Item": item} if item else {}) for code, item in zip(codes, stored, strict=False)
    ]
    return refused("TransactionCanceledException", CancellationReasons=reasons)


def conflict(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:
    """Another transaction is at work on one of the items."""
    if operation == "transact_write_items":
        others = len(request["TransactItems"]) - 1
        raise cancelled("TransactionConflict", *["None"] * others)
    if operation in ("put_item", "update_item", "delete_item"):
        raise refused("TransactionConflictException", operation)
    return call()


def throttling(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:
    """The table takes no more for now."""
    if operation == "transact_write_items":
        raise cancelled(*["ThrottlingError"] * len(request["TransactItems"]))
    raise refused("ProvisionedThroughputExceededException", operation)


def no_connection(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:
    """Nothing arrives."""
    raise ConnectTimeoutError(endpoint_url="http://db.example")


def lost_reply(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:
    """It is done, but nobody learns of it."""
    with contextlib.suppress(ClientError):  # whatever the answer was, it is lost
        call()
    raise ReadTimeoutError(endpoint_url="http://db.example")


def fine(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:
    """Nothing goes wrong."""
    return call()


class Between:
    """A client whose calls all go through `judge(call, operation, request)`."""

    def __init__(self, client: Any, judge: Fault) -> None:
        self._client = client
        self._judge = judge

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)

        def called(**request: Any) -> Any:
            return self._judge(lambda: real(**request), name, request)

        return real if name in ("close", "exceptions", "get_waiter") else called


def by_chance(share: float, *faults: Fault) -> Callable[[Any], Between]:
    """Return what wraps a client so that a share of its calls meets one of these faults."""
    chance, lock = random.Random(7), threading.Lock()  # noqa: S311 - the same each time

    def judge(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:
        with lock:
            fault = chance.choice(faults) if chance.random() < share else fine
        return fault(call, operation, request)

    return lambda client: Between(client, judge)


def in_turn(*faults: Fault, only: str = "") -> Callable[[Any], Between]:
    """Return what wraps a client so that its first calls (of one operation) meet these faults, one each."""
    left, lock = list(faults), threading.Lock()

    def judge(call: Callable[[], Any], operation: str, request: dict[str, Any]) -> Any:
        with lock:
            fault = left.pop(0) if left and operation == (only or operation) else fine
        return fault(call, operation, request)

    return lambda client: Between(client, judge)


def before(number: int, operation: str, step: Callable[[], Any]) -> Callable[[Any], Between]:
    """Return what does a step right before the n-th call of an operation: somebody else is faster."""
    seen = itertools.count(1)

    def judge(call: Callable[[], Any], name: str, _: dict[str, Any]) -> Any:
        if name == operation and next(seen) == number:
            step()
        return call()

    return lambda client: Between(client, judge)


def forgetful(fault: Fault) -> Callable[[Any], Between]:
    """Return what lets the first transaction meet a fault, and the server forget each token, as after ten minutes."""
    left = [fault]

    def judge(call: Callable[[], Any], name: str, request: dict[str, Any]) -> Any:
        if name != "transact_write_items":
            return call()
        request.pop("ClientRequestToken", None)
        return (left.pop() if left else fine)(call, name, request)

    return lambda client: Between(client, judge)
