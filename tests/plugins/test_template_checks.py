# SPDX-License-Identifier: AGPL-3.0-or-later
"""A build stops at each template that uses what it is not given, wherever that would be rendered, and names the line."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from pelicanconf import TEMPLATE_CONTEXTS
from plugins.build import Builder, BuildFailed
from plugins.template_checks import TemplatesNotGood, given
from schedule.template_checks import check
from tests.support.constants import BUILD_DATE, ROOT, SITE_URL

HEAD = "the templates do not fit what they are given\n"


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A theme that a test may write into."""
    return shutil.copytree(ROOT / "theme", tmp_path_factory.mktemp("copied") / "theme")


@pytest.fixture
def edit(copied: Path) -> Callable[[str, str, str], Path]:
    """Replace a text in a template of the copied theme, which was as it is before."""

    def edited(template: str, old: str, new: str) -> Path:
        text = (ROOT / "theme/templates" / template).read_text(encoding="utf-8")
        assert old in text
        (copied / "templates" / template).write_text(text.replace(old, new), encoding="utf-8")
        return copied

    return edited


@pytest.fixture(autouse=True)
def _whole_again(copied: Path) -> None:
    shutil.copytree(ROOT / "theme", copied, dirs_exist_ok=True)


def builder(theme: Path, folder: Path) -> Builder:
    settings = {
        "SITEURL": SITE_URL,
        "BUILD_DATE": BUILD_DATE,
        "OUTPUT_PATH": str(folder / "output"),
        "BUILD_PATH": str(folder / "build"),
        "THEME": str(theme),
    }
    return Builder(ROOT / "pelicanconf.py", settings)


def test_the_templates_use_just_what_they_are_given() -> None:
    check(ROOT / "theme", *map(given, TEMPLATE_CONTEXTS), all_of_them=True)


def test_each_template_has_frozen_names_of_its_own() -> None:
    for name in TEMPLATE_CONTEXTS:
        for template, context in given(name).contexts.items():
            assert is_dataclass(context), template
            assert context.__dataclass_params__.frozen, template
            assert {one.name for one in fields(context)}.isdisjoint({"self", "loop", "range"}), template


@pytest.mark.parametrize(
    ("template", "old", "new", "problem"),
    [
        ("page.html", "{{ article.summary }}", "{{ article.sumary }}", 'Article has no "sumary"; did you mean "summary"?'),
        ("home.html", '{% include "_contacts.html" %}', "{{ contcts }}", '"contcts" is not given here; did you mean "contacts"?'),
        ("session.html", "SignUpState.PAST", "SignUpState.OVER", 'SignUpState has no "OVER"'),
        ("_footer.html", "site.support_name", "site.suport_name", 'Site has no "suport_name"; did you mean "support_name"?'),
        ("signup_manage.html", "State.CONFIRMED %}", "State.CONFIRMD %}", 'State has no "CONFIRMD"; did you mean "CONFIRMED"?'),
        ("signup_message.html", "{{ about.words.when }}", "{{ about.words.whn }}", 'WordedSession has no "whn"; did you mean "when"?'),
        ("mail/change.txt", "{% if again %}", "{% if agin %}", '"agin" is not given here; did you mean "again"?'),
        ("mail/_layout.html", "when(change.now)", "when(change.noww)", 'ChangedFact has no "noww"; did you mean "now"?'),
    ],
)  # fmt: skip
def test_a_wrong_name_in_any_template_stops_the_build_with_its_line(
    edit: Callable[[str, str, str], Path], tmp_path: Path, template: str, old: str, new: str, problem: str
) -> None:
    theme = edit(template, old, new)
    line = (theme / "templates" / template).read_text(encoding="utf-8").partition(new)[0].count("\n") + 1
    with pytest.raises(TemplatesNotGood) as caught:
        builder(theme, tmp_path).build()

    assert f"theme/templates/{template}:{line}: {problem}" in str(caught.value).splitlines()
    assert not (tmp_path / "output").exists()


def test_a_template_that_nobody_renders_stops_the_build(
    edit: Callable[[str, str, str], Path], tmp_path: Path
) -> None:
    theme = edit("404.html", "", "")
    (theme / "templates/old.html").write_text("<p>")
    try:
        with pytest.raises(TemplatesNotGood) as caught:
            builder(theme, tmp_path).build()
    finally:
        (theme / "templates/old.html").unlink()

    assert str(caught.value) == f"{HEAD}theme/templates/old.html:1: nothing is made from this template"


def test_what_only_rendering_can_tell_is_told_with_its_line_too(
    edit: Callable[[str, str, str], Path], tmp_path: Path
) -> None:
    theme = edit("training.html", "{{ topic }}", "\n{{ topic.nothing }}")
    with pytest.raises(BuildFailed) as caught:
        builder(theme, tmp_path).build()

    assert str(caught.value) == (
        "theme/templates/training.html:22: UndefinedError: 'str object' has no attribute 'nothing'"
    )


def test_the_names_stand_beside_those_who_render() -> None:
    assert [importlib.import_module(name.partition(":")[0]).__name__ for name in TEMPLATE_CONTEXTS] == [
        "plugins.trainings.contexts",
        "register.web.staff.given",
        "register.mail.contexts",
    ]
