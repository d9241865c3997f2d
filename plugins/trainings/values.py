# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of value that may stand behind a key: how each is written, and what it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Generic, TypeVar

from plugins.trainings.guesses import meant_time
from plugins.trainings.problems import BadValue, did_you_mean
from plugins.trainings.public import MEETING, MEETING_HINT, PLACEHOLDER, UNFIT_HINT, meeting_in
from schedule.calendar_text import unfit_for_calendar
from schedule.model import Language, Localized, Phone

NO_EXAMPLE = "…"  # where none suits every file
T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)

_PHONE = re.compile(r"(?:\+?1[ .-]?)?\(?([2-9]\d{2})\)?[ .-]{0,2}(\d{3})[ .-]?(\d{4})", re.ASCII)
_EXTENDED = re.compile(r"(.+?)[ ,;]*(?:ext(?:ension)?\.?|x|#) ?([0-9]{1,6})", re.IGNORECASE)
_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T,]{1,2}(\d{1,2})[:.](\d{2})(?::00)?(?: ?([ap])\.? ?m\.?)?)?",
    re.ASCII | re.IGNORECASE,
)


class Form(StrEnum):
    """What a value is, for whoever offers a field to type it into."""

    LINE = auto()
    LINES = auto()
    WHOLE_NUMBER = auto()
    CHOICE = auto()
    REFERENCE = auto()
    DATE = auto()
    DATE_AND_TIME = auto()
    CLOSING_TIME = auto()
    RULE = auto()
    LINK = auto()
    PHONE = auto()
    EXTENSION = auto()
    EMAIL = auto()


@dataclass(frozen=True, slots=True)
class ValueKind(Generic[T]):
    """A kind of value. `convert` makes one of what was written, or raises BadValue.

    `written` says in Markdown how to write it, `example` is one that works. `choices` holds the words of a
    choice with their labels, `folder` is where the files lie that a reference names, and `several` stand with
    commas between them.
    """

    form: Form
    written: str
    convert: Callable[[str], T]
    minimum: int | None = None
    choices: Mapping[str, Localized[str]] | None = None
    folder: str | None = None
    several: bool = False
    example: str = NO_EXAMPLE


def _line(value: str) -> str:
    if not value:
        raise BadValue("is empty", "write something behind the colon, or delete the line")
    if "\n" in value:
        raise BadValue("takes one line", "join the lines")
    reason = unfit_for_calendar(value)
    if reason:
        raise BadValue(reason, UNFIT_HINT)
    if found := PLACEHOLDER.search(value):
        raise BadValue(f'"{found[0]}" is put in for in the text alone', "write the words themselves")
    if meeting_in(value):
        raise BadValue(MEETING, MEETING_HINT)
    return value


def _lines(value: str) -> tuple[str, ...]:
    return tuple(_line(line) for line in value.split("\n"))


def plain(value: str) -> str:
    """Return a value with plain spaces: one from Word looks like them, and is none."""
    return " ".join(value.split())


def whole_number(minimum: int, example: str = "20", unit: str = "") -> ValueKind[int]:
    """Whole numbers from `minimum` on; `unit` is a pattern of words that may follow."""
    as_in = f'as in "{{key}}: {example}"'

    def convert(value: str) -> int:
        found = re.fullmatch(rf"(-?[0-9]{{1,9}})(?: ?(?:{unit}))?", plain(value), re.IGNORECASE)
        if found is None:
            raise BadValue(f'"{value}" is not a whole number', as_in)
        if int(found[1]) < minimum:
            raise BadValue(f"{found[1]} is less than {minimum}", as_in)
        return int(found[1])

    return ValueKind(
        Form.WHOLE_NUMBER, f"a whole number, {minimum} or more", convert, minimum=minimum, example=example
    )


def folded(word: str) -> str:
    """Return a word as names of files are written: small, with hyphens."""
    return re.sub(r"[\s_]+", "-", word.strip().casefold())


def choice(
    options: type[Word], labels: Mapping[Word, Localized[str]], also: Mapping[str, Word] | None = None
) -> ValueKind[Word]:
    """One of a few words, each with its label; `also` holds other spellings that are taken for them.

    A label is taken for its word, in either language, and case does not matter.
    """
    spellings = {option.value: option for option in options}
    words = list(spellings)
    taken: dict[str, Word] = {
        **{folded(text): option for option, label in labels.items() for text in (label.en, label.es or "")},
        **(also or {}),
        **spellings,
    }

    def convert(value: str) -> Word:
        if found := taken.get(folded(value)):
            return found
        lines = " or ".join(f'"{{key}}: {word}"' for word in words)
        raise BadValue(f'"{value}" is none of the choices', did_you_mean(value, words) or f"write {lines}")

    written = " or ".join(f"`{word}`" for word in words)
    if also is not None:
        written += f" (also {', '.join(f'`{word}`' for word in also)})"
    named = {word: labels[spellings[word]] for word in words}
    return ValueKind(Form.CHOICE, written, convert, choices=named, example=words[0])


def reference(folder: str) -> ValueKind[str]:
    """The name of a file in a folder of the content; whether it is there is for the caller to see."""
    return ValueKind(
        Form.REFERENCE,
        f"the name of a file in `content/{folder}/`, without `.md`",
        lambda value: folded(value).removesuffix(".md"),
        folder=folder,
    )


def several(kind: ValueKind[T]) -> ValueKind[tuple[T, ...]]:
    """Values of a kind separated by commas, each named once."""

    def convert(value: str) -> tuple[T, ...]:
        names = [name.strip() for name in value.split(",")]
        if names[-1] == "" and len(names) > 1:
            del names[-1]
        for name in names:
            if names.count(name) > 1:
                raise BadValue(f'"{name}" stands twice', "name it once")
        return tuple(kind.convert(name) for name in names)

    made: ValueKind[Any] = replace(kind, written=f"{kind.written}; put commas between several", several=True)
    return replace(made, convert=convert)


