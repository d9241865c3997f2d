# SPDX-License-Identifier: AGPL-3.0-or-later
"""Takes values out of a content file's headers, and says what is wrong with them and where."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeVar, cast

from plugins.trainings.frontmatter import Document
from plugins.trainings.problems import BadValue, Problem, did_you_mean
from schedule.invitations import unfit_for_calendar
from schedule.model import Localized, Phone

T = TypeVar("T")
Choice = TypeVar("Choice", bound=StrEnum)

_PHONE = re.compile(r"\((\d{3})\) (\d{3})-(\d{4})")


class Fields:
    """The headers of one file and of its Spanish twin, read key by key.

    A value that is missing or bad is noted in `problems` and reads as None whatever its type says:
    nothing may be built from these fields once `failed` is true.
    """

    def __init__(self, document: Document, twin: Document | None = None) -> None:
        self.document = document
        self.twin = twin
        self.problems: list[Problem] = []

    @property
    def failed(self) -> bool:
        """Whether an error, not only a warning, was noted."""
        return any(not problem.warning for problem in self.problems)

    def allow(self, keys: Iterable[str], texts: Iterable[str]) -> None:
        """Note every key that this kind of file does not have, and every one that is no text in a twin."""
        known, localized = list(keys), list(texts)
        for name, header in self.document.headers.items():
            if name not in known:
                hint = did_you_mean(name, known) or f"known here: {', '.join(known)}"
                self._note(Problem(header.path, header.line, name, "unknown key", hint))
        for name, header in self.twin.headers.items() if self.twin else ():
            if name in localized:
                continue
            if name in known:
                message, hint = "does not belong in a translation", "it is taken from the English file"
            else:
                message = "unknown key"
                hint = did_you_mean(name, localized) or f"known here: {', '.join(localized) or 'none'}"
            self._note(Problem(header.path, header.line, name, message, hint))

    def has(self, key: str) -> bool:
        """Whether the key is given."""
        return key in self.document.headers

    def required(self, key: str, convert: Callable[[str], T]) -> T:
        """Return a value that must be there."""
        if key not in self.document.headers:
            self._note(Problem(self.document.path, 1, key, "is missing", f'add a line "{key}: …"'))
            return cast("T", None)
        return cast("T", self.optional(key, convert))

    def optional(self, key: str, convert: Callable[[str], T]) -> T | None:
        """Return a value that may be absent, None if it is."""
        header = self.document.headers.get(key)
        if header is None:
            return None
        try:
            return convert(header.value)
        except BadValue as bad:
            self._note(Problem(header.path, header.line, key, bad.message, bad.hint))
            return None

    def localized(self, key: str, convert: Callable[[str], T]) -> Localized[T]:
        """Return a text that must be there, with its translation where the twin has one."""
        return cast("Localized[T]", self.optional_localized(key, convert, required=True))

    def optional_localized(
        self, key: str, convert: Callable[[str], T], *, required: bool = False
    ) -> Localized[T] | None:
        """Return a text that may be absent, with its translation where the twin has one."""
        original = self.required(key, convert) if required else self.optional(key, convert)
        translation = None
        header = self.twin.headers.get(key) if self.twin else None
        if header is not None:
            try:
                translation = convert(header.value)
            except BadValue as bad:
                self._note(Problem(header.path, header.line, key, bad.message, bad.hint))
        if original is None:
            if header is not None and not required and not self.has(key):
                self._note(Problem(header.path, header.line, key, "has no English original"))
            return None
        return Localized(original, translation)

    def body(self) -> Localized[str]:
        """Return the text below the headers, with its translation."""
        for part in (self.document, self.twin):
            reason = unfit_for_calendar(part.body) if part else None
            if part and reason:
                self._note(Problem(part.body_path, part.body_line, None, reason))
        return Localized(self.document.body, self.twin.body if self.twin and self.twin.body else None)

    def error(self, key: str, message: str, hint: str | None = None, *, warning: bool = False) -> None:
        """Note what is wrong with a key that could be read, or between several."""
        header = self.document.headers.get(key)
        path, line = (header.path, header.line) if header else (self.document.path, 1)
        self._note(Problem(path, line, key, message, hint, warning))

    def _note(self, problem: Problem) -> None:
        self.problems.append(problem)


def line(value: str) -> str:
    """Take a text of one line that may go into a page, a mail and a calendar."""
    if not value:
        raise BadValue("is empty")
    if "\n" in value:
        raise BadValue("takes one line", "join the lines")
    reason = unfit_for_calendar(value)
    if reason:
        raise BadValue(reason)
    return value


def lines(value: str) -> tuple[str, ...]:
    """Take several texts, one a line."""
    return tuple(line(one) for one in value.split("\n"))


def integer(minimum: int) -> Callable[[str], int]:
    """Make a converter for whole numbers from `minimum` on."""

    def convert(value: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,9}", value):
            raise BadValue(f'"{value}" is not a whole number', "as in 30")
        if int(value) < minimum:
            raise BadValue(f"{value} is less than {minimum}")
        return int(value)

    return convert


def minutes(value: str) -> timedelta:
    """Take a duration in minutes, at least one."""
    return timedelta(minutes=integer(1)(value))


def choice(options: type[Choice]) -> Callable[[str], Choice]:
    """Make a converter for one of a few words."""

    def convert(value: str) -> Choice:
        try:
            return options(value)
        except ValueError:
            words = [option.value for option in options]
            hint = did_you_mean(value, words) or f"one of: {', '.join(words)}"
            raise BadValue(f'"{value}" is none of the known values', hint) from None

    return convert


def several(convert: Callable[[str], T]) -> Callable[[str], tuple[T, ...]]:
    """Make a converter for values separated by commas, each named once."""

    def convert_all(value: str) -> tuple[T, ...]:
        names = [name.strip() for name in value.split(",")]
        for name in names:
            if names.count(name) > 1:
                raise BadValue(f'"{name}" stands twice')
        return tuple(convert(name) for name in names)

    return convert_all


def phone(value: str) -> Phone:
    """Take a telephone number of the United States, written (530) 666-1977."""
    match = _PHONE.fullmatch(value)
    if match is None:
        raise BadValue(f'"{value}" is not a telephone number', "written (530) 666-1977")
    return Phone(value, "+1" + "".join(match.groups()))


def extension(value: str) -> str:
    """Take a telephone extension: up to six figures."""
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise BadValue(f'"{value}" is not an extension', "figures only, as in 8")
    return value


def email(value: str) -> str:
    """Take an e-mail address (RFC 5322), whether or not its domain can be reached."""
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise BadValue(f'"{value}" is not an e-mail address', str(error)) from error


def wall_time(value: str) -> datetime | date:
    """Take a wall time, `2026-12-03 10:00`, or a date alone."""
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
