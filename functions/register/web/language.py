# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which language a page is in."""

from __future__ import annotations

from flask import request

from schedule import signup
from schedule.model import DEFAULT_LANGUAGE, LANGUAGES, Language

SWITCH = "lang"
"""Asks for a page in another language: in the query, or as a button of a form that is shown again."""


def page_language(known: Language | None = None) -> Language:
    """Return the language of the page: `?lang=`, else what is known, else the first that the browser asks for."""
    asked = asked_language() or known
    if asked is None:
        asked = language_named(
            request.accept_languages.best_match([language.value for language in LANGUAGES])
        )
    return asked or DEFAULT_LANGUAGE


def asked_language() -> Language | None:
    """Return the language that the query asks for."""
    return language_named(request.args.get(SWITCH))


def switched_language() -> Language | None:
    """Return the language in which somebody wants to go on with a form, without sending it yet."""
    return language_named(request.form.get(SWITCH))


def sent_language() -> Language | None:
    """Return the language in which a form is to be answered."""
    return switched_language() or language_named(request.form.get(signup.PAGE_LANGUAGE))


def language_named(code: str | None) -> Language | None:
    """Return the language that a code stands for; None for anything else."""
    return next((language for language in LANGUAGES if language.value == code), None)
