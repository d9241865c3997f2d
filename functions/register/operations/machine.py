# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the doctor says of one machine: its site, its backups, its secret, its front and its clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from register.domain.model import Registration
from register.operations.doctor import Finding
from register.operations.last_backup import LastBackup

SITE_MAY_BE_OLD = timedelta(days=2)
"""It is published once a day: past sessions leave the lists, and calendars look for what is new."""

BACKUP_MAY_BE_OLD = timedelta(minutes=15)
"""A timer makes one each minute."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""By how much what is stored may be ahead of the clock."""


def site_age(built: datetime, *, now: datetime, public: bool) -> Finding:
    """Return how old the built site is, which matters where the public reads it."""
    age = now - built
    is_old = public and age > SITE_MAY_BE_OLD
    next_step = "; run make publish, and see whether its timer runs" if is_old else ""
    return Finding(f"site: built {_ago(age)}{next_step}", trouble=is_old)


def backup_age(last: LastBackup | None, *, now: datetime, same_disk: bool, is_empty: bool = False) -> Finding:
    """Return how old the last backup is of sign-ups that are the public's; while there are none, nothing is lost."""
    if last is None and is_empty:
        return Finding("backup: none yet")
    if last is None:
        words = "backup: none; run register backup each minute, as docs/operations.md says"
        return Finding(words, trouble=True)
    if not last.file.exists():
        return Finding(f"backup: {last.file} is gone; is its disk there?", trouble=True)
    age = now - last.made
    if age > BACKUP_MAY_BE_OLD:
        return Finding(f"backup: {_ago(age)}, {last.file}; see whether its timer runs", trouble=True)
    where = "; it is on the disk of the sign-ups: copy it to another machine, too" if same_disk else ""
    return Finding(f"backup: {_ago(age)}, {last.file}{where}")


def secret_changed(dead_since: datetime) -> Finding:
    """Return what to say where links in emails no longer work."""
    words = (
        f"secret: REGISTER_SECRET is not the one of {dead_since:%Y-%m-%d %H:%MZ}, so that personal links in emails do "
        "not work; write the earlier one behind it, with a comma, and restart"
    )
    return Finding(words, trouble=True)


def front_seen(when: datetime) -> Finding:
    """Return what to say of a web server in front that the settings do not know of."""
    words = (
        f"front: a web server on this machine passes requests on (seen {when:%Y-%m-%d %H:%MZ}), so that all visitors "
        "count as one; set REGISTER_PROXIES=1, and restart"
    )
    return Finding(words, trouble=True)


def clock(people: Iterable[Registration], last: LastBackup | None, *, now: datetime) -> list[Finding]:
    """Return what to say of a clock that is behind what was stored."""
    instants = [max(each.signed_up, each.changed) for each in people]
    if last is not None:
        instants.append(last.made)
    ahead = max(instants, default=now)
    if ahead <= now + CLOCKS_DIFFER:
        return []
    words = (
        f"clock: it is {now:%Y-%m-%d %H:%MZ} here, but something was stored at {ahead:%Y-%m-%d %H:%MZ}; set this "
        "machine's clock right, as by timedatectl"
    )
    return [Finding(words, trouble=True)]


def _ago(age: timedelta) -> str:
    minutes = int(abs(age).total_seconds() // 60)
    when = "ago" if age > timedelta() else "ahead of this machine's clock"
    for length, name in ((24 * 60, "day"), (60, "hour"), (1, "minute")):
        if number := minutes // length:
            return f"{number} {name}{'s' if number > 1 else ''} {when}"
    return "just now"
