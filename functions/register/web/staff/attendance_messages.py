# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the page of attendance says of what was done, and of what could not be done."""

from __future__ import annotations

from register.domain.meeting_report import ReportFault
from register.web.messages import ErrorPage, FormError
from schedule.signup import _

NEWS = {"saved": _("Saved.")}
"""What has just been done, by the word that stands in the address for it."""
WALKED_IN = {
    "added": _("Saved, and added to the list as present."),
    "found": _("Saved. This person was on the list already, and is present now."),
}
"""The same of somebody who walked in: it stands where the next one is typed, and people are led there."""
ALL_TICKED = _("Everybody with a seat is checked off. Uncheck those who are missing, then save.")
FILLED_IN = _("The report is read, and nothing is saved yet. Please look through the list, then save.")

ON_THE_LIST = _(
    "{suggestion} is on the list: is it the same person? Then check the name there. If not, press “Add” again."
)
NAME_MISSING = _("Enter the person’s name.")
PRESENT = _("This name is on the list and present already. Another person? Add a second name or an initial.")

MEANWHILE = FormError(
    _("Somebody else changed this list meanwhile"),
    _(
        "Everything else is saved. The names that are marked were changed by somebody else, and stay as they are now."
    ),
    _("Please look at them, change them if they are wrong, and save again."),
)
GONE = FormError(
    MEANWHILE.title,
    _("Everything else is saved. Somebody you checked off is no longer on the list."),
    _("If they are there, please add them below."),
)
NO_FILE = FormError(
    _("There is no report yet"),
    _("Nothing was changed."),
    _("Choose the file that you downloaded from Zoom or Teams, and press the button again."),
)
STRANGERS = FormError(
    _("Is this the report of another session?"),
    _("More than 100 people of this report are not on the list. Nothing was changed."),
    _("Please look at the file, or check the names yourself."),
)
_AS_CSV = _(
    "Download the participants’ report from Zoom, or the attendance report from Teams, as a CSV file."
)
FAULTS = {
    ReportFault.EMPTY: FormError(_("This file is empty"), _("Nothing was changed."), _AS_CSV),
    ReportFault.WORKBOOK: FormError(
        _("This is an Excel workbook"),
        _("We can only read CSV files. Nothing was changed."),
        _("Open it in Excel, choose “Save as”, then “CSV UTF-8”, and upload that file."),
    ),
    ReportFault.NO_TEXT: FormError(
        _("This isn’t a CSV file"), _("We can’t read it as text. Nothing was changed."), _AS_CSV
    ),
    ReportFault.NO_TABLE: FormError(
        _("We can’t find the participants in this file"),
        _("It needs a line with the names of the columns: name, email and duration. Nothing was changed."),
        _AS_CSV,
    ),
    ReportFault.NOBODY: FormError(
        _("Nobody is in this report"), _("It has columns, but no people. Nothing was changed."), _AS_CSV
    ),
    ReportFault.TOO_LONG: FormError(
        _("This report is too long"),
        _("We can read 10,000 lines and 1,000 people. Nothing was changed."),
        _("Upload the report of this session alone."),
    ),
}
TOO_LARGE_REPORT = ErrorPage(
    413,
    _("This report is too large"),
    _("A report may have 1 MB: that is thousands of people. Nothing was changed."),
    _("Please go back and upload the report of this session alone, as a CSV file."),
    "none",
)
