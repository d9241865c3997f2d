# SPDX-License-Identifier: AGPL-3.0-or-later
"""build/schedule.json: what one wing writes is what the other reads."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import schedule
from schedule.contract import SCHEMA_VERSION, Contract, ContractError, from_json, to_json
from schedule.materials import Material
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
from schedule.walltime import midnight
from tests.support.constants import PACIFIC
from tests.support.schedules import ANA, SHORT_OVERVIEW, contract_of

SCHEMA = json.loads((Path(schedule.__file__).parent / "contract.schema.json").read_text(encoding="utf-8"))

words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
texts = st.builds(Localized, words, st.none() | words)
slugs = st.from_regex(r"[a-z0-9]{1,4}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - zones are drawn apart
    lambda moment: moment.replace(microsecond=0)
)
languages = st.sampled_from(LANGUAGES)
phones = st.builds(
    Phone,
    words,
    st.from_regex(r"\+1[0-9]{10}", fullmatch=True),
    st.none() | st.from_regex(r"[0-9]{1,6}", fullmatch=True),
)
trainers = st.builds(
    Trainer,
    slug=slugs,
    name=texts,
    role=texts,
    kind=st.sampled_from(ContactKind),
    phone=phones,
    email=st.none() | st.just("someone@example.org"),
    languages=st.lists(languages, min_size=1, max_size=2, unique=True).map(tuple),
    description=texts,
)
notes = st.builds(Note, html=words, text=words)
topics = st.lists(words, min_size=1, max_size=3).map(tuple)
links = st.lists(
    st.builds(Material, title=words, url=words.map(lambda word: f"https://example.org/{word}")),
    min_size=1,
    max_size=2,
).map(tuple)
materials = st.none() | st.builds(Localized, links, st.none() | links)
trainings = st.builds(
    Training,
    slug=slugs,
    title=texts,
    summary=texts,
    audience=texts,
    topics=st.builds(Localized, topics, st.none() | topics),
    duration=st.integers(1, 600).map(lambda minutes: timedelta(minutes=minutes)),
    order=st.integers(0, 99),
    readers=st.sampled_from(Readers),
    badge=st.none() | texts,
    description=texts,
    materials=materials,
)


@st.composite
def periods(draw: st.DrawFn) -> Period:
    if draw(st.booleans()):
        first = draw(st.dates(date(2020, 1, 1), date(2039, 1, 1)))
        last = first + timedelta(days=draw(st.integers(1, 5)))
        return Period(midnight(first, PACIFIC), midnight(last, PACIFIC), PACIFIC, all_day=True)
    start = draw(moments)
    return Period(start, start + timedelta(minutes=draw(st.integers(1, 3000))), PACIFIC)


@st.composite
def contracts(draw: st.DrawFn) -> Contract:
    offered = draw(st.lists(trainings, min_size=1, max_size=2, unique_by=lambda one: one.slug))
    people = draw(st.lists(trainers, min_size=1, max_size=2, unique_by=lambda one: one.slug))
    sessions = st.builds(
        Session,
        id=slugs,
        training=st.sampled_from(offered),
        period=periods(),
        trainers=st.lists(st.sampled_from(people), min_size=1, unique=True).map(tuple),
        capacity=st.integers(1, 500),
        language=languages,
        format=st.sampled_from(Format),
        location=st.none() | texts,
        status=st.sampled_from(Status),
        registration_closes=moments,
        note=st.none() | st.builds(Localized, notes, st.none() | notes),
        revision=st.builds(Revision, st.integers(0, 999), moments),
        materials=materials,
        series=st.none() | slugs,
    )
    held = draw(st.lists(sessions, max_size=3, unique_by=lambda one: one.id))
    links = {
        one.id: draw(st.sampled_from(["https://meet.example.org/j/1", "secret:CAFE"])) for one in held[::2]
    }
    return contract_of(
        Schedule(tuple(offered), tuple(people), tuple(held), links), sample=draw(st.booleans())
    )


def example() -> Contract:
    training = replace(SHORT_OVERVIEW, description=Localized("Text."))
    trainer = replace(
        ANA,
        role=Localized("Trainer", "Capacitadora"),
        phone=Phone("(530) 666-1977", "+15306661977", "8"),
        languages=LANGUAGES,
    )
    start = datetime(2027, 1, 12, 23, 0, tzinfo=UTC)
    session = Session(
        id="2027-01-12-overview",
        training=training,
        period=Period(start, start + timedelta(minutes=90), PACIFIC),
        trainers=(trainer,),
        capacity=20,
        language=Language.ENGLISH,
        format=Format.ONLINE,
        location=None,
        status=Status.SCHEDULED,
        registration_closes=start,
        note=Localized(Note("<p>Bring a <b>pen</b>.</p>", "Bring a pen.")),
        revision=Revision(3, datetime(2026, 11, 1, tzinfo=UTC)),
        materials=Localized((Material("Slides", "https://example.org/s"),)),
    )
    links = {session.id: "https://meet.example.org/j/1"}
    return contract_of(Schedule((training,), (trainer,), (session,), links))


@settings(deadline=None, max_examples=50)
@given(contracts())
def test_every_contract_is_valid_and_comes_back_whole(contract: Contract) -> None:
    data = json.loads(json.dumps(to_json(contract)))

    Draft202012Validator(SCHEMA).validate(data)
    assert from_json(data) == contract


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_session_as_the_function_reads_it() -> None:
    assert to_json(example())["sessions"] == [
        {
            "id": "2027-01-12-overview",
            "series": None,
            "training": "overview",
            "trainers": ["ana"],
            "start": "2027-01-12T23:00:00Z",
            "end": "2027-01-13T00:30:00Z",
            "all_day": False,
            "capacity": 20,
            "language": "en",
            "format": "online",
            "location": None,
            "status": "scheduled",
            "registration_closes": "2027-01-12T23:00:00Z",
            "note": {"en": {"html": "<p>Bring a <b>pen</b>.</p>", "text": "Bring a pen."}, "es": None},
            "join_url": "https://meet.example.org/j/1",
            "revision": {"number": 3, "time": "2026-11-01T00:00:00Z"},
            "materials": {"en": [{"title": "Slides", "url": "https://example.org/s"}], "es": None},
            "worded": {
                "en": {
                    "title": "Overview",
                    "when": "Tuesday, January 12, 2027, 3:00 to 4:30 p.m. Pacific time",
                    "day": "Tuesday, January 12, 2027",
                    "day_in_year": "Tuesday, January 12",
                    "short_day": "Tue, Jan 12",
                    "time": "3:00 to 4:30 p.m. Pacific time",
                    "short_time": "3:00–4:30 p.m.",
                    "tile": ["Jan", "12", "Tue"],
                    "duration": "1 hour 30 minutes",
                    "language": "English",
                    "closes": "Tuesday, January 12, 2027, 3:00 p.m. Pacific time",
                    "trainers": "Ana Example",
                },
                "es": {
                    "title": "Panorama",
                    "when": "martes, 12 de enero de 2027, de 3:00 a 4:30 p. m., hora del Pacífico",
                    "day": "martes, 12 de enero de 2027",
                    "day_in_year": "martes, 12 de enero",
                    "short_day": "mar, 12 de ene",
                    "time": "de 3:00 a 4:30 p. m., hora del Pacífico",
                    "short_time": "3:00–4:30 p. m.",
                    "tile": ["ene", "12", "mar"],
                    "duration": "1 hora y 30 minutos",
                    "language": "inglés",
                    "closes": "martes, 12 de enero de 2027, 3:00 p. m., hora del Pacífico",
                    "trainers": "Ana Example",
                },
            },
        }
    ]


@pytest.mark.parametrize("version", [0, 4, 6, "5", None])
def test_another_schema_version_is_refused(version: object) -> None:
    with pytest.raises(ContractError) as caught:
        from_json({**to_json(example()), "schema_version": version})

    assert str(caught.value) == (
        f"schedule.json has schema_version {version!r}, this program reads 5; "
        "build the site and the function from the same commit"
    )


def test_the_schema_and_the_program_agree_on_the_version() -> None:
    assert SCHEMA["properties"]["schema_version"] == {"const": SCHEMA_VERSION}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"capacity": 0}, "0 is less than the minimum of 1"),
        ({"status": "draft"}, "'draft' is not one of ['scheduled', 'cancelled']"),
        (
            {"join_url": "http://meet.example.org"},
            "'http://meet.example.org' does not match '^(https://|secret:)'",
        ),
        (
            {"start": "2027-01-12 15:00"},
            r"'2027-01-12 15:00' does not match '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$'",
        ),
        ({"more": 1}, "Additional properties are not allowed ('more' was unexpected)"),
    ],
)
def test_the_schema_refuses_what_no_session_can_be(change: dict[str, Any], message: str) -> None:
    data = json.loads(json.dumps(to_json(example())))
    data["sessions"][0] |= change

    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(data)] == [message]


def test_a_session_without_a_link_has_none_when_read() -> None:
    contract = example()
    without = replace(contract, schedule=replace(contract.schedule, join_urls={}))

    assert from_json(to_json(without)).schedule.join_urls == {}
