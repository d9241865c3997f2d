# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the template lets a function do, held against what it asks for.

Sources: the IAM User Guide, "Policy evaluation logic"; the DynamoDB Developer Guide, "Using IAM policy conditions for
fine-grained access control" and "Using IAM with DynamoDB transactions"; for SES, the Service Authorization Reference.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from tests.support.forwarding import Asked
from tests.support.sam_template import FUNCTIONS, filled, listed, properties, statements

_RAW_EMAIL = "ses:SendRawEmail"
_SES = {
    ("POST", "/v2/email/outbound-emails"): _RAW_EMAIL,
    ("GET", "/v2/email/account"): "ses:GetAccount",
}
_KEYS, _COMPARISON = "dynamodb:LeadingKeys", "ForAllValues:StringLike"


class Role:
    """The rights of one of the template's functions."""

    def __init__(self, function: str, **parameters: str) -> None:
        """Take the function's name in the template, and the template's parameters where they are no defaults."""
        name = FUNCTIONS[function]["Role"]["Fn::GetAtt"][0]
        policies = [policy["Ref"] for policy in properties(name)["ManagedPolicyArns"]]
        self._statements = [one for policy in (name, *policies) for one in statements(policy)]
        self._parameters = parameters
        self.refusals: list[str] = []
        """What was asked for in vain."""

    def refuses(self, asked: Asked) -> bool:
        """Whether any part of a request is not allowed."""
        refused = [action for action, about in _parts(asked) if not self.allows(action, about)]
        self.refusals += refused
        return refused != []

    def allows(self, action: str, about: str) -> bool:
        """Whether an action is allowed: on an item by its partition key, on a parameter by its name."""
        return any(
            statement["Effect"] == "Allow"
            and action in listed(statement["Action"])
            and self._fits(statement, about)
            for statement in self._statements
        )

    def _fits(self, statement: dict[str, Any], about: str) -> bool:
        condition = statement.get("Condition", {})
        if _COMPARISON in condition:
            # An item's partition key is all that the condition can see.
            return any(fnmatchcase(about, pattern) for pattern in condition[_COMPARISON][_KEYS])
        if "ssm:GetParameter" in listed(statement["Action"]):
            resources = [filled(one, **self._parameters) for one in listed(statement["Resource"])]
            return any(resource.endswith(f":parameter{about}") for resource in resources)
        return True


def _parts(asked: Asked) -> Iterator[tuple[str, str]]:
    """Yield the actions of a request, each with what it is about."""
    service, _, operation = asked.target.partition(".")
    if not service:
        yield _SES[asked.method, asked.path], ""
        return
    body = json.loads(asked.body)
    if service == "AmazonSSM":
        yield f"ssm:{operation}", body["Name"]
    elif operation == "TransactWriteItems":
        for action in body["TransactItems"]:
            [(kind, request)] = action.items()
            yield (
                f"dynamodb:{'ConditionCheckItem' if kind == 'ConditionCheck' else kind + 'Item'}",
                _partition(request),
            )
    elif operation in {"PutItem", "UpdateItem", "DeleteItem"}:
        yield f"dynamodb:{operation}", _partition(body)
    else:
        yield f"dynamodb:{operation}", ""


def _partition(request: dict[str, Any]) -> str:
    key: dict[str, str] = request.get("Item", request.get("Key", {}))["pk"]
    return key["S"]
