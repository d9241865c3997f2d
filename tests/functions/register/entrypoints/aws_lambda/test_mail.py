# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail as Lambda sends it: by the table's stream and by the clock; and what SES says of mail that came back."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from register.domain.counts import Counts
from register.domain.model import Kind, Registration
from register.domain.wishes import Wish, WishPurpose
from schedule.model import Language
from tests.support.builders import person
from tests.support.constants import HOUR
from tests.support.lambda_cloud import Cloud
from tests.support.lambda_events import notice, tick
from tests.support.lambda_runtime import Lambda
from tests.support.sam_template import properties
from tests.support.visitors import STAFF

NOBODY = "http://127.0.0.1:9"
"""Where nobody listens."""

NOTHING_FAILED: dict[str, Any] = {"batchItemFailures": []}
CONFIRMED = "You are signed up (Thu, Dec 3): CA MSIX Overview"


def sign_up(
    cloud: Cloud, *names: str, ago: timedelta = timedelta(minutes=1), **changes: str
) -> list[Registration]:
    """Sign people up in the session of the staff, each with an address of this test alone."""
    now = datetime.now(UTC) - ago
    return [
        cloud.store.sign_up(
            STAFF,
            person(name, email=address(cloud, name), **changes),
            registration_id=f"rid-{now:%H%M%S}-{number}",
            now=now + timedelta(seconds=number),
        ).registration
        for number, name in enumerate(names)
    ]


def address(cloud: Cloud, name: str) -> str:
    return f"{name.split()[0].lower()}-{cloud.store.table.name}@example.net"


def subjects(cloud: Cloud, name: str) -> list[str]:
    return [mail["Subject"] for mail in cloud.mails(address(cloud, name))]


def due(cloud: Cloud) -> list[tuple[str, bool]]:
    """Return who waits for a mail, in the order of signing up, and whether it was tried in vain."""
    pending = sorted(cloud.store.pending(), key=lambda one: one.message.recorded)
    return [(one.message.name, one.problem is not None) for one in pending]


def test_the_stream_brings_each_mail_out_once(cloud: Cloud) -> None:
    cloud.open(STAFF)
    sign_up(cloud, "Ana Núñez", "Bea")
    batch = {"Records": cloud.new_messages()}

    with cloud.function("deliver") as deliver:
        assert deliver.result(batch) == NOTHING_FAILED
        assert deliver.result(batch) == NOTHING_FAILED
        assert deliver.result(tick()) | {"sent": 0} == deliver.result(tick())

    assert len(batch["Records"]) == 2
    assert (subjects(cloud, "Ana"), subjects(cloud, "Bea")) == ([CONFIRMED], [CONFIRMED])
    [mail] = cloud.mails(address(cloud, "Ana"))
    assert "Hello Ana Núñez" in mail["BodyText"]
    assert due(cloud) == []
    planted = ("Ana", "Núñez", "Bea", "example.net", "/register/manage/")
    assert [word for word in planted if word in deliver.log()] == []
    assert deliver.log().count(": sent") == 2


def test_the_stream_s_other_records_are_let_be(cloud: Cloud) -> None:
    cloud.open(STAFF)
    sign_up(cloud, "Ana")
    messages = cloud.new_messages()
    others = [one for one in cloud.stream() if one not in messages]
    gone = [replaced(one, "REMOVE") for one in messages] + [replaced(one, "MODIFY") for one in messages]
    assert {one["dynamodb"]["Keys"]["pk"]["S"][0] for one in others} == {"S"}

    with cloud.function("deliver") as deliver:
        assert deliver.result({"Records": [*others, *gone]}) == NOTHING_FAILED
        assert deliver.result({"Records": []}) == NOTHING_FAILED

    assert due(cloud) == [("Ana", False)]


def replaced(record: dict[str, Any], event: str) -> dict[str, Any]:
    return record | {"eventName": event}


def test_the_stream_repeats_from_the_first_record_that_the_store_failed_for(cloud: Cloud) -> None:
    cloud.open(STAFF)
    _, bea, _ = sign_up(cloud, "Ana", "Bea", "Cleo")
    records = cloud.new_messages()

    with (
        cloud.refusing(bea.person.email_hash) as partly,
        cloud.function("deliver", AWS_ENDPOINT_URL_DYNAMODB=partly) as deliver,
    ):
        failed = deliver.result({"Records": records})
    assert failed == {"batchItemFailures": [{"itemIdentifier": records[1]["dynamodb"]["SequenceNumber"]}]}
    assert [subjects(cloud, name) for name in ("Ana", "Bea", "Cleo")] == [[CONFIRMED], [], []]

    with cloud.function("deliver") as deliver:
        assert deliver.result({"Records": records[1:]}) == NOTHING_FAILED
    assert [subjects(cloud, name) for name in ("Ana", "Bea", "Cleo")] == [[CONFIRMED]] * 3


