# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a later build leaves, after whatever has happened, is byte for byte what a cold build gives."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from plugins import page_checks
from plugins.trainings import signals
from tests.support.content import ContentFolder, copy_content
from tests.support.edited_site import EditedSite, MakeContent
from tests.support.edited_texts import NEW_FILES
from tests.support.published_site import PublishedSite
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
    new_site: Callable[[Path], EditedSite]

    def __init__(self) -> None:
        super().__init__()
        self.site = type(self).new_site(self.root)

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


def site_in(make_content: MakeContent, life: str, *, in_repository: bool, checked: bool) -> type[Rebuilds]:
    """Return steps on a site that is "served", "made" by `make html`, or "published"."""

    class These(Rebuilds):
        """Those of one test."""

        @staticmethod
        def new_site(root: Path) -> EditedSite:
            if life == "published":
                return PublishedSite(root, make_content, in_repository=in_repository)
            served = life == "served"
            return EditedSite(root, make_content, served=served, in_repository=in_repository, checked=checked)

    return These


@pytest.fixture
def _without_what_publishing_connects() -> Iterator[None]:
    """Let it not stay for other tests' builds."""
    yield
    signals.site_written.disconnect(page_checks._check)


@pytest.mark.usefixtures("_without_what_publishing_connects")
@pytest.mark.parametrize(
    ("make_content", "life", "in_repository", "number", "steps", "times"),
    [
        (small_content, "served", True, 1, 10, 1),
        (small_content, "made", True, 2, 10, 1),
        (small_content, "made", False, 3, 10, 1),
        pytest.param(small_content, "made", True, 4, 30, 3, marks=pytest.mark.long),
        pytest.param(small_content, "made", False, 5, 20, 3, marks=pytest.mark.long),
        pytest.param(small_content, "served", True, 6, 20, 3, marks=pytest.mark.long),
        pytest.param(small_content, "served", False, 7, 20, 2, marks=pytest.mark.long),
        pytest.param(small_content, "published", True, 8, 10, 2, marks=pytest.mark.long),
        pytest.param(copy_content, "made", True, 9, 20, 1, marks=pytest.mark.long),
        pytest.param(copy_content, "published", False, 10, 10, 1, marks=pytest.mark.long),
    ],
)
def test_whatever_happens_a_build_leaves_what_a_cold_one_makes(
    make_content: MakeContent,
    life: str,
    in_repository: bool,
    number: int,
    steps: int,
    times: int,
    tmp_path: Path,
) -> None:
    these = site_in(make_content, life, in_repository=in_repository, checked=steps > 10)
    these.root = tmp_path / "site"
    told: list[str] = []
    try:
        run_state_machine_as_test(
            seed(number)(these),
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
        told = [str(error), *error.__notes__]
    if told:
        pytest.fail("\n".join(told), pytrace=False)
