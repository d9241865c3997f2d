# SPDX-License-Identifier: AGPL-3.0-or-later
"""One spelling for each organization that is listed; anything else may be typed all the same."""

from __future__ import annotations

from collections.abc import Iterable

from schedule.organizations import OTHER, folded


class Organizations:
    """The listed organizations; of names that are the same when folded, the first is the one that is known."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._spellings: dict[str, str] = {}
        for name in names:
            self._spellings.setdefault(folded(name), name)

    def spelled(self, organization: str) -> str:
        """Return a name as it is listed, or as it was typed where it is not."""
        return self._spellings.get(folded(organization), organization)

    def listed(self, organization: str) -> str:
        """Return what a name is counted as: the listed one, OTHER, or nothing where none was given."""
        return self._spellings.get(folded(organization), OTHER) if organization.strip() else ""
