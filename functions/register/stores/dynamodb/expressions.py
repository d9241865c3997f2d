# SPDX-License-Identifier: AGPL-3.0-or-later
"""Requests to DynamoDB from short expressions, which name attributes as #name and values as :name.

Only what an expression uses is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from register.stores.dynamodb.keys import Item, pack, wrap
from register.stores.records import Value

Action = dict[str, dict[str, Any]]
"""One write, as TransactWriteItems takes it: `{"Put": {…}}`, Update, Delete or ConditionCheck."""


class Expressions:
    """Builds what is asked of one table."""

    def __init__(self, name: str) -> None:
        self.name = name

    def put(self, item: Item, condition: str = "", **values: Value) -> Action:
        """Return the write of a whole item."""
        return {"Put": {"Item": item} | self._terms("", condition, values)}

    def update(self, key: Item, change: str, condition: str = "", **values: Value) -> Action:
        """Return a change of an item."""
        return {"Update": {"Key": key, "UpdateExpression": change} | self._terms(change, condition, values)}

    def delete(self, key: Item, condition: str = "", **values: Value) -> Action:
        """Return the removal of an item."""
        return {"Delete": {"Key": key} | self._terms("", condition, values)}

    def check(self, key: Item, condition: str, **values: Value) -> Action:
        """Return a condition on an item that is not written."""
        return {"ConditionCheck": {"Key": key} | self._terms("", condition, values)}

    def _terms(self, change: str, condition: str, values: Mapping[str, Value]) -> dict[str, Any]:
        names, used = _placeholders(change, condition)
        terms: dict[str, Any] = {"TableName": self.name}
        if condition:
            terms["ConditionExpression"] = condition
            terms["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
        if names:
            terms["ExpressionAttributeNames"] = names
        if used:
            terms["ExpressionAttributeValues"] = {f":{name}": wrap(values[name]) for name in used}
        return terms

    def query_of(self, condition: str, index: str, values: Mapping[str, Value]) -> dict[str, Any]:
        """Return the request of a query; one of the table itself sees everything written before it."""
        names, _ = _placeholders("", condition)
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": {f":{name}": value for name, value in pack(values).items()},
        }
        return request | ({"IndexName": index} if index else {"ConsistentRead": True})


@lru_cache(maxsize=256)
def _placeholders(*expressions: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the aliases and the names of the values in expressions. Many plain words are reserved, so all have one."""
    text = " ".join(expressions)
    names = {f"#{name}": name for name in re.findall(r"#(\w+)", text)}
    return names, tuple(dict.fromkeys(re.findall(r":(\w+)", text)))
