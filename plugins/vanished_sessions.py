# SPDX-License-Identifier: AGPL-3.0-or-later
"""Warns of sessions that stood in the last published build, are not over, and are gone (in publishconf.py).

People may have signed up for them: a session that does not take place is canceled, and its file stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.problems import ContentProblem
from schedule.model import Schedule


def vanished(published: Path, site_url: str, schedule: Schedule, now: datetime) -> Iterator[ContentProblem]:
    """Yield a warning for each session of the last build at this address that is not over at `now` (UTC) and gone.

    `published` is that build's schedule.json, of whatever version. Where there is none, or one that was built for
    another address, as at home, nothing is known to be published.
    """
    try:
        last = json.loads(published.read_bytes())
        gone = {
            session["id"]: session.get("series")
            for session in last["sessions"]
            if datetime.fromisoformat(session["end"]) > now
        }
        address = last["site_url"]
    except FileNotFoundError:
        return
    except (ValueError, LookupError, TypeError) as error:
        message = (
            f"cannot be read ({type(error).__name__}), so nobody knows which published sessions have vanished"
        )
        yield ContentProblem(str(published), 1, None, message, "look at the schedule yourself", warning=True)
        return
    if address != site_url:
        return
    there = {session.id for session in schedule.sessions}
    for session_id, series in gone.items():
        if session_id not in there:
            hint = 'put the file back, with "Status: canceled"'
            if series:
                change = 'give the day a file, with "Status: canceled" or a new Start'
                hint = f"let {series}.md have this day again, and {change}"
            yield ContentProblem(
                f"content/sessions/{session_id}.md",
                1,
                None,
                "the session was published and is not over, but is gone, and people who signed up are told nothing",
                hint,
                warning=True,
            )


def _warn(generator: ScheduleGenerator) -> None:
    state, options = generator.state, generator.options
    if state.published is not None:
        contract = state.published / "schedule.json"
        state.news = tuple(vanished(contract, options.site_url, generator.content.schedule, options.now))


def register() -> None:
    """Connect to the site's generator."""
    signals.pages_written.connect(_warn)
