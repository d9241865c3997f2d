# SPDX-License-Identifier: AGPL-3.0-or-later
"""How often, and when last, the files behind a session have changed, as git tells it.

A revision's number is the depth, in the repository's history, of the newest commit that touched one of
the files: one more than its deepest parent's. It never falls: whatever changes a session, also the choice
of another trainer or the deletion of an occurrence's file, is itself a deeper commit, and a merge is deeper
than all that it brings together, whichever way round it was made (docs/decisions/0004).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from plugins.trainings.repository import Position, RepositoryError, git, position
from schedule.model import Revision

_COMMIT = "\x01"
_NEVER = Revision(0, datetime.fromtimestamp(0, UTC))


class UncommittedContent(RepositoryError):
    """Files of the content that are about to be published are not committed as they are; `files` names them."""

    def __init__(self, files: Sequence[str]) -> None:
        one = len(files) == 1
        super().__init__(
            f"{', '.join(files)}: {'is' if one else 'are'} not committed, so the calendars' SEQUENCE would not tell "
            f"the next change of {'it' if one else 'them'}; commit {'it' if one else 'them'} first "
            "(or go on all the same: make publish ALLOW_UNCOMMITTED=yes)"
        )
        self.files = tuple(files)


@dataclass(frozen=True, slots=True)
class History:
    """What `head` and the commits before it did: for each path below the content's folder (deleted ones
    too) the depth and the time (UTC, never less than an earlier commit's) of the newest that touched it.
    """

    head: str
    depth: int
    files: Mapping[str, Revision]
    grafts: str
    """What else it was told by (see Position)."""


class Revisions:
    """Answers how often the files behind something have changed."""

    def __init__(self, content: Path, history: History | None, edited: frozenset[str]) -> None:
        self._content = content
        self._history = history
        self._edited = edited
        self._times: dict[str, datetime] = {}

    @property
    def uncommitted(self) -> tuple[str, ...]:
        """The files (with the content's folder before them) that are not committed as they are, deleted ones too."""
        return tuple(f"{self._content.name}/{name}" for name in sorted(self._edited))

    def of(self, paths: Iterable[str]) -> Revision:
        """Return the revision of what is made of these files (below the content's folder), there or not."""
        names = list(paths)
        if self._history is None:
            return Revision(0, self._modified(names))
        last = max((self._history.files.get(name, _NEVER) for name in names), default=_NEVER)
        edited = [name for name in names if name in self._edited]
        if not edited:
            return last
        return Revision(self._history.depth + 1, max(last.time, self._modified(edited)))

    def older(self, translation: str, original: str) -> bool:
        """Whether the last commit of a translation came before the last one of its original."""
        if self._history is None:
            return False
        newest = self._history.depth + 1
        depth = {
            name: newest if name in self._edited else self._history.files.get(name, _NEVER).number
            for name in (translation, original)
        }
        return depth[translation] < depth[original]

    @property
    def state(self) -> object:
        """What changes whenever anything is committed or edited."""
        return (self._history and self._history.head, self._edited)

    def text_with(self, translation: str, original: str) -> str | None:
        """Return an original as it was when its translation was last committed; None if it was not there."""
        commit = git(self._content, "log", "-1", "--format=%H", "--", translation)
        text = git(self._content, "show", f"{commit}:./{original}", may_fail=True, whole=True)
        return text or None

    def _modified(self, names: Iterable[str]) -> datetime:
        return max((self._time(name) for name in names), default=_NEVER.time)

    def _time(self, name: str) -> datetime:
        # A training's file stands behind many sessions.
        if name not in self._times:
            self._times[name] = modified(f"{self._content}/{name}")
        return self._times[name]


def revisions(
    content: Path, known: History | None = None, *, here: Position | None = None, complete: bool = False
) -> tuple[Revisions, History | None]:
    """Read the history of a content folder; `known` is used again if nothing has been committed since.

    `here` is where its repository stands, for those who know it already. With `complete`, a shallow clone raises
    RepositoryError: its history would make revisions fall. So does a repository that git does not read, as one that
    belongs to another user.
    """
    here = here or position(content)
    if here is None:
        if complete and any((folder / ".git").exists() for folder in content.resolve().parents):
            raise RepositoryError(
                f"{content}: git does not tell the history of the repository around it, so the calendars' SEQUENCE "
                f"would fall; see why: git -C {content} status"
            )
        return Revisions(content, None, frozenset()), None
    if complete and here.is_shallow:
        raise RepositoryError(
            f"{content}: the clone is shallow, so the calendars' SEQUENCE would fall; "
            "fetch it whole: git fetch --unshallow"
        )
    if known is None or (known.head, known.grafts) != (here.head, here.grafts):
        known = _history(content, here.head, here.grafts)
    return Revisions(content, known, here.edited), known


def _history(content: Path, head: str, grafts: str) -> History:
    """Read the history, parents before children; a merge is one change of all that it brings to its branch."""
    commits: dict[str, Revision] = {}
    files: dict[str, Revision] = {}
    arguments = (
        "--topo-order",
        "--reverse",
        "--diff-merges=first-parent",
        "--no-renames",
        "--relative",
        "--name-only",
        "-z",
        f"--format={_COMMIT}%H %ct %P",
    )
    log = git(content, "log", *arguments) if head else ""
    for commit in log.split(_COMMIT)[1:]:
        identity, *names = commit.strip("\0\n").split("\0")
        name, seconds, *parents = identity.split()
        # A shallow clone lacks the parents of its oldest commits.
        before = [commits.get(parent, _NEVER) for parent in parents]
        time = datetime.fromtimestamp(int(seconds), UTC)
        place = Revision(
            1 + max((revision.number for revision in before), default=0),
            max([time, *(revision.time for revision in before)]),
        )
        commits[name] = place
        for file in (file.strip("\n") for file in names if file):
            files[file] = max(place, files.get(file, place))
    return History(head, commits[head].number if head else 0, files, grafts)


def modified(file: str) -> datetime:
    """Return when a file was last written (UTC, whole seconds)."""
    try:
        return datetime.fromtimestamp(int(os.stat(file).st_mtime), UTC)  # noqa: PTH116 - thousands of them
    except FileNotFoundError:  # a deleted file, or one that never was
        return datetime.fromtimestamp(0, UTC)
