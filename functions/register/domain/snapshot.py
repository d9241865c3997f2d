# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages and emails say of a session: the object `Snapshot`, and `snapshot_json`, the text that the store keeps."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from register.domain.errors import RegisterError
from schedule.contract import Contract, ContractError, from_json, only, to_json
from schedule.model import Language, Readers, Session, WordedSession


class UnreadableSnapshot(RegisterError):
    """What the store keeps to show of a session is nothing that this program can read."""

    def __init__(self, of: str, fault: Exception) -> None:
        self.reason = str(fault) if isinstance(fault, ContractError) else type(fault).__name__
        super().__init__(
            f"{of}: what is kept to show of it cannot be read ({self.reason}); see docs/operations.md, What is damaged"
        )
        self.of = of


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


def read(snapshot_json: str, of: str = "a session") -> Snapshot:
    """Read a session back; `of` names it where it cannot be read. Raises UnreadableSnapshot."""
    try:
        contract = from_json(json.loads(snapshot_json))
        session = contract.schedule.sessions[0]
        return Snapshot(session, contract.worded[session.id])
    except (ContractError, ValueError, LookupError, RecursionError) as fault:
        raise UnreadableSnapshot(of, fault) from fault
