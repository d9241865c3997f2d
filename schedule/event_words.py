# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an event in a calendar says of its session: who, where, of which kind, and in which color.

Feeds, emails and the links that add one session to a calendar say it alike. No clock and no I/O.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from schedule import wording
from schedule.model import Format, Language, Readers, Session, Trainer

Gettext = Callable[[str], str]

# Names of CSS3, which RFC 7986 §5.9 asks for, that can be told apart and bear white text.
COLORS = (
    "teal",
    "firebrick",
    "royalblue",
    "darkgoldenrod",
    "rebeccapurple",
    "forestgreen",
    "deeppink",
    "saddlebrown",
    "steelblue",
    "olivedrab",
    "darkorchid",
    "orangered",
    "navy",
    "mediumvioletred",
    "darkcyan",
    "sienna",
    "darkgreen",
    "slateblue",
    "crimson",
    "slategray",
    "indigo",
    "maroon",
    "dodgerblue",
    "seagreen",
)


def color(training: str) -> str:
    """Return the color of a training by its slug alone: another training's coming or going never changes it."""
    return COLORS[int.from_bytes(sha256(training.encode()).digest()[:8]) % len(COLORS)]


def categories(session: Session, language: Language, gettext: Gettext) -> list[str]:
    """Return what calendars sort by: the training, the language it is held in, how, and for whom."""
    online = session.format is Format.ONLINE
    parents = session.training.readers is Readers.PARENTS
    return [
        session.training.title.text(language),
        wording.language_name(session.language, language),
        gettext("Online") if online else gettext("In person"),
        gettext("For parents") if parents else gettext("For staff"),
    ]


def facts(session: Session, language: Language, gettext: Gettext) -> list[str]:
    """Return who holds a session, in which language and where, one fact a line."""
    spoken = gettext("Language: {language}").format(
        language=wording.language_name(session.language, language)
    )
    lines = [
        gettext("Trainer: {contact}").format(contact=_contact(trainer, language))
        for trainer in session.trainers
    ]
    lines.append(spoken)
    where = place(session, language, gettext)
    if where:
        lines.append(gettext("Where: {place}").format(place=where))
    return lines


def place(session: Session, language: Language, gettext: Gettext) -> str:
    """Return where a session is, or nothing where that is not known yet."""
    if session.format is Format.ONLINE:
        return gettext("Online")
    return session.location.text(language) if session.location else ""


def _contact(trainer: Trainer, language: Language) -> str:
    return f"{trainer.name.text(language)}, {wording.phone(trainer.phone, language)}"
