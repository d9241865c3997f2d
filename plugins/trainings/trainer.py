# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content type of `trainers/`: its keys, and how they become a Trainer."""

from __future__ import annotations

from dataclasses import replace

from plugins.trainings.fields import Fields, choice, email, extension, line, phone, several
from plugins.trainings.frontmatter import Document
from plugins.trainings.problems import Problem
from schedule.model import ContactKind, Language, Trainer

KEYS = ("Title", "Role", "Kind", "Phone", "Extension", "Email", "Languages")
TEXTS = ("Title", "Role")


def read_trainer(document: Document, twin: Document | None) -> tuple[Trainer | None, tuple[Problem, ...]]:
    """Make a trainer of its files; None if something in them is wrong."""
    fields = Fields(document, twin)
    fields.allow(KEYS, TEXTS)
    number = fields.required("Phone", phone)
    more = fields.optional("Extension", extension)
    trainer = Trainer(
        slug=document.stem,
        name=fields.localized("Title", line),
        role=fields.localized("Role", line),
        kind=fields.required("Kind", choice(ContactKind)),
        phone=replace(number, extension=more) if number else number,
        email=fields.optional("Email", email),
        languages=fields.required("Languages", several(choice(Language))),
        description=fields.body(),
    )
    return (None if fields.failed else trainer), tuple(fields.problems)
