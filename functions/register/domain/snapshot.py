# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages and emails say of a session: the object `Snapshot`, and `snapshot_json`, the text that the store keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from schedule.contract import Contract, from_json, only, to_json
from schedule.model import Language, Readers, Session, WordedSession


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A session with its words by language."""

    session: Session
    words: Mapping[Language, WordedSession]

    @property
    def for_parents(self) -> bool:
        """Whether the form is the parents' one."""
        return self.session.training.readers is Readers.PARENTS


def write(contract: Contract, session_id: str) -> str:
    """Return the `snapshot_json` of one session; it has no link to join."""
    return json.dumps(to_json(only(contract, session_id)), ensure_ascii=False, separators=(",", ":"))


def read(snapshot_json: str) -> Snapshot:
    """Read a session back. Raises ContractError, and LookupError, TypeError or ValueError for what is no contract."""
    contract = from_json(json.loads(snapshot_json))
    session = contract.schedule.sessions[0]
    return Snapshot(session, contract.worded[session.id])
