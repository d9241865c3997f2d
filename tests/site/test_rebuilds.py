# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a later build leaves, after whatever has happened, is byte for byte what a cold build gives."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.support.content import ContentFolder, copy_content
from tests.support.edited_site import EditedSite, MakeContent
from tests.support.edited_texts import NEW_FILES
from tests.support.steps import Step, steps

next_step = st.runner().flatmap(lambda rebuilds: steps(rebuilds.site))


def small_content(root: Path) -> None:
    """Make a content folder with a session, a series, and a page with a picture."""
    content = ContentFolder(root)
    for name in ("a.md", "course.md", "course.es.md"):
        content.write(f"sessions/{name}", NEW_FILES[f"content/sessions/{name}"])


class Rebuilds(RuleBasedStateMachine):
    """Takes any steps, and builds after each of them.

    A failure prints them, as few as are found; the lines do it again within a function where `state` is one of these.
    """

    root: Path
    make_content: MakeContent
    served: bool
    in_repository: bool
    checked: bool

    def __init__(self) -> None:
        super().__init__()
        self.site = EditedSite(
            self.root,
            type(self).make_content,
            served=self.served,
            in_repository=self.in_repository,
            checked=self.checked,
        )

    @initialize()
    def begin(self) -> None:
        """Build for the first time."""
        self.build()

    @rule(step=next_step)
    def then(self, step: Step) -> None:
        """Let something happen."""
        step.apply(self.site)
        self.build()

    def build(self) -> None:
        """Build in both ways, and compare."""
        differences = self.site.differences()
        if differences:
            raise AssertionError(
                "\n".join(["what was built is not what a cold build makes:", *differences[:8]])
            )

    def teardown(self) -> None:
        """Delete the site."""
        shutil.rmtree(self.root)


@pytest.mark.parametrize(
    ("make_content", "served", "in_repository", "number", "steps", "times"),
    [
        (small_content, True, True, 1, 10, 1),
        (small_content, False, True, 2, 10, 1),
        (small_content, False, False, 3, 10, 1),
        pytest.param(small_content, False, True, 4, 30, 4, marks=pytest.mark.long),
        pytest.param(copy_content, False, True, 5, 20, 3, marks=pytest.mark.long),
        pytest.param(copy_content, False, False, 6, 20, 2, marks=pytest.mark.long),
        pytest.param(copy_content, True, True, 7, 20, 3, marks=pytest.mark.long),
        pytest.param(copy_content, True, False, 8, 20, 1, marks=pytest.mark.long),
    ],
)
def test_whatever_happens_a_build_leaves_what_a_cold_one_makes(
    make_content: MakeContent,
    served: bool,
    in_repository: bool,
    number: int,
    steps: int,
    times: int,
    tmp_path: Path,
) -> None:
    class These(Rebuilds):
        """Those of this test."""

    These.root, These.make_content = tmp_path / "site", make_content
    These.served, These.in_repository, These.checked = served, in_repository, steps > 10
    try:
        run_state_machine_as_test(
            seed(number)(These),
            settings=settings(
                # At first it takes the simplest steps, to build again and again, and then none.
                max_examples=times + 2,
                stateful_step_count=steps + 1,
                phases=(Phase.generate, Phase.shrink),
                deadline=None,
                database=None,
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    except AssertionError as error:
        pytest.fail("\n".join([str(error), *error.__notes__]), pytrace=False)
