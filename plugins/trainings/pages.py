# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pages the site has, and what each of them shows, in one language at a time."""

from __future__ import annotations

import calendar
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import segno
from markupsafe import Markup

from plugins.trainings.article import Layout, StaffPage
from plugins.trainings.memo import Memo
from plugins.trainings.reader import Content
from plugins.trainings.views import (
    Article,
    ArticleLink,
    ContactCard,
    GridDay,
    Link,
    Month,
    Page,
    SessionCard,
    Site,
    TrainingCard,
    View,
)
from schedule import signup, wording
from schedule.model import LANGUAGES, ContactKind, Language, Public, Session, Trainer, Training

NEXT_SESSIONS = 4
"""How many sessions the home page shows."""


def address(path: str, language: Language) -> str:
    """Return the address of a page in a language: English at the root, Spanish below `/es`."""
    return path if language is Language.ENGLISH else f"/{language}{path}"


def session_path(session: Session) -> str:
    """Return the path of a session's page, the same in both languages."""
    return f"/schedule/{session.id}/"


def training_path(training: Training) -> str:
    """Return the path of a training's page."""
    return f"/trainings/{training.slug}/"


def article_path(article: StaffPage) -> str:
    """Return the path of a page that staff write; a folder's `index` is the folder's own page."""
    folder = "/" if article.section == "pages" else f"/{article.section}/"
    return folder if article.slug == "index" else f"{folder}{article.slug}/"


