# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the columns of a report of an online meeting are called, in English and Spanish, and what is in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_NAME = (
    *("name original name", "user name original name", "nombre nombre original"),
    *("nombre de usuario nombre original", "full name", "nombre completo", "participant name", "participant"),
    *("nombre del participante", "participante", "attendee name", "attendee", "nombre del asistente"),
    *("asistente", "display name", "nombre para mostrar", "name", "nombre", "first name"),
)
_LAST_NAME = ("last name", "surname", "apellidos", "apellido")
_UPN = ("participant id upn", "id de participante upn", "id del participante upn", "upn")
_EMAIL = (
    *("user email", "email", "email address", "e mail", "attendee email", "correo electronico"),
    *("correo electronico del usuario", "e mail del usuario", "direccion de correo electronico", "correo"),
    *_UPN,
)
_DURATION = (
    *("duration minutes", "total duration minutes", "in meeting duration", "time in session minutes"),
    *("attendance duration", "duration", "total duration", "duracion minutos", "duracion total minutos"),
    *("duracion en la reunion", "duracion de la reunion", "tiempo en la sesion minutos"),
    *("tiempo en la reunion", "duracion", "duracion total"),
)
_CAME = (
    *("join time", "first join", "user action", "hora para unirse", "hora de entrada", "hora de union"),
    *("primera entrada", "primera union", "accion del usuario", *_UPN),
)
"""Columns of people who were there: a list of who signed up has none of them, and is no report."""
_ATTENDED = ("attended", "asistio")
_COLON = re.compile(r"(\d{1,3}):(\d\d):(\d\d)")
_AMOUNT = re.compile(r"(\d{1,6}(?:[.,]\d{1,6})?)\s*(h|m|s)[a-z]*\.?\s*")
_NUMBER = re.compile(r"\d{1,6}(?:[.,]\d{1,6})?")
_SECONDS = {"h": 3600, "m": 60, "s": 1}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table say what."""

    names: tuple[int, ...]
    emails: tuple[int, ...]
    duration: int | None
    attended: int | None


def table_of(row: Sequence[str]) -> Columns | None:
    """Return the columns of a row that is the head of a table of people."""
    heads = [words(cell) for cell in row]
    name = next((heads.index(word) for word in _NAME if word in heads), None)
    durations = _columns(heads, _DURATION, name)
    if name is None or not (durations or _columns(heads, _CAME, None)):
        return None
    last = _columns(heads, _LAST_NAME, None) if heads[name] in {"name", "nombre", "first name"} else []
    attended = _columns(heads, _ATTENDED, None)
    return Columns(
        names=(name, *last[:1]),
        emails=tuple(_columns(heads, _EMAIL, name)),
        duration=durations[0] if durations else None,
        attended=attended[0] if attended else None,
    )


def words(cell: str) -> str:
    """Return the head of a column as the lists above have it: without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", cell.replace("\u200b", "")).casefold()
    return " ".join(
        "".join(sign if sign.isalnum() else " " for sign in letters if not _is_mark(sign)).split()
    )


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"


def _columns(heads: Sequence[str], words: Iterable[str], name: int | None) -> list[int]:
    """Return where columns of these heads are: behind that of the name, if any are, for those are the person's."""
    found = [index for word in words for index, head in enumerate(heads) if head == word]
    return [index for index in found if name is not None and index > name] or found


def duration(text: str) -> int | None:
    """Return how many seconds "57", "1h 27m 51s", "1 hora 5 minutos" or "0:57:00" are; None for anything else.

    A bare number is minutes, as Zoom writes them. "1:05" could be hours or minutes, and so is nothing.
    """
    text = text.strip().casefold()
    if colon := _COLON.fullmatch(text):
        hours, minutes, seconds = map(int, colon.groups())
        return hours * 3600 + minutes * 60 + seconds
    if _NUMBER.fullmatch(text):
        return round(_value(text) * 60)
    amounts = _AMOUNT.findall(text)
    if not amounts or _AMOUNT.sub("", text):
        return None
    return round(sum(_value(number) * _SECONDS[unit] for number, unit in amounts))


def _value(number: str) -> float:
    return float(number.replace(",", "."))
