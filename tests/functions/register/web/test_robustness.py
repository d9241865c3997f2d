# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nothing that is sent or opened breaks anything: each time a page says what is wrong."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register.domain.rate_limits import Limits
from register.stores.errors import StoreUnavailable
from tests.support.built_site import BuiltSite
from tests.support.visitors import (
    FILLED_IN,
    OWN_ORIGIN,
    PHONE,
    STAFF,
    Visitor,
    World,
    broken,
    heading,
    world_of,
)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", f"/register/{STAFF}", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", "/register/link", "GET, HEAD, OPTIONS, POST"),
        ("PUT", "/register/manage/x/cancel", "GET, HEAD, OPTIONS, POST"),
        ("POST", "/register/manage/x", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_answered_with_the_right_ones(
    visitor: Visitor, method: str, path: str, allowed: str
) -> None:
    response = visitor.client.open(path, method=method, headers=OWN_ORIGIN | {"Accept-Language": "es"})

    assert (response.status_code, response.headers["Allow"]) == (405, allowed)
    assert heading(response) == "Aquí no hay ninguna página"


@pytest.mark.parametrize("path", ["/register/", "/register/a/b", "/register/done", "/register/x.json", "/"])
def test_what_is_not_there_is_a_page_that_says_so(visitor: Visitor, path: str) -> None:
    response = visitor.get(path)

    assert response.status_code == 404
    assert heading(response) in {"Page not found", "We can’t find this date"}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_id_that_no_session_can_have_is_not_looked_for(world: World, method: str) -> None:
    asked = world.visitor(store=broken(world.store, StoreUnavailable("was asked"), "session"))
    response = asked.client.open(f"/register/{'x' * 201}", method=method, headers=OWN_ORIGIN)

    assert (response.status_code, heading(response)) == (404, "We can’t find this date")
    assert asked.client.open(f"/register/{'x' * 200}", method=method, headers=OWN_ORIGIN).status_code == 503


def test_a_form_of_more_than_eight_kilobytes_is_refused(world: World, visitor: Visitor) -> None:
    sizes = {}
    for size in (8000, 8300):
        body = "name=".ljust(size, "x")
        response = visitor.post(f"/register/{STAFF}", body, content_type="application/x-www-form-urlencoded")
        sizes[size] = response.status_code
    assert sizes == {8000: 422, 8300: 413}
    assert heading(response) == "That’s more text than we can take"
    assert world.store.registrations == {}


CONTENT_TYPES = st.sampled_from(
    [
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-16",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/json",
        "text/plain; charset=latin-1",
        "",
        "nonsense",
    ]
)
PIECES = st.sampled_from(
    [
        *(f"{name}=".encode() for name in FILLED_IN),
        *(b"&", b"=", b";", b"%", b"%00", b"%ff", b"%u1234", b"%F0%9F%99%82", b"\0", b"\r\n"),
        *(b"--x\r\n", b'Content-Disposition: form-data; name="name"\r\n\r\n', b"--x--"),
    ]
)
BODIES = st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=30).map(b"".join)
PATHS = st.sampled_from(
    [f"/register/{STAFF}", "/register/link", "/register/manage/x/cancel", "/register/%00"]
)


@pytest.fixture(scope="module")
def untouched(site: BuiltSite) -> World:
    """One world for many examples: none of them may write into it."""
    return world_of(site)


@pytest.fixture(scope="module")
def anybody(untouched: World) -> Visitor:
    """Somebody who sends and opens anything, as often as it pleases."""
    return untouched.visitor(limits=Limits(client=None, recipient=None))


@given(
    path=PATHS, body=BODIES, content_type=CONTENT_TYPES, language=st.sampled_from(["en", "es", "xx", "\x7f"])
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_sent_is_answered_with_a_page_and_never_with_a_fault(
    untouched: World, anybody: Visitor, path: str, body: bytes, content_type: str, language: str
) -> None:
    response = anybody.post(path, body, content_type=content_type, query_string={"lang": language})

    assert response.status_code == 303 or 400 <= response.status_code < 500
    if response.status_code >= 400:
        assert heading(response)
        assert PHONE in response.text
    assert untouched.store.registrations == {}


@given(path=st.text(max_size=60), query=st.text(max_size=30))
@settings(deadline=None, max_examples=100)
def test_whatever_address_is_opened_is_answered(anybody: Visitor, path: str, query: str) -> None:
    asked = {"PATH_INFO": _wsgi(f"/register/{path}"), "QUERY_STRING": _wsgi(query)}

    assert anybody.get("/", environ_overrides=asked).status_code in {200, 303, 404}


def _wsgi(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")
