# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content type of `sessions/`: its keys, and how they become a Session."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from plugins.trainings import values
from plugins.trainings.fields import Fields
from plugins.trainings.frontmatter import Document
from plugins.trainings.keys import KeyTable, Words, optional, optional_translated, required
from plugins.trainings.materials import MATERIALS
from plugins.trainings.notes import NoteRenderer, RenderedNote
from plugins.trainings.problems import BadValue, ContentProblem
from plugins.trainings.references import References
from plugins.trainings.series import EXCEPT, REPEAT
from plugins.trainings.session_times import (
    DURATION,
    END,
    REGISTRATION_CLOSES,
    START,
    read_closing,
    read_period,
    warn_of_past,
)
from schedule.model import (
    ContactKind,
    Format,
    Language,
    Localized,
    Revision,
    Session,
    Status,
)


def _join_url(value: str) -> str:
    if re.fullmatch(r"secret:[A-Za-z0-9][A-Za-z0-9._-]*", value) or re.fullmatch(
        r"https://[^\s/]+(/\S*)?", value
    ):
        return value
    # The value itself is private and may be on somebody's screen: it is not repeated here.
    raise BadValue(
        "is neither an address nor a secret", 'as in "{key}: https://…", or "{key}: secret:overview-may"'
    )


TRAINING = required(
    "Training",
    values.reference("trainings"),
    en=Words("Training", "The training that is held."),
    es=Words("Capacitación", "La capacitación que se imparte."),
)
TRAINERS = required(
    "Trainers",
    values.several(values.reference("trainers")),
    en=Words("Trainers", "Who holds the session."),
    es=Words("Quién la imparte", "La persona o las personas que imparten la sesión."),
)
CAPACITY = required(
    "Capacity",
    values.whole_number(1, "20", r"seats?|people|lugares|personas"),
    en=Words("Seats", "How many people can take part. Anyone after that goes on the waiting list."),
    es=Words("Cupo", "Cuántas personas pueden participar. Las demás entran en la lista de espera."),
)
LANGUAGE = required(
    "Language",
    values.LANGUAGE,
    en=Words("Language", "The language in which the session is held."),
    es=Words("Idioma de la sesión", "El idioma en el que se imparte."),
)
FORMAT = required(
    "Format",
    values.choice(
        Format,
        {
            Format.ONLINE: Localized("Online", "En línea"),
            Format.IN_PERSON: Localized("In person", "Presencial"),
        },
    ),
    en=Words("Online or in person", "How people take part."),
    es=Words("En línea o presencial", "Cómo participa la gente."),
)
LOCATION = optional_translated(
    "Location",
    values.LINE,
    en=Words("Place", "The room and the address. An in-person session needs it."),
    es=Words("Lugar", "La sala y la dirección. Hace falta si la sesión es presencial."),
)
JOIN_URL = optional(
    "Join-Url",
    values.ValueKind(values.Form.LINK, "`https://…`, or `secret:NAME`", _join_url),
    en=Words(
        "Link to join",
        "Private: only emails to people with a seat show it. If others can read this project, "
        "write secret:NAME in its place.",
    ),
    es=Words(
        "Enlace para conectarse",
        "Es privado: solo aparece en los correos que reciben quienes tienen lugar. Si otras personas "
        "pueden leer este proyecto, escriba secret:NOMBRE en vez del enlace.",
    ),
)
STATUS = required(
    "Status",
    values.choice(
        Status,
        {
            Status.SCHEDULED: Localized("Scheduled", "Programada"),
            Status.CANCELLED: Localized("Canceled", "Cancelada"),
        },
        also={"canceled": Status.CANCELLED},
    ),
    en=Words("Status", "To cancel a session, change this and keep the file, so that people hear about it."),
    es=Words(
        "Estado", "Para cancelar una sesión, cambie esto y no borre el archivo: así se avisa a la gente."
    ),
)

SESSION_TABLE = KeyTable(
    name="session",
    folder="sessions",
    title=Localized("Sessions", "Sesiones"),
    keys=(
        TRAINING,
        START,
        DURATION,
        END,
        TRAINERS,
        CAPACITY,
        LANGUAGE,
        FORMAT,
        LOCATION,
        JOIN_URL,
        MATERIALS,
        STATUS,
        REGISTRATION_CLOSES,
        REPEAT,
        EXCEPT,
    ),
    body=Localized(
        Words("Note to participants", "What people should know or bring. You can leave it out."),
        Words("Nota para quienes participan", "Lo que conviene saber o llevar. No es obligatoria."),
    ),
)
OCCURRENCE_TABLE = KeyTable(
    name="occurrence",
    folder="sessions",
    title=Localized("Changes to one date of a series", "Cambios en una fecha de una serie"),
    # The file of one date says only what differs from the series.
    keys=tuple(replace(key, required=False) for key in SESSION_TABLE.keys if key not in (REPEAT, EXCEPT)),
    body=SESSION_TABLE.body,
)