def test_a_mail_that_cannot_go_out_is_kept_for_later_and_fails_no_batch(cloud: Cloud) -> None:
    cloud.open(STAFF)
    sign_up(cloud, "Ana", "Bea")

    with cloud.function("deliver", AWS_ENDPOINT_URL_SESV2=NOBODY) as deliver:
        assert deliver.result({"Records": cloud.new_messages()}) == NOTHING_FAILED
        assert deliver.result(tick()) == delivered(later=1, down=True)

    # The server is asked once by each call, and who was asked about comes last.
    assert sorted(due(cloud)) == [("Ana", True), ("Bea", True)]


def test_a_paused_account_rings_the_alarm_after_half_an_hour(cloud: Cloud) -> None:
    cloud.open(STAFF)
    sign_up(cloud, "Ana", "Bea", ago=timedelta(minutes=29))
    with cloud.ses_that_says("SendingPausedException") as paused:
        with cloud.function("deliver", AWS_ENDPOINT_URL_SESV2=paused) as deliver:
            assert deliver.result(tick()) == delivered(later=1, down=True)
        quiet = stuck_of(deliver)
        sign_up(cloud, "Cleo", ago=timedelta(minutes=31))
        with cloud.function("deliver", AWS_ENDPOINT_URL_SESV2=paused) as deliver:
            assert deliver.result(tick()) == delivered(later=1, down=True)
        loud = stuck_of(deliver)

    assert (quiet, loud) == ([0], [0, 1])
    alarm = properties("MailStuckAlarm")
    assert [number > alarm["Threshold"] for number in loud] == [False, True]


def stuck_of(deliver: Lambda) -> list[int]:
    """Return the values of the metric that the log has, in the form that CloudWatch reads."""
    found = []
    for line in deliver.log().splitlines():
        if line.startswith('{"_aws"'):
            metric = json.loads(line)
            [written] = metric["_aws"]["CloudWatchMetrics"]
            alarm = properties("MailStuckAlarm")
            assert (written["Namespace"], written["Metrics"][0]["Name"]) == (
                alarm["Namespace"],
                alarm["MetricName"],
            )
            assert written["Dimensions"] == [[one["Name"] for one in alarm["Dimensions"]]]
            assert (metric["FunctionName"], abs(metric["_aws"]["Timestamp"] / 1000 - time.time()) < 60) == (
                "f",
                True,
            )
            found.append(metric[alarm["MetricName"]])
    return found


def test_smtp_is_refused_at_the_start(cloud: Cloud) -> None:
    with cloud.function("deliver", REGISTER_MAIL="smtp://office:secret@mail.example.net") as deliver:
        answer = deliver.call(tick())

    assert answer.failed
    assert answer.value["errorMessage"] == (
        "ConfigError: REGISTER_MAIL: on Lambda, email goes through Amazon SES alone; give ses://"
    )


def test_a_mail_is_not_begun_when_the_time_is_short_and_the_clock_has_it_sent(cloud: Cloud) -> None:
    cloud.open(STAFF)
    sign_up(cloud, "Ana")

    with cloud.function("deliver") as deliver:
        assert deliver.result({"Records": cloud.new_messages()}, seconds=30) == NOTHING_FAILED
        assert deliver.result(tick(), seconds=30) == delivered(sent=0)
        assert due(cloud) == [("Ana", False)]
        assert deliver.result(tick()) == delivered(sent=1)

    assert subjects(cloud, "Ana") == [CONFIRMED]


def delivered(**changes: int) -> dict[str, int]:
    return {"sent": 0, "later": 0, "failed": 0, "dropped": 0, "down": False} | changes


def maintained(**changes: int) -> dict[str, int]:
    return {"notices": 0, "promotions": 0, "reminders": 0} | changes


