# SPDX-License-Identifier: AGPL-3.0-or-later
"""A site on which nobody signs up: its pages say who to call, and nothing of it needs, or knows, the function."""

from __future__ import annotations

import re

import pytest

from plugins.page_checks import check_site, main
from register.domain.errors import ConfigError
from register.settings.build import Build
from tests.support.built_site import BuiltSite, build
from tests.support.parity import differences

SESSION = "/schedule/2026-12-10-secondary-user/"


@pytest.fixture(scope="module")
def by_phone(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The real site without sign-up."""
    return build(tmp_path_factory.mktemp("by-phone"), SIGNUP="none")


def main_of(site: BuiltSite, url: str) -> str:
    """Return what a page says, without its tags."""
    html = site.read(url).partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_no_page_has_a_form_to_send_or_knows_of_the_function(by_phone: BuiltSite, site: BuiltSite) -> None:
    def found(one: BuiltSite) -> dict[str, set[str]]:
        forms = {url for url, page in one.pages.items() if any("method" in form for form in page.all("form"))}
        named = {path for path, data in one.files.items() if b"register" in data or b"status.json" in data}
        named -= {"_redirects"}  # leads away from there
        return {"forms": forms, "named": named}

    assert found(by_phone) == {"forms": set(), "named": set()}
    assert {name: len(paths) > 40 for name, paths in found(site).items()} == {"forms": True, "named": True}


def test_nothing_asks_how_full_the_sessions_are_or_has_a_place_for_it(
    by_phone: BuiltSite, site: BuiltSite
) -> None:
    def found(one: BuiltSite) -> set[str]:
        return {
            path
            for path, data in one.files.items()
            if any(one in data for one in (b"fetch(", b"tellEach(", b"data-status", b'class="tag seats"'))
        }

    assert found(by_phone) == set()
    assert len(found(site)) > 40


def test_old_links_to_the_function_lead_to_the_telephones(by_phone: BuiltSite) -> None:
    assert by_phone.read("/_redirects") == "/register/* /contacts/ 302\n"


def test_the_same_pages_are_there(by_phone: BuiltSite, site: BuiltSite) -> None:
    assert by_phone.pages.keys() == site.pages.keys()


@pytest.mark.parametrize(
    ("prefix", "told"),
    [
        ("", ("Sign up by phone", "Call one of us, and we’ll sign you up.")),
        ("/es", ("Inscríbase por teléfono", "Llame a cualquiera de nosotros y le inscribimos.")),
    ],
)
def test_the_page_of_a_session_says_who_to_call(
    by_phone: BuiltSite, prefix: str, told: tuple[str, str]
) -> None:
    url, text = f"{prefix}{SESSION}", main_of(by_phone, f"{prefix}{SESSION}")
    links = [link["href"] for link in by_phone.pages[url].all("a") if link.get("class") == "btn"]

    assert links == ["#sign-up"]
    assert text.count(told[0]) == 2
    panel = text.partition(told[1])[2]
    assert re.findall(r"\(\d{3}\) \d{3}-\d{4}", panel) == ["(530) 666-1977", "(800) 342-2964"]


def test_a_session_online_promises_no_email(by_phone: BuiltSite) -> None:
    assert "Online: we’ll give you the link when you call" in main_of(
        by_phone, "/schedule/2026-12-03-overview/"
    )
    assert {url for url in by_phone.pages if "email" in main_of(by_phone, url).lower()} <= {
        "/subscribe/",
        "/parents/questions/",
    }


def test_it_says_the_same_in_both_languages(by_phone: BuiltSite) -> None:
    english = [url for url in by_phone.pages if not url.startswith("/es/") and url != "/404.html"]
    found = {url: differences(by_phone.read(url), by_phone.read(f"/es{url}")) for url in english}

    assert {url: lines for url, lines in found.items() if lines} == {}


def test_its_pages_pass_all_checks(by_phone: BuiltSite) -> None:
    assert check_site(by_phone.output, sign_up=False) == []
    assert main([str(by_phone.output), "--private", str(by_phone.private)]) == 0


def test_a_link_to_the_function_would_lead_nowhere(site: BuiltSite) -> None:
    found = check_site(site.output, sign_up=False)

    assert "index.html: the link /register/link?lang=en leads nowhere" in found


def test_calendars_are_there_all_the_same(by_phone: BuiltSite, site: BuiltSite) -> None:
    feeds = {path for path in site.files if path.endswith(".ics")}

    assert {path: by_phone.files[path] for path in feeds} == {path: site.files[path] for path in feeds}


def test_no_private_link_is_written_and_the_function_says_that_it_has_nothing_to_do(
    by_phone: BuiltSite,
) -> None:
    assert [file.name for file in by_phone.private.iterdir()] == ["site.json"]
    build = Build(by_phone.private)
    for read in (build.site, build.contract):
        with pytest.raises(ConfigError) as caught:
            read()
        assert str(caught.value) == (
            f'{by_phone.private}/site.json: the site was built with SIGNUP = "none", and needs no sign-up function; '
            'build it with SIGNUP = "here", or do without the function'
        )
