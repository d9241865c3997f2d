# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the repository around the content stands, as git tells it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

from plugins.trainings.problems import SiteError

_CONTENT = re.compile(r"(?:.*/)?[^./][^/]*\.md", re.DOTALL)
"""What is called so is read as content (`reader.py`), but for hidden files."""
_FIELDS = {"1": 8, "u": 10, "?": 1, "!": 1}
"""How many fields stand before the path in each kind of line of `git status`."""


class RepositoryError(SiteError):
    """Git could not tell the history of the content."""


@dataclass(frozen=True, slots=True)
class Position:
    """A commit, and what in the content's folder is not as it is there.

    All that git tells of the content follows from it, but for the times of files that are edited.
    """

    head: str
    """The commit; empty before the first."""
    is_shallow: bool
    """Whether earlier commits are missing."""
    grafts: str
    """What else tells its history: where a shallow clone ends, and which commits stand for others."""
    edited: frozenset[str]
    """The files below the content's folder that are not committed as they are, deleted ones too."""


def position(content: Path) -> Position | None:
    """Return where a content folder's repository stands; None where there is none that git reads."""
    place = ("--is-inside-work-tree", "--is-shallow-repository", "--git-path", "shallow", "--show-prefix")
    told = git(content, "rev-parse", *place, may_fail=True).split("\n")
    if told[0] != "true":
        return None
    which = ("--no-renames", "--untracked-files=all", "--ignored=matching", "--branch", "--no-ahead-behind")
    head, edited, prefix = "", set[str](), "".join(told[3:])
    for line in git(content, "status", "--porcelain=v2", "-z", *which, "--", ".").split("\0"):
        if line.startswith("# branch.oid "):
            head = line.removeprefix("# branch.oid ").replace("(initial)", "")
        elif line and line[0] in _FIELDS:
            name = line.split(" ", _FIELDS[line[0]])[-1].removeprefix(prefix)
            # Content that git ignores is published all the same; what else it ignores is nobody's content.
            if line[0] != "!" or _CONTENT.fullmatch(name):
                edited.add(name)
    grafts = git(content, "for-each-ref", "--format=%(refname) %(objectname)", "refs/replace")
    if is_shallow := told[1] == "true":
        grafts += (content / told[2]).read_text()
    return Position(head, is_shallow, grafts, frozenset(edited))


def git(content: Path, *arguments: str, may_fail: bool = False, whole: bool = False) -> str:
    """Run git in the content's folder and return what it prints, if not `whole` without the line feed at its end.

    It takes no lock: `git status` would write the index anew, and a writer's own `git commit` would fail meanwhile.
    """
    command = ["git", "--no-optional-locks", "-C", str(content), "-c", "core.quotepath=off", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, our own words
            command, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
    except FileNotFoundError as error:
        if may_fail:
            return ""  # a machine without git has no history to tell
        raise RepositoryError("git has just been there and is gone; install it again") from error
    if done.returncode and not may_fail:
        raise RepositoryError(f"git {arguments[0]} failed in {content}: {done.stderr.strip()}")
    if done.returncode:
        return ""
    return done.stdout if whole else done.stdout.strip("\n")
