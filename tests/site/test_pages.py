# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pages exist, and what each of them must say."""

from __future__ import annotations

import json
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from justhtml import JustHTML

from plugins.page_checks import check_site, private_links
from tests.support.built_site import BuiltSite, build
from tests.support.constants import ROOT, SITE_URL
from tests.support.content import copy_content
from tests.support.sizes import sent_with

TRAININGS = (
    "virtual-cafe",
    "overview",
    "user-administrator",
    "data-administrator",
    "secondary-user",
    "parents-overview",
)
PARENTS = ("what-msix-holds", "when-you-move", "questions", "flyer")
FIXED = (
    "/",
    "/trainings/",
    "/schedule/",
    "/parents/",
    "/contacts/",
    "/privacy/",
    "/accessibility/",
    "/subscribe/",
    "/words/",
)


def english_pages(site: BuiltSite) -> list[str]:
    sessions = [session["id"] for session in contract(site)["sessions"]]
    return sorted(
        [
            *FIXED,
            *(f"/trainings/{slug}/" for slug in TRAININGS),
            *(f"/parents/{slug}/" for slug in PARENTS),
            *(f"/schedule/{session}/" for session in sessions),
        ]
    )


def contract(site: BuiltSite) -> dict:
    return json.loads((site.private / "schedule.json").read_bytes())


def test_every_address_of_the_design_is_a_page_in_both_languages(site: BuiltSite) -> None:
    english = english_pages(site)
    assert sorted(site.pages) == sorted([*english, *(f"/es{url}" for url in english), "/404.html"])


def test_the_pages_pass_every_check(site: BuiltSite) -> None:
    assert check_site(site.output, private_links(site.private / "schedule.json")) == []


def test_every_page_is_valid_html(site: BuiltSite) -> None:
    errors = {}
    for path, data in site.files.items():
        if path.endswith(".html"):
            parsed = JustHTML(data.decode(), collect_errors=True)
            if parsed.errors:
                errors[path] = [str(error) for error in parsed.errors]
    assert errors == {}


def test_a_title_names_the_site_where_sixty_characters_have_room_for_it(site: BuiltSite) -> None:
    site_name = {"en": "California MSIX Trainings", "es": "Capacitaciones de MSIX en California"}
    for url, page in site.pages.items():
        own = page.title.removesuffix(f" – {site_name[next(page.all('html'))['lang']]}")
        named = own != page.title
        assert named is (len(own) + 3 + len(site_name[next(page.all("html"))["lang"]]) <= 60), url


def test_each_page_has_its_translation_and_says_so(site: BuiltSite) -> None:
    for url, page in site.pages.items():
        if url == "/404.html":
            continue
        english = url.removeprefix("/es")
        assert page.alternates == {
            "en": f"{SITE_URL}{english}",
            "es": f"{SITE_URL}/es{english}",
            "x-default": f"{SITE_URL}{english}",
        }, url
        assert next(page.all("html"))["lang"] == ("es" if url.startswith("/es/") else "en")


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_contacts_page_names_everybody_with_a_number_that_can_be_dialled(
    site: BuiltSite, language: str
) -> None:
    page = site.pages[f"{language}/contacts/"]
    dialled = [link["href"] for link in page.all("a") if link.get("href", "").startswith("tel:")]
    assert set(dialled) == {"tel:+15306661977,8", "tel:+17077997490", "tel:+18003422964,3"}
    text = unescape(site.read(f"{language}/contacts/"))
    for words in (
        "Uriel Ramirez Torres",
        "(530) 666-1977",
        "Yecenia Ocampo",
        "(707) 799-7490",
        "(800) 342-2964",
    ):
        assert words in text


def test_the_trainings_have_the_titles_and_topics_of_the_public_page(site: BuiltSite) -> None:
    trainings = {one["slug"]: one for one in contract(site)["trainings"]}
    assert {slug: one["title"]["en"] for slug, one in trainings.items()} == {
        "virtual-cafe": "MSIX Virtual Café",
        "overview": "CA MSIX Overview",
        "user-administrator": "User Administrator",
        "data-administrator": "Data Administrator",
        "secondary-user": "Secondary User",
        "parents-overview": "Spanish MSIX Overview for Parents",
    }
    for slug, one in trainings.items():
        for language, url in (("en", f"/trainings/{slug}/"), ("es", f"/es/trainings/{slug}/")):
            html = unescape(site.read(url))
            for topic in one["topics"][language]:
                assert topic in html, url


def test_the_form_stands_complete_on_each_open_session_and_on_no_other(site: BuiltSite) -> None:
    for session in contract(site)["sessions"]:
        for prefix, language in (("", "en"), ("/es", "es")):
            page = site.pages[f"{prefix}/schedule/{session['id']}/"]
            forms = list(page.all("form"))
            closed = (
                session["status"] == "cancelled" or session["registration_closes"] <= "2026-11-30T08:00:00Z"
            )
            assert len(forms) == (0 if closed else 1), page.url
            if forms:
                assert forms[0]["action"] == f"/register/{session['id']}"
                assert forms[0]["method"] == "post"
                names = {one["name"] for one in page.all("input", "select", "textarea")}
                wanted = {
                    "name",
                    "email",
                    "organization",
                    "language",
                    "needs",
                    "consent",
                    "page_language",
                    "leave_empty",
                }
                parents = session["training"] == "parents-overview"
                assert names == wanted | (set() if parents else {"role"})
                hidden = {
                    one["name"]: one["value"] for one in page.all("input") if one.get("type") == "hidden"
                }
                assert hidden == {"page_language": language}


def test_staff_are_offered_the_listed_organizations_and_parents_are_not(site: BuiltSite) -> None:
    listed = (ROOT / "content/organizations.md").read_text("utf-8").splitlines()
    assert site.told.organizations == tuple(listed)
    for session in contract(site)["sessions"]:
        for prefix in ("", "/es"):
            url = f"{prefix}/schedule/{session['id']}/"
            fields = [one for one in site.pages[url].all("input") if one["name"] == "organization"]
            offers = bool(fields) and session["training"] != "parents-overview"
            assert [one.get("list") for one in fields] == ["organizations" if offers else None] * len(fields)
            assert _texts(site, url, "datalist[id=organizations] option") == (listed if offers else []), url


def test_without_a_list_the_form_offers_nothing(tmp_path: Path) -> None:
    content = copy_content(tmp_path)
    (content / "organizations.md").unlink()
    plain = build(tmp_path, PATH=str(content))

    assert plain.told.organizations == ()
    for url, page in plain.pages.items():
        assert [*page.all("datalist")] == [], url
        assert not any("list" in field for field in page.all("input")), url


def test_sixty_organizations_add_at_most_half_a_kilobyte_to_a_page(site: BuiltSite, tmp_path: Path) -> None:
    content = copy_content(tmp_path)
    words = ("Valley", "Coast", "Hills", "River", "Lake", "Bay", "Desert", "Mesa", "Grove", "Canyon")
    kinds = ("County Office of Education", "Unified School District", "Migrant Education Region")
    names = [f"{side} {word} {kind}" for side in ("East", "West") for word in words for kind in kinds]
    (content / "organizations.md").write_text("\n".join(names))
    full = build(tmp_path, PATH=str(content))

    for url in site.pages:
        assert sent_with(full, full.read(url)) - sent_with(site, site.read(url)) <= 512, url


def test_a_cancelled_and_a_closed_session_say_so(site: BuiltSite) -> None:
    assert "This date is canceled" in site.read("/schedule/2027-02-09-user-administrator/")
    assert "Sign-up for this date has closed" in site.read("/schedule/2026-12-02-user-administrator/")
    assert "Esta sesión se canceló" in site.read("/es/schedule/2027-02-09-user-administrator/")


def test_a_past_session_keeps_its_page_and_leaves_the_lists(tmp_path) -> None:
    later = build(tmp_path, BUILD_DATE="2026-12-04")
    assert "This date has passed" in later.read("/schedule/2026-12-03-overview/")
    assert "2026-12-03-overview" not in later.read("/schedule/")
    assert "2026-12-03-overview" not in later.read("/sitemap.xml")
    assert "2026-12-08-parents" in later.read("/schedule/")


