# SPDX-License-Identifier: AGPL-3.0-or-later
"""What search engines are told about trainings, sessions and who holds them, field by field."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from plugins.structured_data import course, event, organization, structured_data
from plugins.trainings.views import Link, Month, Page, SessionCard, Site, TrainingCard, View
from schedule import wording
from schedule.model import (
    ContactKind,
    Format,
    Language,
    Localized,
    Period,
    Phone,
    Readers,
    Revision,
    Session,
    Status,
    Trainer,
    Training,
)
from schedule.walltime import midnight

PACIFIC = ZoneInfo("America/Los_Angeles")
EN, ES = Language.ENGLISH, Language.SPANISH
SITE = Site(
    url="https://trainings.example.org",
    sample=False,
    assets={},
    support_name={"en": "CA MSIX Support", "es": "Línea de ayuda"},
    support_phone="(866) 878-9525",
    support_extension="3",
    support_uri="tel:+18668789525,3",
    retention_days=180,
    time_zone="America/Los_Angeles",
)
TRAINING = Training(
    slug="overview",
    title=Localized("Overview", "Panorama"),
    summary=Localized("All of it.", "Todo."),
    audience=Localized("Everyone.", "Todos."),
    topics=Localized(("One", "Two"), ("Uno", "Dos")),
    duration=timedelta(minutes=90),
    order=1,
    readers=Readers.STAFF,
    badge=None,
    description=Localized(""),
)
ANA = Trainer(
    slug="ana",
    name=Localized("Ana Example"),
    role=Localized("Trainer"),
    kind=ContactKind.TRAINER,
    phone=Phone("(530) 666-1977", "+15306661977"),
    email=None,
    languages=(EN,),
    description=Localized(""),
)
START = datetime(2027, 1, 12, 23, 0, tzinfo=UTC)
ONLINE = Session(
    id="a",
    training=TRAINING,
    period=Period(START, START + timedelta(minutes=90), PACIFIC),
    trainers=(ANA,),
    capacity=20,
    language=ES,
    format=Format.ONLINE,
    location=None,
    status=Status.SCHEDULED,
    registration_closes=START,
    note=None,
    revision=Revision(1, START),
)
IN_PERSON = replace(
    ONLINE, id="b", format=Format.IN_PERSON, location=Localized("Room 2", "Sala 2"), status=Status.CANCELLED
)
PROVIDER = {
    EN: {
        "@id": "https://trainings.example.org/#organization",
        "@type": "Organization",
        "name": "California MSIX Trainings",
    },
    ES: {
        "@id": "https://trainings.example.org/#organization",
        "@type": "Organization",
        "name": "Capacitaciones de MSIX en California",
    },
}


def card(session: Session, language: Language = EN) -> SessionCard:
    prefix = "/es" if language is ES else ""
    return SessionCard(
        session,
        wording.worded(session, language),
        f"{prefix}/schedule/{session.id}/",
        takes_registrations=True,
    )


def view(template: str, crumbs: tuple[Link, ...] = (), **content: Any) -> View:
    page = Page("/here/", EN, template, "Here", "", "none", (), crumbs=crumbs)
    return View(page, content)


def data(shown: View) -> Any:
    """Return what stands in a page's script element."""
    text = str(structured_data(shown, SITE))
    assert text.startswith('<script type="application/ld+json">')
    assert text.endswith("</script>")
    return json.loads(text.removeprefix('<script type="application/ld+json">').removesuffix("</script>"))


def test_the_organization_can_be_called() -> None:
    assert organization(SITE, ES) == {
        "@type": "Organization",
        "@id": "https://trainings.example.org/#organization",
        "name": "Capacitaciones de MSIX en California",
        "url": "https://trainings.example.org/es/",
        "contactPoint": {
            "@type": "ContactPoint",
            "name": "Línea de ayuda",
            "contactType": "customer support",
            "telephone": "+18668789525,3",
        },
    }


def test_a_support_line_without_extension_is_its_number() -> None:
    site = replace(SITE, support_extension=None, support_uri="tel:+18668789525")

    assert organization(site, EN)["contactPoint"]["telephone"] == "+18668789525"


def test_a_training_with_its_next_session() -> None:
    assert course(TRAINING, (card(ONLINE),), SITE, EN) == {
        "@type": "Course",
        "name": "Overview",
        "description": "All of it.",
        "url": "https://trainings.example.org/trainings/overview/",
        "provider": PROVIDER[EN],
        "audience": {"@type": "Audience", "audienceType": "Everyone."},
        "teaches": ["One", "Two"],
        "timeRequired": "PT90M",
        "hasCourseInstance": [
            {
                "@type": "CourseInstance",
                "name": "Overview",
                "url": "https://trainings.example.org/schedule/a/",
                "startDate": "2027-01-12T15:00:00-08:00",
                "endDate": "2027-01-12T16:30:00-08:00",
                "inLanguage": "es",
                "eventStatus": "https://schema.org/EventScheduled",
                "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
                "location": {"@type": "VirtualLocation", "url": "https://trainings.example.org/schedule/a/"},
                "courseMode": "Online",
                "courseWorkload": "PT90M",
            }
        ],
    }


