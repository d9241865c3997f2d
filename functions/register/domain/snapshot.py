# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages and mails say of a session, read back from the text that the store keeps of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from schedule.contract import Contract, from_json, only, to_json
from schedule.model import Language, Public, Session, WordedSession


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A session with its words and the paths of its page, by language."""

    session: Session
    words: Mapping[Language, WordedSession]
    paths: Mapping[Language, str]
    site_url: str

    @property
    def for_parents(self) -> bool:
        """Whether the form is the parents' one."""
        return self.session.training.public is Public.PARENTS

    def url(self, language: Language) -> str:
        """Return the whole address of the session's page."""
        return f"{self.site_url}{self.paths[language]}"


def write(contract: Contract, session_id: str) -> str:
    """Return the text that the store keeps of one session; it has no link to join."""
    return json.dumps(to_json(only(contract, session_id)), ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=512)
def read(text: str) -> Snapshot:
    """Read the text back."""
    contract = from_json(json.loads(text))
    session = contract.schedule.sessions[0]
    return Snapshot(session, contract.worded[session.id], contract.paths[session.id], contract.site_url)
