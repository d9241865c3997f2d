# SPDX-License-Identifier: AGPL-3.0-or-later
"""The kinds of value that may stand behind a key: how each is written, and what it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from typing import Any, Generic, TypeVar

from plugins.trainings.problems import BadValue, did_you_mean
from schedule.invitations import unfit_for_calendar
from schedule.model import Language, Localized, Phone

T = TypeVar("T")
Word = TypeVar("Word", bound=StrEnum)

_PHONE = re.compile(r"\((\d{3})\) (\d{3})-(\d{4})")


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

    `written` says in Markdown how to write it. `choices` holds the words of a choice with their labels,
    `folder` is where the files lie that a reference names, and `several` stand with commas between them.
    """

    form: Form
    written: str
    convert: Callable[[str], T]
    minimum: int | None = None
    choices: Mapping[str, Localized[str]] | None = None
    folder: str | None = None
    several: bool = False


def _line(value: str) -> str:
    if not value:
        raise BadValue("is empty")
    if "\n" in value:
        raise BadValue("takes one line", "join the lines")
    reason = unfit_for_calendar(value)
    if reason:
        raise BadValue(reason)
    return value


def _lines(value: str) -> tuple[str, ...]:
    return tuple(_line(line) for line in value.split("\n"))


def whole_number(minimum: int) -> ValueKind[int]:
    """Whole numbers from `minimum` on."""

    def convert(value: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise BadValue(f'"{value}" is not a whole number', "as in 30")
        if int(value) < minimum:
            raise BadValue(f"{value} is less than {minimum}")
        return int(value)

    return ValueKind(Form.WHOLE_NUMBER, f"a whole number, {minimum} or more", convert, minimum=minimum)


def choice(
    options: type[Word], labels: Mapping[Word, Localized[str]], also: Mapping[str, Word] | None = None
) -> ValueKind[Word]:
    """One of a few words, each with its label; `also` holds other spellings that are taken for them."""
    spellings = {option.value: option for option in options}
    words = list(spellings)

    def convert(value: str) -> Word:
        if value in spellings:
            return spellings[value]
        if also is not None and value in also:
            return also[value]
        hint = did_you_mean(value, words) or f"one of: {', '.join(words)}"
        raise BadValue(f'"{value}" is none of the known values', hint)

    written = " or ".join(f"`{word}`" for word in words)
    if also is not None:
        written += f" (also {', '.join(f'`{word}`' for word in also)})"
    return ValueKind(Form.CHOICE, written, convert, choices={word: labels[spellings[word]] for word in words})


def reference(folder: str) -> ValueKind[str]:
    """The name of a file in a folder of the content; whether it is there is for the caller to see."""
    return ValueKind(
        Form.REFERENCE, f"the name of a file in `content/{folder}/`, without `.md`", str, folder=folder
    )


def several(kind: ValueKind[T]) -> ValueKind[tuple[T, ...]]:
    """Values of a kind separated by commas, each named once."""

    def convert(value: str) -> tuple[T, ...]:
        names = [name.strip() for name in value.split(",")]
        for name in names:
            if names.count(name) > 1:
                raise BadValue(f'"{name}" stands twice')
        return tuple(kind.convert(name) for name in names)

    made: ValueKind[Any] = replace(kind, written=f"{kind.written}; put commas between several", several=True)
    return replace(made, convert=convert)


def _phone(value: str) -> Phone:
    match = _PHONE.fullmatch(value)
    if match is None:
        raise BadValue(f'"{value}" is not a telephone number', "written (530) 666-1977")
    return Phone(value, "+1" + "".join(match.groups()))


def _extension(value: str) -> str:
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise BadValue(f'"{value}" is not an extension', "figures only, as in 8")
    return value


def _email(value: str) -> str:
    """Take an email address (RFC 5322), whether or not its domain can be reached."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise BadValue(f'"{value}" is not an email address', str(error)) from error


def wall_time(value: str) -> datetime | date:
    """Take a wall time, `2026-12-03 10:00`, or a date alone. Raises BadValue."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?", value):
        raise BadValue(
            f'"{value}" is no date and time', "written 2026-12-03 10:00, or 2026-12-03 for a whole day"
        )
    if not value.startswith("20"):
        raise BadValue(f'"{value}" is not in the years 2000 to 2099')
    try:
        return datetime.fromisoformat(value) if " " in value else date.fromisoformat(value)
    except ValueError as error:
        raise BadValue(
            f'"{value}" is not in the calendar', "look at the month, the day and the time"
        ) from error


def _date(value: str) -> date:
    day = wall_time(value)
    if isinstance(day, datetime):
        raise BadValue(f'"{value}" is no date alone', "written 2026-12-03")
    return day


LINE = ValueKind(Form.LINE, "one line", _line)
LINES = ValueKind(Form.LINES, "one a line, indented", _lines)
_NUMBER = whole_number(1)
MINUTES = ValueKind(
    Form.WHOLE_NUMBER,
    "minutes, as `90`",
    lambda value: timedelta(minutes=_NUMBER.convert(value)),
    minimum=1,
)
LANGUAGE = choice(
    Language,
    {
        Language.ENGLISH: Localized("English", "Inglés"),
        Language.SPANISH: Localized("Spanish", "Español"),
    },
)
PHONE = ValueKind(Form.PHONE, "`(530) 666-1977`", _phone)
EXTENSION = ValueKind(Form.EXTENSION, "digits, as `8`", _extension)
EMAIL = ValueKind(Form.EMAIL, "`name@example.org`", _email)
DATE = ValueKind(Form.DATE, "a date, as `2026-12-03`", _date)
DATE_AND_TIME = ValueKind(
    Form.DATE_AND_TIME, "`2026-12-03 10:00`, or `2026-12-03` for a whole day", wall_time
)