def _phone(value: str) -> Phone:
    match = _PHONE.fullmatch(plain(value))
    extended = _EXTENDED.fullmatch(plain(value)) if match is None else None
    if extended is not None and (number := _PHONE.fullmatch(extended[1])):
        area, exchange, line = number.groups()
        hint = (
            f'write "{{key}}: ({area}) {exchange}-{line}" and, in the next line, "Extension: {extended[2]}"'
        )
        raise BadValue(f'"{value}" has an extension', hint)
    if match is None:
        raise BadValue(f'"{value}" is not a telephone number', 'as in "{key}: (530) 666-1977"')
    area, exchange, line = match.groups()
    return Phone(f"({area}) {exchange}-{line}", f"+1{area}{exchange}{line}")


def _extension(value: str) -> str:
    found = re.fullmatch(r"(?:ext(?:ension)?\.? ?|x ?)?([0-9]{1,6})", plain(value), re.IGNORECASE)
    if found is None:
        raise BadValue(f'"{value}" is not an extension', 'digits alone, as in "{key}: 8"')
    return found[1]


def _email(value: str) -> str:
    """Take an email address (RFC 5322), whether or not its domain can be reached."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(plain(value), check_deliverability=False).normalized
    except EmailNotValidError as error:
        hint = f'{str(error).rstrip(".")}; as in "{{key}}: name@example.org"'
        raise BadValue(f'"{value}" is not an email address', hint) from error


class NoTime(BadValue):
    """A value that is written in another way than a wall time is."""


def wall_time(value: str) -> datetime | date:
    """Take a wall time, `2026-12-03 10:00`, or a date alone. Raises BadValue."""
    found = _TIME.fullmatch(plain(value))
    if found is None:
        meant = meant_time(plain(value))
        hint = 'as in "{key}: 2026-12-03 10:00", or "{key}: 2026-12-03" for a whole day'
        raise NoTime(
            f'"{value}" is no date and time', f'write "{{key}}: {written_time(meant)}"' if meant else hint
        )
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if not 2000 <= year <= 2099:
        hint = f'look at the year, as in "{{key}}: 2026-{month:02}-{day:02}"'
        raise BadValue(f'"{value}" is not in the years 2000 to 2099', hint)
    try:
        if found[4] is None:
            return date(year, month, day)
        return datetime(year, month, day, _hour(int(found[4]), found[6]), int(found[5]))  # noqa: DTZ001 - wall time
    except ValueError as error:
        raise BadValue(
            f'"{value}" is not in the calendar', "look at the month, the day and the time"
        ) from error


def _hour(hour: int, half: str | None) -> int:
    """Return an hour of the day; `half` is the letter of a.m. or p.m., if one was written."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half.lower() == "p" else 0)


def written_time(moment: datetime | date) -> str:
    """Return a wall time, or a date alone, as a content file has it."""
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else f"{moment:%Y-%m-%d}"


def _date(value: str) -> date:
    try:
        day = wall_time(value)
    except NoTime as bad:
        meant = meant_time(plain(value))
        raise BadValue(
            f'"{value}" is no date', f'as in "{{key}}: {meant or date(2026, 12, 3):%Y-%m-%d}"'
        ) from bad
    if isinstance(day, datetime):
        raise BadValue(f'"{value}" is no date alone', f'as in "{{key}}: {day:%Y-%m-%d}"')
    return day


LINE = ValueKind(Form.LINE, "one line", _line)
LINES = ValueKind(Form.LINES, "one per line, indented", _lines)
_NUMBER = whole_number(1, "90", r"min\.?|mins|minutes?|minutos?")
_HOURS = re.compile(
    r"([0-9]{1,3})(\.[05]0?)? ?(?:hours?|hrs?\.?|h|horas?)"
    r"(?: ?(?:and |y |, )?([0-5]?[0-9]) ?(?:min\.?|mins|minutes?|minutos?))?",
    re.IGNORECASE,
)


def _minutes(value: str) -> timedelta:
    hours = _HOURS.fullmatch(plain(value))
    if hours is not None:
        written = float(hours[1] + (hours[2] or "")) * 60 + int(hours[3] or 0)
        return timedelta(minutes=_NUMBER.convert(f"{written:.0f}"))
    clock = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])", plain(value))
    if clock is not None:
        hint = f'write "{{key}}: {int(clock[1]) * 60 + int(clock[2])}"'
        raise BadValue(f'"{value}" is not a number of minutes', hint)
    return timedelta(minutes=_NUMBER.convert(value))


MINUTES = ValueKind(
    Form.WHOLE_NUMBER,
    "minutes, as `90`",
    _minutes,
    minimum=1,
    example="90",
)
LANGUAGE = choice(
    Language,
    {
        Language.ENGLISH: Localized("English", "Inglés"),
        Language.SPANISH: Localized("Spanish", "Español"),
    },
)
PHONE = ValueKind(Form.PHONE, "`(530) 666-1977`", _phone, example="(530) 666-1977")
EXTENSION = ValueKind(Form.EXTENSION, "digits, as `8`", _extension)
EMAIL = ValueKind(Form.EMAIL, "`name@example.org`", _email)
DATE = ValueKind(Form.DATE, "a date, as `2026-12-03`", _date, example="2026-12-03")
DATE_AND_TIME = ValueKind(
    Form.DATE_AND_TIME,
    "`2026-12-03 10:00`, or `2026-12-03` for a whole day",
    wall_time,
    example="2026-12-03 10:00",
)
