# SPDX-License-Identifier: AGPL-3.0-or-later
"""The content types of `pages/` and `parents/`: texts that staff write, each at an address of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from plugins.trainings import values
from plugins.trainings.fields import Fields
from plugins.trainings.frontmatter import Document
from plugins.trainings.keys import KeyTable, Words, optional, translated
from plugins.trainings.problems import ContentProblem
from schedule.model import Localized


class Layout(StrEnum):
    """How a page is set: as text, or as a flyer for one sheet of paper."""

    PAGE = "page"
    FLYER = "flyer"


TITLE = translated(
    "Title",
    values.LINE,
    en=Words("Title", "The heading of the page."),
    es=Words("Título", "El encabezado de la página."),
)
SUMMARY = translated(
    "Summary",
    values.LINE,
    en=Words("Summary", "What the page is about, in a sentence, for lists and search results."),
    es=Words("Resumen", "De qué trata la página, en una oración, para las listas y los buscadores."),
)
ORDER = optional(
    "Order",
    values.whole_number(0, "3"),
    en=Words("Place in the list", "Pages are listed by this number, the smallest first."),
    es=Words("Lugar en la lista", "Las páginas se ordenan por este número, de menor a mayor."),
)
LAYOUT = optional(
    "Layout",
    values.choice(
        Layout,
        {Layout.PAGE: Localized("Page", "Página"), Layout.FLYER: Localized("Flyer", "Volante")},
    ),
    en=Words("Layout", "A flyer fits on one sheet of paper. Only the parents' pages can be flyers."),
    es=Words("Formato", "Un volante cabe en una hoja. Solo sirve en las páginas para las familias."),
)

PARENTS_PAGE_TABLE = KeyTable(
    name="parents-page",
    folder="parents",
    title=Localized("Pages for parents", "Páginas para las familias"),
    keys=(TITLE, SUMMARY, ORDER, LAYOUT),
    body=Localized(Words("Text", "What the page says."), Words("Texto", "Lo que dice la página.")),
)
PAGE_TABLE = replace(
    PARENTS_PAGE_TABLE, name="page", folder="pages", title=Localized("Other pages", "Otras páginas")
)


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


def read_article(
    document: Document, translation: Document | None
) -> tuple[StaffPage | None, tuple[ContentProblem, ...]]:
    """Make a page of its files; None if something in them is wrong."""
    fields = Fields(document, translation)
    fields.check_names(PAGE_TABLE)
    article = StaffPage(
        section=document.path.rsplit("/", 2)[-2],
        slug=document.stem,
        title=fields[TITLE],
        summary=fields[SUMMARY],
        order=fields[ORDER] or 0,
        layout=fields[LAYOUT] or Layout.PAGE,
        body=fields.body(),
    )
    return fields.result(article)
