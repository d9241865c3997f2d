# SPDX-License-Identifier: AGPL-3.0-or-later
"""What hosts of static files make of `_headers` and `_redirects`, by their documentation, for every file of the site."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from plugins.static_hosts import headers, redirects
from schedule.calendar_http import TYPE
from schedule.editor_policy import EDITOR_POLICY
from schedule.page_headers import PAGES, POLICY, POLICY_HEADER
from tests.support.built_site import BuiltSite
from tests.support.constants import SITE_URL

Rules = list[tuple[str, dict[str, str]]]
Sent = dict[str, list[str]]


def read(text: str) -> Rules:
    """Return the rules of a `_headers` file."""
    found: Rules = []
    for line in text.splitlines():
        if line.startswith(" "):
            name, _, value = line.strip().partition(": ")
            found[-1][1][name] = value
        else:
            found.append((line, {}))
    return found


def matches(pattern: str, path: str) -> bool:
    """Whether a rule is for a path: `*` stands for anything, `:name` for a name between two slashes."""
    parts = re.split(r"(\*|:\w+)", pattern)
    regex = "".join(
        ".*" if part == "*" else "[^/]+" if part.startswith(":") else re.escape(part) for part in parts
    )
    return re.fullmatch(regex, path) is not None


def cloudflare(rules: Rules, path: str) -> Sent:
    """Return what Cloudflare Pages sends: the values of all rules that match."""
    sent: Sent = {}
    for pattern, given in rules:
        for name, value in given.items() if matches(pattern, path) else ():
            sent.setdefault(name, []).append(value)
    return sent


def netlify(rules: Rules, path: str) -> Sent:
    """Return what Netlify sends: of each header the value of the rule that says most of the path."""
    sent: Sent = {}
    for pattern, given in sorted(rules, key=lambda rule: len(rule[0])):
        sent |= {name: [value] for name, value in given.items() if matches(pattern, path)}
    return sent


PROTECTION = {name: [value] for name, value in PAGES if name != POLICY_HEADER}


@pytest.fixture(params=[cloudflare, netlify], ids=["cloudflare", "netlify"])
def host(request: pytest.FixtureRequest) -> Callable[[Rules, str], Sent]:
    """How a host goes by the file."""
    found: Callable[[Rules, str], Sent] = request.param
    return found


@pytest.mark.parametrize("folder", ["", "/msix"])
def test_every_file_goes_with_what_protects_people_and_with_what_its_kind_needs(
    site: BuiltSite, host: Callable[[Rules, str], Sent], folder: str
) -> None:
    rules = read(headers(f"{SITE_URL}{folder}"))
    plain = PROTECTION | {"Content-Security-Policy": ["frame-ancestors 'none'"]}
    for path in site.files:
        expected = dict(plain)
        if path.endswith(".ics"):
            expected |= {"Content-Type": [TYPE], "Access-Control-Allow-Origin": ["*"]}
        if re.search(r"\.[0-9a-f]{10}(-\d+)?\.\w+$", path):
            expected["Cache-Control"] = ["public, max-age=31536000, immutable"]
        assert host(rules, f"{folder}/{path}") == expected, path


def test_pages_say_the_rest_of_their_policy_themselves(site: BuiltSite) -> None:
    policies = {
        meta["content"]
        for page in site.pages.values()
        for meta in page.all("meta")
        if meta.get("http-equiv") == "Content-Security-Policy"
    }
    assert policies == {POLICY.removesuffix("; frame-ancestors 'none'")}


@pytest.mark.parametrize("path", ["/edit/", "/edit/index.html", "/es/edit/", "/edit/cms/app.js"])
def test_the_editor_has_a_policy_that_the_sites_own_takes_nothing_from(
    host: Callable[[Rules, str], Sent], path: str
) -> None:
    sent = host(read(headers(SITE_URL)), path)
    policies = sent.pop("Content-Security-Policy")

    assert sent == PROTECTION | {"X-Robots-Tag": ["noindex"]}
    assert policies[-1] == EDITOR_POLICY
    assert set(policies[:-1]) <= {"frame-ancestors 'none'"}


def test_the_file_keeps_to_the_limits_of_the_hosts() -> None:
    text = headers(f"{SITE_URL}/msix")

    assert len(read(text)) <= 100
    assert max(map(len, text.splitlines())) <= 2000
    assert [pattern for pattern, _ in read(text) if pattern.count("*") > 1] == []
    assert [pattern for pattern, _ in read(text) if not pattern.startswith("/msix/")] == []


def test_the_site_has_the_file_of_headers_and_redirects_nothing(site: BuiltSite) -> None:
    assert site.files["_headers"].decode() == headers(SITE_URL)
    assert "_redirects" not in site.files


@pytest.mark.parametrize("folder", ["", "/msix"])
def test_old_links_lead_to_the_telephones_where_nobody_signs_up(folder: str) -> None:
    assert redirects(f"{SITE_URL}{folder}") == f"{folder}/register/* {folder}/contacts/ 302\n"
