# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many signed up and came over a time: counts alone, as a page and for a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Response, request

from register.domain.counts import count
from register.domain.reports import Report, as_rows, latest, report
from register.domain.spreadsheet import as_excel_csv
from register.domain.staff_news import PACIFIC
from register.web.staff.desk import Desk
from register.web.staff.report_contexts import NamedLine, ReportTable, StaffReportContext
from schedule.model import Language
from schedule.organizations import OTHER
from schedule.signup import ROLES, _

REPORT = _("Report")
FIRST, LAST = "from", "to"
"""The names of the fields with the days of the time."""

_YEAR = timedelta(days=365)
_NOT_SAID = _("Not said")
_OTHER = _("Other organizations")
_TITLES = {
    "training": _("By training"),
    "organization": _("By organization"),
    "role": _("By role"),
    "language": _("By language of emails"),
}


@dataclass(frozen=True, slots=True)
class _Time:
    """The days that a report is about, both with it."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The first instant."""
        return datetime.combine(self.first, time(), PACIFIC)

    @property
    def ends(self) -> datetime:
        """The first instant behind it."""
        return datetime.combine(self.last + timedelta(days=1), time(), PACIFIC)


class Counting:
    """`/register/staff/report` and the same as CSV."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self) -> Response:
        """Show the counts of the time that is asked for, at first those of a year."""
        desk = self._desk
        asked = self._asked()
        when = asked or self._last_year()
        found, titles = self._counted(when)
        name_of = self._names(titles)
        lines = {
            "training": found.trainings,
            "organization": found.organizations,
            "role": found.roles,
            "language": found.languages,
        }
        context = StaffReportContext(
            page=desk.page(REPORT, desk.at.staff_report),
            member=desk.member,
            first=when.first.isoformat(),
            last=when.last.isoformat(),
            bad_time=asked is None and bool(request.args.get(FIRST) or request.args.get(LAST)),
            own_only=desk.member.trainer is not None,
            total=found.total,
            tables=[
                ReportTable(
                    group,
                    title,
                    group == "training",
                    [NamedLine(name_of(group, line.name), line) for line in lines[group]],
                )
                for group, title in _TITLES.items()
                if lines[group]
            ],
            csv=f"{desk.at.staff_report_csv}?{FIRST}={when.first}&{LAST}={when.last}",
        )
        return desk.show(context)

    def download(self) -> Response:
        """Return the same for a spreadsheet."""
        when = self._asked() or self._last_year()
        found, titles = self._counted(when)
        response = Response(as_excel_csv(as_rows(found, self._names(titles))), mimetype="text/csv")
        name = f"report-{when.first}-{when.last}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _asked(self) -> _Time | None:
        """Return the time that the address asks for, None where it is none."""
        try:
            when = _Time(*(date.fromisoformat(request.args.get(name, "")) for name in (FIRST, LAST)))
            is_time = when.begins < when.ends
        except (ValueError, OverflowError):
            return None
        return when if is_time else None

    def _last_year(self) -> _Time:
        today = self._desk.now.astimezone(PACIFIC).date()
        return _Time(today - _YEAR, today)

    def _counted(self, when: _Time) -> tuple[Report, dict[str, str]]:
        """Return the counts, and the titles of the trainings that are known.

        A trainer gets those of the sessions that they hold, as long as these are stored.
        """
        desk = self._desk
        own = [each for each in desk.sessions(when.begins) if when.begins <= each.terms.starts < when.ends]
        ids = {each.session.id for each in own}
        kept = [each for each in desk.web.store.counts(when.begins) if each.starts < when.ends]
        if desk.member.trainer is not None:
            kept = [each for each in kept if each.session_id in ids]
        listed = desk.web.forms.organizations.listed
        live = [
            count(each.occupancy, desk.web.store.roster(each.session.id), organization=listed) for each in own
        ]
        titles = {each.session.training.slug: each.words(desk.language).title for each in own}
        return report(latest(kept, live)), titles

    def _names(self, titles: dict[str, str]) -> Callable[[str, str], str]:
        """Return what names a line of a group in the language of the answer."""
        from schedule.wording import language_name

        language = self._desk.language
        gettext = self._desk.gettext
        languages = {each.value: language_name(each, language) for each in Language}
        words = {
            "training": titles,
            "organization": {"": gettext(_NOT_SAID), OTHER: gettext(_OTHER)},
            "role": {"": gettext(_NOT_SAID)} | {role: gettext(label) for role, label in ROLES.items()},
            "language": languages,
        }
        return lambda group, name: words.get(group, {}).get(name, name)
