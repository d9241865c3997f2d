# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a template uses and what it is given are the same names: each kind of difference, with template and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from schedule.model import Localized
from schedule.template_checks import BadTemplates, check
from schedule.templates import Given
from schedule.walltime import ScheduleError


class Color(StrEnum):
    RED = "red"

    @property
    def is_warm(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    title: Localized[str] | None = None

    @property
    def initials(self) -> str:
        return self.name[0]

    def friend(self) -> Author:
        return self


@dataclass(frozen=True)
class Article:
    title: str
    authors: tuple[Author, ...]
    by_name: Mapping[str, Author]
    links: tuple[tuple[str, Author], ...] = ()
    editor: Author | None = None

    @cached_property
    def first(self) -> Author:
        return self.authors[0]


@dataclass(frozen=True, slots=True)
class Context:
    article: Article


@dataclass(frozen=True, slots=True)
class Shared:
    _: Callable[[str], str]
    gettext: Callable[[str], str]
    best: Callable[[str], Author]
    once: Callable[..., str]
    Color: type[Color]


USES_ALL = "{{ _('x') }}{% trans %}x{% endtrans %}{{ best('x').name }}{{ once(best) }}{{ Color.RED }}{{ article.title }}"


def problems(folder: Path, shared: type | None = Shared, **templates: str) -> list[str]:
    """Return what is wrong in a theme; `page` is the template that is rendered, and all names are used elsewhere."""
    (folder / "theme/templates").mkdir(parents=True, exist_ok=True)
    for name, text in templates.items():
        (folder / f"theme/templates/{name}.html").write_text(text, encoding="utf-8")
    (folder / "theme/templates/all.html").write_text(USES_ALL, encoding="utf-8")
    contexts = dict.fromkeys(("page.html", "all.html"), Context)
    try:
        check(folder / "theme", Given(contexts, shared))
    except ScheduleError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize(
    "text",
    [
        "{{ article.title }}",
        "{{ article.title.upper() }}",
        "{{ article.authors[0].name }}",
        "{{ article.authors[0].friend().initials }}",
        "{{ article.first.name }}",
        "{{ article.editor.name if article.editor else '' }}",
        "{{ (article.editor or article.authors[0]).name }}",
        "{{ article.by_name['ana'].name }}{{ article.by_name.get('ana').name }}",
        "{% for one in article.authors %}{{ loop.index }}{{ one.name }}{% endfor %}",
        "{% for name, one in article.by_name.items() %}{{ name.upper() }}{{ one.name }}{% endfor %}",
        "{% for label, one in article.links %}{{ label }}{{ one.name }}{% endfor %}",
        "{% for label, one in (('a', article.editor), ('b', article.authors[0])) %}{{ one.name }}{% endfor %}",
        "{% for one in [article.editor] %}{{ one.name }}{% else %}{{ article.title }}{% endfor %}",
        "{% set author = article.authors[0] %}{{ author.name }}",
        "{% set part %}{{ article.title }}{% endset %}{{ part.striptags() }}",
        "{% with author = article.authors[0] %}{{ author.name }}{% endwith %}",
        "{% macro show(author, loud=false) %}{{ author.name }}{{ loud }}{% endmacro %}{{ show(article.editor, loud=true) }}",
        "{% trans name=article.title %}by {{ name }}{% endtrans %}",
        "{{ best('x').name }}{{ Color.RED.is_warm }}{{ article.title|upper }}",
        "{% if article.title is none %}{% endif %}",
        "{{ article.authors[0].title.text('es').anything }}",
    ],
)
def test_what_is_given_may_be_used(tmp_path: Path, text: str) -> None:
    assert problems(tmp_path, page=text) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ artikle }}", '"artikle" is not given here; did you mean "article"?'),
        ("{{ article.sumary }}", 'Article has no "sumary"'),
        ("{{ article.titel }}", 'Article has no "titel"; did you mean "title"?'),
        ("{{ article.authors[0].nam }}", 'Author has no "nam"; did you mean "name"?'),
        ("{{ article.authors[0].friend().nam }}", 'Author has no "nam"; did you mean "name"?'),
        ("{{ article.first.nam }}", 'Author has no "nam"; did you mean "name"?'),
        ("{{ article.editor.nam if article.editor else '' }}", 'Author has no "nam"; did you mean "name"?'),
        ("{{ (article.editor or article.authors[0]).nam }}", 'Author has no "nam"; did you mean "name"?'),
        ("{{ article.by_name['ana'].nam }}", 'Author has no "nam"; did you mean "name"?'),
        ("{{ article.by_name.get('ana').nam }}", 'Author has no "nam"; did you mean "name"?'),
        ("{{ article.by_name.itms() }}", 'Mapping has no "itms"; did you mean "items"?'),
        ("{{ article.title.uper() }}", 'str has no "uper"; did you mean "upper"?'),
        ("{% for one in article.authors %}{{ one.nam }}{% endfor %}", 'Author has no "nam"; did you mean "name"?'),
        ("{% for one in article.authors %}{{ loop.indx }}{% endfor %}", 'LoopContext has no "indx"; did you mean "index"?'),
        ("{% for each in article.authors %}{% endfor %}{{ each }}", '"each" is not given here'),
        ("{% for n, one in article.by_name.items() %}{{ one.nam }}{% endfor %}", 'Author has no "nam"; did you mean "name"?'),
        ("{% for n, one in article.links %}{{ one.nam }}{% endfor %}", 'Author has no "nam"; did you mean "name"?'),
        ("{% set author = article.authors[0] %}{{ author.nam }}", 'Author has no "nam"; did you mean "name"?'),
        ("{% with author = article.editor %}{{ author.nam }}{% endwith %}", 'Author has no "nam"; did you mean "name"?'),
        ("{% if article.title %}{% elif artikle %}{% endif %}", '"artikle" is not given here; did you mean "article"?'),
        ("{{ artikle|default('x') }}", '"artikle" is not given here; did you mean "article"?'),
        ("{% if artikle is defined %}{% endif %}", '"artikle" is not given here; did you mean "article"?'),
        ("{% macro show(author) %}{{ author.nam }}{% endmacro %}{{ show(article.editor) }}", 'Author has no "nam"; did you mean "name"?'),
        ("{% macro show(it) %}{{ it.name }}{% endmacro %}{{ show(article.editor) }}{{ show(article) }}", 'Article has no "name"; did you mean "by_name"?'),
        ("{% macro show(author) %}{{ author }}{% endmacro %}{{ show(artikle) }}", '"artikle" is not given here; did you mean "article"?'),
        ("{% macro show(author) %}{{ author }}{% endmacro %}{{ show() }}", 'the macro "show" needs "author"'),
        ("{% macro show(author) %}{{ author }}{% endmacro %}{{ show(1, loud=true) }}", 'the macro "show" does not take loud'),
        ("{% trans name=artikle %}by {{ name }}{% endtrans %}", '"artikle" is not given here; did you mean "article"?'),
        ("{{ best('x').nam }}", 'Author has no "nam"; did you mean "name"?'),
        ("{{ Color.BLUE }}", 'Color has no "BLUE"'),
        ("{{ Color.RED.is_worm }}", 'Color has no "is_worm"; did you mean "is_warm"?'),
        ("{{ article.title|uper }}", 'Jinja has no filter "uper"; did you mean "upper"?'),
        ("{% if article.title is none_ %}{% endif %}", 'Jinja has no test "none_"; did you mean "none"?'),
        ("{{ 'x' if article.title }}", 'an "if" within an expression needs an "else"'),
        ("{% include 'part.html' %}", 'there is no template "part.html"'),
        ("{% include article.title %}", "which template this is depends on a value; write its name"),
        ("{% import 'macros.html' as macros %}{{ macros.show() }}", "write which macros you import: {% from … import … %}"),
        ("{% if article.title %}", "Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'."),
    ],
)  # fmt: skip
def test_what_is_not_given_is_told_with_template_and_line(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(tmp_path, page=f"{{{{ article.title }}}}\n\n{text}") == [
        f"theme/templates/page.html:3: {problem}"
    ]


def test_an_included_template_sees_what_stands_around_it(tmp_path: Path) -> None:
    part = "{{ article.title }}\n{{ level }}\n{{ levl }}\n{{ here.nam }}"
    page = "{% for here in article.authors %}{% with level=1 %}{% include 'part.html' %}{% endwith %}{% endfor %}"

    assert problems(tmp_path, page=page, part=part) == [
        'theme/templates/part.html:3: "levl" is not given here; did you mean "level"?',
        'theme/templates/part.html:4: Author has no "nam"; did you mean "name"?',
    ]


def test_an_imported_macro_sees_what_all_templates_share_and_nothing_of_the_page(tmp_path: Path) -> None:
    macros = "{% macro show(author) %}{{ _('by') }} {{ author.nam }}\n{{ article }}{% endmacro %}"
    page = "{{ article.title }}\n{% from 'macros.html' import show, shew %}{{ show(article.editor) }}"

    assert problems(tmp_path, page=page, macros=macros) == [
        'theme/templates/macros.html:1: Author has no "nam"; did you mean "name"?',
        'theme/templates/macros.html:2: "article" is not given here',
        'theme/templates/page.html:2: "macros.html" has no "shew"; did you mean "show"?',
    ]


def test_no_two_macros_that_are_made_once_have_one_name(tmp_path: Path) -> None:
    page = (
        "{{ article.title }}{% from 'one.html' import show %}{% from 'two.html' import show as other %}\n"
        "{{ once(show) }}{{ once(show) }}\n"
        "{{ once(other) }}"
    )
    one = two = "{% macro show() %}{{ _('x') }}{% endmacro %}"

    assert problems(tmp_path, page=page, one=one, two=two) == [
        'theme/templates/page.html:3: "show" of one.html is made once, too; give one of both another name',
    ]


def test_a_macro_that_is_made_once_for_all_pages_takes_what_it_needs_and_sees_no_page(tmp_path: Path) -> None:
    macros = "{% macro show(author) %}{{ author.nam }}{% endmacro %}"
    page = (
        "{{ article.title }}{% from 'macros.html' import show %}{{ once(show, article.editor) }}\n"
        "{{ once(show) }}{{ once(show, article.editor, 1) }}\n"
        "{% block main %}{% macro own() %}{{ article.title }}{% endmacro %}{{ once(own) }}{% endblock %}"
    )

    assert problems(tmp_path, page=page, macros=macros) == [
        'theme/templates/macros.html:1: Author has no "nam"; did you mean "name"?',
        "theme/templates/page.html:2: the macro \"show\" does not take <class 'int'>",
        'theme/templates/page.html:2: the macro "show" needs "author"',
        'theme/templates/page.html:3: the macro "own" sees the page; import it to have it made once',
    ]


def test_a_template_that_extends_another_fills_its_blocks(tmp_path: Path) -> None:
    base = "{{ kind }}{% block main %}{{ never_shown }}{% endblock %}\n{{ article.titel }}"
    page = (
        "{% extends 'base.html' %}{% set kind = 'x' %}{% block main %}{% set inner = 1 %}"
        "{{ kind }}{{ article.titl }}{% block part %}{{ inner }}{% endblock %}{% endblock %}"
        "\n{% block man %}{% endblock %}"
    )

    assert problems(tmp_path, page=page, base=base) == [
        'theme/templates/base.html:2: Article has no "titel"; did you mean "title"?',
        'theme/templates/page.html:1: "inner" is not given here',
        'theme/templates/page.html:1: Article has no "titl"; did you mean "title"?',
        'theme/templates/page.html:2: the block "man" is shown nowhere: what is extended here has none',
    ]


def test_what_is_given_and_not_used_is_told_of_the_first_template_that_gets_it(tmp_path: Path) -> None:
    @dataclass
    class Wide:
        article: Article
        extra: str

    (tmp_path / "theme/templates").mkdir(parents=True)
    for name in ("a", "b"):
        (tmp_path / f"theme/templates/{name}.html").write_text("{{ _('x') }}")

    with pytest.raises(BadTemplates) as caught:
        check(tmp_path / "theme", Given({"a.html": Wide, "b.html": Wide}, Shared))

    assert str(caught.value).splitlines() == [
        'theme/templates/a.html:1: "Color" of Shared is given and not used',
        'theme/templates/a.html:1: "article" of Wide is given and not used',
        'theme/templates/a.html:1: "best" of Shared is given and not used',
        'theme/templates/a.html:1: "extra" of Wide is given and not used',
        'theme/templates/a.html:1: "gettext" of Shared is given and not used',
        'theme/templates/a.html:1: "once" of Shared is given and not used',
    ]


def test_a_template_from_which_nothing_is_made_is_told(tmp_path: Path) -> None:
    problems(tmp_path, page="{{ article.title }}{% include 'part.html' %}", part="", left="")
    given = Given(dict.fromkeys(("page.html", "all.html"), Context), Shared)

    check(tmp_path / "theme", given)
    with pytest.raises(BadTemplates) as caught:
        check(tmp_path / "theme", given, all_of_them=True)

    assert str(caught.value) == "theme/templates/left.html:1: nothing is made from this template"


def test_what_contains_itself_is_gone_through_once(tmp_path: Path) -> None:
    part = "{{ article.titl }}{% include 'part.html' %}"
    page = (
        "{% macro tree(author) %}{{ author.nam }}{{ tree(author.friend()) }}{% endmacro %}"
        "{{ tree(article.editor) }}{% include 'part.html' %}"
    )

    assert problems(tmp_path, page=page, part=part) == [
        'theme/templates/page.html:1: Author has no "nam"; did you mean "name"?',
        'theme/templates/part.html:1: Article has no "titl"; did you mean "title"?',
    ]
    assert problems(tmp_path, page="{% extends 'part.html' %}", part="{% extends 'page.html' %}") == []


def test_what_is_known_of_no_type_is_taken_to_be_there(tmp_path: Path) -> None:
    @dataclass
    class Loose:
        anything: Any

    (tmp_path / "theme/templates").mkdir(parents=True)
    text = "{{ anything.a.b()['c'].d }}{% for one in anything %}{{ one.e }}{% endfor %}"
    (tmp_path / "theme/templates/page.html").write_text(text)

    check(tmp_path / "theme", Given({"page.html": Loose}))
