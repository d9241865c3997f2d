# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content type of `pages/` and `parents/`: texts that staff write, each at an address of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from plugins.trainings.fields import Fields, choice, integer, line
from plugins.trainings.frontmatter import Document
from plugins.trainings.problems import Problem
from schedule.model import Localized

KEYS = ("Title", "Summary", "Order", "Layout")
TEXTS = ("Title", "Summary")


class Layout(StrEnum):
    """How a page is set: as text, or as a flyer for one sheet of paper."""

    PAGE = "page"
    FLYER = "flyer"


@dataclass(frozen=True, slots=True)
class StaffPage:
    """A page that staff write; `section` is the folder it stands in, `index` the folder's own page."""

    section: str
    slug: str
    title: Localized[str]
    summary: Localized[str]
    order: int
    layout: Layout
    body: Localized[str]


def read_article(document: Document, twin: Document | None) -> tuple[StaffPage | None, tuple[Problem, ...]]:
    """Make a page of its files; None if something in them is wrong."""
    fields = Fields(document, twin)
    fields.allow(KEYS, TEXTS)
    article = StaffPage(
        section=document.path.rsplit("/", 2)[-2],
        slug=document.stem,
        title=fields.localized("Title", line),
        summary=fields.localized("Summary", line),
        order=fields.optional("Order", integer(0)) or 0,
        layout=fields.optional("Layout", choice(Layout)) or Layout.PAGE,
        body=fields.body(),
    )
    return (None if fields.failed else article), tuple(fields.problems)
