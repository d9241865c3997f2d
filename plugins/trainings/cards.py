# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sessions, trainings and contacts as several pages show them, made once for each language."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from plugins.trainings.pages import PageMaker
from plugins.trainings.views import ContactCard, SessionCard, TrainingCard
from schedule import wording
from schedule.model import ContactKind, Schedule, Session, Trainer
from schedule.sign_up_state import SignUpState, state_of


@dataclass(frozen=True, slots=True)
class Cards:
    """All cards of a language, in the schedule's order: sessions by id, those to come once more by training."""

    sessions: Mapping[str, SessionCard]
    upcoming: tuple[SessionCard, ...]
    by_training: Mapping[str, tuple[SessionCard, ...]]
    starts: Mapping[str, tuple[datetime, ...]]
    """When those of a training begin, in the same order."""
    trainings: tuple[TrainingCard, ...]
    contacts: tuple[ContactCard, ...]
    _contacts_of: dict[frozenset[str], tuple[ContactCard, ...]] = field(default_factory=dict)

    def contacts_of(self, sessions: Iterable[Session]) -> tuple[ContactCard, ...]:
        """Return the cards of those who hold the sessions; all trainers' if there are none; and the support line."""
        slugs = frozenset(trainer.slug for session in sessions for trainer in session.trainers)
        if slugs not in self._contacts_of:
            self._contacts_of[slugs] = self._those(slugs)
        return self._contacts_of[slugs]

    def _those(self, slugs: frozenset[str]) -> tuple[ContactCard, ...]:
        return tuple(
            card
            for card in self.contacts
            if card.trainer.kind is ContactKind.SUPPORT or not slugs or card.trainer.slug in slugs
        )

    def others(self, card: SessionCard, most: int) -> tuple[SessionCard, ...]:
        """Return other dates of a session's training that take sign-ups: the next ones, then those before it.

        They stand near it, so that a change in one session changes the pages of a few others alone.
        """
        training = card.session.training.slug
        cards = self.by_training[training]
        here = bisect_right(self.starts[training], card.session.period.start)
        near = chain(range(here, len(cards)), reversed(range(here)))
        free = (place for place in near if _is_other(cards[place], card))
        return tuple(cards[place] for place in sorted(islice(free, most)))


def _is_other(one: SessionCard, card: SessionCard) -> bool:
    return one is not card and one.state is SignUpState.OPEN


def cards_of(schedule: Schedule, make: PageMaker) -> Cards:
    """Make the cards of a schedule."""
    sessions = {session.id: _session(session, make) for session in schedule.sessions}
    upcoming = tuple(sessions[session.id] for session in schedule.upcoming(make.now))
    by_training: dict[str, list[SessionCard]] = {training.slug: [] for training in schedule.trainings}
    for card in upcoming:
        by_training[card.session.training.slug].append(card)
    return Cards(
        sessions=sessions,
        upcoming=upcoming,
        by_training={slug: tuple(cards) for slug, cards in by_training.items()},
        starts={
            slug: tuple(card.session.period.start for card in cards) for slug, cards in by_training.items()
        },
        trainings=tuple(
            TrainingCard(
                training, make.addresses.training(training.slug), next_of(by_training[training.slug])
            )
            for training in schedule.trainings
        ),
        contacts=tuple(_contact(trainer, make) for trainer in schedule.trainers),
    )


def next_of(cards: Sequence[SessionCard]) -> SessionCard | None:
    """Return the first of some sessions that takes place."""
    return next((card for card in cards if not card.session.cancelled), None)


def _session(session: Session, make: PageMaker) -> SessionCard:
    state = state_of(session, make.now)

    def card() -> SessionCard:
        words = make.memo.get(
            ("words", make.language, session.id), session, lambda: wording.worded(session, make.language)
        )
        return SessionCard(session, words, make.addresses.session(session.id), state)

    return make.memo.get(("card", make.language, session.id), (session, state), card)


def _contact(trainer: Trainer, make: PageMaker) -> ContactCard:
    description = make.markdown(trainer.description.text(make.language))
    card = ContactCard(trainer, make.addresses.contact_card(trainer.slug), description)
    return make.memo.the_same(("contact", make.language, trainer.slug), card)
