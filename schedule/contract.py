# SPDX-License-Identifier: AGPL-3.0-or-later
"""build/schedule.json: what the site tells the sign-up function, written by one wing and read by the other.

`contract.schema.json` beside this module is its JSON Schema (2020-12). A reader of one `schema_version`
refuses every other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

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
    WordedSession,
)
from schedule.walltime import ScheduleError

SCHEMA_VERSION = 5

T = TypeVar("T")
Json = dict[str, Any]


class ContractError(ScheduleError):
    """A schedule.json that this version cannot read."""


_FAULTS = (LookupError, TypeError, ValueError, AttributeError, OverflowError, OSError)
"""What data that is no contract may raise below; OSError is ZoneInfo's, for the name of a folder."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A schedule with all that the function needs beside it: words, addresses, settings."""

    site_url: str
    time_zone: ZoneInfo
    retention: timedelta
    sample: bool
    schedule: Schedule
    worded: Mapping[str, Mapping[Language, WordedSession]]
    """For each session's id and language, all that is said about it."""


def to_json(contract: Contract) -> Json:
    """Return the contract as JSON data; instants are RFC 3339 in UTC, durations whole minutes or days."""
    schedule = contract.schedule
    sessions = (
        session_json(session, contract.worded[session.id], schedule.join_urls.get(session.id))
        for session in schedule.sessions
    )
    return {**head_json(contract), "sessions": [*sessions]}


def head_json(contract: Contract) -> Json:
    """Return all that stands before the sessions."""
    return {
        "schema_version": SCHEMA_VERSION,
        "site_url": contract.site_url,
        "time_zone": contract.time_zone.key,
        "retention_days": contract.retention.days,
        "sample": contract.sample,
        "trainings": [_training(training) for training in contract.schedule.trainings],
        "trainers": [_trainer(trainer) for trainer in contract.schedule.trainers],
    }


def from_json(data: Json) -> Contract:
    """Read a contract back. Raises ContractError for another schema_version, and for what is no contract at all."""
    try:
        return _read(data)
    except _FAULTS as fault:
        raise ContractError(
            f"this is not what this program writes ({type(fault).__name__}); build the site again"
        ) from fault


def _read(data: Json) -> Contract:
    version = data.get("schema_version")
    if version != SCHEMA_VERSION:
        raise ContractError(
            f"schedule.json has schema_version {version!r}, this program reads {SCHEMA_VERSION}; "
            "build the site and the function from the same commit"
        )
    zone = ZoneInfo(data["time_zone"])
    trainings = {training["slug"]: _read_training(training) for training in data["trainings"]}
    trainers = {trainer["slug"]: _read_trainer(trainer) for trainer in data["trainers"]}
    sessions = data["sessions"]
    return Contract(
        site_url=data["site_url"],
        time_zone=zone,
        retention=timedelta(days=data["retention_days"]),
        sample=data["sample"],
        schedule=Schedule(
            trainings=tuple(trainings.values()),
            trainers=tuple(trainers.values()),
            sessions=tuple(_read_session(session, trainings, trainers, zone) for session in sessions),
            join_urls={
                session["id"]: session["join_url"] for session in sessions if session["join_url"] is not None
            },
        ),
        worded={
            session["id"]: {language: _read_words(session["worded"][language]) for language in LANGUAGES}
            for session in sessions
        },
    )


def only(contract: Contract, session_id: str) -> Contract:
    """Return a contract of one session, with what emails and the form's page say of it and no more.

    It has neither the link to join, which not everybody may read, nor what only the training's own page tells.
    """
    session = next(session for session in contract.schedule.sessions if session.id == session_id)
    nothing = Localized("")
    training = replace(
        session.training, audience=nothing, topics=Localized(()), description=nothing, badge=None
    )
    trainers = tuple(replace(trainer, description=nothing) for trainer in session.trainers)
    slim = replace(session, training=training, trainers=trainers)
    return replace(
        contract,
        schedule=Schedule((training,), trainers, (slim,)),
        worded={session_id: contract.worded[session_id]},
    )


def _localized(text: Localized[T] | None) -> Json | None:
    return None if text is None else {"en": text.en, "es": text.es}


def _read_localized(data: Json | None) -> Localized[str] | None:
    return None if data is None else _read_text(data)


