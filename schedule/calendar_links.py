# SPDX-License-Identifier: AGPL-3.0-or-later
"""Links that add one session to a calendar on the web: its form opens, filled in. No clock and no I/O.

Neither Google nor Microsoft documents them as an interface; what they take was tried by many
(https://github.com/InteractionDesignFoundation/add-event-to-calendar-docs). They say less than the event in a
calendar file does: an address has to stay short, and what is added by a link does not follow a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from schedule.addresses import Addresses
from schedule.model import Language, Session

if TYPE_CHECKING:
    from schedule.event_words import Gettext

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK_WORK = "https://outlook.office.com/calendar/deeplink/compose"
OUTLOOK_PERSONAL = "https://outlook.live.com/calendar/deeplink/compose"


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """Where one session is added to a calendar on the web."""

    google: str
    outlook_work: str
    outlook_personal: str


def calendar_links(
    session: Session, language: Language, site_url: str, gettext: Gettext
) -> CalendarLinks | None:
    """Return the links of a session, worded in a language; None if it is canceled, for nobody should add it."""
    # Babel takes long to load: the pages that name these links have their names without it.
    from schedule.event_words import facts, place

    if session.cancelled:
        return None
    title = session.training.title.text(language)
    where = place(session, language, gettext)
    addresses = Addresses(site_url, language)
    page = gettext("Session page: {url}").format(url=addresses.whole(addresses.session(session.id)))
    lines = [_quoted(escape(line)) for line in (*facts(session, language, gettext), page)]
    outlook = _query(
        {
            "path": _quoted("/calendar/action/compose"),
            "rru": "addevent",
            "subject": _quoted(title),
            **_outlook_times(session),
            # Outlook takes it for HTML.
            "body": _quoted("<br>").join(lines),
            "location": _quoted(where),
        }
    )
    google = _query(
        {
            "action": "TEMPLATE",
            "text": _quoted(title),
            "dates": _quoted("/").join(_google_times(session)),
            "details": _quoted("\n").join(lines),  # HTML as well, but for line feeds
            "location": _quoted(where),
        }
    )
    return CalendarLinks(f"{GOOGLE}?{google}", f"{OUTLOOK_WORK}?{outlook}", f"{OUTLOOK_PERSONAL}?{outlook}")


def _google_times(session: Session) -> tuple[str, str]:
    """Return start and end: dates, the end exclusive, or times in UTC."""
    period = session.period
    if period.all_day:
        return f"{period.first_day:%Y%m%d}", f"{period.last_day + timedelta(days=1):%Y%m%d}"
    return f"{period.start.astimezone(UTC):%Y%m%dT%H%M%SZ}", f"{period.end.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _outlook_times(session: Session) -> dict[str, str]:
    period = session.period
    if period.all_day:
        end = period.last_day + timedelta(days=1)
        return {"startdt": f"{period.first_day}", "enddt": f"{end}", "allday": "true"}
    return {
        name: _quoted(f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
        for name, time in (("startdt", period.start), ("enddt", period.end))
    }


# All but the times and the page's address is that of many other sessions as well.
@lru_cache(maxsize=1_000)
def _quoted(text: str) -> str:
    """Return a text as a query holds it; a space is %20, since Outlook shows a plus as it is."""
    return quote(text, safe="")


def _query(values: dict[str, str]) -> str:
    return "&".join(f"{name}={value}" for name, value in values.items() if value)
