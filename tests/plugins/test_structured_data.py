# SPDX-License-Identifier: AGPL-3.0-or-later
"""What search engines are told about trainings, sessions and who holds them, field by field."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from markupsafe import Markup

from plugins.structured_data import course, event, organization, structured_data
from plugins.trainings.contexts import (
    ArticleContext,
    HomeContext,
    NotFoundContext,
    ScheduleContext,
    SessionContext,
    TrainingContext,
    TrainingsContext,
)
from plugins.trainings.views import Article, Month, SessionCard, TrainingCard
from schedule import wording
from schedule.addresses import Addresses
from schedule.model import (
    Format,
    Language,
    Localized,
    Period,
    Revision,
    Session,
    Status,
    Training,
)
from schedule.sign_up_state import SignUpState
from schedule.site import Link, Page, Site
from schedule.templates import PageContext
from schedule.walltime import midnight
from tests.support.constants import PACIFIC
from tests.support.schedules import ANA, SHORT_OVERVIEW

EN, ES = Language.ENGLISH, Language.SPANISH
SITE = Site(
    url="https://trainings.example.org",
    sample=False,
    sign_up=True,
    assets={"share.en.png": "/theme/share.en.1a.png", "share.es.png": "/theme/share.es.2b.png"},
    support_name={EN: "CA MSIX Support", ES: "Línea de ayuda"},
    support_phone="(866) 878-9525",
    support_extension="3",
    support_uri="tel:+18668789525,3",
    retention_days=180,
    organizations=(),
    catalogues={},
    editor=False,
)
START = datetime(2027, 1, 12, 23, 0, tzinfo=UTC)
ONLINE = Session(
    id="a",
    training=SHORT_OVERVIEW,
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
    url = Addresses(SITE.url, language).session(session.id)
    return SessionCard(session, wording.worded(session, language), url, SignUpState.OPEN)


def data(shown: PageContext) -> Any:
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
    assert course(SHORT_OVERVIEW, (card(ONLINE),), SITE, EN) == {
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
    assert course(SHORT_OVERVIEW, (), SITE, ES) == {
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
        "image": "https://trainings.example.org/theme/share.es.2b.png",
        "isAccessibleForFree": True,
        "offers": {
            "@type": "Offer",
            "price": 0,
            "priceCurrency": "USD",
            "url": "https://trainings.example.org/es/schedule/b/",
        },
        "maximumAttendeeCapacity": 20,
        "organizer": PROVIDER[ES] | {"url": "https://trainings.example.org/es/"},
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
HOME = Page("/here/", EN, "Here", "", "none", ())
PAGE = replace(HOME, crumbs=(Link("Home", "/"),))
ARTICLE = Article("", "", Markup(), EN)


def training_page(training: Training, *sessions: SessionCard) -> TrainingContext:
    return TrainingContext(page=PAGE, training=training, description=Markup(), sessions=sessions, contacts=())


MONTH = Month("January 2027", "Jan", "2027-01", (card(ONLINE),), ())


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        pytest.param(
            HomeContext(page=HOME, article=ARTICLE, sessions=(), trainings=(), contacts=()),
            CONTEXT | organization(SITE, EN),
            id="home",
        ),
        pytest.param(
            TrainingsContext(
                page=PAGE, trainings=(TrainingCard(SHORT_OVERVIEW, "/trainings/overview/", None),)
            ),
            CONTEXT | {"@graph": [BREADCRUMBS, course(SHORT_OVERVIEW, (), SITE, EN)]},
            id="catalogue",
        ),
        pytest.param(
            training_page(SHORT_OVERVIEW, card(ONLINE)),
            CONTEXT | {"@graph": [BREADCRUMBS, course(SHORT_OVERVIEW, (card(ONLINE),), SITE, EN)]},
            id="training",
        ),
        pytest.param(
            ScheduleContext(page=PAGE, months=(MONTH,), trainings=(), language_feeds=()),
            CONTEXT | BREADCRUMBS,
            id="schedule, whose sessions have pages that say what they are",
        ),
        pytest.param(
            SessionContext(
                page=PAGE,
                card=card(ONLINE),
                note=None,
                training_url="/trainings/overview/",
                others=(),
                contacts=(),
                calendars=None,
                form=None,
            ),
            CONTEXT | {"@graph": [BREADCRUMBS, event(card(ONLINE), SITE, EN)]},
            id="session",
        ),
        pytest.param(
            ArticleContext(page=PAGE, article=ARTICLE, siblings=(), contacts=()),
            CONTEXT | BREADCRUMBS,
            id="any page",
        ),
    ],
)
def test_each_kind_of_page_says_what_it_is_about(shown: PageContext, said: dict[str, Any]) -> None:
    assert data(shown) == said


def test_a_page_about_nothing_says_nothing() -> None:
    assert structured_data(NotFoundContext(page=HOME, spanish=Addresses(SITE.url, ES)), SITE) == ""


def test_the_last_of_the_breadcrumbs_is_the_short_name_of_a_page() -> None:
    shown = ArticleContext(page=replace(PAGE, name="Near"), article=ARTICLE, siblings=(), contacts=())

    assert [one["name"] for one in data(shown)["itemListElement"]] == ["Home", "Near"]


def test_no_text_can_end_the_script_element() -> None:
    title = "</script><!-- & {braces}"
    shown = training_page(replace(SHORT_OVERVIEW, title=Localized(title)))
    text = str(structured_data(shown, SITE))

    assert [text.count(sign) for sign in ("<", ">", "&")] == [2, 2, 0]
    assert data(shown)["@graph"][1]["name"] == title
