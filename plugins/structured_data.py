# SPDX-License-Identifier: AGPL-3.0-or-later
"""Describes trainings, sessions and the organization to search engines: JSON-LD with schema.org's words."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from plugins.trainings import signals
from plugins.trainings.contexts import (
    HomeContext,
    SessionContext,
    TrainingContext,
    TrainingsContext,
)
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.views import SessionCard
from schedule.addresses import Addresses
from schedule.model import Format, Language, Period, Session, Training
from schedule.site import Link, Page, Site
from schedule.templates import NO_DATA, PageContext

Json = dict[str, Any]

_MODES = {Format.ONLINE: "OnlineEventAttendanceMode", Format.IN_PERSON: "OfflineEventAttendanceMode"}
_ORGANIZATION_NAME = {
    Language.ENGLISH: "California MSIX Trainings",
    Language.SPANISH: "Capacitaciones de MSIX en California",
}
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def structured_data(context: PageContext, site: Site) -> Markup:
    """Return the `script` element of a page, empty where there is nothing to say."""
    graph = _graph(context, site)
    if not graph:
        return NO_DATA
    data = {"@context": "https://schema.org", **(graph[0] if len(graph) == 1 else {"@graph": graph})}
    text = _ENCODER.encode(data)
    # These would end the script element or open a comment in it (HTML, 4.12.1.3).
    for sign, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, escaped)
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704 - escaped above


def _graph(context: PageContext, site: Site) -> list[Json]:
    page, language = context.page, context.page.language
    match context:
        case HomeContext():
            return [organization(site, language)]
        case TrainingsContext(trainings=cards):
            return [_breadcrumbs(page, site), *(course(card.training, (), site, language) for card in cards)]
        case TrainingContext(training=training, sessions=sessions):
            return [_breadcrumbs(page, site), course(training, sessions, site, language)]
        case SessionContext(card=card):
            return [_breadcrumbs(page, site), event(card, site, language)]
        case _:
            return [_breadcrumbs(page, site)] if page.crumbs else []


def organization(site: Site, language: Language) -> Json:
    """Describe who holds the trainings (https://schema.org/Organization)."""
    addresses = Addresses(site.url, language)
    return {
        "@type": "Organization",
        "@id": _organization_id(site),
        "name": _ORGANIZATION_NAME[language],
        "url": addresses.whole(addresses.home),
        "contactPoint": {
            "@type": "ContactPoint",
            "name": site.support_name[language],
            "contactType": "customer support",
            "telephone": site.support_uri.removeprefix("tel:"),
        },
    }


def _organization_id(site: Site) -> str:
    """Return what names the organization in both languages alike."""
    addresses = Addresses(site.url)
    return f"{addresses.whole(addresses.home)}#organization"


def course(training: Training, sessions: tuple[SessionCard, ...], site: Site, language: Language) -> Json:
    """Describe a training and its dates (https://schema.org/Course)."""
    addresses = Addresses(site.url, language)
    described: Json = {
        "@type": "Course",
        "name": training.title.text(language),
        "description": training.summary.text(language),
        "url": addresses.whole(addresses.training(training.slug)),
        "provider": {
            "@id": _organization_id(site),
            "@type": "Organization",
            "name": _ORGANIZATION_NAME[language],
        },
        "audience": {"@type": "Audience", "audienceType": training.audience.text(language)},
        "teaches": list(training.topics.text(language)),
        "timeRequired": _duration(training.duration),
    }
    if sessions:
        described["hasCourseInstance"] = [_instance(card, site, language) for card in sessions]
    return described


def event(card: SessionCard, site: Site, language: Language) -> Json:
    """Describe a session (https://schema.org/EducationEvent).

    Whether seats are left changes from minute to minute, and a page once a day: so its offer says nothing of them.
    """
    session, addresses = card.session, Addresses(site.url, language)
    return {
        "@type": "EducationEvent",
        **_happening(card, site, language),
        "description": session.training.summary.text(language),
        "image": addresses.whole(site.assets[f"share.{language}.png"]),
        "isAccessibleForFree": True,
        "offers": {"@type": "Offer", "price": 0, "priceCurrency": "USD", "url": addresses.whole(card.url)},
        "maximumAttendeeCapacity": session.capacity,
        "organizer": {
            "@id": _organization_id(site),
            "@type": "Organization",
            "name": _ORGANIZATION_NAME[language],
            "url": addresses.whole(addresses.home),
        },
        "performer": [
            {"@type": "Person", "name": trainer.name.text(language)} for trainer in session.trainers
        ],
    }


def _instance(card: SessionCard, site: Site, language: Language) -> Json:
    mode = "Online" if card.session.format is Format.ONLINE else "Onsite"
    return {
        "@type": "CourseInstance",
        **_happening(card, site, language),
        "courseMode": mode,
        "courseWorkload": _workload(card.session.period),
    }


def _happening(card: SessionCard, site: Site, language: Language) -> Json:
    """Return what an event and a course's instance have in common."""
    session = card.session
    url = Addresses(site.url, language).whole(card.url)
    start, end = _times(session)
    return {
        "name": card.words.title,
        "url": url,
        "startDate": start,
        "endDate": end,
        "inLanguage": session.language.value,
        "eventStatus": f"https://schema.org/Event{'Cancelled' if session.cancelled else 'Scheduled'}",
        "eventAttendanceMode": f"https://schema.org/{_MODES[session.format]}",
        "location": _location(session, url, language),
    }


def _times(session: Session) -> tuple[str, str]:
    period = session.period
    if period.all_day:
        return period.first_day.isoformat(), period.last_day.isoformat()
    return period.local_start.isoformat(), period.local_end.isoformat()


def _location(session: Session, url: str, language: Language) -> Json:
    # The address of an online session is its page: the link to join is private.
    if session.format is Format.ONLINE or session.location is None:
        return {"@type": "VirtualLocation", "url": url}
    name = session.location.text(language)
    return {
        "@type": "Place",
        "name": name,
        "address": {"@type": "PostalAddress", "name": name, "addressRegion": "CA", "addressCountry": "US"},
    }


def _duration(length: timedelta) -> str:
    """Return an ISO 8601 duration in minutes."""
    return f"PT{length // timedelta(minutes=1)}M"


def _workload(period: Period) -> str:
    """Return an ISO 8601 duration, in days where a session is said in days."""
    by_days = period.all_day or period.several_days
    return f"P{len(period.days)}D" if by_days else _duration(period.length)


def _breadcrumbs(page: Page, site: Site) -> Json:
    addresses, links = (
        Addresses(site.url, page.language),
        [*page.crumbs, Link(page.name or page.title, page.url)],
    )
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": link.title, "item": addresses.whole(link.url)}
            for number, link in enumerate(links, 1)
        ],
    }


def _prepare(generator: ScheduleGenerator) -> None:
    generator.structured_data = structured_data


def register() -> None:
    """Connect to the site's generator."""
    signals.generator_ready.connect(_prepare)
