# SPDX-License-Identifier: AGPL-3.0-or-later
"""The template holds what the code counts on: the table, the handlers, the settings, and mail that gets through."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra import build
from register.entrypoints.aws_lambda import MAIL_STUCK, NAMESPACE, TIME_FOR_ONE
from register.mail.backends.by_url import backend_for
from register.mail.backends.ses import SesBackend
from register.mail.policy import POLICY
from register.settings.config import SETTINGS, read
from register.stores.dynamodb.keys import read_message_key
from register.stores.dynamodb.store import create_table
from register.web.security import FRONT_HEADER, HEADERS
from schedule.addresses import Addresses
from tests.support.constants import ROOT
from tests.support.sam_template import FUNCTIONS, TEMPLATE, environment, filled, of_type, properties


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

    assert TEMPLATE["Resources"]["Table"]["DeletionPolicy"] == "Retain"
    assert TEMPLATE["Resources"]["Table"]["UpdateReplacePolicy"] == "Retain"
    assert table["DeletionProtectionEnabled"] is True
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
        "Remind": "register.entrypoints.aws_lambda.remind",
    }
    for handler in handlers.values():
        module, name = handler.rsplit(".", 1)
        assert callable(getattr(importlib.import_module(module), name))


def test_the_folder_is_built_for_what_runs_it() -> None:
    shared = TEMPLATE["Globals"]["Function"]

    assert shared["Runtime"] == f"python{build.RUNTIME}"
    assert shared["Architectures"] == ["arm64"]
    assert all(platform.endswith("_aarch64") for platform in build.PLATFORMS)
    assert (ROOT / "infra" / shared["CodeUri"]).resolve() == build.TARGET


def test_every_variable_is_a_setting_of_the_function() -> None:
    for function in FUNCTIONS:
        assert set(environment(function)) - set(SETTINGS) == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_function_takes_its_settings_for_production(function: str, tmp_path: Path) -> None:
    parameters = {"/msix/secret": "s" * 40}
    config = read(environment(function), tmp_path, production=True, parameter=parameters.__getitem__)

    assert config.store == "dynamodb://Table"
    assert config.site_url == "https://trainings.migrant.ca.gov"
    assert config.secrets == ("s" * 40,)
    assert config.staff == "ssm:///msix/staff"
    assert environment(function)["REGISTER_SENDER"] == "MSIX Training <training@migrant.ca.gov>"
    assert config.reply_to is None
    sender = backend_for(config.mail, tmp_path)
    assert isinstance(sender, SesBackend)
    assert sender.configuration_set == "ConfigurationSet"


def test_only_what_visitors_reach_knows_the_front_and_its_proxies(tmp_path: Path) -> None:
    def secrets(function: str, **changes: str) -> tuple[tuple[str, ...], int]:
        config = read(environment(function, **changes), tmp_path, parameter=lambda _name: "s" * 40)
        return config.origin_secrets, config.proxies

    assert secrets("Http") == (("o" * 40,), 2)
    assert secrets("Http", PreviousOriginSecret="p" * 40) == (("o" * 40, "p" * 40), 2)
    assert secrets("Deliver") == secrets("Remind") == ((), 0)


def test_the_stream_wakes_the_delivery_for_new_messages_alone() -> None:
    stream = FUNCTIONS["Deliver"]["Events"]["NewMail"]["Properties"]
    [one] = stream.pop("FilterCriteria")["Filters"]

    assert json.loads(one["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"Keys": {"pk": {"S": [{"prefix": "O#"}]}}},
    }
    assert read_message_key("O#s#i", "r#k#t") is not None
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


def test_the_clock_sweeps_and_reminds_and_there_is_time_for_more_than_one_mail() -> None:
    events = {
        name: {
            event["Properties"]["Schedule"]
            for event in function["Events"].values()
            if event["Type"] == "Schedule"
        }
        for name, function in FUNCTIONS.items()
    }

    assert events == {"Http": set(), "Deliver": {"rate(5 minutes)"}, "Remind": {"rate(1 hour)"}}
    for name in ("Deliver", "Remind"):
        assert FUNCTIONS[name]["Timeout"] * 1000 >= 4 * TIME_FOR_ONE
        failed = FUNCTIONS[name]["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]
        assert failed == {"Type": "SQS", "Destination": {"Fn::GetAtt": ["DeadLetters", "Arn"]}}


def test_what_ses_says_of_mail_that_came_back_reaches_the_delivery() -> None:
    destination = properties("BouncesOfMail")
    assert destination["ConfigurationSetName"] == {"Ref": "ConfigurationSet"}
    assert destination["EventDestination"] == {
        "Enabled": True,
        "MatchingEventTypes": ["bounce", "complaint"],
        "SnsDestination": {"TopicARN": {"Ref": "Bounces"}},
    }
    assert FUNCTIONS["Deliver"]["Events"]["CameBack"] == {
        "Type": "SNS",
        "Properties": {"Topic": {"Ref": "Bounces"}},
    }


def test_the_front_sends_visitors_to_the_function_with_the_secret_and_keeps_nothing_personal() -> None:
    front = properties("Front")["DistributionConfig"]
    origins = {origin["Id"]: origin for origin in front["Origins"]}
    status, function, _ = front["CacheBehaviors"]

    assert origins["function"]["OriginCustomHeaders"] == [
        {"HeaderName": FRONT_HEADER, "HeaderValue": {"Ref": "OriginSecret"}}
    ]
    assert origins["function"]["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert (function["PathPattern"], function["TargetOriginId"]) == ("/register/*", "function")
    assert "POST" in function["AllowedMethods"]
    # Amazon's own policies: CachingDisabled, AllViewerExceptHostHeader.
    assert function["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert function["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert (status["PathPattern"], status["AllowedMethods"]) == ("/register/status.json", ["GET", "HEAD"])
    cache = properties("FrontStatusCache")["CachePolicyConfig"]
    assert (cache["MinTTL"], cache["DefaultTTL"], cache["MaxTTL"]) == (0, 0, 60)
    for behavior in (front["DefaultCacheBehavior"], status, function):
        assert behavior["ViewerProtocolPolicy"] == "redirect-to-https"
        assert behavior["ResponseHeadersPolicyId"] == {"Ref": "FrontHeaders"}


def test_the_front_shows_its_own_page_only_for_what_the_bucket_does_not_have() -> None:
    front = properties("Front")["DistributionConfig"]

    assert front["CustomErrorResponses"] == [
        {"ErrorCode": 403, "ResponseCode": 404, "ResponsePagePath": "/404.html", "ErrorCachingMinTTL": 60}
    ]
    answers = (ROOT / "functions/register/web/error_pages.py").read_text()
    assert not re.search(r"^\s+403,", answers, re.MULTILINE)


def test_the_front_says_of_the_pages_what_the_function_says_of_its_own() -> None:
    said = properties("FrontHeaders")["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    ours = dict(HEADERS)

    assert said["ContentSecurityPolicy"] == {
        "ContentSecurityPolicy": ours["Content-Security-Policy"],
        "Override": False,
    }
    assert said["FrameOptions"] == {"FrameOption": ours["X-Frame-Options"], "Override": False}
    assert said["ReferrerPolicy"] == {"ReferrerPolicy": ours["Referrer-Policy"], "Override": False}
    assert ours["X-Content-Type-Options"] == "nosniff"
    assert said["ContentTypeOptions"] == {"Override": True}
    assert said["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000


def test_too_many_requests_are_stopped_before_the_function() -> None:
    assert properties("Api")["DefaultRouteSettings"] == {
        "ThrottlingBurstLimit": 100,
        "ThrottlingRateLimit": 50,
    }


def test_somebody_is_told_when_something_fails() -> None:
    alarms = of_type("AWS::CloudWatch::Alarm")
    watched = {
        (filled(alarm["MetricName"]), *(filled(one["Value"]) for one in alarm.get("Dimensions", ())))
        for alarm in alarms.values()
    }

    assert watched == {
        ("ApproximateNumberOfMessagesVisible", "DeadLetters.QueueName"),
        ("Errors", "Http"),
        ("Errors", "Deliver"),
        ("Errors", "Remind"),
        ("IteratorAge", "Deliver"),
        ("AWS::StackName-ApiErrors",),
        (MAIL_STUCK, "Deliver"),
    }
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
        # A sweep says each time how many are stuck, also that none is: silence means that nobody sweeps.
        silence = "breaching" if name == "MailStuckAlarm" else "notBreaching"
        assert alarm["TreatMissingData"] == silence
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    assert properties("Alarms")["Subscription"] == [
        {"Protocol": "email", "Endpoint": {"Ref": "AlarmAddress"}}
    ]


def counts(status: int, path: str) -> bool:
    """Whether an answer counts for the alarm of errors, by the route of its path as the log has it."""
    events = FUNCTIONS["Http"]["Events"].values()
    own = {
        event["Properties"]["Path"]: event["Properties"]["Method"]
        for event in events
        if len(event["Properties"]) > 2
    }
    route = f"{own[path]} {path}" if path in own else "$default"
    line = properties("Api")["AccessLogSettings"]["Format"]
    for name, value in {"status": str(status), "routeKey": route}.items():
        line = line.replace(f"$context.{name}", value)
    logged = json.loads(line)
    pattern = properties("ApiErrors")["FilterPattern"]
    found = re.fullmatch(r'\{ \(\$\.(\w+) = "(\d)\*"\) && \(\$\.(\w+) != "([^"]+)"\) \}', pattern)
    assert found, pattern
    error, begins, where, but = found.groups()
    return bool(logged[error].startswith(begins) and logged[where] != but)


def test_errors_ring_the_alarm_but_for_the_page_that_says_that_email_is_stuck() -> None:
    at = Addresses("")
    assert [counts(status, at.mail_health) for status in (200, 500, 503)] == [False, False, False]
    for path in (at.sign_up("2026-12-03-overview"), at.status, at.health, at.lost_mail):
        assert [counts(status, path) for status in (200, 303, 404, 422, 429)] == [False] * 5
        assert [counts(status, path) for status in (500, 502, 503, 504)] == [True] * 4

    alarm, log = properties("ApiErrorsAlarm"), properties("ApiErrors")
    [metric] = log["MetricTransformations"]
    assert (alarm["Namespace"], alarm["MetricName"]) == (metric["MetricNamespace"], metric["MetricName"])
    assert (metric["MetricValue"], alarm["Statistic"]) == ("1", "Sum")
    assert log["LogGroupName"] == {"Ref": "ApiLog"}
    assert properties("Api")["AccessLogSettings"]["DestinationArn"] == {"Fn::GetAtt": ["ApiLog", "Arn"]}


def test_the_alarm_watches_the_metric_of_stuck_email_for_longer_than_from_sweep_to_sweep() -> None:
    alarm = properties("MailStuckAlarm")

    assert (alarm["Namespace"], alarm["MetricName"]) == (NAMESPACE, MAIL_STUCK)
    assert [one["Name"] for one in alarm["Dimensions"]] == ["FunctionName"]
    assert alarm["Period"] * alarm["EvaluationPeriods"] >= 2 * 300


def test_there_is_time_for_an_email_and_the_question_after_it() -> None:
    one = POLICY.amazon_connect + POLICY.amazon_answer
    assert 2 * one.total_seconds() * 1000 < TIME_FOR_ONE


def test_the_front_tells_calendar_programs_what_they_need_and_leaves_the_functions_own_alone() -> None:
    behaviors = properties("Front")["DistributionConfig"]["CacheBehaviors"]
    patterns = [behavior["PathPattern"] for behavior in behaviors]
    calendars = behaviors[patterns.index("*.ics")]

    # The first that fits is taken.
    assert patterns.index("/register/*") < patterns.index("*.ics")
    assert [one["EventType"] for one in calendars["FunctionAssociations"]] == ["viewer-response"]
    assert calendars["TargetOriginId"] == "site"
    default = properties("Front")["DistributionConfig"]["DefaultCacheBehavior"]
    same = ("CachePolicyId", "ResponseHeadersPolicyId", "ViewerProtocolPolicy", "AllowedMethods", "Compress")
    assert {name: calendars[name] for name in same} == {name: default[name] for name in same}
