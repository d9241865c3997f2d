# SPDX-License-Identifier: AGPL-3.0-or-later
"""What `make serve` shows after any edit is byte for byte what a cold build gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from random import Random

import pytest

from tests.support.content import ContentFolder, copy_content
from tests.support.edited_site import EditedSite, Step, some_step
from tests.support.edits import NEW_FILES

MakeContent = Callable[[Path], object]


def small_content(root: Path) -> None:
    """Make a content folder with a session and a series."""
    content = ContentFolder(root)
    for name in ("a.md", "course.md", "course.es.md"):
        content.write(f"sessions/{name}", NEW_FILES[f"content/sessions/{name}"])


def replayed(steps: Sequence[Step], site: EditedSite) -> list[str]:
    """Do steps one after the other; return how what is served differs after one of them, and [] if it never does."""
    differences = site.differences()
    for step in steps:
        if differences:
            break
        step.apply(site)
        differences = site.differences()
    return differences


def shortest(steps: Sequence[Step], new_site: Callable[[], EditedSite]) -> Sequence[Step]:
    """Return the last few steps if they alone make a difference; all of them if it takes more."""
    lengths = (2**power for power in count() if 2**power < len(steps))
    return next((steps[-length:] for length in lengths if replayed(steps[-length:], new_site())), steps)


@pytest.mark.parametrize(
    ("make_content", "in_repository", "seed", "steps"),
    [
        (small_content, True, 1, 10),
        (small_content, False, 2, 10),
        (small_content, True, 3, 10),
        pytest.param(copy_content, True, 4, 230, marks=pytest.mark.long),
        pytest.param(copy_content, False, 5, 70, marks=pytest.mark.long),
    ],
)
def test_whatever_is_edited_is_served_as_a_cold_build_makes_it(
    make_content: MakeContent, in_repository: bool, seed: int, steps: int, tmp_path: Path
) -> None:
    numbers = count()

    def new_site() -> EditedSite:
        return EditedSite(tmp_path / str(next(numbers)), make_content, in_repository=in_repository)

    site, random, done = new_site(), Random(seed), list[Step]()  # noqa: S311 - nothing is secret here
    differences = site.differences()
    while not differences and len(done) < steps:
        done.append(some_step(random, site))
        done[-1].apply(site)
        differences = site.differences()
    if differences:
        lines = [f"    {step}," for step in shortest(done, new_site)]
        again = ["after these steps; replayed([…], new_site()) does them again:", "[", *lines, "]"]
        pytest.fail(
            "\n".join(["served is not what a cold build makes:", *differences[:8], *again]), pytrace=False
        )