def _read_text(data: Json, convert: Callable[[Any], Any] = lambda text: text) -> Localized[Any]:
    return Localized(convert(data["en"]), None if data["es"] is None else convert(data["es"]))


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _read_instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _training(training: Training) -> Json:
    return {
        "slug": training.slug,
        "title": _localized(training.title),
        "summary": _localized(training.summary),
        "audience": _localized(training.audience),
        "topics": _localized(training.topics),
        "duration_minutes": training.duration // timedelta(minutes=1),
        "order": training.order,
        "readers": training.readers.value,
        "badge": _localized(training.badge),
        "description": _localized(training.description),
        "materials": _materials(training.materials),
    }


def _read_training(data: Json) -> Training:
    return Training(
        slug=data["slug"],
        title=_read_text(data["title"]),
        summary=_read_text(data["summary"]),
        audience=_read_text(data["audience"]),
        topics=_read_text(data["topics"], tuple),
        duration=timedelta(minutes=data["duration_minutes"]),
        order=data["order"],
        readers=Readers(data["readers"]),
        badge=_read_localized(data["badge"]),
        description=_read_text(data["description"]),
        materials=_read_materials(data["materials"]),
    )


def _materials(materials: Localized[tuple[Material, ...]] | None) -> Json | None:
    as_json: Localized[Any] | None = materials and materials.converted(lambda each: [*map(asdict, each)])
    return _localized(as_json)


def _read_materials(data: Json | None) -> Localized[tuple[Material, ...]] | None:
    return None if data is None else _read_text(data, lambda each: tuple(Material(**one) for one in each))


def _trainer(trainer: Trainer) -> Json:
    return {
        "slug": trainer.slug,
        "name": _localized(trainer.name),
        "role": _localized(trainer.role),
        "kind": trainer.kind.value,
        "phone": asdict(trainer.phone),
        "email": trainer.email,
        "languages": [language.value for language in trainer.languages],
        "description": _localized(trainer.description),
    }


def _read_trainer(data: Json) -> Trainer:
    return Trainer(
        slug=data["slug"],
        name=_read_text(data["name"]),
        role=_read_text(data["role"]),
        kind=ContactKind(data["kind"]),
        phone=Phone(**data["phone"]),
        email=data["email"],
        languages=tuple(Language(language) for language in data["languages"]),
        description=_read_text(data["description"]),
    )


def session_json(session: Session, worded: Mapping[Language, WordedSession], join_url: str | None) -> Json:
    """Return one of the sessions."""
    return {
        "id": session.id,
        "series": session.series,
        "training": session.training.slug,
        "trainers": [trainer.slug for trainer in session.trainers],
        "start": _instant(session.period.start),
        "end": _instant(session.period.end),
        "all_day": session.period.all_day,
        "capacity": session.capacity,
        "language": session.language.value,
        "format": session.format.value,
        "location": _localized(session.location),
        "status": session.status.value,
        "registration_closes": _instant(session.registration_closes),
        "note": _localized(session.note.converted(asdict)) if session.note else None,
        "join_url": join_url,
        "revision": {"number": session.revision.number, "time": _instant(session.revision.time)},
        "materials": _materials(session.materials),
        "worded": {language.value: _words(worded[language]) for language in LANGUAGES},
    }


def _words(words: WordedSession) -> Json:
    # asdict copies each text, which takes several times as long.
    return {field.name: getattr(words, field.name) for field in fields(words)} | {"tile": list(words.tile)}


def _read_words(data: Json) -> WordedSession:
    month, day, weekday = data["tile"]
    return WordedSession(**{**data, "tile": (month, day, weekday)})


def _read_session(
    data: Json, trainings: Mapping[str, Training], trainers: Mapping[str, Trainer], zone: ZoneInfo
) -> Session:
    return Session(
        id=data["id"],
        training=trainings[data["training"]],
        period=Period(_read_instant(data["start"]), _read_instant(data["end"]), zone, data["all_day"]),
        trainers=tuple(trainers[slug] for slug in data["trainers"]),
        capacity=data["capacity"],
        language=Language(data["language"]),
        format=Format(data["format"]),
        location=_read_localized(data["location"]),
        status=Status(data["status"]),
        registration_closes=_read_instant(data["registration_closes"]),
        note=None if data["note"] is None else _read_text(data["note"], lambda note: Note(**note)),
        revision=Revision(data["revision"]["number"], _read_instant(data["revision"]["time"])),
        series=data["series"],
        materials=_read_materials(data["materials"]),
    )
