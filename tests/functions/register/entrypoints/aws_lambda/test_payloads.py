# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever a visitor sends is answered: an error that is raised would ring an alarm, a redirect would lead astray."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from apig_wsgi import make_lambda_handler
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.entrypoints.api_gateway import as_bytes
from register.web.app import create_app
from register.web.staff.app import create_desk
from register.web.with_desk import with_desk
from tests.support.built_site import BuiltSite
from tests.support.lambda_events import FRONT, request
from tests.support.staff import StaffWorld
from tests.support.visitors import STAFF, world_of

Answering = Callable[[Mapping[str, Any]], dict[str, Any]]


@pytest.fixture(scope="module")
def answer(site: BuiltSite) -> Answering:
    """The web application behind API Gateway, in this process."""
    handler = make_lambda_handler(world_of(site).app(origin_secrets=(FRONT,)))
    return lambda event: dict(handler(as_bytes(event), None))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/register/日本", 404),
        ("/register/%E6%97%A5", 404),
        ("/register/ñ", 404),
        ("/register/\ud800", 404),
        ("/register/a\x00b", 404),
        ("/register/%00", 404),
        ("/register/%zz%", 404),
        ("/register/a b?c#d", 404),
        ("/register/done/日本", 404),
        ("/register/manage/日本", 404),
        ("/register/" + "x" * 9000, 404),
        ("/register/" + "日" * 900, 404),
        ("", 404),
        ("日本", 404),
    ],
)
def test_a_path_of_any_letters_is_answered(answer: Answering, path: str, status: int) -> None:
    assert answer(request("GET", path))["statusCode"] == status


def test_a_path_means_what_it_means_elsewhere(answer: Answering) -> None:
    for path in (f"/register/{STAFF}", f"/register/{STAFF.replace('-', '%2D')}"):
        assert answer(request("GET", path))["headers"]["location"] == f"/schedule/{STAFF}/"


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "//register/health",
        "/register//health",
        "/register/link/",
        f"/register//{STAFF}",
        "//evil.example/register/link",
        "/\\evil.example",
    ],
)
def test_no_visitor_is_led_to_a_host_that_they_named(answer: Answering, path: str) -> None:
    event = request("GET", path)
    event["headers"]["host"] = "evil.example"
    found = answer(event)

    assert found["statusCode"] in {200, 404}
    assert "location" not in found["headers"]


@pytest.mark.parametrize("host", ["日本", "a..b", "x" * 300, "", "a b", "[", "evil.example:port", "\ud800"])
def test_a_host_of_any_letters_is_answered(answer: Answering, host: str) -> None:
    event = request("GET", f"/register/{STAFF}")
    event["headers"]["host"] = host

    found = answer(event)
    assert found["statusCode"] in {303, 400, 404}
    assert found["headers"].get("location", "/").startswith("/")


def test_a_form_whose_body_came_as_text_is_read(answer: Answering) -> None:
    event = dict(request("POST", f"/register/{STAFF}", form={"name": "José", "page_language": "es"}))
    event |= {"body": "name=José&page_language=es\ud800", "isBase64Encoded": False}

    found = answer(event)
    assert found["statusCode"] == 422
    assert 'value="José"' in found["body"]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    method=st.sampled_from(["GET", "POST", "HEAD", "OPTIONS", "PUT"]),
    path=st.text(st.characters(exclude_categories=()), max_size=40),
    query=st.text(st.characters(exclude_categories=()), max_size=40),
    headers=st.dictionaries(
        st.sampled_from(["accept-language", "cookie", "x-forwarded-for", "referer", "content-type", "host"]),
        st.text(st.characters(exclude_categories=()), max_size=40),
    ),
    cookies=st.lists(st.text(st.characters(exclude_categories=()), max_size=20), max_size=2),
    body=st.text(st.characters(exclude_categories=()), max_size=60),
)
def test_whatever_comes_is_answered_with_a_page(
    answer: Answering,
    method: str,
    path: str,
    query: str,
    headers: dict[str, str],
    cookies: list[str],
    body: str,
) -> None:
    event = dict(request(method, f"/register/{path}", query, form={}, cookies=cookies))
    event["headers"] |= headers
    found = answer(event | {"body": body, "isBase64Encoded": False})

    assert found["statusCode"] < 500


def test_staff_sign_in_and_out_by_cookies_that_stand_in_fields_of_their_own(site: BuiltSite) -> None:
    """Payload 2.0 has the cookies of a request, and those that an answer sets, in lists beside the headers."""
    staff = StaffWorld(world_of(site))
    desk = staff.desk(origin_secrets=(FRONT,))
    handler = make_lambda_handler(
        with_desk(create_app(desk.web), "/register/staff/", lambda: create_desk(desk))
    )

    def answered(*arguments: Any, **options: Any) -> dict[str, Any]:
        return dict(handler(as_bytes(request(*arguments, **options)), None))

    path = staff.link()
    assert answered("GET", path)["statusCode"] == 200
    signed_in = answered("POST", path, "lang=es", form={})
    assert (signed_in["statusCode"], signed_in["headers"]["location"]) == (303, "/register/staff/")
    assert "set-cookie" not in signed_in["headers"]
    language, session = sorted(signed_in["cookies"])
    assert session.startswith("__Host-staff=")
    assert language == "__Host-staff-lang=es; Secure; HttpOnly; Path=/; SameSite=Lax"

    cookies = ["a=1", *(each.split(";")[0] for each in (session, language)), "b=2"]
    page = answered("GET", "/register/staff/", cookies=cookies)
    assert (page["statusCode"], page["headers"]["cache-control"]) == (200, "no-store")
    assert "office@example.org" in page["body"]
    assert '<html lang="es"' in page["body"]
    assert page["cookies"] == []

    out = answered("POST", "/register/staff/out", form={}, cookies=cookies)
    [gone] = out["cookies"]
    assert gone.startswith("__Host-staff=; Expires=Thu, 01 Jan 1970")
    assert "office@example.org" not in answered("GET", "/register/staff/", cookies=cookies)["body"]


def test_the_front_stands_before_the_desk_too(site: BuiltSite) -> None:
    staff = StaffWorld(world_of(site))
    handler = make_lambda_handler(create_desk(staff.desk(origin_secrets=(FRONT,))))
    event = request("GET", "/register/staff/", cookies=[f"__Host-staff={staff.cookie()}"], front=None)

    assert dict(handler(as_bytes(event), None))["body"] == "Not found\n"
