# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes what the sign-up function reads: `build/schedule.json` and `build/site.json`, for their owner alone.

Where nobody signs up on the site there is no schedule.json, which holds the private links.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from schedule import contract, site, wording
from schedule.contract import Contract
from schedule.model import LANGUAGES


def contract_of(generator: ScheduleGenerator) -> Contract:
    """Put the schedule of a run together with the words and addresses that the function needs."""
    sessions = generator.content.schedule.sessions
    memo = generator.state.memo
    return Contract(
        site_url=generator.options.site_url,
        time_zone=generator.options.zone,
        retention=timedelta(days=generator.options.retention_days),
        sample=generator.options.sample,
        schedule=generator.content.schedule,
        worded={
            session.id: {
                language: memo.get(
                    ("words", language, session.id),
                    session,
                    lambda: wording.worded(session, language),  # noqa: B023 - called at once
                )
                for language in LANGUAGES
            }
            for session in sessions
        },
    )


def write_contract(generator: ScheduleGenerator) -> None:
    """Add the files to the private folder."""
    if generator.site.sign_up:
        offered = contract_of(generator)
        generator.private_files.add("schedule.json", offered, lambda: _json(contract.to_json(offered)))
    generator.private_files.add("site.json", generator.site, lambda: _json(site.to_json(generator.site)))


def _json(data: dict[str, Any]) -> bytes:
    # Without indentation: with it, Python's slow encoder runs.
    return (json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def register() -> None:
    """Connect to the site's generator."""
    signals.pages_written.connect(write_contract)
