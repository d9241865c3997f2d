# SPDX-License-Identifier: AGPL-3.0-or-later
"""The function as Lambda runs it: `awslambdaric`, payloads as Amazon's, DynamoDB, SES and SSM as real servers."""

from __future__ import annotations

from typing import Any

import pytest

from register.domain.model import State
from register.web.security import client_key
from register.web.tokens import Tokens
from tests.support.lambda_cloud import SECRET, Cloud, manage_path
from tests.support.lambda_events import EDGE, VISITOR, request, sign_up
from tests.support.lambda_runtime import Lambda
from tests.support.visitors import FILLED_IN, IN_SPANISH, STAFF


def test_a_visitor_signs_up_sees_what_came_of_it_and_cancels(cloud: Cloud, http: Lambda) -> None:
    leads = http.result(request("GET", f"/register/{STAFF}", "lang=es"))
    assert (leads["statusCode"], leads["headers"]["location"]) == (303, f"/es/schedule/{STAFF}/")

    first = http.result(sign_up(STAFF))
    second = http.result(sign_up(STAFF, name="Bea Ruiz", email="bea@example.org"))
    assert (first["statusCode"], second["statusCode"]) == (303, 303)
    pages = [http.result(request("GET", one["headers"]["location"]))["body"] for one in (first, second)]
    assert "You are signed up" in pages[0]
    assert "You are on the waiting list" in pages[1]

    [ana, bea] = cloud.store.roster(STAFF)
    assert (ana.person.name, ana.state, bea.state) == ("Ana Núñez", State.CONFIRMED, State.WAITLISTED)
    path = manage_path(ana)
    own = http.result(request("GET", path, "lang=en", cookies=["a=1", "session=of-somebody-else"]))
    assert (own["statusCode"], own["isBase64Encoded"]) == (200, False)
    assert own["headers"]["content-type"] == "text/html; charset=utf-8"
    assert own["headers"]["cache-control"] == "no-store"
    assert "Ana Núñez" in own["body"]

    cancel = http.result(request("POST", f"{path}/cancel", form={"page_language": "en"}))
    assert (cancel["statusCode"], cancel["headers"]["location"]) == (303, f"{path}?lang=en")
    assert [(one.person.name, one.state) for one in cloud.store.roster(STAFF)] == [
        ("Bea Ruiz", State.CONFIRMED),
        ("Ana Núñez", State.CANCELLED),
    ]


def test_a_key_of_the_query_that_comes_twice_counts_once(http: Lambda) -> None:
    answer = http.result(request("GET", "/register/link", "lang=es&lang=en&x=%C3%B1&x="))

    assert answer["statusCode"] == 200
    assert '<html lang="es"' in answer["body"]


def test_a_head_request_has_the_headers_and_no_body(cloud: Cloud, http: Lambda) -> None:
    http.result(sign_up(STAFF))
    path = manage_path(cloud.store.roster(STAFF)[0])

    got, head = (http.result(request(method, path)) for method in ("GET", "HEAD"))
    assert (head["statusCode"], head["body"]) == (200, "")
    assert head["headers"] == got["headers"]


def test_what_cannot_be_taken_comes_back_with_what_was_typed(cloud: Cloud, http: Lambda) -> None:
    cloud.open(IN_SPANISH)
    answer = http.result(
        sign_up(IN_SPANISH, name="José Peña", email="jose@", page_language="es", organization="Ñandú & Co.")
    )

    assert answer["statusCode"] == 422
    assert '<html lang="es"' in answer["body"]
    assert 'value="José Peña"' in answer["body"]
    assert cloud.store.roster(IN_SPANISH) == []


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({**FILLED_IN, "needs": "x" * 9000}, 413),
        (b"name=%FF%FE\xff\xfe&email=%00", 422),
        (b"", 422),
    ],
)
def test_a_body_that_is_no_form_of_ours_is_answered_with_a_page(
    cloud: Cloud, http: Lambda, form: Any, status: int
) -> None:
    answer = http.result(request("POST", f"/register/{STAFF}", form=form))

    assert answer["statusCode"] == status
    assert "<h1" in answer["body"]
    assert cloud.store.roster(STAFF) == []


def test_a_path_in_japanese_is_a_page_and_no_error(http: Lambda) -> None:
    answer = http.result(request("GET", "/register/日本"))

    assert answer["statusCode"] == 404
    assert "<h1" in answer["body"]


def test_only_what_came_through_the_front_is_answered(http: Lambda) -> None:
    path = "/register/status.json"
    answers = [
        http.result(request("GET", path, front=front))
        for front in ("the secret of the front", "the one before", "a guess", None)
    ]

    assert [one["statusCode"] for one in answers] == [200, 200, 404, 404]
    assert STAFF in answers[0]["body"]
    assert answers[3]["body"] == "Not found\n"


def test_the_log_has_the_visitor_as_a_hash_and_nothing_else_about_them(cloud: Cloud, http: Lambda) -> None:
    done = http.result(sign_up(STAFF, needs="Large print"))
    http.result(request("GET", done["headers"]["location"], cookies=["session=xyz"]))
    path = manage_path(cloud.store.roster(STAFF)[0])
    http.result(request("GET", path))

    log = http.log()
    key = client_key(SECRET.encode(), VISITOR)
    assert [line.split("\t")[3].partition(" id=")[0] for line in log.strip().splitlines() if line] == [
        "POST /register/<session_id> 303",
        "GET /register/done/<token> 200",
        "GET /register/manage/<token> 200",
    ]
    assert log.count(f"client={key}") == 3
    planted = ("Ana", "Núñez", "ana@", "Yolo", "Large", VISITOR, EDGE, "192.0.2.66", path, "xyz", SECRET)
    assert [word for word in planted if word in log] == []


def test_a_setting_that_is_wrong_is_named_in_the_log_and_secrets_are_not(cloud: Cloud) -> None:
    with cloud.function("http", REGISTER_SECRET="ssm:///msix/unknown") as function:  # noqa: S106 - a name
        answer = function.call(request("GET", "/register/health"))
        again = function.call(request("GET", "/register/health"))

    assert (answer.failed, answer.value["errorType"]) == (True, "Failed")
    assert answer.value["errorMessage"] == (
        "MissingParameter: SSM parameter /msix/unknown: ParameterNotFound; "
        "create it as a SecureString and allow ssm:GetParameter"
    )
    assert again.value == answer.value
    assert "MissingParameter" in function.log()
    assert [word for word in (SECRET, "the secret of the front") if word in function.log()] == []


def test_what_is_meant_for_trying_out_does_not_start_in_the_cloud(cloud: Cloud) -> None:
    with cloud.function("http", REGISTER_MAIL="folder:///var/mail") as function:
        answer = function.call(request("GET", "/register/health"))

    assert answer.failed
    assert answer.value["errorMessage"] == (
        "ConfigError: REGISTER_MAIL writes into a folder; give smtp://user:password@host:587 or ses://"
    )


def test_the_link_that_a_mail_brings_is_the_one_that_the_form_function_takes(
    cloud: Cloud, http: Lambda
) -> None:
    http.result(sign_up(STAFF, email="link@example.org"))
    with cloud.function("deliver") as deliver:
        deliver.result({"Records": cloud.new_messages()})
    [mail] = cloud.mails("link@example.org")
    token = mail["BodyText"].split("/register/manage/")[1].split()[0]

    assert Tokens((SECRET,)).read_manage(token).session_id == STAFF
    assert http.result(request("GET", f"/register/manage/{token}"))["statusCode"] == 200
