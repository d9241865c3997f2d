# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stage without a name of its own, from the first deployment to the way back, by the commands of infra/README.md.

The stack is made from the template as it stands; only the front's parts that ministack does not know are stand-ins. The
functions are the package, run by `awslambdaric` with the variables and the rights that the stack gives them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from register.stores.dynamodb.store import DynamoDBStore
from tests.support.documented import run, run_section
from tests.support.dynamodb_engine import running
from tests.support.lambda_cloud import Cloud
from tests.support.lambda_events import sign_up
from tests.support.rehearsed_stage import SENDER, RehearsedStage

pytestmark = pytest.mark.long

ANA, BEA = "ana@migrant.ca.gov", "bea@migrant.ca.gov"
LINK = "https://meet.migrant.ca.gov/overview"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[RehearsedStage]:
    """A clone of the project, in an empty account that may send email."""
    with running() as engine:
        with closing(engine.client("sesv2")) as ses:
            ses.create_email_identity(EmailIdentity=SENDER)
        yield RehearsedStage(tmp_path / "project", engine)


def test_a_stage_is_deployed_used_changed_and_taken_back(stage: RehearsedStage, tmp_path: Path) -> None:
    run("cp infra/stages/example.toml infra/stages/production.toml", by=stage.shell)
    stage.describe()
    other = stage.root / "infra/stages/other.toml"
    other.write_text((stage.root / "infra/stages/production.toml").read_text() + 'account = "123456789012"\n')
    refused = stage.shell("make deploy STAGE=other", status=2)
    assert (
        "error: you are logged in to the account 000000000000, and the stage other is in 123456789012"
        in refused.stderr
    )
    other.unlink()

    first_look = run("make deploy STAGE=production DRY_RUN=yes", by=stage.shell)
    assert "would make the stack msix-production\n" in first_look.stderr
    (stage.root / "link.txt").write_text(LINK)
    run("make secret STAGE=production NAME=join/overview < link.txt", by=stage.shell)
    (stage.root / "var").mkdir()
    (stage.root / "var/staff.toml").write_text(f'[[staff]]\nemail = "{ANA}"\n')
    run("make secret STAGE=production NAME=staff < var/staff.toml", by=stage.shell)
    deployed = run("make deploy STAGE=production", by=stage.shell)

    url = stage.outputs()["SiteUrl"]
    front = stage.parameter("/msix/production/front")
    said = deployed.stdout + deployed.stderr
    assert said.endswith(f"Done: {url}\n")
    for secret in (front, stage.parameter("/msix/production/secret"), LINK):
        assert secret not in said
    calendar = stage.file("calendar/all.ics")
    assert (calendar["ContentType"], LINK in calendar["text"]) == ("text/calendar; charset=utf-8", False)
    first = stage.file("schedule/moved/index.html")["text"]
    assert f"{url}/schedule/moved/" in first

    with stage.function("Http", tmp_path / "http") as http:
        for session, name, email in (("moved", "Ana Núñez", ANA), ("canceled", "Bea Ruiz", BEA)):
            form = sign_up(session, name=name, email=email, language="en")
            done = http.result(from_front(form, url, front))
            assert (done["statusCode"], done["headers"]["location"][:15]) == (303, "/register/done/")
        assert http.result(from_front(sign_up("moved"), url, "a guess"))["statusCode"] == 404
    deliver(stage, tmp_path / "deliver-1")
    day, next_day = (f"{one:%a, %b} {one.day}" for one in (stage.day, stage.next_day))
    assert stage.subjects(ANA) == [f"You are signed up ({day}): CA MSIX Overview"]
    assert LINK in stage.emails(ANA)[0]["BodyText"]
    assert f"{url}/register/manage/" in stage.emails(ANA)[0]["BodyText"]

    stage.change_the_sessions()
    look = run("make deploy STAGE=production DRY_RUN=yes", by=stage.shell)
    assert "the stack msix-production would stay as it is\n" in look.stderr
    assert "would change 2 sessions and send 2 emails\n" in look.stdout
    assert stage.file("schedule/moved/index.html")["text"] == first
    run("make deploy STAGE=production", by=stage.shell)
    assert stage.file("schedule/moved/index.html")["text"] != first
    deliver(stage, tmp_path / "deliver-2")
    assert stage.subjects(ANA)[1:] == [f"Changed ({day}): CA MSIX Overview"]
    assert stage.subjects(BEA)[1:] == [f"Session canceled ({next_day}): CA MSIX Overview"]
    roster = "env $(cat var/production.env) .venv/bin/register roster moved"
    assert "Ana Núñez" in stage.shell(roster).stdout
    # What the world's DNS knows of the sender is not this account's.
    checkup = run(
        "env $(cat var/production.env) .venv/bin/register doctor",
        by=lambda text: stage.shell(f"{text} || true").stdout,
    )
    assert "ok sessions: 2 to come" in checkup
    assert [line for line in checkup.splitlines() if line.startswith("!!") and "sender:" not in line] == []

    back = run("make rollback STAGE=production", by=stage.shell)
    assert stage.file("schedule/moved/index.html")["text"] == first
    told = [line.partition(":")[0] for line in back.stderr.splitlines() if "; people have been told" in line]
    assert told == ["  canceled", "  moved"]

    run_section("infra/README.md", "Changing secrets", by=stage.shell)
    assert stage.parameter("/msix/production/front") not in {front, ""}


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