def test_the_clock_has_finished_what_was_left_undone(cloud: Cloud) -> None:
    terms = cloud.open(STAFF, capacity=1)
    sign_up(cloud, "Ana", "Bea")
    occupancy = cloud.store.session(STAFF)
    # A sync that stopped before it gave the new seat to the person who waits.
    cloud.store.sync_session(replace(terms, capacity=2), None, expected=occupancy)

    with cloud.function("maintain") as maintain:
        assert maintain.result(tick()) == maintained(promotions=1)
        assert maintain.result(tick()) == maintained()

    with cloud.function("deliver") as deliver:
        assert deliver.result(tick()) == delivered(sent=3)
    assert len(subjects(cloud, "Bea")) == 2
    assert cloud.store.session(STAFF).waiting == 0


def test_the_clock_has_the_counts_kept_of_what_is_over_by_the_organizations_that_the_site_lists(
    cloud: Cloud,
) -> None:
    listed = cloud.site.told.organizations[0]
    cloud.open(STAFF, begins_in=HOUR)
    sign_up(cloud, "Ana", organization=listed.upper())
    here = cloud.store.session(STAFF)
    over = replace(here.terms, starts=here.terms.starts - 24 * HOUR, ends=here.terms.ends - 24 * HOUR)
    cloud.store.sync_session(over, None, expected=here)

    with cloud.function("maintain") as maintain:
        maintain.result(tick())

    (counts,) = cloud.store.counts(over.starts)
    assert counts.organizations == {listed: Counts(confirmed=1)}


def test_reminders_are_written_also_where_something_cannot_be_finished(cloud: Cloud) -> None:
    terms = cloud.open(STAFF, capacity=1, begins_in=timedelta(hours=20))
    sign_up(cloud, "Ana", "Bea", ago=timedelta(days=3))
    cloud.store.sync_session(replace(terms, capacity=2), None, expected=cloud.store.session(STAFF))

    # The line of people who wait cannot be read.
    with (
        cloud.refusing('"W#') as partly,
        cloud.function("maintain", AWS_ENDPOINT_URL_DYNAMODB=partly) as maintain,
    ):
        answer = maintain.call(tick())

    assert (answer.failed, answer.value["errorType"]) == (True, "Failed")
    assert answer.value["errorMessage"] == (
        f"StoreUnavailable: table {cloud.store.table.name}: query was refused (AccessDeniedException); "
        "this user or role may not do that: see OfficeAccess in infra/README.md"
    )
    kinds = [each.message.kind for each in cloud.store.messages_of(address(cloud, "Ana"))]
    assert kinds == [Kind.CONFIRMATION, Kind.REMINDER]


def test_reminders_go_out_a_day_before_and_once(cloud: Cloud) -> None:
    cloud.open(STAFF, begins_in=timedelta(hours=20))
    sign_up(cloud, "Ana", ago=timedelta(days=3))

    with cloud.function("maintain") as maintain:
        assert maintain.result(tick()) == maintained(reminders=1)
        assert maintain.result(tick()) == maintained()
    with cloud.function("deliver") as deliver:
        assert deliver.result(tick()) == delivered(sent=2)

    [_, reminder] = cloud.mails(address(cloud, "Ana"))
    assert "meet.example.org/secret-room" in reminder["BodyText"]
    assert "meet.example.org" not in maintain.log()
    assert "meet.example.org" not in deliver.log()


def bounce(to: str) -> str:
    """Return a notice as SES publishes it; "Examples of event data that Amazon SES publishes to Amazon SNS"."""
    return json.dumps(
        {
            "eventType": "Bounce",
            "bounce": {
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [
                    {
                        "emailAddress": to,
                        "action": "failed",
                        "status": "5.1.1",
                        "diagnosticCode": f"smtp; 550 5.1.1 <{to}> user unknown",
                    }
                ],
                "timestamp": "2026-08-05T00:41:02.669Z",
                "feedbackId": "01000157c44f053b",
                "reportingMTA": "dsn; mta.example.com",
            },
            "mail": {"destination": [to], "messageId": "EXAMPLE7c191be45"},
        }
    )


def test_what_came_back_is_kept_at_the_registration_in_words_without_the_address(cloud: Cloud) -> None:
    cloud.open(STAFF)
    sign_up(cloud, "Ana", "Bea")
    greeting = "Successfully validated SNS topic for Amazon SES event publishing."

    with cloud.function("maintain") as maintain:
        event = notice(greeting, bounce(address(cloud, "Ana")), bounce("nobody@example.net"))
        assert maintain.result(event) == {"bounced": 1}

    assert [(one.person.name, one.bounced) for one in cloud.store.roster(STAFF)] == [
        ("Ana", "bounce Permanent General 5.1.1"),
        ("Bea", None),
    ]
    assert due(cloud) == [("Ana", False), ("Bea", False)]
    assert "example.net" not in maintain.log()


