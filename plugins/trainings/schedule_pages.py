# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages that are made from the schedule: trainings, dates, a page for each session, and contacts."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from plugins.trainings.cards import Cards
from plugins.trainings.contexts import (
    ContactsContext,
    ScheduleContext,
    SessionContext,
    TrainingContext,
    TrainingsContext,
)
from plugins.trainings.pages import Draft, PageMaker, drafted
from plugins.trainings.views import ContactCard, GridDay, Month, SessionCard, TrainingCard
from schedule import signup, wording
from schedule.calendar_links import calendar_links
from schedule.model import Localized, Readers
from schedule.sign_up_state import SignUpState
from schedule.site import Link
from schedule.templates import PageContext

OTHER_SESSIONS = 3
"""How many other dates of its training the page of a session shows."""


@dataclass(frozen=True, slots=True)
class SchedulePages:
    """Drafts the schedule's pages in one language."""

    make: PageMaker
    cards: Cards
    notes: Mapping[str, Localized[Markup]]
    """For each session's id, its note, where it has one."""

    def __iter__(self) -> Iterator[Draft]:
        yield drafted(self._trainings())
        for training in self.cards.trainings:
            yield drafted(self._training(training))
        yield drafted(self._schedule())
        for session in self.cards.sessions.values():
            yield self._session(session)
        yield drafted(self._contacts())

    def _trainings(self) -> PageContext:
        gettext = self.make.gettext
        page = self.make.page(
            self.make.addresses.trainings,
            gettext("Trainings"),
            gettext(
                "Every MSIX training in California: who it’s for, what it covers and when it takes place."
            ),
            section="trainings",
            crumbs=(self.make.home_link(),),
        )
        return TrainingsContext(page=page, trainings=self.cards.trainings)

    def _training(self, card: TrainingCard) -> PageContext:
        training, language = card.training, self.make.language
        title = training.title.text(language)
        trainings = Link(self.make.gettext("Trainings"), self.make.addresses.trainings)
        page = self.make.page(
            card.url,
            title,
            training.summary.text(language),
            section="trainings",
            crumbs=(self.make.home_link(), trainings),
            feeds=(Link(title, self.make.addresses.training_calendar(training.slug)),),
        )
        sessions = self.cards.by_training[training.slug]
        return TrainingContext(
            page=page,
            training=training,
            description=self.make.markdown(training.description.text(language)),
            sessions=sessions,
            contacts=self.cards.contacts_of(card.session for card in sessions),
        )

    def _schedule(self) -> PageContext:
        gettext = self.make.gettext
        page = self.make.page(
            self.make.addresses.schedule,
            gettext("Scheduled Trainings"),
            gettext("All dates of the MSIX trainings, with sign-up, and calendars to subscribe to.")
            if self.make.site.sign_up
            else gettext("All dates of the MSIX trainings, and calendars to subscribe to."),
            section="schedule",
            name=gettext("Schedule"),
            crumbs=(self.make.home_link(),),
            feeds=(self.make.calendar_link(),),
        )
        beginning: dict[date, list[SessionCard]] = {}
        # A session that goes on in another month is marked in both.
        marked: dict[date, list[SessionCard]] = {}
        for card in self.cards.upcoming:
            first, *others = dict.fromkeys(day.replace(day=1) for day in card.session.period.days)
            beginning.setdefault(first, []).append(card)
            for month in (first, *others):
                marked.setdefault(month, []).append(card)
        months = tuple(
            self._month(day, tuple(beginning.get(day, ())), tuple(marked[day])) for day in sorted(marked)
        )
        return ScheduleContext(
            page=page,
            months=months,
            trainings=self.cards.trainings,
            language_feeds=self.make.language_feeds(),
        )

    def _month(self, day: date, cards: tuple[SessionCard, ...], marked: tuple[SessionCard, ...]) -> Month:
        language = self.make.language

        def month() -> Month:
            by_day: dict[date, list[SessionCard]] = {}
            for card in marked:
                for one_day in card.session.period.days:
                    by_day.setdefault(one_day, []).append(card)
            weeks = calendar.Calendar(calendar.SUNDAY).monthdatescalendar(day.year, day.month)
            grid = tuple(
                tuple(
                    GridDay(one_day, tuple(by_day.get(one_day, ())))
                    if one_day.month == day.month
                    else GridDay(None)
                    for one_day in week
                )
                for week in weeks
            )
            return Month(
                title=wording.month(day, language),
                short_title=wording.short_month(day, language),
                anchor=f"{day:%Y-%m}",
                sessions=cards,
                weeks=grid,
            )

        return self.make.memo.get(("month", language, day), (cards, marked), month)

    def _session(self, card: SessionCard) -> Draft:
        session = card.session
        is_past = session.is_past(self.make.now)
        note = self.notes.get(session.id)
        others = self.cards.others(card, OTHER_SESSIONS)
        contacts = self.cards.contacts_of((session,))
        return Draft(
            card.url,
            (card, is_past, note, others, contacts),
            lambda: self._session_page(card, others, contacts, is_past=is_past),
            indexed=not is_past,
        )

    def _session_page(
        self,
        card: SessionCard,
        others: tuple[SessionCard, ...],
        contacts: tuple[ContactCard, ...],
        *,
        is_past: bool,
    ) -> PageContext:
        session, language = card.session, self.make.language
        schedule = Link(self.make.gettext("Schedule"), self.make.addresses.schedule)
        page = self.make.page(
            card.url,
            f"{card.words.title}, {card.words.day_in_year}",
            f"{card.words.when}. {session.training.summary.text(language)}",
            section="schedule",
            name=card.words.short_day,
            crumbs=(self.make.home_link(), schedule),
            feeds=(Link(card.words.title, self.make.addresses.session_calendar(session.id)),),
            indexed=not is_past,
        )
        for_parents = session.training.readers is Readers.PARENTS
        note = self.notes.get(session.id)
        calendars = (
            None if is_past else calendar_links(session, language, self.make.site.url, self.make.gettext)
        )
        return SessionContext(
            page=page,
            card=card,
            note=note.text(language) if note else None,
            training_url=self.make.addresses.training(session.training.slug),
            others=others,
            contacts=contacts,
            calendars=calendars,
            form=signup.fields(for_parents)
            if card.state is SignUpState.OPEN and self.make.site.sign_up
            else None,
        )

    def _contacts(self) -> PageContext:
        gettext = self.make.gettext
        page = self.make.page(
            self.make.addresses.contacts,
            gettext("Contacts"),
            gettext("The phone numbers of California’s MSIX trainers and of the support line."),
            section="contacts",
            crumbs=(self.make.home_link(),),
        )
        return ContactsContext(page=page, contacts=self.cards.contacts)
