# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stage without a name of its own, from the first deployment to the way back, on an Amazon on this machine.

The stack is made from the template as it stands, the front's parts that ministack does not know excepted; the site is
uploaded by the code that deploys; the functions are the package, run by `awslambdaric` with the variables that the stack
gives them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from register.stores.dynamodb.store import DynamoDBStore
from tests.support.dynamodb_engine import running
from tests.support.lambda_cloud import Cloud
from tests.support.lambda_events import sign_up
from tests.support.rehearsed_stage import SENDER, RehearsedStage

pytestmark = pytest.mark.long

ANA, BEA = "ana@migrant.ca.gov", "bea@migrant.ca.gov"
LINK = "https://meet.migrant.ca.gov/overview"


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RehearsedStage]:
    """A project that nobody has deployed yet, in an empty account that may send email."""
    with running() as engine:
        for name, value in engine.environment.items():
            monkeypatch.setenv(name, value)
        rehearsed = RehearsedStage(tmp_path, engine)
        with closing(engine.client("sesv2")) as ses:
            ses.create_email_identity(EmailIdentity=SENDER)
        rehearsed.put_parameter("/msix/trial/join/overview", LINK)
        yield rehearsed


def test_a_stage_is_deployed_used_changed_and_taken_back(stage: RehearsedStage, tmp_path: Path) -> None:
    assert stage.deployment.deploy() is True
    url = stage.outputs()["SiteUrl"]
    calendar = stage.file("calendar/all.ics")
    assert (calendar["ContentType"], LINK in calendar["text"]) == ("text/calendar; charset=utf-8", False)
    first = stage.file("schedule/moved/index.html")["text"]
    assert f"{url}/schedule/moved/" in first

    front = stage.parameter("/msix/trial/front")
    with stage.function("Http", tmp_path / "http") as http:
        for session, name, email in (("moved", "Ana Núñez", ANA), ("canceled", "Bea Ruiz", BEA)):
            form = sign_up(session, name=name, email=email, language="en")
            done = http.result(from_front(form, url, front))
            assert (done["statusCode"], done["headers"]["location"][:15]) == (303, "/register/done/")
        assert http.result(from_front(sign_up("moved"), url, "a guess"))["statusCode"] == 404
    deliver(stage, tmp_path / "deliver-1")
    day = f"{stage.day:%a, %b} {stage.day.day}"
    assert stage.subjects(ANA) == [f"You are signed up ({day}): CA MSIX Overview"]
    assert LINK in stage.emails(ANA)[0]["BodyText"]
    assert f"{url}/register/manage/" in stage.emails(ANA)[0]["BodyText"]

    stage.change_the_sessions()
    said = len(stage.said)
    stage.deployment.dry_run()
    assert [line for line in stage.said[said:] if "stay" in line] == [
        "the stack msix-trial would stay as it is"
    ]
    assert stage.file("schedule/moved/index.html")["text"] == first
    assert stage.deployment.deploy() is True
    assert stage.file("schedule/moved/index.html")["text"] != first
    deliver(stage, tmp_path / "deliver-2")
    next_day = f"{stage.next_day:%a, %b} {stage.next_day.day}"
    assert stage.subjects(ANA)[1:] == [f"Changed ({day}): CA MSIX Overview"]
    assert stage.subjects(BEA)[1:] == [f"Session canceled ({next_day}): CA MSIX Overview"]
    assert "Ana Núñez" in stage.register("roster", "moved")

    said = len(stage.said)
    stage.deployment.roll_back()
    assert stage.file("schedule/moved/index.html")["text"] == first
    assert [line.partition(":")[0].strip() for line in stage.said[said:] if "people have been told" in line][
        1:
    ] == [
        "canceled",
        "moved",
    ]


def from_front(event: Any, url: str, front: str) -> dict[str, Any]:
    """Return a request as the front passes it on, which adds what proves that it is the front."""
    return {**event, "headers": {**event["headers"], "origin": url, "x-origin-verify": front}}


def deliver(stage: RehearsedStage, folder: Path) -> None:
    """Hand all new messages of the table's stream to the function that sends them."""
    store = DynamoDBStore(stage.outputs()["TableName"], stage.engine.client)
    cloud = Cloud(stage.engine, None, folder, store, folder)
    with stage.function("Deliver", folder) as function:
        assert function.result({"Records": cloud.new_messages()}) == {"batchItemFailures": []}
    store.close()
