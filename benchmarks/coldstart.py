# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the start of a process to its first answered sign-up form, beside one that makes a boto3 DynamoDB client."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

from benchmarks import content
from benchmarks.people import person
from benchmarks.processes import Run, run
from benchmarks.progress import say
from benchmarks.tables import WIDTH, Row, Table, at_most
from register.bootstrap import Application
from register.operations.sync import sync
from register.settings import config
from register.stores.dynamodb.store import DynamoDBStore
from tests.support.built_site import build
from tests.support.constants import ROOT
from tests.support.dynamodb_engine import Engine, running

ROUNDS = 11
SESSION = "2026-12-10-secondary-user"
SITE = "https://trainings.example.org"

CLIENT = "import boto3; boto3.client('dynamodb')"
# What Lambda does: import the handler, then call it with the request that API Gateway hands over.
FUNCTION = """
import json, sys
from register.entrypoints import aws_lambda as handler
answer = handler.http(json.loads(sys.argv[1]), None)
assert answer["statusCode"] == 303, answer
"""
PARTS = (
    "boto3",
    "botocore",
    "flask",
    "werkzeug",
    "jinja2",
    "wtforms",
    "email_validator",
    "itsdangerous",
    "apig_wsgi",
)


def event() -> str:
    """Return a form as an HTTP API hands it over (payload 2.0)."""
    one = person()
    form = {"name": one.name, "email": one.email, "organization": "Yolo COE", "role": "recruiter"}
    return json.dumps(
        {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": f"/register/{SESSION}",
            "rawQueryString": "",
            "headers": {
                "content-type": "application/x-www-form-urlencoded",
                "host": "api.example.org",
                "origin": SITE,
            },
            "requestContext": {
                "http": {
                    "method": "POST",
                    "path": f"/register/{SESSION}",
                    "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.1",
                },
                "stage": "$default",
            },
            "body": urlencode({**form, "language": "es", "consent": "yes", "page_language": "es"}),
            "isBase64Encoded": False,
        }
    )


def environment(home: Path, table: str, engine: Engine) -> dict[str, str]:
    """Return the environment of both processes."""
    return {
        **os.environ,
        **engine.environment,
        "REGISTER_HOME": str(home),
        "REGISTER_STORE": f"dynamodb://{table}",
        "REGISTER_BUILD": "build",
        "REGISTER_SITE": SITE,
        "REGISTER_SECRET": "s" * 32,
        "REGISTER_SENDER": "MSIX Training <training@office.example>",
        "REGISTER_MAIL": "ses://",
    }


def import_times(environ: dict[str, str]) -> dict[str, float]:
    """Return the milliseconds that our handler's process spends in the imports of each library, itself alone."""
    command = [sys.executable, "-X", "importtime", "-c", FUNCTION, event()]
    done = subprocess.run(command, env=environ, check=True, cwd=ROOT, capture_output=True, text=True)
    spent: dict[str, float] = {}
    for itself, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s*([\w.]+)", done.stderr):
        top = name.split(".")[0]
        part = top if top in PARTS or top in {"register", "schedule"} else "others"
        spent[part] = spent.get(part, 0) + int(itself) / 1000
    return spent


def imports(spent: dict[str, float]) -> str:
    """Return the libraries that take most of the time of importing, as one line."""
    line = "Imports in ms (-X importtime):"
    for part, milliseconds in sorted(spent.items(), key=lambda one: -one[1]):
        more = f"{line} {part} {milliseconds:.0f},"
        if len(more) > WIDTH:
            break
        line = more
    return line.removesuffix(",")


def opened(home: Path, store: DynamoDBStore) -> None:
    """Put the sessions of the build into the store, as of its day."""
    application = Application(config.read({"REGISTER_SECRET": "s" * 32}, home))
    sync(application.build.contract(), store, dict[str, str]().get, now=datetime(2026, 11, 30, tzinfo=UTC))


def tables() -> Iterator[Table]:
    """Yield the times of both processes, in turn."""
    ours: list[Run] = []
    client: list[Run] = []
    with content.workplace() as home, running() as engine:
        build(home, SITEURL=SITE)
        (home / "theme").symlink_to(ROOT / "theme")
        store = engine.store()
        environ = environment(home, store.table.name, engine)
        opened(home, store)
        say("coldstart")
        for number in range(ROUNDS + 1):
            times = run(("-c", FUNCTION, event()), environ), run(("-c", CLIENT), environ)
            if number:  # the first only writes bytecode
                ours.append(times[0])
                client.append(times[1])
        spent = import_times(environ)
    yield Table(
        "A cold start: a process from its start to its end, beside one that makes a boto3 DynamoDB client",
        "boto3",
        (
            Row(
                "the first answered sign-up form",
                "ms",
                tuple(one.wall * 1000 for one in ours),
                tuple(one.wall * 1000 for one in client),
                at_most(1.8),
                cpu=tuple(one.cpu / other.cpu for one, other in zip(ours, client, strict=True)),
            ),
        ),
        (imports(spent),),
    )
