# SPDX-License-Identifier: AGPL-3.0-or-later
"""The setting `EDITOR`: where the browser editor saves what people write."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plugins.trainings.problems import SiteError, did_you_mean
from schedule.editor_policy import CODE_HOSTS

LOCAL = "local"
"""The value that `make serve` gives: the project's folder on this machine, and no host of code."""

_PROJECT = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9_][\w.-]*)+", re.ASCII)
_HOW = 'as in EDITOR = "github:OWNER/PROJECT" or EDITOR = "gitlab:GROUP/PROJECT"; None is for no editor'


class EditorSettingError(SiteError):
    """An EDITOR that names no place to save to."""


@dataclass(frozen=True, slots=True)
class CodeHost:
    """A project at a host of code; `name` is what the editor calls the host.

    With `review`, what is saved waits as a proposal until somebody accepts it.
    """

    name: str
    project: str
    review: bool = False


THIS_MACHINE = CodeHost("github", "example/local")
"""Stands for the project's folder: the editor wants a host of code all the same, and gets a project of nobody."""


def code_host(setting: object, *, production: bool, review: bool) -> CodeHost | None:
    """Return the place that the setting names, None for no editor. Raises EditorSettingError."""
    if setting is None:
        return None
    if setting == LOCAL and not production:
        return THIS_MACHINE
    if not isinstance(setting, str):
        raise EditorSettingError(f"EDITOR is {setting!r}; write it {_HOW}")
    name, colon, project = setting.partition(":")
    if name not in CODE_HOSTS:
        hint = did_you_mean(name, CODE_HOSTS) or "write github or gitlab"
        raise EditorSettingError(f'EDITOR is "{setting}", and "{name}" is no host of code; {hint}, {_HOW}')
    if not colon or not _PROJECT.fullmatch(project) or (name == "github" and project.count("/") > 1):
        raise EditorSettingError(f'EDITOR is "{setting}", and names no project at {name}; write it {_HOW}')
    return CodeHost(name, project, review)
