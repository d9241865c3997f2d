# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content type of `trainings/`: its keys, and how they become a Training."""

from __future__ import annotations

from plugins.trainings import values
from plugins.trainings.fields import Fields
from plugins.trainings.frontmatter import Document
from plugins.trainings.keys import KeyTable, Words, optional, optional_translated, required, translated
from plugins.trainings.materials import MATERIALS
from plugins.trainings.problems import ContentProblem
from schedule.model import Localized, Readers, Training

TITLE = translated(
    "Title",
    values.LINE,
    en=Words("Title", "What the training is called."),
    es=Words("Título", "Cómo se llama la capacitación."),
)
SUMMARY = translated(
    "Summary",
    values.LINE,
    en=Words("Summary", "What people get out of it, in a sentence or two, for lists and search results."),
    es=Words("Resumen", "Para qué sirve, en una o dos oraciones, para las listas y los buscadores."),
)
AUDIENCE = translated(
    "Audience",
    values.LINE,
    en=Words("Who it is for", "Who should come, in a sentence."),
    es=Words("Para quién es", "A quién le conviene asistir, en una oración."),
)
TOPICS = translated(
    "Topics",
    values.LINES,
    en=Words("Topics", "What you will cover, one topic on each line."),
    es=Words("Temas", "Lo que se verá, un tema en cada línea."),
)
DURATION = required(
    "Duration",
    values.MINUTES,
    en=Words("Length in minutes", "How long a session usually takes."),
    es=Words("Duración en minutos", "Cuánto dura normalmente una sesión."),
)
ORDER = required(
    "Order",
    values.whole_number(0, "3"),
    en=Words("Place in the list", "Trainings are listed by this number, the smallest first."),
    es=Words("Lugar en la lista", "Las capacitaciones se ordenan por este número, de menor a mayor."),
)
FOR = optional(
    "For",
    values.choice(
        Readers,
        {Readers.STAFF: Localized("Staff", "Personal"), Readers.PARENTS: Localized("Parents", "Familias")},
    ),
    en=Words("Who signs up", "Parents get a shorter sign-up form. If you leave this out, it is for staff."),
    es=Words(
        "Quiénes se inscriben",
        "Para las familias, el formulario es más corto. Si no elige nada, es para el personal.",
    ),
)
BADGE = optional_translated(
    "Badge",
    values.LINE,
    en=Words("Badge", "A word that stands out beside the title, such as New."),
    es=Words("Etiqueta", "Una palabra que resalta junto al título, por ejemplo Nuevo."),
)

TRAINING_TABLE = KeyTable(
    name="training",
    folder="trainings",
    title=Localized("Trainings", "Capacitaciones"),
    keys=(TITLE, SUMMARY, AUDIENCE, TOPICS, DURATION, ORDER, FOR, BADGE, MATERIALS),
    body=Localized(
        Words("Description", "What people should know before they choose this training."),
        Words("Descripción", "Lo que conviene saber antes de elegir esta capacitación."),
    ),
)


def read_training(
    document: Document, translation: Document | None
) -> tuple[Training | None, tuple[ContentProblem, ...]]:
    """Make a training of its files; None if something in them is wrong."""
    fields = Fields(document, translation)
    fields.check_names(TRAINING_TABLE)
    training = Training(
        slug=document.stem,
        title=fields[TITLE],
        summary=fields[SUMMARY],
        audience=fields[AUDIENCE],
        topics=fields[TOPICS],
        duration=fields[DURATION],
        order=fields[ORDER],
        readers=fields[FOR] or Readers.STAFF,
        badge=fields[BADGE],
        description=fields.body(),
        materials=fields[MATERIALS],
    )
    topics, listed = fields[TOPICS], translation and translation.headers.get(TOPICS.name)
    if listed and topics and topics.es and len(topics.es) != len(topics.en):
        message = f"the Spanish has {len(topics.es)}, and the English {len(topics.en)}"
        hint = "say the same in both"
        fields.problems.append(
            ContentProblem(listed.path, listed.line, TOPICS.name, message, hint, warning=True)
        )
    return fields.result(training)
