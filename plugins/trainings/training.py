# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content type of `trainings/`: its keys, and how they become a Training."""

from __future__ import annotations

from plugins.trainings.fields import Fields, choice, integer, line, lines, minutes
from plugins.trainings.frontmatter import Document
from plugins.trainings.problems import Problem
from schedule.model import Public, Training

KEYS = ("Title", "Summary", "Audience", "Topics", "Duration", "Order", "For", "Badge")
TEXTS = ("Title", "Summary", "Audience", "Topics", "Badge")


def read_training(document: Document, twin: Document | None) -> tuple[Training | None, tuple[Problem, ...]]:
    """Make a training of its files; None if something in them is wrong."""
    fields = Fields(document, twin)
    fields.allow(KEYS, TEXTS)
    training = Training(
        slug=document.stem,
        title=fields.localized("Title", line),
        summary=fields.localized("Summary", line),
        audience=fields.localized("Audience", line),
        topics=fields.localized("Topics", lines),
        duration=fields.required("Duration", minutes),
        order=fields.required("Order", integer(0)),
        public=fields.optional("For", choice(Public)) or Public.STAFF,
        badge=fields.optional_localized("Badge", line),
        description=fields.body(),
    )
    return (None if fields.failed else training), tuple(fields.problems)