def wish(cloud: Cloud, name: str) -> None:
    """Ask for somebody's email again, as the page does."""
    at = datetime.now(UTC) - timedelta(seconds=5)
    email, purpose = address(cloud, name), WishPurpose.LOST_LINK
    cloud.store.record_wish(Wish(f"wish-{name}", purpose, email, Language.ENGLISH, at))


def test_who_asks_for_an_email_gets_it_by_the_stream_and_a_stranger_leaves_nothing(cloud: Cloud) -> None:
    cloud.open(STAFF)
    sign_up(cloud, "Ana", ago=timedelta(hours=2))
    wish(cloud, "Ana")
    wish(cloud, "Nobody")
    asked = cloud.new("O#WISH#")

    with cloud.function("maintain") as maintain:
        assert maintain.result({"Records": asked}) == NOTHING_FAILED
        assert maintain.result(tick()) == maintained()
    with cloud.function("deliver") as deliver:
        assert deliver.result({"Records": cloud.new_messages()}) == NOTHING_FAILED
        assert deliver.result(tick()) == delivered()

    assert len(asked) == 2
    assert (subjects(cloud, "Ana"), subjects(cloud, "Nobody")) == ([CONFIRMED] * 2, [])
    assert cloud.store.wishes(now=datetime.now(UTC)) == []
    assert "example.net" not in maintain.log() + deliver.log()


def test_a_wish_is_repeated_by_the_stream_where_the_store_fails(cloud: Cloud) -> None:
    wish(cloud, "Ana")
    [asked] = cloud.new("O#WISH#")

    with (
        cloud.refusing("O#WISH#") as partly,
        cloud.function("maintain", AWS_ENDPOINT_URL_DYNAMODB=partly) as maintain,
    ):
        failed = maintain.result({"Records": [asked]})

    assert failed == {"batchItemFailures": [{"itemIdentifier": asked["dynamodb"]["SequenceNumber"]}]}


def test_the_clock_has_looked_up_what_people_asked_for(cloud: Cloud) -> None:
    cloud.open(STAFF)
    sign_up(cloud, "Ana", ago=timedelta(hours=2))
    wish(cloud, "Ana")
    wish(cloud, "Nobody")

    with cloud.function("maintain") as maintain:
        assert maintain.result(tick()) == maintained()
    with cloud.function("deliver") as deliver:
        assert deliver.result(tick()) == delivered(sent=2)

    assert (subjects(cloud, "Ana"), stuck_of(deliver)) == ([CONFIRMED] * 2, [0])
    assert cloud.store.wishes(now=datetime.now(UTC)) == []


def test_a_damaged_message_holds_up_no_other_and_rings_the_alarm_without_naming_anybody(cloud: Cloud) -> None:
    cloud.open(STAFF)
    ana, _ = sign_up(cloud, "Ana Núñez", "Bea")
    cloud.spoil(ana, recorded="Ana Núñez <ananez@example.net>")

    with cloud.function("deliver") as deliver:
        assert deliver.result({"Records": cloud.new_messages()}) == NOTHING_FAILED
        answer = deliver.call(tick())

    assert (subjects(cloud, "Ana"), subjects(cloud, "Bea")) == ([], [CONFIRMED])
    assert (answer.failed, answer.value["errorType"]) == (True, "Failed")
    assert answer.value["errorMessage"].startswith(
        f"Damaged: email {STAFF}/{ana.registration_id}/confirmation/"
    )
    assert '"recorded" is no date and time' in answer.value["errorMessage"]
    told = f"{answer.value}{deliver.log()}"
    assert [word for word in ("Ana", "Núñez", "ananez", "example.net") if word in told] == []


def test_a_person_who_breaks_the_code_does_not_come_into_the_log(cloud: Cloud) -> None:
    with cloud.function("deliver") as function:
        answer = function.call(
            {"Records": [{"eventName": "INSERT", "dynamodb": {"Keys": {"Ana Núñez": "ananez@example.net"}}}]}
        )

    assert answer.failed
    assert answer.value["errorType"] == "Failed"
    assert answer.value["errorMessage"] == "KeyError; the log says where"
    told = f"{answer.value}{function.log()}"
    assert "entrypoints/aws_lambda.py" in told
    assert [word for word in ("Ana", "Núñez", "ananez", "example.net") if word in told] == []
