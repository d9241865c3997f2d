# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who may ask, how they are counted, and what goes out with every answer."""

from __future__ import annotations

import re

import pytest
from justhtml import JustHTML
from werkzeug.test import Client

from plugins.page_rules import check_head, check_policy, check_structure
from register.web.security import FRONT_HEADER, HEADERS, client_key, origin_of
from schedule.model import Language
from tests.site.test_translations import ALIKE, texts
from tests.support.constants import SITE_URL
from tests.support.visitors import (
    FILLED_IN,
    OWN_ORIGIN,
    PHONE,
    SECRETS,
    STAFF,
    Visitor,
    World,
    everywhere,
    heading,
    manage_path,
    parsed,
)

KEY = SECRETS[0].encode()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://elsewhere.example.org"},
        {"Origin": "http://trainings.example.org"},
        {"Origin": f"{SITE_URL}.elsewhere.org"},
        {"Origin": f"{SITE_URL}:8443"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example.org", "Sec-Fetch-Site": "cross-site"},
        {"Referer": f"{SITE_URL}/schedule/"},
    ],
)
def test_a_form_from_elsewhere_is_refused_whatever_it_asks(world: World, headers: dict[str, str]) -> None:
    client = Client(world.app())
    Visitor(client).sign_up()
    before = world.snapshot()
    for path in (f"/register/{STAFF}", f"{manage_path(world.only_registration())}/cancel", "/register/link"):
        response = client.post(path, data=FILLED_IN | {"email": "bea@example.org"}, headers=headers)
        assert response.status_code == 400
        assert heading(response) == "Please use the form on this site"
        assert PHONE in response.text
    assert world.snapshot() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": SITE_URL},
        {"Origin": SITE_URL.upper()},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8000"},
    ],
)
def test_a_form_from_the_sites_own_pages_is_taken(world: World, headers: dict[str, str]) -> None:
    assert Client(world.app()).post(f"/register/{STAFF}", data=FILLED_IN, headers=headers).status_code == 303


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://Trainings.example.org/below/") == "https://trainings.example.org"
    assert origin_of("http://localhost:8000") == "http://localhost:8000"


@pytest.mark.parametrize(
    "path", ["/register/health", "/register/status.json", "/register/link", f"/register/{STAFF}"]
)
def test_with_secrets_of_the_front_nothing_answers_who_has_none_of_them(world: World, path: str) -> None:
    client = Client(world.app(origin_secrets=("new", "old")))

    for headers in (
        {},
        {FRONT_HEADER: ""},
        {FRONT_HEADER: "newer"},
        {FRONT_HEADER: "ñ"},
        {FRONT_HEADER: "new,old"},
    ):
        assert client.get(path, headers=headers).status_code == 404
        assert client.post(path, headers=headers | OWN_ORIGIN, data=FILLED_IN).status_code == 404
    for secret in ("new", "old"):
        assert client.get(path, headers={FRONT_HEADER: secret}).status_code in {200, 303}
    assert world.store.registrations == {}


def test_an_address_is_hashed_with_a_key_and_an_ipv6_network_counts_as_one() -> None:
    key = client_key(KEY, "203.0.113.9")

    assert re.fullmatch("[0-9a-f]{32}", key)
    assert key == client_key(KEY, "::ffff:203.0.113.9")
    assert key != client_key(KEY, "203.0.113.10")
    assert key != client_key(b"another", "203.0.113.9")
    assert client_key(KEY, "2001:db8:1:2::1") == client_key(KEY, "2001:db8:1:2:ffff::9")
    assert client_key(KEY, "2001:db8:1:2::1") != client_key(KEY, "2001:db8:1:3::1")
    assert client_key(KEY, "") != client_key(KEY, "unix:")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("203.0.113.9:5678", "203.0.113.9"),
        ("[2001:db8:1:2::1]:5678", "2001:db8:1:2::1"),
        ("[2001:db8:1:2::1]", "2001:db8:1:2::1"),
        ("[::ffff:203.0.113.9]:5678", "203.0.113.9"),
        ("_hidden:5678", "_hidden"),
    ],
)
def test_a_port_makes_no_client_of_its_own(written: str, meant: str) -> None:
    assert client_key(KEY, written) == client_key(KEY, meant)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "198.51.100.1", "192.0.2.1"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (1, "203.0.113.9:5678", "203.0.113.9"),
        (2, "6.6.6.6, 198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "192.0.2.1"),
    ],
)
def test_the_network_is_what_the_last_trusted_proxy_saw(
    world: World, proxies: int, forwarded: str, counted: str
) -> None:
    visitor = world.visitor(proxies=proxies)
    visitor.post(f"/register/{STAFF}", FILLED_IN, headers={"X-Forwarded-For": forwarded})

    assert f"client:{client_key(KEY, counted)}" in world.store.hits


def test_every_answer_has_the_headers_that_protect_people(world: World, visitor: Visitor) -> None:
    wanted = {
        "Content-Security-Policy": (
            "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "X-Robots-Tag": "noindex",
    }
    for name, response in everywhere(world, visitor).items():
        cache = "public, max-age=30" if name == "status" else "no-store"
        for header, value in (*wanted.items(), ("Cache-Control", cache)):
            assert response.headers.getlist(header) == [value], name
        assert "Set-Cookie" not in response.headers, name


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_passes_the_checks_of_the_site(world: World, visitor: Visitor, language: str) -> None:
    titles = []
    for name, response in everywhere(world, visitor, language).items():
        if response.mimetype != "text/html" or response.status_code == 303:
            continue
        page = parsed(response)
        assert [*check_head(page), *check_structure(page), *check_policy(page)] == [], name
        assert next(page.all("html")) == {"lang": language}, name
        assert '<meta name="robots" content="noindex">' in response.text, name
        titles.append(page.title)
    assert len(set(titles)) > 10
    site_name = {"en": "California MSIX Trainings", "es": "Capacitaciones de MSIX en California"}[language]
    assert {title.partition(" – ")[2] for title in titles} == {"", site_name}
    assert all(" – " not in title or len(title) <= 60 for title in titles)


def test_no_english_words_are_left_on_a_spanish_page(world: World, visitor: Visitor) -> None:
    catalogue = world.site.told.catalogues[Language.SPANISH].messages
    english = {said for said, (spanish, *_) in catalogue.items() if said != spanish and "%(" not in said}
    left = {}
    for name, response in everywhere(world, visitor, "es").items():
        if response.mimetype == "text/html" and response.status_code != 303:
            found = set(texts(JustHTML(response.text).root)) & (english - ALIKE)
            if found:
                left[name] = found
    assert left == {}


def test_the_policy_of_the_header_is_at_least_that_of_the_page(visitor: Visitor) -> None:
    text = visitor.get("/register/link").text
    own = text.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]

    assert dict(HEADERS)["Content-Security-Policy"] == f"{own}; frame-ancestors 'none'"
