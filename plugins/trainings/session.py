# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content type of `sessions/`: its keys, and how they become a Session."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from plugins.trainings.fields import Fields, choice, integer, line, minutes, several, wall_time
from plugins.trainings.frontmatter import Document
from plugins.trainings.problems import BadValue, Problem, did_you_mean
from schedule.model import Format, Language, Period, Revision, Session, Status, Trainer, Training
from schedule.walltime import NonexistentTime, comes_twice, midnight, to_utc

T = TypeVar("T")

KEYS = (
    "Training",
    "Start",
    "Duration",
    "End",
    "Trainers",
    "Capacity",
    "Language",
    "Format",
    "Location",
    "Join-Url",
    "Status",
    "Registration-Closes",
    "Repeat",
    "Except",
)
TEXTS = ("Location",)

_BEFORE = re.compile(r"(\d{1,4}) (minute|hour|day|week)s? before")


@dataclass(frozen=True, slots=True)
class Known:
    """What a session may refer to: all names there are, and what could be read of them."""

    training_names: tuple[str, ...]
    trainer_names: tuple[str, ...]
    trainings: Mapping[str, Training]
    trainers: Mapping[str, Trainer]


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A session as its files tell it, and the private link that no page may see."""

    session: Session
    join_url: str | None


def read_session(
    document: Document,
    twin: Document | None,
    known: Known,
    zone: ZoneInfo,
    revision: Revision,
    series: str | None,
) -> tuple[SessionFile | None, tuple[Problem, ...]]:
    """Make a session of its files; None if something in them, or in what they refer to, is wrong."""
    fields = Fields(document, twin)
    fields.allow(KEYS, TEXTS)
    for key in ("Repeat", "Except"):
        if fields.has(key) and series is not None:
            fields.error(key, "does not belong in the file of one occurrence", f"it goes into {series}.md")
        elif fields.has(key):
            fields.error(key, "stands without Repeat", "give the rule too, or leave this out")
    training = fields.required("Training", _reference("training", known.training_names, known.trainings))
    trainers = fields.required(
        "Trainers", several(_reference("trainer", known.trainer_names, known.trainers))
    )
    period = _period(fields, zone)
    location = fields.optional_localized("Location", line)
    form = fields.required("Format", choice(Format))
    if form is Format.IN_PERSON and not fields.has("Location"):
        fields.error("Location", "is missing", "an in-person session needs one")
    capacity = fields.required("Capacity", integer(1))
    language = fields.required("Language", choice(Language))
    status = fields.required("Status", choice(Status))
    join_url = fields.optional("Join-Url", _join_url)
    closes = _closes(fields, period, zone, series)
    note = fields.body()
    _check_translation(fields)
    if fields.failed or training is None or None in trainers or period is None:
        return None, tuple(fields.problems)
    session = Session(
        id=document.stem,
        training=training,
        period=period,
        trainers=tuple(trainer for trainer in trainers if trainer),
        capacity=capacity,
        language=language,
        format=form,
        location=location,
        status=status,
        registration_closes=closes,
        note=note if note.en else None,
        revision=revision,
        series=series,
    )
    return SessionFile(session, join_url), tuple(fields.problems)


def _reference(kind: str, names: Collection[str], readable: Mapping[str, T]) -> Callable[[str], T | None]:
    """Make a converter for slugs; one whose own file is wrong reads as None without one more problem."""

    def convert(slug: str) -> T | None:
        if slug not in names:
            hint = did_you_mean(slug, names) or f"there are: {', '.join(sorted(names)) or 'none yet'}"
            raise BadValue(f'no {kind} "{slug}"', hint)
        return readable.get(slug)

    return convert


def _period(fields: Fields, zone: ZoneInfo) -> Period | None:
    """Read Start with End or Duration; None if that gives no period."""
    start = fields.required("Start", wall_time)
    end = fields.optional("End", wall_time)
    length = fields.optional("Duration", minutes)
    if fields.has("End") and fields.has("Duration"):
        fields.error("End", "stands beside Duration", "give one of them")
        return None
    if start is None or (end is None and fields.has("End")) or (length is None and fields.has("Duration")):
        return None
    if not isinstance(start, datetime):
        return _all_day(fields, start, end, zone)
    if end is not None and not isinstance(end, datetime):
        fields.error("End", "is a date, but Start has a time", f"written {end} 16:30")
        return None
    if end is None and length is None:
        fields.error("Duration", "is missing", "give Duration (minutes) or End")
        return None
    first = _instant(fields, "Start", start, zone)
    last = _instant(fields, "End", end, zone) if end is not None else None
    if first is None or (end is not None and last is None):
        return None
    if last is None and length is not None:
        last = first + length
    if last is None or last <= first:
        fields.error("End", f"{end:%Y-%m-%d %H:%M} is not after Start, {start:%Y-%m-%d %H:%M}")
        return None
    return Period(first, last, zone)


def _all_day(fields: Fields, start: date, end: date | None, zone: ZoneInfo) -> Period | None:
    if fields.has("Duration"):
        fields.error("Duration", "does not go with a whole day", "give Start a time, or leave Duration out")
        return None
    if isinstance(end, datetime):
        fields.error("End", "has a time, but Start is a date alone", "give both a time, or none")
        return None
    last = end or start
    if last < start:
        fields.error("End", f"{last} is before Start, {start}")
        return None
    return Period(midnight(start, zone), midnight(last + timedelta(days=1), zone), zone, all_day=True)


def _instant(fields: Fields, key: str, wall: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        instant = to_utc(wall, zone)
    except NonexistentTime as error:
        fields.error(
            key, f"{wall:%Y-%m-%d %H:%M} does not exist", f"the clocks go to {error.after:%H:%M} that night"
        )
        return None
    if comes_twice(wall, zone):
        message = f"{wall:%Y-%m-%d %H:%M} comes twice that night"
        fields.error(key, message, "the first one, in summer time, is meant", warning=True)
    return instant


def _closes(fields: Fields, period: Period | None, zone: ZoneInfo, series: str | None) -> datetime:
    """Return when registration closes: as given, or at the start."""
    given = fields.optional("Registration-Closes", _closing_time)
    if period is None:
        return datetime.min.replace(tzinfo=zone)  # nothing is built from it
    if given is None:
        return period.start
    if isinstance(given, timedelta):
        return _before(period, given)
    if series is not None and fields.document.headers["Registration-Closes"].path.endswith(f"/{series}.md"):
        fields.error("Registration-Closes", "is one time for all occurrences", 'as in "1 day before"')
    closes = _instant(fields, "Registration-Closes", given, zone)
    if closes is not None and closes > period.start:
        fields.error("Registration-Closes", f"{given:%Y-%m-%d %H:%M} is after the start")
    return closes or period.start


def _before(period: Period, length: timedelta) -> datetime:
    """Return what comes before a start: whole days on the wall clock, hours and minutes as they pass."""
    if length % timedelta(days=1):
        return period.start - length
    return (period.local_start - length).astimezone(UTC)


def _closing_time(value: str) -> timedelta | datetime:
    before = _BEFORE.fullmatch(value)
    if before:
        return timedelta(**{f"{before[2]}s": int(before[1])})
    try:
        given = wall_time(value)
    except BadValue as bad:
        raise BadValue(bad.message, 'written 2026-12-01 17:00, or "1 day before"') from bad
    if not isinstance(given, datetime):
        raise BadValue(f'"{value}" has no time', f"written {value} 17:00")
    return given


def _join_url(value: str) -> str:
    if re.fullmatch(r"secret:[A-Za-z0-9][A-Za-z0-9._-]*", value) or re.fullmatch(
        r"https://[^\s/]+(/\S*)?", value
    ):
        return value
    # The value itself is private and may be on somebody's screen: it is not repeated here.
    raise BadValue("is neither an https address nor a secret", "written https://… or secret:NAME")


def _check_translation(fields: Fields) -> None:
    document, twin = fields.document, fields.twin
    location = document.headers.get("Location")
    if location and not (twin and "Location" in twin.headers):
        hint = f"add it to {location.path.removesuffix('.md')}.es.md"
        fields.error("Location", "has no Spanish translation", hint, warning=True)
    if twin and twin.body and not document.body:
        hint = f"add it to {twin.body_path.removesuffix('.es.md')}.md"
        fields.problems.append(
            Problem(twin.body_path, twin.body_line, None, "the text has no English original", hint)
        )
    if document.body and not (twin and twin.body):
        hint = f"add it to {document.body_path.removesuffix('.md')}.es.md"
        message = "the text has no Spanish translation"
        fields.problems.append(
            Problem(document.body_path, document.body_line, None, message, hint, warning=True)
        )
