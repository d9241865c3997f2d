# SPDX-License-Identifier: AGPL-3.0-or-later
"""Somebody is told when something fails, and nobody when nothing does."""

from __future__ import annotations

import json
import re

from register.entrypoints.aws_lambda import MAIL_STUCK, NAMESPACE
from schedule.addresses import Addresses
from tests.support.sam_template import RESOURCES, filled, of_type, properties


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
        ("Errors", "Maintain"),
        ("IteratorAge", "Deliver"),
        ("AWS::StackName-ApiErrors",),
        (MAIL_STUCK, "Deliver"),
    }
    for name, alarm in alarms.items():
        assert alarm["AlarmActions"] == [{"Ref": "Alarms"}]
        # The clock has it said each time how many are stuck, also that none is: silence means that nobody sends.
        silence = "breaching" if name == "MailStuckAlarm" else "notBreaching"
        assert alarm["TreatMissingData"] == silence
        assert alarm["ComparisonOperator"] == "GreaterThanThreshold"
    [subscription] = properties("Alarms")["Subscription"]
    assert filled(subscription["Endpoint"]) == "office@migrant.ca.gov"
    assert filled(subscription["Endpoint"], AlarmAddress="") == "training@migrant.ca.gov"


def test_nothing_is_watched_that_is_not_there_yet() -> None:
    for name, alarm in of_type("AWS::CloudWatch::Alarm").items():
        of_a_function = [one["Value"]["Ref"] for one in alarm.get("Dimensions", ()) if "Ref" in one["Value"]]
        assert RESOURCES[name].get("Condition") == ("HasCode" if of_a_function else None)


def counts(status: int, path: str) -> bool:
    """Whether an answer counts for the alarm of errors, by the route of its path as the log has it."""
    keys = {route["RouteKey"] for route in of_type("AWS::ApiGatewayV2::Route").values()}
    [route] = [key for key in keys if key.endswith(f" {path}")] or ["$default"]
    assert route in keys
    line = properties("ApiStage")["AccessLogSettings"]["Format"]
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
    assert properties("ApiStage")["AccessLogSettings"]["DestinationArn"] == {"Fn::GetAtt": ["ApiLog", "Arn"]}


def test_the_alarm_watches_the_metric_of_stuck_email_for_longer_than_from_sweep_to_sweep() -> None:
    alarm = properties("MailStuckAlarm")

    assert (alarm["Namespace"], alarm["MetricName"]) == (NAMESPACE, MAIL_STUCK)
    assert [one["Name"] for one in alarm["Dimensions"]] == ["FunctionName"]
    assert alarm["Period"] * alarm["EvaluationPeriods"] >= 2 * 300