@dataclass(frozen=True, slots=True)
class SessionFile:
    """A session as its files tell it, its note as its page shows it, and the private link that no page may see."""

    session: Session
    note: Localized[Markup] | None
    join_url: str | None


def read_session(
    document: Document,
    translation: Document | None,
    known: References,
    zone: ZoneInfo,
    revision: Revision,
    series: str | None,
    notes: NoteRenderer,
    written: datetime,
) -> tuple[SessionFile | None, tuple[ContentProblem, ...]]:
    """Make a session of its files; None if something in them, or in what they refer to, is wrong.

    `written` is when its times were last saved, or the day of the build if that is earlier.
    """
    fields = Fields(document, translation)
    fields.check_names(SESSION_TABLE)
    for key in (REPEAT, EXCEPT):
        if fields.has(key) and series is not None:
            fields.error(
                key, "does not belong in the file of one date of a series", f"it goes into {series}.md"
            )
        elif fields.has(key):
            fields.error(
                key, "stands without Repeat", 'give the rule too, as in "Repeat: FREQ=WEEKLY;COUNT=5"'
            )
    training = fields.through(TRAINING, known.training)
    trainers = fields.through(TRAINERS, known.all_trainers) or (None,)
    period = read_period(fields, zone)
    location, form = fields[LOCATION], fields[FORMAT]
    if form is Format.IN_PERSON and fields.is_missing(LOCATION):
        fields.error(
            LOCATION, "is missing", 'a session in person needs it, as in "Location: Room 2, county office"'
        )
    capacity, language, status, join_url = (
        fields[CAPACITY],
        fields[LANGUAGE],
        fields[STATUS],
        fields[JOIN_URL],
    )
    closes = read_closing(fields, period, zone, series)
    if series is None or (
        fields.has(START) and not document.headers[START.name].path.endswith(f"/{series}.md")
    ):
        warn_of_past(fields, period, closes, written)
    for trainer in trainers:
        if trainer is not None and trainer.kind is ContactKind.SUPPORT:
            message = f"{trainer.name.en} is the support line, and holds no sessions"
            fields.error(TRAINERS, message, "name the people who hold it", warning=True)
    note, materials = _note(fields, notes), fields[MATERIALS]
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
        note=note.converted(lambda text: text.sent) if note else None,
        revision=revision,
        series=series,
        materials=materials,
    )
    on_page = note.converted(lambda text: text.on_page) if note else None
    return SessionFile(session, on_page, join_url), tuple(fields.problems)


def _note(fields: Fields, notes: NoteRenderer) -> Localized[RenderedNote] | None:
    """Render the text below the headers and its translation; None if there is none that can be shown."""
    rendered: dict[Language, RenderedNote] = {}
    for language, part in ((Language.ENGLISH, fields.document), (Language.SPANISH, fields.translation)):
        if part and part.body:
            try:
                rendered[language] = notes.render(part.body, fields.document.stem, language)
            except BadValue as bad:
                fields.problems.append(
                    ContentProblem(part.body_path, part.body_line, None, bad.message, bad.hint)
                )
    if Language.ENGLISH not in rendered:
        return None
    return Localized(rendered[Language.ENGLISH], rendered.get(Language.SPANISH))


def _check_translation(fields: Fields) -> None:
    document, translation = fields.document, fields.translation
    location = document.headers.get(LOCATION.name)
    if location and not (translation and LOCATION.name in translation.headers):
        hint = f"add it to {location.path.removesuffix('.md')}.es.md"
        fields.error(LOCATION, "has no Spanish translation", hint, warning=True)
    if translation and translation.body and not document.body:
        hint = f"add it to {translation.body_path.removesuffix('.es.md')}.md"
        message = "the text has no English original"
        fields.problems.append(
            ContentProblem(translation.body_path, translation.body_line, None, message, hint)
        )
    if document.body and not (translation and translation.body):
        hint = f"add it to {document.body_path.removesuffix('.md')}.es.md"
        message = "the text has no Spanish translation"
        fields.problems.append(
            ContentProblem(document.body_path, document.body_line, None, message, hint, warning=True)
        )
