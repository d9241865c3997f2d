# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form with which staff write to the people of a session: its fields, and what may be wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from register.domain.announcements import AnnouncedTo
from register.domain.model import Registration, State
from register.web.forms import BAD_SIGN, FieldProblem, form_of
from schedule.model import LANGUAGES, Language
from schedule.signup import Field, _

SUBJECT_LIMIT = 120
"""Characters of a subject: more is cut off in a list of emails."""

TEXT_LIMIT = 4000
"""Characters of a text."""

TO = "to"
"""The name of the field that says whom the message is for."""

FIELDS = (
    Field("subject_en", _("Subject in English"), required=False, limit=SUBJECT_LIMIT),
    Field("text_en", _("Text in English"), kind="textarea", required=False, limit=TEXT_LIMIT),
    Field("subject_es", _("Subject in Spanish"), required=False, limit=SUBJECT_LIMIT),
    Field("text_es", _("Text in Spanish"), kind="textarea", required=False, limit=TEXT_LIMIT),
)

_MISSING = {
    "subject_en": _("Write a subject in English."),
    "text_en": _("Write the text in English."),
    "subject_es": _("Write a subject in Spanish."),
    "text_es": _("Write the text in Spanish."),
}
_NOBODY = _("There is nobody to write to. Choose others, or go back to the roster.")

_STATES = {
    AnnouncedTo.CONFIRMED: frozenset({State.CONFIRMED}),
    AnnouncedTo.WAITING: frozenset({State.WAITLISTED}),
    AnnouncedTo.ALL: frozenset({State.CONFIRMED, State.WAITLISTED}),
}

_form = form_of(FIELDS)


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it was typed: whom it is for, its texts by field name, and what is wrong, by field name."""

    to: AnnouncedTo
    texts: Mapping[str, str]
    problems: Mapping[str, FieldProblem] = field(default_factory=dict)


def readers(roster: Iterable[Registration], to: AnnouncedTo) -> Counter[Language]:
    """Return how many people a message would reach, by the language of their emails."""
    return Counter(each.person.language for each in roster if each.state in _STATES[to] and each.person.email)


def audience(value: str) -> AnnouncedTo:
    """Return whom a message is for; people with a seat where nothing was chosen."""
    return next((to for to in AnnouncedTo if to.value == value), AnnouncedTo.CONFIRMED)


def read_message(values: Any, roster: Iterable[Registration]) -> Written:
    """Check what was sent (a werkzeug MultiDict) for the people who are on the roster now.

    A language must be there if somebody reads it, and be whole if there is anything of it.
    """
    to = audience(values.get(TO, ""))
    form = _form(values)
    form.validate()
    texts: dict[str, str] = form.data
    found: dict[str, FieldProblem] = {name: messages[0] for name, messages in form.errors.items()}
    for each in FIELDS:
        # Email programs decode it wherever it stands (RFC 2047): nobody would read what was typed.
        if each.kind == "text" and "=?" in texts[each.name]:
            found.setdefault(each.name, FieldProblem(BAD_SIGN, each.label))
    counted = readers(roster, to)
    for language in LANGUAGES:
        names = (f"subject_{language}", f"text_{language}")
        if counted[language] or any(texts[name] for name in names):
            found |= {
                name: FieldProblem(_MISSING[name]) for name in names if not texts[name] and name not in found
            }
    if not counted:
        found[TO] = FieldProblem(_NOBODY)
    order = [TO, *(each.name for each in FIELDS)]
    return Written(to, texts, {name: found[name] for name in order if name in found})
