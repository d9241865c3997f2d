# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a writer meant who wrote it in another way than content files do: for the hints of messages, never for pages."""

from __future__ import annotations

import re
from datetime import date, datetime

from dateutil import parser

from plugins.trainings.problems import nearest

# What people call a key who have not looked it up; the labels of the keys are known besides.
_OTHER_NAMES = {
    "Title": ("Name", "Heading", "Nombre"),
    "Summary": ("Description", "About", "Descripción"),
    "Audience": ("Who", "Participants"),
    "Start": ("Date", "Time", "When", "Day", "Starts", "Begin", "Begins", "From", "Fecha", "Hora"),
    "End": ("Ends", "Finish", "To"),
    "Duration": ("Length", "Minutes", "Hours", "Duración"),
    "Trainers": (
        "Instructor",
        "Instructors",
        "Presenter",
        "Presenters",
        "Speaker",
        "Teacher",
        "Host",
        "With",
    ),
    "Training": ("Course", "Class", "Topic"),
    "Capacity": ("Places", "Spots", "Limit", "Size", "Max"),
    "Format": ("Type", "Mode", "Formato"),
    "Location": ("Where", "Room", "Address", "Venue", "Site"),
    "Join-Url": ("Link", "Zoom", "Zoom-Link", "Url", "Meeting", "Join", "Join-Link"),
    "Registration-Closes": ("Deadline", "Closes", "Sign-Up-Closes", "Register-By"),
    "Repeat": ("Repeats", "Every", "Recurrence"),
    "Except": ("Skip", "Exceptions", "Break"),
    "Phone": ("Tel", "Telephone", "Number", "Cell"),
    "Email": ("Mail",),
    "Badge": ("Tag", "Label"),
}


def meant_key(name: str, known: tuple[str, ...], labels: dict[str, str]) -> str | None:
    """Return the key of `known` that a name means, None if it resembles none; `labels` are other names of theirs."""
    others = {other: key for key, names in _OTHER_NAMES.items() for other in names} | labels
    folded = {re.sub(r"[\s_-]+", "-", other).casefold(): key for other, key in others.items()}
    key = folded.get(re.sub(r"[\s_-]+", "-", name).casefold())
    return key if key in known else nearest(name, known)


def meant_time(value: str) -> datetime | date | None:
    """Return the wall time or the day that a text names in full, as people in the United States write it."""
    filled = []
    for stand_in in (datetime(2000, 1, 1, 0, 0), datetime(2001, 2, 2, 1, 1)):  # noqa: DTZ001 - wall times
        try:
            filled.append(parser.parse(value, default=stand_in, ignoretz=True))
        except (ValueError, OverflowError):
            return None
    one, other = filled
    if one.date() != other.date() or not 2000 <= one.year <= 2099:
        return None
    if one.hour != other.hour:
        return one.date()
    return one.replace(minute=one.minute if one.minute == other.minute else 0, second=0, microsecond=0)


def meant_closing(value: str) -> str | None:
    """Return the time before the start that a text means which names days or hours, and not of what."""
    found = re.fullmatch(
        r"(?:(\d{1,4})|the|an?) ?(minute|hour|day|week)s?(?: (?:before|prior|earlier|ahead).*)?",
        value,
        re.IGNORECASE,
    )
    return (
        f"{found[1] or 1} {found[2].lower()}{'s' if found[1] and found[1] != '1' else ''} before"
        if found
        else None
    )
