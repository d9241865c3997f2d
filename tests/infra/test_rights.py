# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may do what in the cloud, and what is written down there about people: nothing."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from register.domain.messages import MessageKey
from register.stores.dynamodb.keys import message_key
from tests.support.constants import ROOT
from tests.support.rights import Role
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

READS = {f"dynamodb:{name}" for name in ("BatchGetItem", "GetItem", "Query")}
WRITES = {f"dynamodb:{name}" for name in ("ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem")}
"""TransactWriteItems is allowed by what stands in it; Developer Guide, "Using IAM with transactions"."""

LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
STREAM = {f"dynamodb:{name}" for name in ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")}


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
                narrow = r"[^*]+|[^*]*(/index/|/msix/join/|Site\.Arn/|Packages\.Arn/|:identity/|StackName-)\*"
                assert re.fullmatch(narrow, filled(resource)), resource


def whole(function: str) -> dict[str, set[str]]:
    """Return all that a function may do, by service."""
    role = FUNCTIONS[function]["Role"]["Fn::GetAtt"][0]
    assert role == f"{function}Role"
    found = actions(role)
    for policy in properties(role)["ManagedPolicyArns"]:
        for service, more in actions(policy["Ref"]).items():
            found[service] = found.get(service, set()) | more
    return found


def test_each_function_may_do_what_it_is_there_for_and_nothing_else() -> None:
    reads = {"ssm": {"ssm:GetParameter"}, "logs": LOG}
    gives_up = {"sqs": {"sqs:SendMessage"}}

    assert {name: whole(name) for name in FUNCTIONS} == {
        "Http": {**reads, "dynamodb": READS | WRITES},
        "Deliver": {
            **reads,
            **gives_up,
            "dynamodb": READS | WRITES | STREAM,
            "ses": {"ses:SendEmail", "ses:SendRawEmail", "ses:GetAccount"},
        },
        "Maintain": {**reads, **gives_up, "dynamodb": READS | WRITES | STREAM},
    }
    for name in FUNCTIONS:
        assert [filled(one["Resource"]) for one in statements(f"{name}Role")][-1] == f"{name}Log.Arn"


@pytest.mark.parametrize("action", sorted(WRITES))
@pytest.mark.parametrize("partition", ["S#2026-12-03-overview", "L#client", "STAFF", "COUNTS", ""])
def test_who_sends_email_writes_messages_and_nothing_else(action: str, partition: str) -> None:
    deliver = Role("Deliver")

    assert deliver.allows(action, "O#2026-12-03-overview#hash")
    assert not deliver.allows(action, partition)
    assert Role("Http").allows(action, partition)
    assert Role("Maintain").allows(action, partition)


def test_only_with_a_key_to_look_at_may_messages_be_written() -> None:
    """A request without keys would be allowed by `ForAllValues` alone."""
    [write] = [one for one in statements("DeliverRole") if WRITES & set(listed(one["Action"]))]

    assert write["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["O#*"]},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    assert message_key(MessageKey("s", "h", "r", "k", "o"))["pk"]["S"].startswith("O#")


def test_each_reads_the_table_one_secret_and_who_is_staff() -> None:
    table, parameters = statements("ReadAccess")
    assert [filled(one) for one in table["Resource"]] == ["Table.Arn", "Table.Arn/index/*"]
    assert [filled(one).rsplit(":", 1)[1] for one in parameters["Resource"]] == [
        "parameter/msix/secret",
        "parameter/msix/staff",
    ]
    [write] = statements("WriteAccess")
    assert filled(write["Resource"]) == "Table.Arn"


def test_the_code_asks_for_nothing_that_is_not_allowed() -> None:
    code = (ROOT / "functions/register/stores/dynamodb/client.py").read_text()
    called = set(re.findall(r'call\(\s*f?"([a-z_{}.()]+)"', code))
    asked = {"transact_write_items", "batch_get_item", "query", "get_item", "{kind.lower()}_item"}
    # Reading everything is the doctor's alone, at the office.
    assert called == asked | {"scan"}
    assert actions("OfficeAccess")["dynamodb"] == READS | WRITES | {"dynamodb:Scan"}


def test_mail_goes_out_from_our_address_alone() -> None:
    [send] = [one for one in statements("DeliverRole") if "ses:SendEmail" in listed(one["Action"])]

    assert [filled(one).rsplit(":", 1)[1] for one in send["Resource"]] == [
        "identity/*",
        "configuration-set/ConfigurationSet",
    ]
    assert send["Condition"] == {"StringEquals": {"ses:FromAddress": {"Ref": "SenderAddress"}}}


def test_whoever_publishes_at_the_office_or_the_code_host_makes_no_new_rights() -> None:
    allowed = actions("OfficeAccess")

    assert allowed.keys() == {"dynamodb", "ssm", "s3", "cloudfront", "cloudformation", "lambda"}
    assert allowed["ssm"] == {"ssm:GetParameter"}
    assert allowed["lambda"] == {
        "lambda:GetFunction",
        "lambda:GetFunctionConfiguration",
        "lambda:UpdateFunctionCode",
    }
    [parameters] = [one for one in statements("OfficeAccess") if "ssm:GetParameter" in listed(one["Action"])]
    assert [filled(one).rsplit(":", 1)[1] for one in parameters["Resource"]] == [
        "parameter/msix/secret",
        "parameter/msix/staff",
        "parameter/msix/front",
        "parameter/msix/join/*",
    ]


def test_nobody_but_the_front_reads_the_bucket() -> None:
    read, plain = properties("SitePolicy")["PolicyDocument"]["Statement"]
    [packages] = properties("PackagesPolicy")["PolicyDocument"]["Statement"]

    assert (read["Principal"], read["Action"]) == ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject")
    assert filled(read["Condition"]["StringEquals"]["AWS:SourceArn"]).endswith(":distribution/Front")
    for one in (plain, packages):
        assert (one["Effect"], one["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    for bucket in ("Site", "Packages"):
        assert set(properties(bucket)["PublicAccessBlockConfiguration"].values()) == {True}


def test_secrets_are_no_values_in_the_template_and_the_console_hides_them() -> None:
    parameters = TEMPLATE["Parameters"]

    assert [name for name, one in parameters.items() if one.get("NoEcho")] == [
        "OriginSecret",
        "PreviousOriginSecret",
    ]
    assert "Default" not in parameters["OriginSecret"]
    assert parameters["SecretParameter"]["Default"] == "/msix/secret"


def test_the_access_log_tells_nothing_about_anybody() -> None:
    form: dict[str, Any] = json.loads(properties("ApiStage")["AccessLogSettings"]["Format"])

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

    assert set(groups) == {"HttpLog", "DeliverLog", "MaintainLog", "ApiLog"}
    assert {group["RetentionInDays"] for group in groups.values()} == {30}
    for name, function in FUNCTIONS.items():
        assert function["LoggingConfig"] == {"LogGroup": {"Ref": f"{name}Log"}}


def test_the_stream_and_so_what_was_given_up_of_it_carries_keys_alone() -> None:
    assert properties("Table")["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}
    assert properties("DeadLetters") == {"MessageRetentionPeriod": 1209600, "SqsManagedSseEnabled": True}
