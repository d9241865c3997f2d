# SPDX-License-Identifier: AGPL-3.0-or-later
"""Templates are read in one way everywhere: what is not there is an error, and only plain text is not escaped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from schedule import templates
from schedule.model import Language, Localized
from tests.schedule.test_site import SITE

EN, ES = Language.ENGLISH, Language.SPANISH


@dataclass
class Names:
    word: str


def rendered(folder: Path, name: str, source: str, **values: Any) -> str:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / name).write_text(source, encoding="utf-8")
    return templates.environment(folder).get_template(name).render(values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ artikle }}", "'artikle' is undefined"),
        ("{% if artikle %}{% endif %}", "'artikle' is undefined"),
        ("{% for one in artikle %}{% endfor %}", "'artikle' is undefined"),
        ("{{ text.sumary }}", "'str object' has no attribute 'sumary'"),
    ],
)
@pytest.mark.parametrize("name", ["page.html", "mail.txt"])
def test_a_name_that_is_not_there_is_an_error(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(UndefinedError, match=f"^{message}$"):
        rendered(tmp_path, name, text, text="x")


def test_only_plain_text_is_not_escaped(tmp_path: Path) -> None:
    assert {
        name: rendered(tmp_path, name, "{{ text }}", text="<b>") for name in ("a.html", "a.svg", "a.txt")
    } == {"a.html": "&lt;b&gt;", "a.svg": "&lt;b&gt;", "a.txt": "<b>"}


def test_statements_leave_no_lines_behind(tmp_path: Path) -> None:
    assert rendered(tmp_path, "a.html", "a\n  {% if true %}\nb\n  {% endif %}\nc\n") == "a\nb\nc"


def test_texts_and_their_language_are_those_of_the_page() -> None:
    both, english = Localized("Overview", "Panorama"), Localized("Overview")
    in_english, in_spanish = templates.page_names(SITE, EN), templates.page_names(SITE, ES)

    assert [names["text"](both) for names in (in_english, in_spanish)] == ["Overview", "Panorama"]
    assert [in_spanish["lang_attr"](one) for one in (both, english, EN, ES, None)] == [
        Markup(),
        Markup(' lang="en"'),
        Markup(' lang="en"'),
        Markup(),
        Markup(),
    ]
    assert (in_spanish["_"]("Home"), in_english["_"]("Home")) == ("Inicio", "Home")
    assert in_spanish["addresses"].home == "/es/"


def test_a_macro_is_called_once_for_the_same_arguments_and_markup_is_not_text() -> None:
    calls: list[tuple[object, ...]] = []

    def macro(*arguments: object) -> Markup:
        calls.append(arguments)
        return Markup("{}").format(len(calls))

    once = templates.page_names(SITE, EN)["once"]
    answers = [
        once(macro, *arguments) for arguments in (("<b>",), ("<b>",), (Markup("<b>"),), (), ("<b>", 1))
    ]

    assert answers == ["1", "1", "2", "3", "4"]
    assert calls == [("<b>",), (Markup("<b>"),), (), ("<b>", 1)]
    assert templates.page_names(SITE, ES)["once"](macro) == "5"


def test_what_is_compiled_in_one_language_is_not_compiled_in_the_next(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text("{{ word }}")
    plain = templates.environment(tmp_path)
    english, spanish = (templates.with_names(plain, Names(word)) for word in ("Home", "Inicio"))
    first, second = (named.get_template("page.html") for named in (english, spanish))

    assert (first.render(), second.render()) == ("Home", "Inicio")
    assert first.root_render_func.__code__ is second.root_render_func.__code__


def test_what_was_compiled_elsewhere_is_taken_until_its_source_is_another(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    page = tmp_path / "templates/page.html"
    page.write_text("one")
    compiled: dict[str, bytes] = {}
    assert templates.environment(tmp_path, compiled).get_template("page.html").render() == "one"
    [(key, code)] = compiled.items()

    elsewhere = templates.environment(tmp_path, {key: code.replace(b"one", b"two")})
    assert elsewhere.get_template("page.html").render() == "two"

    page.write_text("three")
    assert templates.environment(tmp_path, compiled).get_template("page.html").render() == "three"
    assert compiled[key] != code
