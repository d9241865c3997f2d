# SPDX-License-Identifier: AGPL-3.0-or-later
"""site.json gives back what was written into it, and whatever else it holds is one error that says what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from schedule.model import LANGUAGES, Language
from schedule.site import Catalogue, Site, UnreadableSite, from_json, to_json
from schedule.walltime import ScheduleError

SITE = Site(
    url="https://trainings.example.org",
    sample=True,
    sign_up=True,
    assets={"site.css": "/theme/site.1f2e3d.css"},
    support_name={Language.ENGLISH: "CA MSIX Support", Language.SPANISH: "Línea de ayuda"},
    support_phone="(866) 878-9525",
    support_extension="3",
    support_uri="tel:+18668789525,3",
    retention_days=180,
    organizations=("Sample County Office of Education", "Sample Valley District"),
    catalogues={
        Language.ENGLISH: Catalogue(),
        Language.SPANISH: Catalogue({"Home": ("Inicio",), "%(n)s seat": ("%(n)s lugar", "%(n)s lugares")}),
    },
    editor=True,
)
WRITTEN = {
    "schema_version": 3,
    "url": "https://trainings.example.org",
    "sample": True,
    "sign_up": True,
    "assets": {"site.css": "/theme/site.1f2e3d.css"},
    "support_name": {"en": "CA MSIX Support", "es": "Línea de ayuda"},
    "support_phone": "(866) 878-9525",
    "support_extension": "3",
    "support_uri": "tel:+18668789525,3",
    "retention_days": 180,
    "organizations": ["Sample County Office of Education", "Sample Valley District"],
    "catalogues": {
        "en": {},
        "es": {"Home": ["Inicio"], "%(n)s seat": ["%(n)s lugar", "%(n)s lugares"]},
    },
    "editor": True,
}
NEXT_STEP = "build the site anew with this version of the program: make html, or make publish"


def changed(key: str, *value: Any) -> dict[str, Any]:
    """Return the written site with another value at `within.key`, or without it."""
    data = json.loads(json.dumps(WRITTEN))
    *within, last = key.split(".")
    place = data
    for name in within:
        place = place[name]
    place.pop(last, None)
    if value:
        place[last] = value[0]
    return data


def keys(data: dict[str, Any], within: str = "") -> Iterator[str]:
    """Yield every key that a site has to have; assets and messages are named by the theme."""
    for name, value in data.items():
        yield f"{within}{name}"
        if name in {"support_name", "catalogues"}:
            yield from (f"{within}{name}.{language}" for language in value)


def test_what_is_written_is_read_again() -> None:
    assert json.loads(json.dumps(to_json(SITE))) == WRITTEN
    assert from_json(WRITTEN) == SITE


def test_a_support_line_may_have_no_extension() -> None:
    assert from_json(changed("support_extension", None)).support_extension is None


def test_a_site_may_list_no_organizations() -> None:
    assert from_json(changed("organizations", [])).organizations == ()


@pytest.mark.parametrize("key", [*keys(WRITTEN)])
def test_a_key_that_is_missing_is_named_with_what_to_do(key: str) -> None:
    with pytest.raises(UnreadableSite) as caught:
        from_json(changed(key))

    assert str(caught.value) == f'"{key}" is missing; {NEXT_STEP}'
    assert caught.value.key == key
    assert isinstance(caught.value, ScheduleError)


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("schema_version", 1, "is 1, and this program reads 3"),
        ("schema_version", True, "is true or false, not a whole number"),
        ("url", None, "is null, not a text"),
        ("sample", 1, "is a whole number, not true or false"),
        ("editor", None, "is null, not true or false"),
        ("retention_days", 1.5, "is a fraction, not a whole number"),
        ("support_extension", 3, "is a whole number, not a text"),
        ("support_name", "Support", "is a text, not an object"),
        ("support_name.es", ["Ayuda"], "is a list, not a text"),
        ("assets.site.css", {}, None),
        ("organizations", "Sample County", "is a text, not a list"),
        ("organizations", ["Sample County", 1], "is not a list of texts"),
        ("catalogues.es", [], "is a list, not an object"),
        ("catalogues.es.Home", "Inicio", "is a text, not a list"),
        ("catalogues.es.Home", [], "is not a list of texts"),
        ("catalogues.es.Home", ["Inicio", None], "is not a list of texts"),
    ],
)
def test_a_value_of_another_kind_is_named_with_what_to_do(key: str, value: Any, problem: str | None) -> None:
    data = changed(key, value) if problem else {**WRITTEN, "assets": {"site.css": value}}
    with pytest.raises(UnreadableSite) as caught:
        from_json(data)

    assert str(caught.value) == f'"{key}" {problem or "is an object, not a text"}; {NEXT_STEP}'


@pytest.mark.parametrize("data", [None, [], "site", {}])
def test_what_is_no_site_at_all_lacks_its_version(data: object) -> None:
    with pytest.raises(UnreadableSite, match=r'^"schema_version" is missing; '):
        from_json(data)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_message_without_a_translation_stays_english(language: Language) -> None:
    catalogue = SITE.catalogues[language]

    assert catalogue.gettext("Contacts") == "Contacts"
    assert [catalogue.ngettext("%(n)s day", "%(n)s days", number) for number in (0, 1, 2)] == [
        "%(n)s days",
        "%(n)s day",
        "%(n)s days",
    ]


def test_a_message_with_a_number_has_two_forms() -> None:
    spanish = SITE.catalogues[Language.SPANISH]

    assert spanish.gettext("Home") == "Inicio"
    assert [spanish.ngettext("%(n)s seat", "%(n)s seats", number) for number in (0, 1, 2)] == [
        "%(n)s lugares",
        "%(n)s lugar",
        "%(n)s lugares",
    ]
