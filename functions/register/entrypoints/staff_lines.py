# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who is staff, in a line: for whoever starts the server, and for the doctor."""

from __future__ import annotations

from contextlib import suppress

from register.bootstrap import Application
from register.domain.errors import ConfigError, RegisterError
from register.operations.doctor import Finding
from schedule.addresses import Addresses

_FOLDER = "folder:///"


def start_line(application: Application) -> str:
    """Return where staff sign in, and who they are. Raises ConfigError or ParameterError for a list that is wrong."""
    config, staff = application.config, application.staff.members()
    addresses = Addresses(config.site_url)
    desk = addresses.whole(addresses.staff)
    if not staff:
        return f"Staff: nobody, since {application.staff.source} lists nobody; docs/operations.md says how"
    if staff == application.staff_without_list:
        lands = f"; the email lands in {config.mail.removeprefix(_FOLDER)}"
        return f"Staff: {desk}, sign in as {staff[0].email}{lands if config.mail.startswith(_FOLDER) else ''}"
    return f"Staff: {desk}, {_people(len(staff))}"


def findings(application: Application) -> list[Finding]:
    """Return what the doctor says of the list of staff."""
    try:
        staff = application.staff.members()
        if not staff:
            return [Finding(f"staff: nobody; {application.staff.source} lists nobody")]
    except RegisterError as error:
        return [Finding(f"staff: nobody, until this is fixed: {error}", trouble=True)]
    found = [Finding(f"staff: {_people(len(staff))}")]
    with suppress(ConfigError):  # what is wrong with the build is said of the schedule
        found += [Finding(line, trouble=True) for line in strangers(application)]
    return found


def strangers(application: Application) -> list[str]:
    """Return a line for each member of staff whose trainer is none of the build's. Raises RegisterError."""
    known = {trainer.slug for trainer in application.build.contract().schedule.trainers}
    return [
        f'staff: {member.email}: "{member.trainer}" is no trainer; write the name of the file in '
        "content/trainers/"
        for member in application.staff.members()
        if member.trainer is not None and member.trainer not in known
    ]


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"
