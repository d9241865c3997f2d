# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which texts a calendar gives back as they are."""

from __future__ import annotations

import re

from schedule.walltime import ScheduleError

# Tab and line feed are fit (RFC 5545 §3.1, CONTROL); U+0085, U+2028 and U+2029 end a line for programs that
# split lines as Unicode does (vdirsyncer); icalendar drops U+FEFF; UTF-8 has no surrogates.
_UNFIT_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


class CalendarError(ScheduleError):
    """Something cannot be said in a calendar."""


class UnfitText(CalendarError):
    """A text of a session that a calendar would not give back as it is."""

    def __init__(self, session_id: str, field: str, problem: str) -> None:
        super().__init__(f"{session_id}: {field} {problem}")
        self.session_id = session_id
        self.field = field
        self.problem = problem


def unfit_for_calendar(text: str) -> str | None:
    r"""Return why a calendar would lose some of a text (RFC 5545 §3.3.11), or None if it is fit.

    Only an upper-case `\N` is lost: icalendar writes a line break for it, while `\n` comes back whole.
    """
    if found := _UNFIT_CHARACTER.search(text):
        return f"contains the character U+{ord(found[0]):04X}, which calendars cannot carry"
    if r"\N" in text:
        return r"contains \N, which calendars turn into a line break"
    return None


def fit(session_id: str, field: str, text: str) -> str:
    """Return a text of a session that is fit for a calendar. Raises UnfitText."""
    if problem := unfit_for_calendar(text):
        raise UnfitText(session_id, field, problem)
    return text


def fit_line(session_id: str, field: str, text: str) -> str:
    """Return a text that has no escape for a line break where it stands."""
    if "\n" in text:
        raise UnfitText(session_id, field, "contains a line break")
    return fit(session_id, field, text)
