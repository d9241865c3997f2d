# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writes what the sign-up function reads: `build/schedule.json` and `build/site.json`, for their owner alone.

Where nobody signs up on the site there is no schedule.json, which holds the private links.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from plugins.trainings import signals
from plugins.trainings.generator import ScheduleGenerator
from plugins.trainings.memo import Memo
from schedule import contract, site, wording
from schedule.contract import Contract
from schedule.model import LANGUAGES, Schedule, Session


def written(generator: ScheduleGenerator) -> Iterator[bytes]:
    """Yield the schedule's JSON as far as its sessions, then each of these, worded in all languages."""
    schedule, memo = generator.content.schedule, generator.state.memo
    without_sessions = Contract(
        site_url=generator.options.site_url,
        time_zone=generator.options.zone,
        retention=timedelta(days=generator.options.retention_days),
        sample=generator.options.sample,
        schedule=Schedule(schedule.trainings, schedule.trainers, ()),
        worded={},
    )
    yield _json(contract.head_json(without_sessions))
    for session in schedule.sessions:
        join_url = schedule.join_urls.get(session.id)
        make = partial(_session, session, join_url, memo)
        yield memo.get(("contract", session.id), (session, join_url), make)


def _session(session: Session, join_url: str | None, memo: Memo) -> bytes:
    """Return a session's JSON, worded in all languages; the words may be there from the pages."""
    words = {
        language: memo.get(
            ("words", language, session.id), session, partial(wording.worded, session, language)
        )
        for language in LANGUAGES
    }
    return _json(contract.session_json(session, words, join_url))


def write_contract(generator: ScheduleGenerator) -> None:
    """Add the files to the private folder."""
    if generator.site.sign_up:
        head, *sessions = written(generator)
        generator.private_files.add("schedule.json", (head, sessions), lambda: _joined(head, sessions))
    own = generator.site
    generator.private_files.add("site.json", own, lambda: _json(site.to_json(own)) + b"\n")


def _joined(head: bytes, sessions: Iterable[bytes]) -> bytes:
    """Return one object, whose last member the sessions are."""
    return head.removesuffix(b"}") + b',"sessions":[' + b",".join(sessions) + b"]}\n"


def _json(data: dict[str, Any]) -> bytes:
    # Without indentation: with it, Python's slow encoder runs.
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def register() -> None:
    """Connect to the site's generator."""
    signals.pages_written.connect(write_contract)
