# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content type of `trainers/`: its keys, and how they become a Trainer."""

from __future__ import annotations

from dataclasses import replace

from plugins.trainings import values
from plugins.trainings.fields import Fields
from plugins.trainings.frontmatter import Document
from plugins.trainings.keys import KeyTable, Words, optional, required, translated
from plugins.trainings.problems import ContentProblem
from schedule.model import ContactKind, Localized, Trainer

TITLE = translated(
    "Title",
    values.LINE,
    en=Words("Name", "The first and last name, or the name of the support line."),
    es=Words("Nombre", "El nombre y el apellido, o el nombre de la línea de ayuda."),
)
ROLE = translated(
    "Role",
    values.LINE,
    en=Words("Role", "What this person does, as shown below the name."),
    es=Words("Función", "A qué se dedica esta persona; aparece debajo del nombre."),
)
KIND = required(
    "Kind",
    values.choice(
        ContactKind,
        {
            ContactKind.TRAINER: Localized("Trainer", "Equipo de capacitación"),
            ContactKind.SUPPORT: Localized("Support line", "Línea de ayuda"),
        },
    ),
    en=Words("Kind of contact", "Trainers hold sessions. The support line answers questions about MSIX."),
    es=Words(
        "Tipo de contacto",
        "El equipo de capacitación imparte las sesiones. La línea de ayuda responde preguntas sobre MSIX.",
    ),
)
PHONE = required(
    "Phone",
    values.PHONE,
    en=Words("Phone", "The number people can call, written like this: (530) 666-1977."),
    es=Words("Teléfono", "El número al que se puede llamar, escrito así: (530) 666-1977."),
)
EXTENSION = optional(
    "Extension",
    values.EXTENSION,
    en=Words("Extension", "The digits to dial after the number, if there are any."),
    es=Words("Extensión", "Los dígitos que se marcan después del número, si los hay."),
)
EMAIL = optional(
    "Email",
    values.EMAIL,
    en=Words("Email", "Everyone can see this address. Leave it out if people should call."),
    es=Words(
        "Correo electrónico", "Cualquiera puede ver esta dirección. No la ponga si prefiere que llamen."
    ),
)
LANGUAGES = optional(
    "Languages",
    values.several(values.LANGUAGE),
    en=Words("Languages", "The languages people can speak with this contact. Leave it out until you know."),
    es=Words("Idiomas", "En qué idiomas se puede hablar con este contacto. No lo ponga si no lo sabe."),
)

TRAINER_TABLE = KeyTable(
    name="trainer",
    folder="trainers",
    title=Localized("Trainers and support", "Equipo de capacitación y ayuda"),
    keys=(TITLE, ROLE, KIND, PHONE, EXTENSION, EMAIL, LANGUAGES),
    body=Localized(
        Words("When to call", "What people can call this contact about."),
        Words("Cuándo llamar", "Para qué se puede llamar a este contacto."),
    ),
)


def read_trainer(
    document: Document, translation: Document | None
) -> tuple[Trainer | None, tuple[ContentProblem, ...]]:
    """Make a trainer of its files; None if something in them is wrong."""
    fields = Fields(document, translation)
    fields.check_names(TRAINER_TABLE)
    phone, extension, languages = fields[PHONE], fields[EXTENSION], fields[LANGUAGES]
    trainer = Trainer(
        slug=document.stem,
        name=fields[TITLE],
        role=fields[ROLE],
        kind=fields[KIND],
        phone=replace(phone, extension=extension) if phone else phone,
        email=fields[EMAIL],
        languages=languages or (),
        description=fields.body(),
    )
    return fields.result(trainer)
