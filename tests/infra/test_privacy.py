# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may do what in the cloud, and what is written down there about people: nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.support.constants import ROOT
from tests.support.sam_template import (
    FUNCTIONS,
    RESOURCES,
    TEMPLATE,
    filled,
    listed,
    of_type,
    properties,
    statements,
)

POLICIES = [
    name for name, one in RESOURCES.items() if one["Type"] in {"AWS::IAM::Role", "AWS::IAM::ManagedPolicy"}
]

STORE_ACTIONS = {
    f"dynamodb:{name}"
    for name in (
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    )
}
"""TransactWriteItems is allowed by what stands in it; Developer Guide, "Using IAM with transactions"."""


def actions(name: str) -> dict[str, set[str]]:
    """Return what a role or policy allows itself, by service."""
    found: dict[str, set[str]] = {}
    for statement in statements(name):
        assert statement["Effect"] == "Allow"
        for action in listed(statement["Action"]):
            found.setdefault(action.partition(":")[0], set()).add(action)
    return found


@pytest.mark.parametrize("name", POLICIES)
def test_no_policy_allows_more_than_it_names(name: str) -> None:
    for statement in statements(name):
        allowed = listed(statement["Action"])
        assert not [action for action in allowed if "*" in action]
        if statement["Resource"] == "*":
            # Amazon knows no narrower resource for it.
            assert allowed in (["dynamodb:ListStreams"], ["ses:GetAccount"])
        else:
            for resource in listed(statement["Resource"]):
                assert re.fullmatch(r"[^*]+|[^*]*(/index/\*|/msix/join/\*|Site\.Arn/\*)", filled(resource)), (
                    resource
                )


def test_each_function_has_a_role_of_its_own_with_what_it_needs() -> None:
    roles = {name: function["Role"]["Fn::GetAtt"][0] for name, function in FUNCTIONS.items()}
    assert roles == {"Http": "HttpRole", "Deliver": "DeliverRole", "Remind": "RemindRole"}
    shared = {role: [filled(one) for one in properties(role)["ManagedPolicyArns"]] for role in roles.values()}

    assert shared == {
        "HttpRole": ["StoreAccess"],
        "DeliverRole": ["StoreAccess", "MailAccess"],
        "RemindRole": ["StoreAccess", "MailAccess"],
    }
    writes = {"logs": {"logs:CreateLogStream", "logs:PutLogEvents"}}
    assert actions("HttpRole") == actions("RemindRole") == writes
    stream = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}
    assert actions("DeliverRole") == {**writes, "dynamodb": {f"dynamodb:{one}" for one in stream}}
    for role, log in (("HttpRole", "HttpLog"), ("DeliverRole", "DeliverLog"), ("RemindRole", "RemindLog")):
        assert [filled(one["Resource"]) for one in statements(role)][-1] == f"{log}.Arn"


def test_the_store_may_do_what_its_code_asks_for_and_reads_one_secret_and_who_is_staff() -> None:
    assert actions("StoreAccess") == {"dynamodb": STORE_ACTIONS, "ssm": {"ssm:GetParameter"}}
    table, parameters = statements("StoreAccess")
    assert [filled(one) for one in table["Resource"]] == ["Table.Arn", "Table.Arn/index/*"]
    assert [filled(one).rsplit(":", 1)[1] for one in parameters["Resource"]] == [
        "parameter/msix/secret",
        "parameter/msix/staff",
    ]

    code = (ROOT / "functions/register/stores/dynamodb/client.py").read_text()
    called = set(re.findall(r'call\(\s*f?"([a-z_{}.()]+)"', code))
    asked = {"transact_write_items", "batch_get_item", "query", "get_item", "{kind.lower()}_item"}
    # Reading everything is the doctor's alone, at the office.
    assert called == asked | {"scan"}
    assert actions("OfficeAccess")["dynamodb"] == STORE_ACTIONS | {"dynamodb:Scan"}


def test_mail_goes_out_from_our_address_alone() -> None:
    send, account, failed = statements("MailAccess")
    assert account["Action"] == "ses:GetAccount"

    assert set(send["Action"]) == {"ses:SendEmail", "ses:SendRawEmail"}
    assert [filled(one).rsplit(":", 1)[1] for one in send["Resource"]] == [
        "identity/migrant.ca.gov",
        "configuration-set/ConfigurationSet",
    ]
    assert send["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "SenderAddress"}}}
    assert failed == {
        "Effect": "Allow",
        "Action": "sqs:SendMessage",
        "Resource": {"Fn::GetAtt": ["DeadLetters", "Arn"]},
    }


def test_nobody_but_the_front_reads_the_bucket() -> None:
    read, plain = properties("SitePolicy")["PolicyDocument"]["Statement"]

    assert (read["Principal"], read["Action"]) == ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject")
    assert filled(read["Condition"]["StringEquals"]["AWS:SourceArn"]).endswith(":distribution/Front")
    assert (plain["Effect"], plain["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert set(properties("Site")["PublicAccessBlockConfiguration"].values()) == {True}


def test_secrets_are_no_values_in_the_template_and_the_console_hides_them() -> None:
    parameters = TEMPLATE["Parameters"]

    assert [name for name, one in parameters.items() if one.get("NoEcho")] == [
        "OriginSecret",
        "PreviousOriginSecret",
    ]
    assert "Default" not in parameters["OriginSecret"]
    assert parameters["SecretParameter"]["Default"] == "/msix/secret"


def test_the_access_log_tells_nothing_about_anybody() -> None:
    form: dict[str, Any] = json.loads(properties("Api")["AccessLogSettings"]["Format"])

    assert form == {
        "request": "$context.requestId",
        "time": "$context.requestTime",
        "method": "$context.httpMethod",
        "route": "$context.routeKey",
        "status": "$context.status",
        "milliseconds": "$context.responseLatency",
        "function": "$context.integrationStatus",
    }


def test_the_front_and_the_bucket_write_no_logs_since_they_would_hold_personal_links() -> None:
    assert "Logging" not in properties("Front")["DistributionConfig"]
    assert "LoggingConfiguration" not in properties("Site")
    assert not of_type("AWS::CloudFront::RealtimeLogConfig")


def test_logs_go_after_a_month() -> None:
    groups = of_type("AWS::Logs::LogGroup")

    assert set(groups) == {"HttpLog", "DeliverLog", "RemindLog", "ApiLog"}
    assert {group["RetentionInDays"] for group in groups.values()} == {30}
    for name, function in FUNCTIONS.items():
        assert function["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}Log"}}


def test_the_stream_and_so_what_was_given_up_of_it_carries_keys_alone() -> None:
    assert properties("Table")["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}
    assert properties("DeadLetters") == {"MessageRetentionPeriod": 1209600, "SqsManagedSseEnabled": True}
