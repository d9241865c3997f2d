# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages that are made from the schedule: trainings, dates, a page for each session, and contacts."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from plugins.trainings.cards import Cards
from plugins.trainings.pages import PageMaker, session_path, training_path
from plugins.trainings.views import GridDay, Link, Month, SessionCard, TrainingCard, View
from schedule import signup, wording
from schedule.model import Localized, Readers, Session


@dataclass(frozen=True, slots=True)
class SchedulePages:
    """Makes the views of the schedule's pages in one language."""

    make: PageMaker
    cards: Cards
    notes: Mapping[str, Localized[Markup]]
    """For each session's id, its note, where it has one."""

    def __iter__(self) -> Iterator[View]:
        yield self._trainings()
        for training in self.cards.trainings:
            yield self._training(training)
        yield self._schedule()
        for session in self.cards.sessions.values():
            yield self._session(session)
        yield self._contacts()

    def _trainings(self) -> View:
        gettext = self.make.gettext
        page = self.make.page(
            "/trainings/",
            "trainings.html",
            gettext("Trainings"),
            gettext("Every MSIX training in California: for whom it is, what it covers and when it is held."),
            section="trainings",
            crumbs=(self.make.home_link(),),
        )
        return View(page, {"trainings": self.cards.trainings})

    def _training(self, card: TrainingCard) -> View:
        training, language = card.training, self.make.language
        title = training.title.text(language)
        trainings = Link(self.make.gettext("Trainings"), self.make.url("/trainings/"))
        page = self.make.page(
            training_path(training),
            "training.html",
            title,
            training.summary.text(language),
            section="trainings",
            crumbs=(self.make.home_link(), trainings),
            feeds=(self.make.feed(title, f"trainings/{training.slug}"),),
        )
        sessions = self.cards.by_training[training.slug]
        return View(
            page,
            {
                "training": training,
                "description": self.make.markdown(training.description.text(language)),
                "description_language": training.description.language(language),
                "sessions": sessions,
                "contacts": self.cards.contacts_of([one.session for one in sessions]),
            },
        )

    def _schedule(self) -> View:
        gettext = self.make.gettext
        page = self.make.page(
            "/schedule/",
            "schedule.html",
            gettext("Scheduled Trainings"),
            gettext("All dates of the MSIX trainings, with sign-up, and calendars to subscribe to."),
            section="schedule",
            crumbs=(self.make.home_link(),),
            feeds=(self.make.whole_feed(),),
        )
        months = tuple(
            self._month(day, tuple(cards)) for day, cards in groupby(self.cards.upcoming, key=_first_of_month)
        )
        return View(page, {"months": months, "trainings": self.cards.trainings})

    def _month(self, day: date, cards: tuple[SessionCard, ...]) -> Month:
        language = self.make.language

        def month() -> Month:
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
            return Month(wording.month(day, language), f"{day:%Y-%m}", cards, grid)

        return self.make.memo.get(("month", language, day), cards, month)

    def _session(self, card: SessionCard) -> View:
        session, language = card.session, self.make.language
        schedule = Link(self.make.gettext("Schedule"), self.make.url("/schedule/"))
        page = self.make.page(
            session_path(session),
            "session.html",
            f"{card.words.title}, {wording.day_in_year(session.period.first_day, language)}",
            f"{card.words.when}. {session.training.summary.text(language)}",
            section="schedule",
            crumbs=(self.make.home_link(), schedule),
            feeds=(Link(card.words.title, f"{card.url}session.ics"),),
            indexed=not session.is_past(self.make.now),
        )
        state = self._state(session)
        note = self.notes.get(session.id)
        form = signup.fields(session.training.readers is Readers.PARENTS) if state == "open" else None
        return View(
            page,
            {
                "card": card,
                "state": state,
                "note": note.text(language) if note else None,
                "note_language": note.language(language) if note else language,
                "training_url": self.make.url(training_path(session.training)),
                "contacts": self.cards.contacts_of([session]),
                "form": form,
            },
        )

    def _state(self, session: Session) -> str:
        if session.cancelled:
            return "cancelled"
        if session.is_past(self.make.now):
            return "past"
        return "open" if session.takes_registrations(self.make.now) else "closed"

    def _contacts(self) -> View:
        gettext = self.make.gettext
        page = self.make.page(
            "/contacts/",
            "contacts.html",
            gettext("Contacts"),
            gettext("Telephone numbers of California's MSIX trainers and of the support line."),
            section="contacts",
            crumbs=(self.make.home_link(),),
        )
        return View(page, {"contacts": self.cards.contacts})


def _first_of_month(card: SessionCard) -> date:
    return card.session.period.first_day.replace(day=1)
