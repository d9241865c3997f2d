# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff write to the people of one session, in their own words. All instants are in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from schedule.model import Language


class AnnouncedTo(StrEnum):
    """Whom staff write to."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    ALL = "all"
    """Everybody who is confirmed or waits."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Subject and plain text in both languages; one language may be empty if nobody reads it."""

    occasion: str
    """Random, drawn with the preview: what is sent twice has the same, and goes out once."""
    recorded: datetime
    to: AnnouncedTo
    subject_en: str
    text_en: str
    subject_es: str
    text_es: str

    def text_for(self, language: Language) -> tuple[str, str]:
        """Return subject and text in a language; in the other where there is none, as for somebody who just came."""
        english, spanish = (self.subject_en, self.text_en), (self.subject_es, self.text_es)
        first, other = (spanish, english) if language is Language.SPANISH else (english, spanish)
        return first if all(first) else other
