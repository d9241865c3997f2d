# SPDX-License-Identifier: AGPL-3.0-or-later
"""The template holds what the code counts on: the table, the handlers, the settings, and mail that gets through."""

from __future__ import annotations

import importlib
import json
import re
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.build import LAMBDA
from register.domain.messages import Mailbox
from register.entrypoints.aws_lambda import TIME_FOR_ONE
from register.mail.backends.by_url import backend_for
from register.mail.backends.ses import SesBackend
from register.mail.outgoing import mailbox
from register.mail.policy import POLICY
from register.settings.config import SETTINGS, read
from register.stores.dynamodb.keys import read_message_key, read_wish_id
from register.stores.dynamodb.store import create_table
from tests.support.sam_template import (
    FUNCTIONS,
    PARAMETERS,
    RESOURCES,
    TEMPLATE,
    TEXT,
    WITHOUT_DOMAIN,
    chosen,
    environment,
    given,
    of_type,
    properties,
)


class Recorder:
    """Takes down what create_table asks of a client."""

    def __init__(self) -> None:
        self.asked: dict[str, dict[str, Any]] = {}

    def create_table(self, **request: Any) -> None:
        self.asked["table"] = request

    def update_time_to_live(self, **request: Any) -> None:
        self.asked["ttl"] = request

    def get_waiter(self, _name: str) -> Recorder:
        return self

    def wait(self, **_request: Any) -> None:
        """Wait for nothing."""


def test_the_table_is_the_one_that_the_store_makes() -> None:
    recorder = Recorder()
    create_table(recorder, "t")
    made, table = recorder.asked["table"], properties("Table")
    same = ("BillingMode", "KeySchema", "AttributeDefinitions", "GlobalSecondaryIndexes")

    assert {name: table[name] for name in same} == {name: made[name] for name in same}
    assert {"StreamEnabled": True, **table["StreamSpecification"]} == made["StreamSpecification"]
    assert table["TimeToLiveSpecification"] == recorder.asked["ttl"]["TimeToLiveSpecification"]


def test_the_table_outlives_mistakes_and_its_backups_do_not_outlive_what_people_were_told() -> None:
    table = properties("Table")

    assert TEMPLATE["Resources"]["Table"]["UpdateReplacePolicy"] == "Retain"
    assert chosen(table["DeletionProtectionEnabled"]) is True
    assert table["SSESpecification"] == {"SSEEnabled": True}
    assert table["PointInTimeRecoverySpecification"] == {
        "PointInTimeRecoveryEnabled": True,
        "RecoveryPeriodInDays": 14,
    }


def test_every_handler_is_there() -> None:
    handlers = {name: function["Handler"] for name, function in FUNCTIONS.items()}

    assert handlers == {
        "Http": "register.entrypoints.aws_lambda.http",
        "Deliver": "register.entrypoints.aws_lambda.deliver",
        "Maintain": "register.entrypoints.aws_lambda.maintain",
    }
    for handler in handlers.values():
        module, name = handler.rsplit(".", 1)
        assert callable(getattr(importlib.import_module(module), name))


def test_the_package_is_made_for_what_runs_it() -> None:
    shared = TEMPLATE["Globals"]["Function"]

    assert shared["Runtime"] == f"python{LAMBDA.python}"
    assert shared["Architectures"] == ["arm64"]
    assert all(platform.endswith("_aarch64") for platform in LAMBDA.platforms)
    assert shared["CodeUri"] == {"Bucket": {"Ref": "Packages"}, "Key": {"Ref": "CodeKey"}}


def test_every_variable_is_a_setting_of_the_function() -> None:
    for function in FUNCTIONS:
        assert set(environment(function)) - set(SETTINGS) == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_function_takes_its_settings_for_production(function: str, tmp_path: Path) -> None:
    parameters = {"/msix/secret": "s" * 40}
    config = read(environment(function), tmp_path, production=True, parameter=parameters.__getitem__)

    assert config.store == "dynamodb://Table"
    assert config.build == tmp_path / "build"
    assert config.site_url == "https://trainings.migrant.ca.gov"
    assert config.secrets == ("s" * 40,)
    assert config.staff == "ssm:///msix/staff"
    assert config.sender == Mailbox("MSIX Training", "training@migrant.ca.gov")
    assert config.reply_to is None
    sender = backend_for(config.mail, tmp_path)
    assert isinstance(sender, SesBackend)
    assert sender.configuration_set == "ConfigurationSet"


