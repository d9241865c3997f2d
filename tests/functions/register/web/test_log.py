# SPDX-License-Identifier: AGPL-3.0-or-later
"""The log says what was asked, and nothing about whom."""

from __future__ import annotations

import logging
import re

import pytest

from register.stores.errors import StoreUnavailable
from register.web.security import HEADERS, client_key
from tests.support.visitors import FILLED_IN, SECRETS, STAFF, World, broken, everywhere, heading, manage_path

KEY = SECRETS[0].encode()


def test_a_log_line_says_what_was_asked_and_nothing_about_whom(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = world.visitor()
    everywhere(world, visitor)
    visitor.post("/register/link", {"email": "ana@example.org"})
    lines = [record.getMessage() for record in caplog.records if record.name == "register"]

    client = client_key(KEY, visitor.address)
    assert all(
        re.fullmatch(rf"(GET|POST) (-|/register/[a-z.<>_/]+) \d{{3}} id=[0-9a-f]{{16}} client={client}", line)
        for line in lines
    )
    assert lines[0].startswith("POST /register/<session_id> 303 id=")
    assert {line.split()[1] for line in lines} >= {
        "/register/manage/<token>",
        "/register/manage/<token>/cancel",
        "/register/done/<token>",
        "-",
    }
    path = manage_path(world.only_registration())
    secrets = ("Ana", "ana@", "Núñez", "Yolo", visitor.address, path.rsplit("/", 1)[1])
    assert [secret for secret in secrets if secret in caplog.text] == []


def test_a_fault_is_a_page_and_its_log_has_the_place_but_not_the_person(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    fault = RuntimeError("cannot handle Ana Núñez <ana@example.org>")
    visitor = world.visitor(store=broken(world.store, fault, "sign_up"))
    response = visitor.sign_up(page_language="es")

    assert response.status_code == 500
    assert heading(response) == "Algo falló de nuestro lado"
    assert dict(HEADERS).items() <= dict(response.headers).items()
    assert "RuntimeError" in caplog.text
    assert "sign_up.py" in caplog.text
    assert [said for said in ("Ana", "ana@", "Núñez") if said in caplog.text] == []


@pytest.mark.parametrize(
    ("verb", "method", "path"),
    [
        ("session", "POST", f"/register/{STAFF}"),
        ("sign_up", "POST", f"/register/{STAFF}"),
        ("sessions", "GET", "/register/status.json"),
        ("health", "GET", "/register/health"),
    ],
)
def test_why_the_store_failed_is_in_the_log_and_not_on_the_page(
    world: World, caplog: pytest.LogCaptureFixture, verb: str, method: str, path: str
) -> None:
    error = StoreUnavailable("/srv/register.sqlite3: database or disk is full")
    visitor = world.visitor(store=broken(world.store, error, verb))
    response = visitor.get(path) if method == "GET" else visitor.post(path, FILLED_IN)

    assert response.status_code == 503
    (line,) = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert re.fullmatch("id=[0-9a-f]{16} (.*)", line)[1] == f"StoreUnavailable: {error}"
    assert "disk" not in response.text