@dataclass(frozen=True, slots=True)
class Pages:
    """Makes the views of all pages in one language; `now` is the build's only clock (UTC)."""

    content: Content
    site: Site
    language: Language
    now: datetime
    gettext: Callable[[str], str]
    markdown: Callable[[str], Markup]
    memo: Memo

    def __iter__(self) -> Iterator[View]:
        schedule = self.content.schedule
        cards = {session.id: self._card(session) for session in schedule.sessions}
        upcoming = [cards[session.id] for session in schedule.upcoming(self.now)]
        by_training: dict[str, list[SessionCard]] = {training.slug: [] for training in schedule.trainings}
        for card in upcoming:
            by_training[card.session.training.slug].append(card)
        trainings = tuple(
            TrainingCard(one, self._url(training_path(one)), _next(by_training[one.slug]))
            for one in schedule.trainings
        )
        contacts = tuple(self._contact(trainer) for trainer in schedule.trainers)
        yield from self._articles(upcoming, trainings, contacts)
        yield self._trainings(trainings)
        for one in trainings:
            yield self._training(one, tuple(by_training[one.training.slug]), contacts)
        yield self._schedule(upcoming, trainings)
        for session in schedule.sessions:
            yield self._session(cards[session.id], contacts)
        yield self._contacts(contacts)
        if self.language is Language.ENGLISH:
            yield View(
                self._page(
                    "/404.html", "404.html", self.gettext("Page not found"), "", indexed=False, twins=False
                )
            )

    def _url(self, path: str) -> str:
        return address(path, self.language)

    def _page(
        self,
        path: str,
        template: str,
        title: str,
        description: str,
        *,
        section: str = "none",
        crumbs: tuple[Link, ...] = (),
        feeds: tuple[Link, ...] = (),
        indexed: bool = True,
        twins: bool = True,
    ) -> Page:
        return Page(
            url=self._url(path),
            language=self.language,
            template=template,
            title=title,
            description=description,
            section=section,
            twins=tuple((language, address(path, language)) for language in LANGUAGES) if twins else (),
            crumbs=crumbs,
            feeds=feeds,
            indexed=indexed,
        )

    def _card(self, session: Session) -> SessionCard:
        def make() -> SessionCard:
            words = self.memo.get(
                ("words", self.language, session.id), session, lambda: wording.worded(session, self.language)
            )
            return SessionCard(session, words, self._url(session_path(session)), opens)

        opens = session.takes_registrations(self.now)
        return self.memo.get(("card", self.language, session.id), (session, opens), make)

    def _contact(self, trainer: Trainer) -> ContactCard:
        description = self.markdown(trainer.description.text(self.language))
        return ContactCard(trainer, self._url(f"/contacts/{trainer.slug}.vcf"), description)

    def _home_link(self) -> Link:
        return Link(self.gettext("Home"), self._url("/"))

    def _feed(self, title: str, path: str) -> Link:
        return Link(title, self._url(f"/calendar/{path}.ics"))

    def _all_feed(self) -> Link:
        return self._feed(self.gettext("MSIX Trainings"), "all")

    def _articles(
        self,
        upcoming: Sequence[SessionCard],
        trainings: tuple[TrainingCard, ...],
        contacts: tuple[ContactCard, ...],
    ) -> Iterator[View]:
        parents = [one for one in self.content.articles if one.section == "parents"]
        for article in self.content.articles:
            if article.section == "pages":
                yield self._staff_page(article, upcoming, trainings, contacts)
            else:
                yield self._parents_page(article, parents, upcoming, contacts)

    def _staff_page(
        self,
        article: StaffPage,
        upcoming: Sequence[SessionCard],
        trainings: tuple[TrainingCard, ...],
        contacts: tuple[ContactCard, ...],
    ) -> View:
        text = self._article(article)
        path = article_path(article)
        if path == "/":
            page = self._page(
                path, "home.html", text.title, text.summary, section="home", feeds=(self._all_feed(),)
            )
            sessions = tuple(card for card in upcoming if not card.session.cancelled)[:NEXT_SESSIONS]
            content = {"article": text, "sessions": sessions, "trainings": trainings, "contacts": contacts}
            return View(page, content)
        page = self._page(path, "page.html", text.title, text.summary, crumbs=(self._home_link(),))
        return View(page, {"article": text, "siblings": (), "contacts": contacts})

    def _parents_page(
        self,
        article: StaffPage,
        parents: Sequence[StaffPage],
        upcoming: Sequence[SessionCard],
        contacts: tuple[ContactCard, ...],
    ) -> View:
        text = self._article(article)
        path = article_path(article)
        others = tuple(
            ArticleLink(
                one.title.text(self.language),
                one.summary.text(self.language),
                self._url(article_path(one)),
                one.title.language(self.language),
            )
            for one in parents
            if one is not article
        )
        home = self._home_link()
        if article.slug == "index":
            page = self._page(
                path, "parents.html", text.title, text.summary, section="parents", crumbs=(home,)
            )
            meeting = _next([card for card in upcoming if card.session.training.public is Public.PARENTS])
            return View(page, {"article": text, "pages": others, "session": meeting, "contacts": contacts})
        index = next((one for one in others if one.url == self._url("/parents/")), None)
        crumbs = (home, Link(index.title, index.url)) if index else (home,)
        template = "flyer.html" if article.layout is Layout.FLYER else "page.html"
        page = self._page(path, template, text.title, text.summary, section="parents", crumbs=crumbs)
        if article.layout is Layout.FLYER:
            link = f"{self.site.url}{page.url}"
            return View(page, {"article": text, "qr": _qr(link), "link": link, "contacts": contacts})
        siblings = tuple(Link(one.title, one.url, one.language) for one in others)
        return View(page, {"article": text, "siblings": siblings, "contacts": contacts})

    def _article(self, article: StaffPage) -> Article:
        return Article(
            article.title.text(self.language),
            article.summary.text(self.language),
            self.markdown(article.body.text(self.language)),
            article.body.language(self.language),
        )

    def _trainings(self, trainings: tuple[TrainingCard, ...]) -> View:
        title = self.gettext("Trainings")
        description = self.gettext(
            "Every MSIX training in California: for whom it is, what it covers and when it is held."
        )
        page = self._page(
            "/trainings/",
            "trainings.html",
            title,
            description,
            section="trainings",
            crumbs=(self._home_link(),),
        )
        return View(page, {"trainings": trainings})

    def _training(
        self, card: TrainingCard, sessions: tuple[SessionCard, ...], contacts: tuple[ContactCard, ...]
    ) -> View:
        training = card.training
        title = training.title.text(self.language)
        page = self._page(
            training_path(training),
            "training.html",
            title,
            training.summary.text(self.language),
            section="trainings",
            crumbs=(self._home_link(), Link(self.gettext("Trainings"), self._url("/trainings/"))),
            feeds=(self._feed(title, f"trainings/{training.slug}"),),
        )
        return View(
            page,
            {
                "training": training,
                "description": self.markdown(training.description.text(self.language)),
                "description_language": training.description.language(self.language),
                "sessions": sessions,
                "contacts": _holding([one.session for one in sessions], contacts),
            },
        )

    def _schedule(self, upcoming: Sequence[SessionCard], trainings: tuple[TrainingCard, ...]) -> View:
        page = self._page(
            "/schedule/",
            "schedule.html",
            self.gettext("Scheduled Trainings"),
            self.gettext("All dates of the MSIX trainings, with sign-up, and calendars to subscribe to."),
            section="schedule",
            crumbs=(self._home_link(),),
            feeds=(self._all_feed(),),
        )
        months = tuple(
            self._month(day, tuple(cards)) for day, cards in groupby(upcoming, key=_first_of_month)
        )
        return View(page, {"months": months, "trainings": trainings})

    def _month(self, day: date, cards: tuple[SessionCard, ...]) -> Month:
        def make() -> Month:
            by_day: dict[date, list[SessionCard]] = {}
            for card in cards:
                by_day.setdefault(card.session.period.first_day, []).append(card)
            weeks = calendar.Calendar(calendar.SUNDAY).monthdatescalendar(day.year, day.month)
            grid = tuple(
                tuple(
                    GridDay(one, tuple(by_day.get(one, ()))) if one.month == day.month else GridDay(None)
                    for one in week
                )
                for week in weeks
            )
            return Month(wording.month(day, self.language), f"{day:%Y-%m}", cards, grid)

        return self.memo.get(("month", self.language, day), cards, make)

    def _session(self, card: SessionCard, contacts: tuple[ContactCard, ...]) -> View:
        session = card.session
        crumbs = (self._home_link(), Link(self.gettext("Schedule"), self._url("/schedule/")))
        description = f"{card.words.when}. {session.training.summary.text(self.language)}"
        page = self._page(
            session_path(session),
            "session.html",
            f"{card.words.title}, {wording.day_in_year(session.period.first_day, self.language)}",
            description,
            section="schedule",
            crumbs=crumbs,
            feeds=(Link(card.words.title, f"{card.url}session.ics"),),
            indexed=not session.is_past(self.now),
        )
        state = self._state(session)
        return View(
            page,
            {
                "card": card,
                "state": state,
                "note": self.markdown(session.note.text(self.language)) if session.note else None,
                "note_language": session.note.language(self.language) if session.note else self.language,
                "training_url": self._url(training_path(session.training)),
                "contacts": _holding([session], contacts),
                "form": signup.fields(session.training.public is Public.PARENTS) if state == "open" else None,
            },
        )

    def _state(self, session: Session) -> str:
        if session.cancelled:
            return "cancelled"
        if session.is_past(self.now):
            return "past"
        return "open" if session.takes_registrations(self.now) else "closed"

    def _contacts(self, contacts: tuple[ContactCard, ...]) -> View:
        description = self.gettext("Telephone numbers of California's MSIX trainers and of the support line.")
        page = self._page(
            "/contacts/",
            "contacts.html",
            self.gettext("Contacts"),
            description,
            section="contacts",
            crumbs=(self._home_link(),),
        )
        return View(page, {"contacts": contacts})


def _next(cards: Sequence[SessionCard]) -> SessionCard | None:
    return next((card for card in cards if not card.session.cancelled), None)


def _first_of_month(card: SessionCard) -> date:
    return card.session.period.first_day.replace(day=1)


def _holding(sessions: Sequence[Session], contacts: tuple[ContactCard, ...]) -> tuple[ContactCard, ...]:
    """Return the cards of those who hold the sessions; all trainers' if there are none; and the support line."""
    slugs = {trainer.slug for session in sessions for trainer in session.trainers}
    return tuple(
        card
        for card in contacts
        if card.trainer.kind is ContactKind.SUPPORT or not slugs or card.trainer.slug in slugs
    )


def _qr(link: str) -> Markup:
    """Return a QR code (ISO/IEC 18004) of an address as an inline SVG that takes its color from the page."""
    out = io.BytesIO()
    code = segno.make_qr(link, error="m")
    code.save(
        out, kind="svg", border=0, xmldecl=False, svgns=False, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(out.getvalue().decode().replace(' stroke="#000"', ' stroke="currentColor"').strip())  # noqa: S704
