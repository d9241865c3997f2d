# SPDX-License-Identifier: AGPL-3.0-or-later
"""The editor's configuration, made from the tables of content keys (https://sveltiacms.app/en/docs)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from plugins.editor import words
from plugins.trainings.code_host import CodeHost
from plugins.trainings.folders import ORGANIZATIONS
from plugins.trainings.keys import ContentKey, KeyTable, Words
from plugins.trainings.series import REPEAT
from plugins.trainings.session import OCCURRENCE_TABLE, SESSION_TABLE, STATUS, TRAINING
from plugins.trainings.session_times import START
from plugins.trainings.tables import TABLES
from plugins.trainings.values import NO_EXAMPLE, Form, folded
from schedule import wording
from schedule.model import LANGUAGES, Language, Session, Status

Json = dict[str, Any]

BODY = "body"
DATE = "Date"
_IN_NAME = "-"
"""Stands for the date of a change that is there: its file's name tells which it is."""
_NO_TITLE = "Name"
"""A field that nothing has, so that such a change is shown by its file's name."""
_FREE = {Form.CLOSING_TIME, Form.DATE, Form.LINES}
"""What is written into a field of one's own accord, and has a form that its hint does not show."""
TIME = "-Time"
"""What the name of the field with a time ends in; the field with its day has the key's own name."""

_DATED = r"-\d{4}-\d\d-\d\d$"
"""How the name of a file ends that changes one date of a series."""
_NAME = "[a-z0-9]+(?:-[a-z0-9]+)*$"
"""How files are named."""


def configuration(language: Language, host: CodeHost, site_url: str, dates: Iterable[Session]) -> Json:
    """Return what a page of the editor loads: how files are read and written, and the program's own configuration.

    `dates` are those of series that may be changed, and have no file of their own yet.
    """
    # The program reads each file of a folder by the format of one of its content types, and writes it by its own.
    formats = {
        table.name: {
            "keys": [_written(key) for key in table.keys],
            "fixed": {DATE: _IN_NAME} if table.folder == OCCURRENCE_TABLE.folder else {},
        }
        for table in TABLES
    }
    return {"formats": formats, "config": _config(language, host, site_url, tuple(dates))}


def _config(language: Language, host: CodeHost, site_url: str, dates: tuple[Session, ...]) -> Json:
    return {
        "backend": {"name": host.name, "repo": host.project, "auth_methods": ["token"]},
        "publish_mode": "editorial_workflow" if host.review else "simple",
        "app_title": words.APP_TITLE.text(language),
        "site_url": site_url,
        "show_preview_links": False,
        "media_folder": "content/images",
        "public_folder": "/images",
        "media_libraries": {"stock_assets": False},
        "slug": {"encoding": "ascii", "clean_accents": True},
        "output": {"omit_empty_optional_fields": True},
        "i18n": {
            "structure": "multiple_files",
            "locales": [one.value for one in LANGUAGES],
            "default_locale": Language.ENGLISH.value,
            "omit_default_locale_from_file_path": True,
            "initial_locales": "default",
        },
        "collections": [_collection(table, language, dates) for table in _in_order()],
        "singletons": [_organizations(language)],
    }


def _in_order() -> Iterator[KeyTable]:
    """Yield the content types, those first that people work with most."""
    first = (SESSION_TABLE, OCCURRENCE_TABLE)
    yield from first
    yield from (table for table in TABLES if table not in first)


def _collection(table: KeyTable, language: Language, dates: tuple[Session, ...]) -> Json:
    made: Json = {
        "name": table.name,
        "label": table.title.text(language),
        "label_singular": words.SINGULAR[table.name].text(language),
        "folder": f"content/{table.folder}",
        "format": table.name,
        # Pages stand in both languages; of sessions, only texts do, and most have none.
        "i18n": True if table.folder == SESSION_TABLE.folder else {"initial_locales": "all"},
        "identifier_field": "Title",
        "slug": _slug("{{Title}}", words.SLUG.text(language), f"^{_NAME}"),
        "fields": [
            *(field for key in table.keys for field in _fields(key, language)),
            _body(table, language),
        ],
    }
    if table is SESSION_TABLE:
        made |= _of_sessions(language)
    elif table is OCCURRENCE_TABLE:
        made |= _of_occurrences(made["fields"], language, dates)
    else:
        made |= {"summary": "{{Title}}", "sortable_fields": {"fields": ["Title", "slug"]}}
    return made


def _of_sessions(language: Language) -> Json:
    start, time = START.name, START.name + TIME
    return {
        # A session is canceled by its status, so that people hear about it; its file stays.
        "delete": False,
        "identifier_field": TRAINING.name,
        # With a date at the end, it would be listed with the changes to dates of series.
        "slug": _slug("{{Start}}-{{Training}}", words.SESSION_SLUG.text(language), f"^(?!.+{_DATED}){_NAME}"),
        "summary": f"{{{{{start}}}}} {{{{{time}}}}} · {{{{{TRAINING.name}}}}}",
        "filter": {"field": "slug", "pattern": f"^(?!.*{_DATED})"},
        "sortable_fields": {
            "fields": [start, TRAINING.name],
            "default": {"field": start, "direction": "descending"},
        },
        "view_filters": [
            {"label": words.TO_COME.text(language), "field": start, "gte": "{{today}}"},
            {"label": words.SERIES_ONLY.text(language), "field": REPEAT.name, "empty": False},
            {"label": words.CANCELED.text(language), "field": STATUS.name, "eq": Status.CANCELLED.value},
        ],
        "view_groups": [{"label": words.BY_MONTH.text(language), "field": start, "pattern": r"\d{4}-\d\d"}],
    }


