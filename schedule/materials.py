# SPDX-License-Identifier: AGPL-3.0-or-later
"""What people who had a seat find on their own page after a session."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Material:
    """Something to look at after a session: a titled link."""

    title: str
    url: str
