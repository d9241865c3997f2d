# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is kept from build to build; a new one makes the next build a cold one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from plugins.trainings.file_states import FileStates
from plugins.trainings.memo import Memo
from plugins.trainings.output import Output, Standing
from plugins.trainings.problems import ContentProblem
from plugins.trainings.repository import Position
from plugins.trainings.revisions import History

SETTING = "BUILD_STATE"
"""The setting in which a BuildState is handed to the generator; without it each run has its own."""


@dataclass
class BuildState:
    """Results and history of the builds so far, and what the last one wrote."""

    memo: Memo = field(default_factory=Memo)
    """What another process may go on with: all inputs and results in it can be pickled."""
    process_memo: Memo = field(default_factory=Memo)
    """What this process alone can use, as the environments of templates."""
    compiled: dict[str, bytes] = field(default_factory=dict)
    """Templates as Jinja has compiled them, by its keys; it takes those whose source is the same."""
    files: FileStates = field(default_factory=FileStates)
    """What this process has read of the content."""
    history: History | None = None
    warnings: tuple[ContentProblem, ...] = ()
    """What each build of this content says."""
    news: tuple[ContentProblem, ...] = ()
    """What there is to say of the step from what is published to this build, which the next one does not say again."""
    outputs: tuple[Output, ...] = ()
    """The site and the private folder, as the last run made them."""
    standing: tuple[Standing, ...] = ()
    """The site and the private folder, as they stand before a run."""
    repository: Position | None = None
    """Where the repository around the content stands, if somebody has looked."""
    published: Path | None = None
    """Where the private folder of the last build stands until this one takes its place."""