def _of_occurrences(fields: list[Json], language: Language, dates: Iterable[Session]) -> Json:
    """Return what is particular to changes of one date: the date that is chosen is the file's name, and not in it."""
    kept = {"label": words.IN_NAME.text(language), "value": _IN_NAME}
    to_choose = [{"label": _date(one, language), "value": one.id} for one in dates]
    date = _field(DATE, words.DATE.text(language), required=True)
    return {
        "identifier_field": _NO_TITLE,
        "slug": {"template": f"{{{{{DATE}}}}}", "editable": []},
        "summary": "{{slug}}",
        "filter": {"field": "slug", "pattern": f".{_DATED}"},
        "sortable_fields": {
            "fields": ["slug"],
            "default": {"field": "slug", "direction": "descending"},
        },
        "fields": [
            date | {"widget": "select", "options": [*to_choose, kept], "dropdown_threshold": 0},
            *fields,
            {"name": _NO_TITLE, "widget": "hidden"},
        ],
    }


def _date(session: Session, language: Language) -> str:
    title = session.training.title.text(language)
    return f"{title}: {wording.when(session.period, language)}"


def _slug(template: str, told: Words, pattern: str) -> Json:
    return {
        "template": template,
        "editable": ["create"],
        "hint": told.label,
        "pattern": [pattern, told.hint],
    }


def _organizations(language: Language) -> Json:
    names = words.ORGANIZATION_NAMES.text(language)
    return {
        "name": "organizations",
        "label": words.ORGANIZATIONS.text(language),
        "file": f"content/{ORGANIZATIONS}",
        "format": "raw",
        "fields": [_field(BODY, names, required=False) | {"widget": "text"}],
    }


def _body(table: KeyTable, language: Language) -> Json:
    """Return the field of the text below the keys: Markdown as it is written, which no other view takes apart."""
    told = table.body.text(language)
    return _field(BODY, told, required=False) | {"widget": "markdown", "modes": ["raw"], "i18n": True}


def _fields(key: ContentKey[Any], language: Language) -> Iterator[Json]:
    """Yield the field of a key, or two: a moment is a day and a time, without which it is the whole day."""
    told, kind = _told(key, language), key.kind
    field = _field(key.name, told, required=key.required)
    if key.translated:
        # What a translation leaves out is as in the original.
        field |= {"i18n": True, "required": [Language.ENGLISH.value] if key.required else False}
    if kind.form is Form.DATE_AND_TIME:
        yield field | {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD"}
        time = words.TIME.text(language)
        told = Words(time.label.format(label=told.label), time.hint)
        yield _field(key.name + TIME, told, required=False) | {
            "widget": "datetime",
            "type": "time",
            "format": "HH:mm",
        }
    elif kind.form is Form.CHOICE:
        options = [
            {"label": label.text(language), "value": word} for word, label in (kind.choices or {}).items()
        ]
        yield field | {"widget": "select", "options": options, "multiple": kind.several} | _preset(key)
    elif kind.form is Form.REFERENCE:
        target = next(table for table in TABLES if table.folder == kind.folder)
        yield field | {
            "widget": "relation",
            "collection": target.name,
            "value_field": "{{slug}}",
            "display_fields": ["Title"],
            "search_fields": ["Title"],
            "multiple": kind.several,
        }
    elif kind.form is Form.WHOLE_NUMBER:
        needed = words.NUMBER_NEEDED.text(language).format(example=kind.example)
        yield field | {"widget": "string", "pattern": [r"^\s*[0-9]", needed]}
    elif kind.form is Form.LINES:
        yield field | {"widget": "text"}
    else:
        yield field | {"widget": "string"}


def _told(key: ContentKey[Any], language: Language) -> Words:
    """Return what stands beside a field; where the form of what is written counts, with an example."""
    told, kind = key.words.text(language), key.kind
    if kind.form not in _FREE or kind.example == NO_EXAMPLE:
        return told
    hint = words.FOR_EXAMPLE.text(language).format(hint=told.hint, example=kind.example)
    return Words(told.label, hint)


def _field(name: str, told: Words, *, required: bool) -> Json:
    return {"name": name, "label": told.label, "hint": told.hint, "required": required}


def _preset(key: ContentKey[Any]) -> Json:
    """Return the word that a new file begins with, the first if it needs one; else a list with nothing chosen."""
    if key.required and key.kind.choices:
        return {"default": next(iter(key.kind.choices))}
    return {} if key.kind.several else {"dropdown_threshold": 0}


def _written(key: ContentKey[Any]) -> Json:
    """Return what has to be known of a key to read and write it."""
    made: Json = {"name": key.name, "form": key.kind.form.value}
    if key.kind.several and key.kind.form is not Form.DATE:
        made["several"] = True
    if key.kind.choices:
        made["spellings"] = {
            folded(spelling): word
            for word, label in key.kind.choices.items()
            for spelling in (word, label.en, label.es or word)
        }
    return made
