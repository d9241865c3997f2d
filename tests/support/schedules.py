# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trainings, trainers and sessions, and the contract of a schedule that is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any

from schedule import wording
from schedule.contract import Contract
from schedule.model import (
    LANGUAGES,
    ContactKind,
    Format,
    Language,
    Localized,
    Note,
    Period,
    Phone,
    Readers,
    Revision,
    Schedule,
    Session,
    Status,
    Trainer,
    Training,
)
from tests.support.constants import PACIFIC, SITE_URL

FIRST_REVISION = Revision(3, datetime(2026, 9, 1, 17, 30, tzinfo=UTC))
YECENIA = Trainer(
    slug="yecenia-ocampo",
    name=Localized("Yecenia Ocampo"),
    role=Localized("MSIX trainer", "Capacitación sobre MSIX"),
    kind=ContactKind.TRAINER,
    phone=Phone("(530) 666-1977", "+15306661977", "8"),
    email="yecenia@example.org",
    languages=(Language.ENGLISH, Language.SPANISH),
    description=Localized(""),
)
URIEL = replace(
    YECENIA,
    slug="uriel-ramirez-torres",
    name=Localized("Uriel Ramírez Torres"),
    phone=Phone("(530) 555-0100", "+15305550100"),
)
ANA = Trainer(
    slug="ana",
    name=Localized("Ana Example"),
    role=Localized("Trainer"),
    kind=ContactKind.TRAINER,
    phone=Phone("(530) 666-1977", "+15306661977"),
    email=None,
    languages=(Language.ENGLISH,),
    description=Localized(""),
)
"""A trainer of whom there is no more than has to be."""
OVERVIEW = Training(
    slug="overview",
    title=Localized("MSIX overview", "Panorama de MSIX"),
    summary=Localized("What MSIX is and what it does.", "Qué es MSIX y para qué sirve."),
    audience=Localized("Everybody"),
    topics=Localized(("Records",)),
    duration=timedelta(minutes=90),
    order=1,
    readers=Readers.STAFF,
    badge=None,
    description=Localized(""),
)
SHORT_OVERVIEW = Training(
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
"""The training of the small content folder (`content.TRAINING`)."""
NOTE = Localized(
    Note("<p>Please join <em>five</em> minutes early.</p>", "Please join five minutes early."),
    Note("<p>Conéctese <em>cinco</em> minutos antes.</p>", "Conéctese cinco minutos antes."),
)


def at(text: str) -> datetime:
    """Return the instant of "2026-12-03 10:00" on the Pacific clock (the first, if it comes twice)."""
    return datetime.fromisoformat(text).replace(tzinfo=PACIFIC).astimezone(UTC)


def timed(start: str, end: str) -> Period:
    """Return a period between two times on the Pacific clock."""
    return Period(at(start), at(end), PACIFIC)


def all_day(first: str, last: str) -> Period:
    """Return the period of whole days from the first to the last."""
    after = date.fromisoformat(last) + timedelta(days=1)
    return Period(at(f"{first} 00:00"), at(f"{after} 00:00"), PACIFIC, all_day=True)


def session(identifier: str = "2026-12-03-overview", period: Period | None = None, **changes: Any) -> Session:
    """Return a session that says something in every field, with some of it changed."""
    period = period or timed("2026-12-03 10:00", "2026-12-03 11:30")
    whole = Session(
        id=identifier,
        training=OVERVIEW,
        period=period,
        trainers=(YECENIA, URIEL),
        capacity=40,
        language=Language.SPANISH,
        format=Format.ONLINE,
        location=None,
        status=Status.SCHEDULED,
        registration_closes=period.start,
        note=NOTE,
        revision=FIRST_REVISION,
    )
    return replace(whole, **changes)


def noted(english: str, spanish: str | None = None) -> Localized[Note]:
    """Return a note of plain words."""
    return Localized(english, spanish).converted(lambda text: Note(f"<p>{escape(text)}</p>", text))


def titled(title: str, **changes: Any) -> Session:
    """Return a session of a training with this title and summary."""
    training = replace(OVERVIEW, title=Localized(title), summary=Localized(title))
    return session(training=training, **changes)


def cancelled(one: Session) -> Session:
    """Return the session as it is after somebody cancelled it."""
    return revised(one, status=Status.CANCELLED)


def revised(one: Session, **changes: Any) -> Session:
    """Return the session changed, one revision and an hour later."""
    later = Revision(one.revision.number + 1, one.revision.time + timedelta(hours=1))
    return replace(one, revision=later, **changes)


LINK = "https://meet.example.org/j/1"
"""Where a session is joined, unless a test says otherwise."""


def contract_of(schedule: Schedule, *, sample: bool = False) -> Contract:
    """Return the contract of a schedule."""
    return Contract(
        site_url=SITE_URL,
        time_zone=PACIFIC,
        retention=timedelta(days=180),
        sample=sample,
        schedule=schedule,
        worded={
            one.id: {language: wording.worded(one, language) for language in LANGUAGES}
            for one in schedule.sessions
        },
    )


def contract_with(*sessions: Session, links: Mapping[str, str] | None = None) -> Contract:
    """Return the contract of a schedule with these sessions; each has LINK unless `links` says otherwise."""
    trainings = {one.training.slug: one.training for one in sessions}
    trainers = {trainer.slug: trainer for one in sessions for trainer in one.trainers}
    urls = {one.id: LINK for one in sessions} if links is None else dict(links)
    return contract_of(Schedule(tuple(trainings.values()), tuple(trainers.values()), sessions, urls))