@pytest.mark.parametrize("function", FUNCTIONS)
def test_without_a_domain_the_function_knows_itself_by_the_front_s_name(
    function: str, tmp_path: Path
) -> None:
    variables = environment(function, **WITHOUT_DOMAIN)
    config = read(variables, tmp_path, production=True, parameter=lambda _name: "s" * 40)

    assert config.site_url == "https://Front.DomainName"


@pytest.mark.parametrize(
    "name",
    [
        "MSIX Training",
        "Capacitación de MSIX",
        "County Office, Migrant Ed",
        "MSIX (L.A.) <south>; O'Hara @ 9: «sí»",
    ],
)
def test_the_sender_s_name_may_have_accents_and_commas(name: str, tmp_path: Path) -> None:
    assert allowed("SenderName", name)
    sender = environment("Deliver", SenderName=name)["REGISTER_SENDER"]
    config = read({"REGISTER_SENDER": sender}, tmp_path, make_secret=True)

    assert config.sender == Mailbox(name, "training@migrant.ca.gov")
    header = f"From: {mailbox(config.sender)}\r\n\r\n".encode()
    [address] = message_from_bytes(header, policy=policy.default)["From"].addresses
    assert (address.display_name, address.addr_spec) == (name, "training@migrant.ca.gov")


@pytest.mark.parametrize("name", ["", 'The "best"', "back\\slash", "two\nlines", "x" * 201])
def test_a_sender_s_name_that_would_mean_something_else_is_refused(name: str) -> None:
    assert not allowed("SenderName", name)


def allowed(parameter: str, value: str) -> bool:
    """Whether CloudFormation takes a value."""
    return re.fullmatch(TEMPLATE["Parameters"][parameter]["AllowedPattern"], value) is not None


def test_every_parameter_takes_what_it_is_by_itself_and_what_the_tests_give() -> None:
    for changes in ({}, WITHOUT_DOMAIN):
        for name, value in given(changes).items():
            assert allowed(name, value), name


def test_an_account_and_a_sender_are_enough() -> None:
    asked = {name for name, one in TEMPLATE["Parameters"].items() if "Default" not in one}

    assert asked == {"SenderAddress", "OriginSecret"}
    assert asked <= PARAMETERS.keys()


def test_the_template_is_as_cloudformation_reads_it() -> None:
    """Sent as it is: no longer than it may be then, without what its YAML does not know; "Supported YAML"."""
    assert len(TEXT.encode()) < 51_200
    assert TEXT.isascii()  # it would be told back with question marks
    tokens = [*yaml.scan(TEXT)]
    assert [
        one.start_mark.line for one in tokens if isinstance(one, yaml.AliasToken | yaml.AnchorToken)
    ] == []


def test_a_first_deployment_that_failed_leaves_nothing_and_a_later_one_deletes_nothing() -> None:
    kept = {name for name, one in RESOURCES.items() if "DeletionPolicy" in one}

    assert kept == {"Table", "Site", "Packages"}
    assert {RESOURCES[name]["DeletionPolicy"] for name in kept} == {"RetainExceptOnCreate"}
    assert chosen(properties("Table")["DeletionProtectionEnabled"], CodeKey="") is False


def test_packages_and_earlier_sites_are_there_for_a_way_back() -> None:
    for name in ("Site", "Packages"):
        assert properties(name)["VersioningConfiguration"] == {"Status": "Enabled"}
        [rule] = properties(name)["LifecycleConfiguration"]["Rules"]
        assert rule == {
            "Status": "Enabled",
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }


