# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads `content/` into a schedule and makes the site's pages of it.

Pelican and the generator are loaded by `register` alone: most of this package, and what asks whether anything has
changed, does without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plugins.trainings.generator import ScheduleGenerator


def _generators(pelican: object) -> type[ScheduleGenerator]:  # noqa: ARG001 - Pelican's own signature
    from plugins.trainings.generator import ScheduleGenerator

    return ScheduleGenerator


def register() -> None:
    """Connect to Pelican."""
    from pelican import signals

    signals.get_generators.connect(_generators)
