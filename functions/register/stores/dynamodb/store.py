# SPDX-License-Identifier: AGPL-3.0-or-later
"""The production store: one DynamoDB table (`items.py` says what is in it), reached through boto3."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from register.stores.dynamodb.attendance import Attendance
from register.stores.dynamodb.changes import Changes
from register.stores.dynamodb.client import Table, connect
from register.stores.dynamodb.damage import Damage
from register.stores.dynamodb.desk import DynamoDBDesk
from register.stores.dynamodb.erasure import Erasure
from register.stores.dynamodb.outbox import DynamoDBOutbox
from register.stores.dynamodb.sync import Syncs
from register.stores.dynamodb.wishes import DynamoDBWishes


class DynamoDBStore(
    Changes, Attendance, Syncs, DynamoDBOutbox, DynamoDBWishes, DynamoDBDesk, Erasure, Damage
):
    """`register.stores.Store` in a table. Raises StoreUnavailable where DynamoDB does not answer in time."""

    def __init__(
        self,
        table: str,
        make_client: Callable[[], Any] = connect,
        *,
        sleep: Callable[[float], object] = time.sleep,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """Nothing is asked yet: the client is made when it is first used."""
        super().__init__(Table(table, make_client, sleep, uniform))

    def close(self) -> None:
        """See `Store.close`."""
        self.table.close()


def create_table(client: Any, name: str) -> None:
    """Make the table as `infra/` makes it on AWS, and wait until it can be used."""
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in ("pk", "sk", "gsi1pk", "gsi2pk", "gsi2sk")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "gsi1",
                "KeySchema": [{"AttributeName": "gsi1pk", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
            {
                "IndexName": "gsi2",
                "KeySchema": [
                    {"AttributeName": "gsi2pk", "KeyType": "HASH"},
                    {"AttributeName": "gsi2sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            },
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"},
    )
    client.get_waiter("table_exists").wait(TableName=name)
    client.update_time_to_live(
        TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )
