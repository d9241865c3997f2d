# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every address of the site: in both languages, below a folder of its host, as a link, in full and as a file."""

from __future__ import annotations

import re

import pytest

from schedule.addresses import FUNCTION, Addresses, is_taken
from schedule.model import LANGUAGES, Format, Language
from tests.support.built_site import BuiltSite
from tests.support.constants import SITE_URL

EN, ES = Language.ENGLISH, Language.SPANISH
FOLDER = "https://example.github.io/msix"


def of_the_site(at: Addresses) -> dict[str, str]:
    """Return each address that depends on the language."""
    return {
        "home": at.home,
        "trainings": at.trainings,
        "training": at.training("overview"),
        "schedule": at.schedule,
        "session": at.session("2026-12-03-overview"),
        "session_calendar": at.session_calendar("2026-12-03-overview"),
        "parents": at.parents,
        "contacts": at.contacts,
        "contact_card": at.contact_card("ca-msix-support"),
        "subscribe": at.subscribe,
        "accessibility": at.accessibility,
        "privacy": at.privacy,
        "text": at.text("parents", "questions"),
        "not_found": at.not_found,
        "calendar": at.calendar,
        "training_calendar": at.training_calendar("overview"),
        "trainer_calendar": at.trainer_calendar("yecenia-ocampo"),
        "language_calendar": at.language_calendar(ES),
        "filtered_calendar": at.filtered_calendar("overview", ES, Format.IN_PERSON),
        "unfiltered_calendar": at.filtered_calendar(None, None, None),
    }


def of_the_function(at: Addresses) -> dict[str, str]:
    """Return each address that is the same in both languages."""
    return {
        "sitemap": at.sitemap,
        "robots": at.robots,
        "asset": at.asset("theme/site.1f2e3d.css"),
        "sign_up": at.sign_up("2026-12-03-overview"),
        "done": at.done("receipt"),
        "manage": at.manage("token"),
        "cancel": at.cancel("token"),
        "correct": at.correct("token"),
        "move": at.move("token"),
        "own_event": at.own_event("token"),
        "mine": at.mine("token"),
        "own_feed": at.own_feed("token"),
        "lost_mail": at.lost_mail,
        "staff": at.staff,
        "staff_sign_in": at.staff_sign_in("token"),
        "staff_sign_out": at.staff_sign_out,
        "staff_search": at.staff_search,
        "staff_session": at.staff_session("2026-12-03-overview"),
        "staff_people": at.staff_people("2026-12-03-overview"),
        "staff_person": at.staff_person("2026-12-03-overview", "rid", "cancel"),
        "staff_attendance": at.staff_attendance("2026-12-03-overview"),
        "staff_upload": at.staff_upload("2026-12-03-overview"),
        "staff_message": at.staff_message("2026-12-03-overview"),
        "staff_sheet": at.staff_sheet("2026-12-03-overview"),
        "staff_roster_csv": at.staff_roster_csv("2026-12-03-overview"),
        "staff_report": at.staff_report,
        "staff_report_csv": at.staff_report_csv,
        "staff_feed": at.staff_feed("token"),
        "status": at.status,
        "health": at.health,
    }


ENGLISH = {
    "home": "/",
    "trainings": "/trainings/",
    "training": "/trainings/overview/",
    "schedule": "/schedule/",
    "session": "/schedule/2026-12-03-overview/",
    "session_calendar": "/schedule/2026-12-03-overview/session.ics",
    "parents": "/parents/",
    "contacts": "/contacts/",
    "contact_card": "/contacts/ca-msix-support.vcf",
    "subscribe": "/subscribe/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "text": "/parents/questions/",
    "not_found": "/404.html",
    "calendar": "/calendar/all.ics",
    "training_calendar": "/calendar/trainings/overview.ics",
    "trainer_calendar": "/calendar/trainers/yecenia-ocampo.ics",
    "language_calendar": "/calendar/languages/es.ics",
    "filtered_calendar": "/calendar/filtered/overview/es/in-person.ics",
    "unfiltered_calendar": "/calendar/filtered/any/any/any.ics",
}
IN_NO_LANGUAGE = {
    "sitemap": "/sitemap.xml",
    "robots": "/robots.txt",
    "asset": "/theme/site.1f2e3d.css",
    "sign_up": "/register/2026-12-03-overview",
    "done": "/register/done/receipt",
    "manage": "/register/manage/token",
    "cancel": "/register/manage/token/cancel",
    "correct": "/register/manage/token/correct",
    "move": "/register/manage/token/move",
    "own_event": "/register/manage/token/calendar.ics",
    "mine": "/register/mine/token",
    "own_feed": "/register/mine/token/calendar.ics",
    "lost_mail": "/register/link",
    "staff": "/register/staff/",
    "staff_sign_in": "/register/staff/in/token",
    "staff_sign_out": "/register/staff/out",
    "staff_search": "/register/staff/search",
    "staff_session": "/register/staff/sessions/2026-12-03-overview/",
    "staff_people": "/register/staff/sessions/2026-12-03-overview/people",
    "staff_person": "/register/staff/sessions/2026-12-03-overview/people/rid/cancel",
    "staff_attendance": "/register/staff/sessions/2026-12-03-overview/attendance",
    "staff_upload": "/register/staff/sessions/2026-12-03-overview/attendance/upload",
    "staff_message": "/register/staff/sessions/2026-12-03-overview/message",
    "staff_sheet": "/register/staff/sessions/2026-12-03-overview/sheet",
    "staff_roster_csv": "/register/staff/sessions/2026-12-03-overview/roster.csv",
    "staff_report": "/register/staff/report",
    "staff_report_csv": "/register/staff/report.csv",
    "staff_feed": "/register/staff/feed/token.ics",
    "status": "/register/status.json",
    "health": "/register/health",
}


def below(folder: str, addresses: dict[str, str]) -> dict[str, str]:
    return {name: f"{folder}{address}" for name, address in addresses.items()}


def test_english_is_at_the_root_and_spanish_below_es() -> None:
    assert of_the_site(Addresses(SITE_URL, EN)) == ENGLISH
    assert of_the_site(Addresses(SITE_URL, ES)) == below("/es", ENGLISH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_function_has_one_address_for_both_languages(language: Language) -> None:
    assert of_the_function(Addresses(SITE_URL, language)) == IN_NO_LANGUAGE


def test_a_site_in_a_folder_of_its_host_has_all_of_it_there() -> None:
    assert of_the_site(Addresses(FOLDER, EN)) == below("/msix", ENGLISH)
    assert of_the_site(Addresses(FOLDER, ES)) == below("/msix/es", ENGLISH)
    assert of_the_function(Addresses(FOLDER, ES)) == below("/msix", IN_NO_LANGUAGE)


@pytest.mark.parametrize(
    ("site_url", "whole"),
    [
        ("https://example.org", "https://example.org/es/schedule/a/"),
        ("https://example.org/", "https://example.org/es/schedule/a/"),
        ("http://localhost:8000", "http://localhost:8000/es/schedule/a/"),
        (FOLDER, "https://example.github.io/msix/es/schedule/a/"),
    ],
)
def test_an_address_in_full_has_the_host_before_it(site_url: str, whole: str) -> None:
    at = Addresses(site_url, ES)

    assert at.whole(at.session("a")) == whole


@pytest.mark.parametrize("site_url", [SITE_URL, FOLDER])
def test_files_stand_in_the_built_site_wherever_that_is_put(site_url: str) -> None:
    english, spanish = Addresses(site_url, EN), Addresses(site_url, ES)

    assert [
        at.file(address)
        for at in (english, spanish)
        for address in (at.home, at.session("a"), at.session_calendar("a"), at.not_found)
    ] == [
        "index.html",
        "schedule/a/index.html",
        "schedule/a/session.ics",
        "404.html",
        "es/index.html",
        "es/schedule/a/index.html",
        "es/schedule/a/session.ics",
        "es/404.html",
    ]


@pytest.mark.parametrize("site_url", [SITE_URL, FOLDER])
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_names_the_same_page_in_all_of_them(site_url: str, language: Language) -> None:
    english, spanish = Addresses(site_url, EN), Addresses(site_url, ES)
    at = Addresses(site_url, language)

    assert at.alternates(at.home) == ((EN, english.home), (ES, spanish.home))
    assert at.alternates(at.text("parents", "es")) == (
        (EN, english.text("parents", "es")),
        (ES, spanish.text("parents", "es")),
    )


def test_the_script_asks_for_the_seats_where_the_function_tells_them(site: BuiltSite) -> None:
    asked = {
        main["data-status"]
        for page in site.pages.values()
        for main in page.all("main")
        if "data-open" in main
    }

    assert asked == {Addresses(SITE_URL).status}


def test_every_file_of_the_site_is_at_an_address_that_is_said_here(site: BuiltSite) -> None:
    """Whatever an address is made from is put in its place: an id of the real content."""
    at = Addresses(SITE_URL)
    known = {
        re.escape(path).replace("ID", "[a-z0-9-]+")
        for language in LANGUAGES
        for one in [Addresses(SITE_URL, language)]
        for path in [
            one.file(one.home),
            one.file(one.trainings),
            one.file(one.training("ID")),
            one.file(one.schedule),
            one.file(one.session("ID")),
            one.file(one.session_calendar("ID")),
            one.file(one.contacts),
            one.file(one.contact_card("ID")),
            one.file(one.parents),
            one.file(one.text("parents", "ID")),
            one.file(one.text("pages", "ID")),
            one.file(one.calendar),
            one.file(one.training_calendar("ID")),
            one.file(one.trainer_calendar("ID")),
            *(one.file(one.language_calendar(held_in)) for held_in in LANGUAGES),
            *(
                one.file(one.filtered_calendar("ID", held_in, form))
                for held_in in (None, *LANGUAGES)
                for form in (None, *Format)
            ),
        ]
    }
    known |= {re.escape(at.file(one)) for one in (at.not_found, at.sitemap, at.robots)}
    known.add("_headers")  # which hosts read, and nobody asks for
    known.add(
        re.escape(at.file(at.asset("theme/"))).removesuffix(r"index\.html")
        + r"[a-z.]+\.[0-9a-f]{10}\.[a-z0-9]+"
    )

    assert [path for path in site.files if not any(re.fullmatch(one, path) for one in known)] == []


def test_the_function_answers_below_one_address() -> None:
    at = Addresses(SITE_URL)

    assert all(
        address.startswith(FUNCTION)
        for address in (
            at.sign_up("a"),
            at.done("a"),
            at.manage("a"),
            at.cancel("a"),
            at.mine("a"),
            at.lost_mail,
        )
    )


def test_no_session_may_stand_where_the_function_has_a_page_of_its_own() -> None:
    """A session's form goes to `/register/<id>`, and so no id is the first part of another address below it."""
    at = Addresses(SITE_URL)
    pages = [*of_the_function(at).values(), at.mail_health]
    below = {path.removeprefix(FUNCTION).partition("/")[0] for path in pages if path.startswith(FUNCTION)}

    assert {name for name in below if not is_taken("sessions", name)} == {"2026-12-03-overview"}
    assert [name for name in ("correct", "move", "mine", "staff") if not is_taken("sessions", name)] == []
