# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often, and when last, the files behind a session have changed, as git tells it.

A revision's number is the place, in the history of the content, of the newest commit that touched one
of the files. It never falls: whatever changes a session, also the choice of another trainer or the
deletion of an occurrence's file, is itself a newer commit (docs/decisions/0004).
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from plugins.trainings.problems import SiteError
from schedule.model import Revision

_COMMIT = "\x01"


class RepositoryError(SiteError):
    """Git could not tell the history of the content."""


@dataclass(frozen=True, slots=True)
class History:
    """The commits that touched the content, on the first-parent line, numbered from 1.

    `files` holds the newest commit of each path below the content's folder (deleted ones too), `times`
    the time (UTC) of each commit, but never less than an earlier one's.
    """

    head: str
    files: Mapping[str, int]
    times: tuple[datetime, ...]

    @property
    def length(self) -> int:
        """The number of the newest commit."""
        return len(self.times)


class Revisions:
    """Answers how often the files behind something have changed."""

    def __init__(self, content: Path, history: History | None, edited: frozenset[str]) -> None:
        self._content = content
        self._history = history
        self._edited = edited

    def of(self, paths: Iterable[str]) -> Revision:
        """Return the revision of what is made of these files (below the content's folder), there or not."""
        names = list(paths)
        number = 0
        time = datetime.fromtimestamp(0, UTC)
        if self._history is not None:
            number = max((self._history.files.get(name, 0) for name in names), default=0)
            time = self._history.times[number - 1] if number else time
        edited = [name for name in names if name in self._edited] if self._history else names
        if edited:
            number = self._history.length + 1 if self._history else 0
            time = max([time, *(_modified(self._content / name) for name in edited)])
        return Revision(number, time)

    def older(self, twin: str, original: str) -> bool:
        """Whether the last commit of a translation came before the last one of its original."""
        if self._history is None:
            return False
        newest = self._history.length + 1
        place = {
            name: newest if name in self._edited else self._history.files.get(name, 0)
            for name in (twin, original)
        }
        return place[twin] < place[original]


def revisions(
    content: Path, known: History | None = None, *, complete: bool = False
) -> tuple[Revisions, History | None]:
    """Read the history of a content folder; `known` is used again if nothing has been committed since.

    With `complete`, a shallow clone raises RepositoryError: its history would make revisions fall.
    """
    if _git(content, "rev-parse", "--is-inside-work-tree", may_fail=True) != "true":
        return Revisions(content, None, frozenset()), None
    if complete and _git(content, "rev-parse", "--is-shallow-repository") == "true":
        raise RepositoryError(
            f"{content}: the clone is shallow, so the calendars' SEQUENCE would fall; "
            "fetch it whole: git fetch --unshallow"
        )
    head = _git(content, "rev-parse", "--verify", "--quiet", "HEAD", may_fail=True)
    history = known if known is not None and known.head == head else _history(content, head)
    status = _git(content, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", ".")
    prefix = _git(content, "rev-parse", "--show-prefix")
    edited = frozenset(entry[3:].removeprefix(prefix) for entry in status.split("\0") if entry)
    return Revisions(content, history, edited), history


def _history(content: Path, head: str) -> History:
    files: dict[str, int] = {}
    times: list[datetime] = []
    if head:
        # First parents only: a merged branch is one change, and older commits keep their numbers for good.
        log = _git(
            content,
            "log",
            "--first-parent",
            "--diff-merges=first-parent",
            "--reverse",
            "--no-renames",
            "--relative",
            "--name-only",
            "-z",
            f"--format={_COMMIT}%ct",
            "--",
            ".",
        )
        for number, commit in enumerate(log.split(_COMMIT)[1:], 1):
            seconds, *names = commit.strip("\0\n").split("\0")
            time = datetime.fromtimestamp(int(seconds.strip()), UTC)
            times.append(max(time, times[-1]) if times else time)
            files.update((name.strip("\n"), number) for name in names if name)
    return History(head, files, tuple(times))


def _modified(file: Path) -> datetime:
    try:
        return datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
    except FileNotFoundError:  # a deleted file, or one that never was
        return datetime.fromtimestamp(0, UTC)


def _git(content: Path, *arguments: str, may_fail: bool = False) -> str:
    """Run git in the content's folder and return what it prints, without the line feed at its end."""
    command = ["git", "-C", str(content), "-c", "core.quotepath=off", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - no shell, our own words
    except FileNotFoundError as error:
        if may_fail:
            return ""  # a machine without git has no history to tell
        raise RepositoryError("git is not installed; install it, or build outside a repository") from error
    if done.returncode and not may_fail:
        raise RepositoryError(f"git {arguments[0]} failed in {content}: {done.stderr.strip()}")
    return done.stdout.strip("\n") if done.returncode == 0 else ""
