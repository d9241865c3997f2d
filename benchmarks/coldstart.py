# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the start of a process to its first answered sign-up form, beside one that makes a boto3 DynamoDB client."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.signup import person
from register.bootstrap import Application
from register.operations.sync import sync
from tests.support.built_site import build
from tests.support.constants import ROOT
from tests.support.dynamodb_engine import Engine, running

RUNS = 15
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


def run(code: str, environ: dict[str, str], *arguments: str) -> float:
    """Run Python on some code in a process of its own; return its seconds from start to end."""
    start = time.perf_counter()
    command = [sys.executable, "-c", code, *arguments]
    done = subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, check=False)
    spent = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    return spent


def import_times(environ: dict[str, str]) -> dict[str, float]:
    """Return the milliseconds that our handler's process spends in the imports of each library, itself alone."""
    command = [sys.executable, "-X", "importtime", "-c", FUNCTION, event()]
    done = subprocess.run(command, env=environ, check=True, cwd=ROOT, capture_output=True, text=True)
    spent: dict[str, float] = {}
    for itself, name in re.findall(r"import time:\s+(\d+) \|\s+\d+ \|\s*([\w.]+)", done.stderr):
        top = name.split(".")[0]
        part = top if top in PARTS or top in {"register", "schedule"} else "everything else"
        spent[part] = spent.get(part, 0) + int(itself) / 1000
    return spent


def main() -> None:
    """Print the table."""
    print("A cold start: from the start of a process to its end, in turn; medians")
    with tempfile.TemporaryDirectory() as name, running() as engine:
        home = Path(name)
        build(home, SITEURL=SITE)
        (home / "theme").symlink_to(ROOT / "theme")
        store = engine.store()
        environ = environment(home, store.table.name, engine)
        opened(home, store)
        ours, client = [], []
        for turn in range(RUNS + 1):
            times = run(FUNCTION, environ, event()), run(CLIENT, environ)
            if turn:  # the first only writes bytecode
                ours.append(times[0])
                client.append(times[1])
        spent = import_times(environ)
    beside = statistics.median(client)
    print(f"{'a boto3 DynamoDB client':<32} {beside * 1000:>6.0f} ms")
    print(f"{'the first answered sign-up form':<32} {statistics.median(ours) * 1000:>6.0f} ms")
    print(f"{statistics.median(ours) / beside:.2f} times (wanted: at most 1.8)")
    print("Imports of the function, each library's own modules (with -X importtime, which slows them):")
    for part, milliseconds in sorted(spent.items(), key=lambda one: -one[1]):
        print(f"  {part:<20} {milliseconds:>6.1f} ms")
    print()


def opened(home: Path, store: object) -> None:
    """Put the sessions of the build into the store, as of its day."""
    from datetime import UTC, datetime

    from register.settings import config

    application = Application(config.read({"REGISTER_SECRET": "s" * 32}, home))
    sync(application.build.contract(), store, {}.get, now=datetime(2026, 11, 30, tzinfo=UTC))


if __name__ == "__main__":
    main()
