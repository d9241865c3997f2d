# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages that staff write: the home page, those for parents, and whatever else is a text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from plugins.trainings.article import Layout, StaffPage
from plugins.trainings.cards import Cards, next_of
from plugins.trainings.contexts import ArticleContext, FlyerContext, HomeContext, ParentsContext
from plugins.trainings.pages import PageMaker
from plugins.trainings.views import Article, ArticleLink
from schedule.model import Readers
from schedule.site import Link
from schedule.templates import PageContext

NEXT_SESSIONS = 4
"""How many sessions the home page shows."""
ANSWERS = 2
"""How many sections of the parents' own page stand large at its top; the third answer is who to call."""
_SECTION = re.compile(r"(?=<h2\b)")


@dataclass(frozen=True, slots=True)
class StaffPages:
    """Makes the contexts of all texts in one language."""

    articles: tuple[StaffPage, ...]
    make: PageMaker
    cards: Cards

    def __iter__(self) -> Iterator[PageContext]:
        for article in self.articles:
            if article.section == "parents":
                yield self._parents(article) if article.slug == "index" else self._parents_page(article)
            else:
                yield self._home(article) if article.slug == "index" else self._plain(article)

    def _home(self, article: StaffPage) -> PageContext:
        text = self._text(article)
        page = self.make.page(
            self.make.addresses.home,
            text.title,
            text.summary,
            section="home",
            feeds=(self.make.calendar_link(),),
        )
        sessions = tuple(card for card in self.cards.upcoming if card.state.takes_sign_ups)
        return HomeContext(
            page=page,
            article=text,
            sessions=sessions[:NEXT_SESSIONS],
            trainings=self.cards.trainings,
            contacts=self.cards.contacts,
        )

    def _plain(self, article: StaffPage) -> PageContext:
        text = self._text(article)
        page = self.make.page(self._url(article), text.title, text.summary, crumbs=(self.make.home_link(),))
        return ArticleContext(page=page, article=text, siblings=(), contacts=self.cards.contacts)

    def _parents(self, article: StaffPage) -> PageContext:
        text = self._text(article)
        page = self.make.page(
            self.make.addresses.parents,
            text.title,
            text.summary,
            section="parents",
            name=self.make.gettext("For parents"),
            crumbs=(self.make.home_link(),),
        )
        before, *sections = map(Markup, _SECTION.split(text.html))
        meetings = [card for card in self.cards.upcoming if card.session.training.readers is Readers.PARENTS]
        return ParentsContext(
            page=page,
            article=text,
            answers=tuple(sections[:ANSWERS]),
            rest=before + Markup().join(sections[ANSWERS:]),
            pages=self._others(article),
            session=next_of(meetings),
            contacts=self.cards.contacts,
            # Spanish first: the talks for families are held in it.
            language_feeds=self.make.language_feeds()[::-1],
        )

    def _parents_page(self, article: StaffPage) -> PageContext:
        text, others = self._text(article), self._others(article)
        parents = Link(self.make.gettext("For parents"), self.make.addresses.parents)
        page = self.make.page(
            self._url(article),
            text.title,
            text.summary,
            section="parents",
            crumbs=(self.make.home_link(), parents),
        )
        contacts = self.cards.contacts
        if article.layout is Layout.FLYER:
            link = self.make.addresses.whole(parents.url)
            drawn = (link, self.make.gettext("QR code of the page for parents"))
            qr = self.make.memo.get(("qr", self._url(article)), drawn, lambda: _qr(*drawn))
            return FlyerContext(page=page, article=text, qr=qr, link=link, contacts=contacts)
        siblings = tuple(Link(link.title, link.url, link.language) for link in others)
        return ArticleContext(page=page, article=text, siblings=siblings, contacts=contacts)

    def _others(self, article: StaffPage) -> tuple[ArticleLink, ...]:
        """Return the links to all other pages for parents."""
        language = self.make.language
        return tuple(
            ArticleLink(
                other.title.text(language),
                other.summary.text(language),
                self._url(other),
                other.title.language(language),
            )
            for other in self.articles
            if other.section == "parents" and other is not article
        )

    def _url(self, article: StaffPage) -> str:
        return self.make.addresses.text(article.section, article.slug)

    def _text(self, article: StaffPage) -> Article:
        language = self.make.language
        return Article(
            article.title.text(language),
            article.summary.text(language),
            self.make.markdown(article.body.text(language)),
            article.body.language(language),
        )


def _qr(link: str, name: str) -> Markup:
    """Return a QR code (ISO/IEC 18004) of an address as an inline SVG that takes its color from the page."""
    # It takes long to load, and only a code that is not kept needs it.
    import segno

    out = io.BytesIO()
    code = segno.make_qr(link, error="m")
    code.save(
        out, kind="svg", border=0, xmldecl=False, svgns=False, omitsize=True, svgclass="qr", lineclass=None
    )
    svg = Markup(out.getvalue().decode().replace(' stroke="#000"', ' stroke="currentColor"').strip())  # noqa: S704 - segno's, from numbers
    return svg.replace("<svg ", Markup('<svg role="img" aria-label="{}" ').format(name), 1)
