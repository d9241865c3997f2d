# SPDX-License-Identifier: AGPL-3.0-or-later
"""Emails to staff as Lambda sends them: who is staff stands in SSM, and is read when there is something for them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

from register.domain.wishes import Wish, WishPurpose
from schedule.model import Language
from tests.support.builders import person
from tests.support.lambda_cloud import Cloud
from tests.support.lambda_events import tick
from tests.support.visitors import STAFF

NOTHING_FAILED: dict[str, Any] = {"batchItemFailures": []}


def office(cloud: Cloud) -> str:
    """Return an email address of the office of this test alone."""
    return f"office-{cloud.store.table.name}@your-office.org"


def listed(cloud: Cloud, text: str) -> str:
    """Put a list of staff into SSM; return the setting that names it."""
    name = f"/msix/staff-{cloud.store.table.name}"
    with closing(cloud.engine.client("ssm")) as ssm:
        ssm.put_parameter(Name=name, Value=text, Type="SecureString", Overwrite=True)
    return f"ssm://{name}"


def good(cloud: Cloud) -> str:
    return f'[[staff]]\nemail = "{office(cloud)}"\nlanguage = "es"\nemails = ["needs"]\n'


def asks_for_help(cloud: Cloud) -> None:
    """Sign somebody up who needs an interpreter."""
    cloud.open(STAFF)
    ana = person("Ana", email=f"ana-{cloud.store.table.name}@example.net", needs="Mixteco")
    cloud.store.sign_up(STAFF, ana, registration_id="rid-needs", now=datetime.now(UTC) - timedelta(minutes=1))


def test_needs_reach_the_office_by_the_stream(cloud: Cloud) -> None:
    setting = listed(cloud, good(cloud))
    asks_for_help(cloud)
    first = cloud.new_messages()

    with cloud.function("deliver", REGISTER_STAFF=setting) as deliver:
        assert deliver.result({"Records": first}) == NOTHING_FAILED
        assert deliver.result({"Records": cloud.new_messages()[len(first) :]}) == NOTHING_FAILED

    [email] = cloud.mails(office(cloud))
    assert email["Subject"].startswith("Alguien necesita apoyo para participar (")
    assert "  Necesita: Mixteco\n" in email["BodyText"].replace("\r\n", "\n")
    assert cloud.store.pending() == []
    assert [word for word in ("Ana", "Mixteco", office(cloud)) if word in deliver.log()] == []


def test_a_list_that_is_wrong_holds_up_nobody_else(cloud: Cloud) -> None:
    setting = listed(cloud, '[[staff]]\nemail = "office"\n')
    asks_for_help(cloud)

    with cloud.function("deliver", REGISTER_STAFF=setting) as deliver:
        assert deliver.result(tick())["sent"] == 1

    [waits] = cloud.store.pending()
    assert (waits.problem or "").endswith(
        'entry 1: email is no email address; write one, as "office@your-office.org"'
    )


def test_a_wish_to_sign_in_brings_the_link(cloud: Cloud) -> None:
    setting = listed(cloud, good(cloud))
    cloud.store.record_wish(
        Wish("wish-1", WishPurpose.STAFF_LINK, office(cloud).upper(), Language.ENGLISH, datetime.now(UTC))
    )

    with cloud.function("maintain", REGISTER_STAFF=setting) as maintain:
        assert maintain.result({"Records": cloud.new("O#WISH#")}) == NOTHING_FAILED
    with cloud.function("deliver", REGISTER_STAFF=setting) as deliver:
        assert deliver.result({"Records": cloud.new_messages()}) == NOTHING_FAILED

    [email] = cloud.mails(office(cloud))
    assert email["Subject"] == "Su enlace para entrar"
    assert "/register/staff/in/" in email["BodyText"]
