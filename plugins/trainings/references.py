# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the file of a session may refer to by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from plugins.trainings.problems import BadValue, nearest
from plugins.trainings.values import folded
from schedule.model import Localized, Trainer, Training

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
        titles = {slug: one.title for slug, one in self.trainings.items()}
        return _known("training", slug, self.training_names, self.trainings, titles)

    def all_trainers(self, slugs: tuple[str, ...]) -> tuple[Trainer | None, ...]:
        """Return trainers in the same way."""
        titles = {slug: one.name for slug, one in self.trainers.items()}
        return tuple(_known("trainer", slug, self.trainer_names, self.trainers, titles) for slug in slugs)


def _known(
    kind: str,
    slug: str,
    names: tuple[str, ...],
    readable: Mapping[str, T],
    titles: Mapping[str, Localized[str]],
) -> T | None:
    if slug not in names:
        # People write what they read on the site as often as the name of a file.
        options = {
            folded(words): name
            for name, title in titles.items()
            for words in (title.en, title.es or title.en)
        }
        options |= {name: name for name in names}
        near = options.get(nearest(slug, options) or "")
        hint = f'did you mean "{near}"?' if near else f"there are: {', '.join(sorted(names)) or 'none yet'}"
        raise BadValue(f'no {kind} "{slug}"', hint)
    return readable.get(slug)