def test_the_sample_notice_is_there_while_the_setting_is_on(site: BuiltSite, tmp_path) -> None:
    real = build(tmp_path, SAMPLE_CONTENT=False)
    for url, page in site.files.items():
        if url.endswith("index.html"):
            words = "Sitio de muestra" if url.startswith("es/") else "Sample site:"
            assert words in page.decode(), url
            assert words not in real.files[url].decode(), url


def test_nothing_private_reaches_the_site(site: BuiltSite) -> None:
    links = private_links(site.private / "schedule.json")
    assert sorted(links) == ["https://meet.example.org/msix-overview-january", "secret:overview-december"]
    everything = b"\n".join(site.files.values())
    for needle in (*links, "overview-december", "meet.example.org"):
        assert needle.encode() not in everything
    for file in site.private.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
        assert file.name not in {path.rsplit("/")[-1] for path in site.files}
    assert site.private.stat().st_mode & 0o077 == 0


def test_every_page_keeps_to_its_budget_of_bytes_and_requests(site: BuiltSite) -> None:
    limits = {url: 8 * 1024 if "/schedule/" in url else 7 * 1024 for url in site.pages}
    limits |= dict.fromkeys(SCHEDULES, 12 * 1024)
    sizes = {url: sent_with(site, site.read(url)) for url in site.pages}
    assert {url: size for url, size in sizes.items() if size > limits[url]} == {}


SCHEDULES = ("/schedule/", "/es/schedule/")


def _texts(site: BuiltSite, url: str, selector: str) -> list[str]:
    """Return the text of each element of a page that a CSS selector finds."""
    return [one.to_text() for one in JustHTML(site.read(url), sanitize=False).query(selector)]


def test_a_schedule_of_sixty_open_sessions_keeps_to_its_budget(site: BuiltSite, tmp_path: Path) -> None:
    content = copy_content(tmp_path)
    for number in range(60 - len(_texts(site, "/schedule/", ".seats"))):
        day = date(2027, 7, 1) + timedelta(days=number)
        (content / f"sessions/{day}-overview.md").write_text(
            f"Training: overview\nStart: {day} 10:00\nDuration: 90\nTrainers: yecenia-ocampo\n"
            f"Capacity: {20 + number}\nLanguage: en\nFormat: online\nStatus: scheduled\n"
        )
    full = build(tmp_path, PATH=str(content))
    for url in SCHEDULES:
        assert len(_texts(full, url, ".seats")) == 60
        assert sent_with(full, full.read(url)) <= 12 * 1024, url


def test_each_page_has_the_script_of_its_kind(site: BuiltSite) -> None:
    for url, page in site.pages.items():
        (script,) = (one["src"] for one in page.all("script") if "src" in one)
        section, _, name = url.removeprefix("/es").strip("/").partition("/")
        kinds = {"schedule": "session" if name else "schedule", "trainings": "training" if name else "site"}
        assert script.startswith(f"/theme/{kinds.get(section, 'site')}."), url


def test_the_pages_of_open_sessions_say_how_many_seats_there_are_and_the_schedule_has_a_place_for_it(
    site: BuiltSite,
) -> None:
    for prefix, words in (("", "seats"), ("/es", "lugares")):
        for session in contract(site)["sessions"]:
            row = f"[id=s-{session['id']}] .seats"
            url = f"{prefix}/schedule/{session['id']}/"
            takes = bool(_texts(site, url, "form"))
            assert _texts(site, url, row) == ([f"{session['capacity']} {words}"] if takes else []), url
            assert _texts(site, f"{prefix}/schedule/", row) == ([""] if takes else []), url


def test_the_sitemap_lists_every_page_with_its_alternates(site: BuiltSite) -> None:
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    root = ET.fromstring(site.read("/sitemap.xml"))  # noqa: S314 - our own file
    listed = {}
    for url in root.findall("s:url", names):
        links = {link.get("hreflang"): link.get("href") for link in url.findall("x:link", names)}
        listed[url.findtext("s:loc", namespaces=names)] = links
    wanted = {f"{SITE_URL}{url}": page.alternates for url, page in site.pages.items() if url != "/404.html"}
    assert listed == wanted
    assert f"Sitemap: {SITE_URL}/sitemap.xml" in site.read("/robots.txt")
