# SPDX-License-Identifier: AGPL-3.0-or-later
"""Speaking to DynamoDB: one client, made late, and retries.

Sources: the API reference of TransactWriteItems (reasons, tokens) and of BatchGetItem (unprocessed keys), and
"Exponential Backoff And Jitter" in Amazon's architecture blog.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's own

from register.stores.dynamodb.expressions import Action, Expressions
from register.stores.dynamodb.keys import Item
from register.stores.errors import StoreUnavailable
from register.stores.records import Value

PAUSES = 12
FIRST_PAUSE = 0.025
LONGEST_PAUSE = 1.0
"""How often a call is tried again, and the longest pauses in seconds before the first time and before any."""

ROUNDS = 30
ROUNDS_AT_ONCE = 4
"""How often a verb starts over because somebody was faster, and how often of these without a pause."""

_PASSING = frozenset(
    {
        # As the error of a call
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
        "InternalFailure",
        "ServiceUnavailable",
        # As the reason why a transaction was canceled
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    }
)

_LOG_IN = "these credentials are not (or no longer) valid: log in to AWS again"
_NEXT_STEPS = {
    "AccessDeniedException": "this user or role may not do that: see OfficeAccess in infra/README.md",
    "ResourceNotFoundException": "check the table in REGISTER_STORE, the account and the region",
    "UnrecognizedClientException": _LOG_IN,
    "ExpiredTokenException": _LOG_IN,
    "InvalidSignatureException": _LOG_IN,
}
"""What to do about an answer of DynamoDB that no other try will change."""

_NO_ANSWER = (HTTPClientError, ConnectionError)
"""Timeouts and broken connections: what was asked may have been done."""


class Unmet(Exception):
    """Conditions that did not hold; nothing was written. `items` has what is stored, by the action's number."""

    def __init__(self, items: Mapping[int, Item]) -> None:
        super().__init__(f"conditions not met: {sorted(items)}")
        self.items = items


def connect() -> Any:
    """Return a boto3 client; region, endpoint and credentials come from boto3's own variables and files."""
    # The very client that boto3 makes; its own module loads S3 transfers and multiprocessing, a tenth of a cold start.
    from botocore.config import Config
    from botocore.session import get_session

    # One retry loop is enough, and ours knows about transactions.
    retries = {"total_max_attempts": 1, "mode": "standard"}
    config = Config(connect_timeout=1, read_timeout=3, retries=retries, max_pool_connections=50)
    return get_session().create_client("dynamodb", config=config)


