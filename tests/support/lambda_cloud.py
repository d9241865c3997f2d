# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function as it is deployed: its folder, a table, and mail through SES."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from register.domain.model import Registration, SessionTerms
from register.stores.dynamodb.keys import message_key
from register.stores.dynamodb.store import DynamoDBStore
from register.web.tokens import Tokens
from schedule.contract import from_json
from tests.support.built_site import BuiltSite
from tests.support.constants import SITE_URL
from tests.support.dynamodb_engine import Engine
from tests.support.forwarding import forwarding, serving
from tests.support.lambda_events import FRONT
from tests.support.lambda_runtime import Lambda, running
from tests.support.rights import Role
from tests.support.visitors import terms_of

SECRET = "the secret of the tests and long enough"  # noqa: S105 - there is nothing behind it
SENDER = "training@migrant.ca.gov"


@dataclass
class Cloud:
    """A table with sessions that begin soon by the real clock, which the function's process goes by."""

    engine: Engine
    site: BuiltSite
    task: Path
    """What Lambda unpacks."""
    store: DynamoDBStore
    logs: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            **self.engine.environment,
            "REGISTER_STORE": f"dynamodb://{self.store.table.name}",
            "REGISTER_BUILD": "build",
            "REGISTER_SITE": SITE_URL,
            "REGISTER_SECRET": "ssm:///msix/secret",
            "REGISTER_STAFF": "ssm:///msix/staff",
            "REGISTER_ORIGIN_SECRETS": f"{FRONT},the one before",
            "REGISTER_SENDER": f"MSIX Training <{SENDER}>",
            "REGISTER_MAIL": "ses://",
            "REGISTER_PROXIES": "2",
        }

    @contextmanager
    def function(self, name: str, **changes: str) -> Iterator[Lambda]:
        """Start `aws_lambda.<name>`, in this environment with changes, with the rights that the template gives it."""
        settings = self.environment | changes
        named = {"SecretParameter": settings["REGISTER_SECRET"], "StaffParameter": settings["REGISTER_STAFF"]}
        role = Role(name.title(), **{key: url.removeprefix("ssm://") for key, url in named.items()})
        with forwarding(self.engine.url, role.refuses) as url:
            environment = settings | {"AWS_ENDPOINT_URL": changes.get("AWS_ENDPOINT_URL", url)}
            handler = f"register.entrypoints.aws_lambda.{name}"
            with running(handler, self.task, environment, self.log) as function:
                yield function
        assert role.refusals == []

    @property
    def log(self) -> Path:
        """What all functions of a test write."""
        return self.logs / "log"

    def open(
        self, session_id: str, *, begins_in: timedelta = timedelta(days=7), **changes: Any
    ) -> SessionTerms:
        """Put a session of the schedule into the table."""
        contract = from_json(json.loads((self.site.private / "schedule.json").read_text()))
        starts = datetime.now(UTC) + begins_in
        terms = replace(
            terms_of(contract, session_id),
            starts=starts,
            ends=starts + timedelta(hours=1),
            closes=starts,
            expires=starts + timedelta(days=180),
        )
        terms = replace(terms, **changes)
        self.store.sync_session(terms, None, expected=None)
        return terms

    def mails(self, address: str) -> list[Mapping[str, Any]]:
        """Return what SES has taken for an address, in its order."""
        address_of_mails = f"{self.engine.url}/_ministack/ses/messages"
        with urllib.request.urlopen(address_of_mails) as answer:  # noqa: S310 - the engine's
            sent = json.load(answer)["messages"]
        return [mail for account in sent.values() for mail in account if address in mail["To"]]

    def subjects(self, address: str) -> list[str]:
        return [mail["Subject"] for mail in self.mails(address)]

    def stream(self) -> list[dict[str, Any]]:
        """Return all that the table's stream holds, as Lambda hands it in."""
        table = self.store.table.name
        with closing(self.engine.client("dynamodbstreams")) as streams:
            [stream] = streams.list_streams(TableName=table)["Streams"]
            arn = stream["StreamArn"]
            [shard] = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
            where = {"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"}
            iterator = streams.get_shard_iterator(**where)["ShardIterator"]
            records = streams.get_records(ShardIterator=iterator)["Records"]
        for record in records:
            moment = record["dynamodb"]["ApproximateCreationDateTime"]
            record["dynamodb"]["ApproximateCreationDateTime"] = moment.timestamp()
            record["eventSourceARN"] = arn
        return list(records)

    def new_messages(self) -> list[dict[str, Any]]:
        """Return what passes the filter in front of `deliver`."""
        return self.new("O#")

    def new(self, prefix: str) -> list[dict[str, Any]]:
        """Return what the stream tells of new items whose partition begins so."""
        return [
            record
            for record in self.stream()
            if record["eventName"] == "INSERT" and record["dynamodb"]["Keys"]["pk"]["S"].startswith(prefix)
        ]

    def spoil(self, registration: Registration, **values: str) -> None:
        """Put texts into the message of a sign-up that do not belong there."""
        [delivery] = self.store.messages_of(registration.person.email)
        message = delivery.message
        key = message_key(message.key)
        with closing(self.engine.client()) as client:
            client.update_item(
                TableName=self.store.table.name,
                Key=key,
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={f":{name}": {"S": value} for name, value in values.items()},
            )

    @contextmanager
    def refusing(self, *words: str) -> Iterator[str]:
        """Give an address of the engine at which every request is refused that has one of these words in it."""
        with forwarding(self.engine.url, lambda asked: any(word in asked.body for word in words)) as url:
            yield url

    @contextmanager
    def ses_that_says(self, error: str) -> Iterator[str]:
        """Give an address at which SES refuses everything with an error."""

        class Refusing(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(400)
                self.send_header("X-Amzn-ErrorType", error)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *arguments: Any) -> None:
                """Write nothing."""

        with serving(Refusing) as url:
            yield url


def manage_path(registration: Registration) -> str:
    """Return the path of the link in a registration's mails."""
    token = Tokens((SECRET,)).manage(
        registration.session_id, registration.registration_id, registration.link_generation
    )
    return f"/register/manage/{token}"
