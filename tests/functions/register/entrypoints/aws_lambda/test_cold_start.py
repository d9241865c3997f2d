# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a cold start loads: nothing before the first call, and for a visitor nothing that only mail needs."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

from tests.support.lambda_cloud import Cloud
from tests.support.lambda_events import sign_up
from tests.support.visitors import STAFF

SCRIPT = """
import json, sys
from register.entrypoints import aws_lambda as handler
loaded = [sorted(sys.modules)]
answer = handler.http(json.loads(sys.argv[1]), None)
print(json.dumps([*loaded, sorted(sys.modules), answer["statusCode"]]))
"""

ONLY_FOR_MAIL = {
    "babel",
    "icalendar",
    "pytz",
    "register.mail.bounces",
    "register.mail.text",
    "register.mail.compose",
    "register.mail.delivery",
    "register.mail.backends.base",
    "register.mail.backends.ses",
    "register.mail.backends.smtp",
    "register.operations.sync",
    "register.operations.sync_plan",
    "register.operations.maintenance",
    "schedule.invitations",
    "schedule.wording",
    "smtplib",
}
ONLY_ELSEWHERE = {
    "plugins",
    "pelican",
    "markdown",
    "waitress",
    "whitenoise",
    "sqlite3",
    "register.stores.sqlite.store",
}
ONLY_FOR_LATER_REQUESTS = {
    "register.web.done",
    "register.web.lost_mail",
    "register.web.manage",
    "register.web.manage_page",
    "register.web.mine",
    "register.web.own",
}
ONLY_FOR_STAFF = ("register.web.staff", "register.settings.staff", "tomllib")
AT_THE_FIRST_CALL = {"apig_wsgi", "botocore", "email_validator", "flask", "jinja2", "wtforms"}


def test_a_cold_start_loads_what_a_sign_up_needs_and_only_when_it_comes(cloud: Cloud) -> None:
    cloud.open(STAFF)
    command = [sys.executable, "-c", SCRIPT, json.dumps(sign_up(STAFF))]
    ran = subprocess.run(
        command,
        cwd=cloud.task,
        env=cloud.environment | {"PYTHONPATH": str(cloud.task)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    before, after, status = json.loads(ran.stdout)

    assert status == 303
    assert set(before) & (ONLY_FOR_MAIL | ONLY_ELSEWHERE | AT_THE_FIRST_CALL) == set()
    assert set(after) & (ONLY_FOR_MAIL | ONLY_ELSEWHERE | ONLY_FOR_LATER_REQUESTS) == set()
    for name in ONLY_FOR_LATER_REQUESTS:
        assert find_spec(name), name
    assert [name for name in after if name.startswith(ONLY_FOR_STAFF)] == []
    assert set(after) >= AT_THE_FIRST_CALL
