# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the file of a session may refer to by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from plugins.trainings.problems import BadValue, did_you_mean
from schedule.model import Trainer, Training

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class References:
    """What a session may refer to: all names there are, and what could be read of them."""

    training_names: tuple[str, ...]
    trainer_names: tuple[str, ...]
    trainings: Mapping[str, Training]
    trainers: Mapping[str, Trainer]

    def training(self, slug: str) -> Training | None:
        """Return a training, None if its own file is wrong. Raises BadValue if there is none of that name."""
        return _known("training", slug, self.training_names, self.trainings)

    def all_trainers(self, slugs: tuple[str, ...]) -> tuple[Trainer | None, ...]:
        """Return trainers in the same way."""
        return tuple(_known("trainer", slug, self.trainer_names, self.trainers) for slug in slugs)


def _known(kind: str, slug: str, names: tuple[str, ...], readable: Mapping[str, T]) -> T | None:
    if slug not in names:
        hint = did_you_mean(slug, names) or f"there are: {', '.join(sorted(names)) or 'none yet'}"
        raise BadValue(f'no {kind} "{slug}"', hint)
    return readable.get(slug)
