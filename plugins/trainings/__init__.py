# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads `content/` into a schedule and makes the site's pages of it."""

from __future__ import annotations

from pelican import signals as pelican_signals

from plugins.trainings.generator import ScheduleGenerator


def _generators(pelican: object) -> type[ScheduleGenerator]:  # noqa: ARG001 - Pelican's own signature
    return ScheduleGenerator


def register() -> None:
    """Connect to Pelican."""
    pelican_signals.get_generators.connect(_generators)
