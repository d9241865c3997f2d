# SPDX-License-Identifier: AGPL-3.0-or-later
"""Gives the templates their translations (Jinja2's i18n extension, catalogues read with Babel)."""

from __future__ import annotations

from plugins.trainings import signals
from plugins.trainings.catalogues import read_catalogues
from plugins.trainings.generator import ScheduleGenerator


def add_catalogues(generator: ScheduleGenerator) -> None:
    """Read the theme's catalogues for a run."""
    generator.catalogues = read_catalogues(generator.options.theme, generator.state.memo)


def register() -> None:
    """Connect to the site's generator."""
    signals.generator_ready.connect(add_catalogues)