def test_every_request_reaches_the_function_that_answers_visitors() -> None:
    integration = properties("ApiToHttp")
    assert integration["IntegrationUri"] == {"Fn::GetAtt": ["Http", "Arn"]}
    assert (integration["IntegrationType"], integration["PayloadFormatVersion"]) == ("AWS_PROXY", "2.0")
    for route in of_type("AWS::ApiGatewayV2::Route").values():
        assert route["Target"] == {"Fn::Sub": "integrations/${ApiToHttp}"}
    allows = properties("ApiMayCallHttp")
    assert (allows["FunctionName"], allows["Principal"]) == ({"Ref": "Http"}, "apigateway.amazonaws.com")
    assert allows["SourceArn"]["Fn::Sub"].endswith(":${Api}/*")


def test_only_what_visitors_reach_knows_the_front_and_its_proxies(tmp_path: Path) -> None:
    def secrets(function: str, **changes: str) -> tuple[tuple[str, ...], int]:
        config = read(environment(function, **changes), tmp_path, parameter=lambda _name: "s" * 40)
        return config.origin_secrets, config.proxies

    assert secrets("Http") == (("o" * 40,), 2)
    assert secrets("Http", PreviousOriginSecret="p" * 40) == (("o" * 40, "p" * 40), 2)
    assert secrets("Deliver") == secrets("Maintain") == ((), 0)


@pytest.mark.parametrize(
    ("function", "event", "prefix"), [("Deliver", "NewMail", "O#"), ("Maintain", "Asked", "O#WISH#")]
)
def test_the_stream_wakes_who_is_to_do_something_about_what_is_new(
    function: str, event: str, prefix: str
) -> None:
    stream = {**FUNCTIONS[function]["Events"][event]["Properties"]}
    [one] = stream.pop("FilterCriteria")["Filters"]

    assert json.loads(one["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"pk": {"S": [{"prefix": prefix}]}}},
    }
    assert read_message_key("O#s#i", "r#k#t") is not None
    assert read_wish_id("O#WISH#w") == "w"
    assert stream == {
        "Stream": {"Fn::GetAtt": ["Table", "StreamArn"]},
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 10,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": 10,
        "MaximumRecordAgeInSeconds": 3600,
        "DestinationConfig": {
            "OnFailure": {"Type": "SQS", "Destination": {"Fn::GetAtt": ["DeadLetters", "Arn"]}}
        },
    }


def test_the_clock_comes_by_and_there_is_time_for_more_than_one_email() -> None:
    events = {
        name: {
            event["Properties"]["Schedule"]
            for event in function.get("Events", {}).values()
            if event["Type"] == "Schedule"
        }
        for name, function in FUNCTIONS.items()
    }

    assert events == {"Http": set(), "Deliver": {"rate(5 minutes)"}, "Maintain": {"rate(5 minutes)"}}
    for name in ("Deliver", "Maintain"):
        assert FUNCTIONS[name]["Timeout"] * 1000 >= 4 * TIME_FOR_ONE
        failed = FUNCTIONS[name]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        assert failed == {"Type": "SQS", "Destination": {"Fn::GetAtt": ["DeadLetters", "Arn"]}}


def test_what_ses_says_of_an_email_that_bounced_reaches_the_registration() -> None:
    destination = properties("BouncesOfMail")
    assert destination["ConfigurationSetName"] == {"Ref": "ConfigurationSet"}
    assert destination["EventDestination"] == {
        "Enabled": True,
        "MatchingEventTypes": ["bounce", "complaint"],
        "SnsDestination": {"TopicARN": {"Ref": "Bounces"}},
    }
    assert FUNCTIONS["Maintain"]["Events"]["CameBack"] == {
        "Type": "SNS",
        "Properties": {"Topic": {"Ref": "Bounces"}},
    }


def test_too_many_requests_are_stopped_before_the_function() -> None:
    assert properties("ApiStage")["DefaultRouteSettings"] == {
        "ThrottlingBurstLimit": 100,
        "ThrottlingRateLimit": 50,
    }


def test_there_is_time_for_an_email_and_the_question_after_it() -> None:
    one = POLICY.amazon_connect + POLICY.amazon_answer
    assert 2 * one.total_seconds() * 1000 < TIME_FOR_ONE
