# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages that staff write: the home page, those for parents, and whatever else is a text."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import segno
from markupsafe import Markup

from plugins.trainings.article import Layout, StaffPage
from plugins.trainings.cards import Cards, next_of
from plugins.trainings.pages import PageMaker, article_path
from plugins.trainings.views import Article, ArticleLink, Link, View
from schedule.model import Readers

NEXT_SESSIONS = 4
"""How many sessions the home page shows."""


@dataclass(frozen=True, slots=True)
class StaffPages:
    """Makes the views of all texts in one language."""

    articles: tuple[StaffPage, ...]
    make: PageMaker
    cards: Cards

    def __iter__(self) -> Iterator[View]:
        for article in self.articles:
            if article.section == "parents":
                yield self._parents(article) if article.slug == "index" else self._parents_page(article)
            else:
                yield self._home(article) if article.slug == "index" else self._plain(article)

    def _home(self, article: StaffPage) -> View:
        text = self._text(article)
        page = self.make.page(
            "/", "home.html", text.title, text.summary, section="home", feeds=(self.make.whole_feed(),)
        )
        sessions = tuple(card for card in self.cards.upcoming if not card.session.cancelled)
        content = {
            "article": text,
            "sessions": sessions[:NEXT_SESSIONS],
            "trainings": self.cards.trainings,
            "contacts": self.cards.contacts,
        }
        return View(page, content)

    def _plain(self, article: StaffPage) -> View:
        text = self._text(article)
        page = self.make.page(
            article_path(article), "page.html", text.title, text.summary, crumbs=(self.make.home_link(),)
        )
        return View(page, {"article": text, "siblings": (), "contacts": self.cards.contacts})

    def _parents(self, article: StaffPage) -> View:
        text = self._text(article)
        page = self.make.page(
            "/parents/",
            "parents.html",
            text.title,
            text.summary,
            section="parents",
            crumbs=(self.make.home_link(),),
        )
        meetings = [card for card in self.cards.upcoming if card.session.training.readers is Readers.PARENTS]
        content = {
            "article": text,
            "pages": self._others(article),
            "session": next_of(meetings),
            "contacts": self.cards.contacts,
        }
        return View(page, content)

    def _parents_page(self, article: StaffPage) -> View:
        text, others = self._text(article), self._others(article)
        index = next((one for one in others if one.url == self.make.url("/parents/")), None)
        is_flyer = article.layout is Layout.FLYER
        page = self.make.page(
            article_path(article),
            "flyer.html" if is_flyer else "page.html",
            text.title,
            text.summary,
            section="parents",
            crumbs=(self.make.home_link(), *([Link(index.title, index.url)] if index else [])),
        )
        if is_flyer:
            link = f"{self.make.site.url}{page.url}"
            content = {"article": text, "qr": _qr(link), "link": link, "contacts": self.cards.contacts}
            return View(page, content)
        siblings = tuple(Link(one.title, one.url, one.language) for one in others)
        return View(page, {"article": text, "siblings": siblings, "contacts": self.cards.contacts})

    def _others(self, article: StaffPage) -> tuple[ArticleLink, ...]:
        """Return the links to all other pages for parents."""
        language = self.make.language
        return tuple(
            ArticleLink(
                one.title.text(language),
                one.summary.text(language),
                self.make.url(article_path(one)),
                one.title.language(language),
            )
            for one in self.articles
            if one.section == "parents" and one is not article
        )

    def _text(self, article: StaffPage) -> Article:
        language = self.make.language
        return Article(
            article.title.text(language),
            article.summary.text(language),
            self.make.markdown(article.body.text(language)),
            article.body.language(language),
        )


def _qr(link: str) -> Markup:
    """Return a QR code (ISO/IEC 18004) of an address as an inline SVG that takes its color from the page."""
    out = io.BytesIO()
    code = segno.make_qr(link, error="m")
    code.save(
        out, kind="svg", border=0, xmldecl=False, svgns=False, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(out.getvalue().decode().replace(' stroke="#000"', ' stroke="currentColor"').strip())  # noqa: S704