class Table(Expressions):
    """One table and the way to it. Every call raises StoreUnavailable where it gives up."""

    def __init__(
        self,
        name: str,
        make_client: Callable[[], Any],
        sleep: Callable[[float], object],
        uniform: Callable[[float, float], float],
    ) -> None:
        super().__init__(name)
        self._make_client = make_client
        self._sleep = sleep
        self._uniform = uniform
        self._made: Any = None
        self._lock = threading.Lock()

    @property
    def client(self) -> Any:
        """The client, made when it is first used and then kept: making one takes as long as many calls."""
        if self._made is None:
            with self._lock:
                if self._made is None:
                    self._made = self._make_client()
        return self._made

    def close(self) -> None:
        """Close the connections, if any were made; a later call makes a client anew."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made.close()

    # Writing

    def transact(self, *actions: Action) -> None:
        """Write all or nothing. Raises Unmet."""
        # With a token of its own, a try whose answer was lost is not done again but answered again.
        self.call("transact_write_items", TransactItems=actions, ClientRequestToken=str(uuid4()))

    def write(self, action: Action, returns: str = "NONE") -> Item:
        """Write one item outside a transaction, at half the price; return what `returns` asks for. Raises Unmet."""
        ((kind, request),) = action.items()
        answer = self.call(f"{kind.lower()}_item", **request, ReturnValues=returns)
        attributes: Item = answer.get("Attributes", {})
        return attributes

    # Reading

    def get(self, key: Item, tries: int = 1 + PAUSES) -> Item | None:
        """Return an item as it is now."""
        item: Item | None = self.call(
            "get_item", tries=tries, TableName=self.name, Key=key, ConsistentRead=True
        ).get("Item")
        return item

    def fetch(self, keys: Sequence[Item]) -> list[Item]:
        """Return those of many items that are there now, in no order."""
        found: list[Item] = []
        for start in range(0, len(keys), 100):
            left = list(keys[start : start + 100])
            for _ in self._tries(1 + PAUSES):
                request = {self.name: {"Keys": left, "ConsistentRead": True}}
                answer = self.call("batch_get_item", RequestItems=request)
                found += answer["Responses"].get(self.name, [])
                left = answer.get("UnprocessedKeys", {}).get(self.name, {}).get("Keys", [])
                if not left:
                    break
            else:
                raise StoreUnavailable(f"table {self.name}: reads are throttled; try again later")
        return found

    def pages(
        self, condition: str, index: str = "", limit: int | None = None, /, **values: Value
    ) -> Iterator[list[Item]]:
        """Yield the pages of a query; one of the table itself sees everything written before it."""
        request = self.query_of(condition, index, values) | ({} if limit is None else {"Limit": limit})
        while True:
            answer = self.call("query", **request)
            yield answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def query(self, condition: str, index: str = "", **values: Value) -> list[Item]:
        """Return all that a query finds."""
        return [item for page in self.pages(condition, index, **values) for item in page]

    def scan(self) -> Iterator[Item]:
        """Yield every item of the table."""
        request: dict[str, Any] = {"TableName": self.name, "ConsistentRead": True}
        while True:
            answer = self.call("scan", **request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def keys_in(self, index: str, condition: str, **values: Value) -> list[Item]:
        """Return the table's keys of what an index has; indexes lag, so it is asked twice before it says "nothing"."""
        items = self.query(condition, index, **values) or self.query(condition, index, **values)
        # What changes between two pages is found twice, and BatchGetItem takes no key twice.
        keys = {(item["pk"]["S"], item["sk"]["S"]): {"pk": item["pk"], "sk": item["sk"]} for item in items}
        return list(keys.values())

    def count(self, condition: str, **values: Value) -> int:
        """Return how many items a query of the table finds."""
        request = self.query_of(condition, "", values) | {"Select": "COUNT"}
        number = 0
        while True:
            answer = self.call("query", **request)
            number += int(answer["Count"])
            if "LastEvaluatedKey" not in answer:
                return number
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    # Trying

    def call(self, operation: str, *, tries: int = 1 + PAUSES, **request: Any) -> dict[str, Any]:
        """Call the client, again after what passes by itself. Raises Unmet, StoreUnavailable."""
        problem, cause = "", None
        for _ in self._tries(tries):
            try:
                answer: dict[str, Any] = getattr(self.client, operation)(**request)
            except ClientError as error:
                problem, cause = self._judge(error, operation), error
            except _NO_ANSWER as error:
                problem, cause = type(error).__name__, error
            except BotoCoreError as error:
                raise StoreUnavailable(
                    f"table {self.name}: {operation} cannot be sent ({type(error).__name__}); "
                    "check the region, the endpoint and the credentials"
                ) from error
            else:
                return answer
        raise StoreUnavailable(f"table {self.name}: {operation} failed {tries} times ({problem})") from cause

    def _judge(self, error: ClientError, operation: str) -> str:
        """Return what passes by itself; raise all else."""
        code = error.response["Error"]["Code"]
        reasons = error.response.get("CancellationReasons", ())
        unmet = {
            number: reason.get("Item", {})
            for number, reason in enumerate(reasons)
            if reason["Code"] == "ConditionalCheckFailed"
        }
        if code == "ConditionalCheckFailedException":
            unmet = {0: error.response.get("Item", {})}
        if unmet:
            raise Unmet(unmet) from None
        for reason in (code, *(reason["Code"] for reason in reasons)):
            if reason in _PASSING:
                return str(reason)
        if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500:
            return str(code)
        next_step = _NEXT_STEPS.get(code, "docs/operations.md says where to look")
        raise StoreUnavailable(f"table {self.name}: {operation} was refused ({code}); {next_step}") from error

    def rounds(self, session_id: str) -> Iterator[int]:
        """Yield for each time that a verb may start over. Raises StoreUnavailable after the last."""
        yield from range(ROUNDS_AT_ONCE)
        yield from self._tries(ROUNDS - ROUNDS_AT_ONCE)
        raise StoreUnavailable(f"{session_id}: too many changes at the same time; try again")

    def _tries(self, most: int) -> Iterator[int]:
        """Yield for each try, after a pause in front of all but the first."""
        for number in range(most):
            if number:
                self._sleep(self._uniform(0, min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** (number - 1))))
            yield number