def test_a_training_without_sessions_has_no_instances_and_speaks_the_readers_language() -> None:
    assert course(TRAINING, (), SITE, ES) == {
        "@type": "Course",
        "name": "Panorama",
        "description": "Todo.",
        "url": "https://trainings.example.org/es/trainings/overview/",
        "provider": PROVIDER[ES],
        "audience": {"@type": "Audience", "audienceType": "Todos."},
        "teaches": ["Uno", "Dos"],
        "timeRequired": "PT90M",
    }


def test_a_cancelled_session_in_person() -> None:
    assert event(card(IN_PERSON, ES), SITE, ES) == {
        "@type": "EducationEvent",
        "name": "Panorama",
        "url": "https://trainings.example.org/es/schedule/b/",
        "startDate": "2027-01-12T15:00:00-08:00",
        "endDate": "2027-01-12T16:30:00-08:00",
        "inLanguage": "es",
        "eventStatus": "https://schema.org/EventCancelled",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "location": {
            "@type": "Place",
            "name": "Sala 2",
            "address": {
                "@type": "PostalAddress",
                "name": "Sala 2",
                "addressRegion": "CA",
                "addressCountry": "US",
            },
        },
        "description": "Todo.",
        "maximumAttendeeCapacity": 20,
        "organizer": PROVIDER[ES],
        "performer": [{"@type": "Person", "name": "Ana Example"}],
    }


def test_whole_days_have_no_times() -> None:
    days = Period(
        midnight(date(2026, 12, 10), PACIFIC), midnight(date(2026, 12, 12), PACIFIC), PACIFIC, all_day=True
    )
    described = event(card(replace(ONLINE, period=days)), SITE, EN)

    assert (described["startDate"], described["endDate"]) == ("2026-12-10", "2026-12-11")


BREADCRUMBS = {
    "@type": "BreadcrumbList",
    "itemListElement": [
        {"@type": "ListItem", "position": 1, "name": "Home", "item": "https://trainings.example.org/"},
        {"@type": "ListItem", "position": 2, "name": "Here", "item": "https://trainings.example.org/here/"},
    ],
}
CONTEXT = {"@context": "https://schema.org"}
HOME = (Link("Home", "/"),)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        pytest.param(view("home.html"), CONTEXT | organization(SITE, EN), id="home"),
        pytest.param(
            view("trainings.html", HOME, trainings=(TrainingCard(TRAINING, "/trainings/overview/", None),)),
            CONTEXT | {"@graph": [BREADCRUMBS, course(TRAINING, (), SITE, EN)]},
            id="catalogue",
        ),
        pytest.param(
            view("training.html", HOME, training=TRAINING, sessions=(card(ONLINE),)),
            CONTEXT | {"@graph": [BREADCRUMBS, course(TRAINING, (card(ONLINE),), SITE, EN)]},
            id="training",
        ),
        pytest.param(
            view(
                "schedule.html",
                HOME,
                months=(Month("January", "2027-01", (card(ONLINE), card(IN_PERSON)), ()),),
            ),
            CONTEXT | {"@graph": [event(card(ONLINE), SITE, EN), event(card(IN_PERSON), SITE, EN)]},
            id="schedule",
        ),
        pytest.param(
            view("session.html", HOME, card=card(ONLINE)),
            CONTEXT | {"@graph": [BREADCRUMBS, event(card(ONLINE), SITE, EN)]},
            id="session",
        ),
        pytest.param(view("page.html", HOME), CONTEXT | BREADCRUMBS, id="any page"),
    ],
)
def test_each_kind_of_page_says_what_it_is_about(shown: View, said: dict[str, Any]) -> None:
    assert data(shown) == said


@pytest.mark.parametrize("shown", [view("404.html"), view("schedule.html", HOME, months=())])
def test_a_page_about_nothing_says_nothing(shown: View) -> None:
    assert structured_data(shown, SITE) == ""


def test_no_text_can_end_the_script_element() -> None:
    title = "</script><!-- & {braces}"
    shown = view("training.html", training=replace(TRAINING, title=Localized(title)), sessions=())
    text = str(structured_data(shown, SITE))

    assert [text.count(sign) for sign in ("<", ">", "&")] == [2, 2, 0]
    assert data(shown)["@graph"][1]["name"] == title
