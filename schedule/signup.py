# SPDX-License-Identifier: AGPL-3.0-or-later
"""The sign-up form: its fields, limits and roles, once for the static page and for the function.

Labels are English message ids; the theme's templates translate them (`theme/translations/`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

FIELD_LIMIT = 200
"""Characters that a field may hold."""

NAME_LIMIT = 80
"""Characters that a name may have."""

BODY_LIMIT = 8 * 1024
"""Bytes that a submitted form may have."""

HONEYPOT = "leave_empty"
"""The name of the field that people do not see and only machines fill in."""

EMAIL_ASKED = "email_asked"
"""The name of the hidden field that repeats an email address of which people were asked whether it is right."""

EMAIL_INSTEAD = "email_instead"
"""The name of the button that sends another email address than the one in the field."""

PAGE_LANGUAGE = "page_language"
"""The name of the hidden field that says in which language the form was shown."""


def _(message: str) -> str:
    """Mark a message for translation; the templates translate it when they show it."""
    return message


ROLES: dict[str, str] = {
    "records-clerk": _("Records clerk or data entry staff"),
    "recruiter": _("Recruiter"),
    "counselor": _("Counselor or student advisor"),
    "teacher": _("Teacher"),
    "health": _("School nurse or health staff"),
    "administrator": _("Program director or administrator"),
    "other": _("Other"),
}
"""What a participant may be, in the form's order: value → message id."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form, as the page shows it."""

    name: str
    label: str
    hint: str | None = None
    autocomplete: str | None = None
    kind: str = "text"
    required: bool = True
    limit: int = FIELD_LIMIT
    """Characters that it may hold."""
    offers: bool = False
    """Whether it offers the listed organizations."""


NAME = Field("name", _("Your full name"), autocomplete="name", limit=NAME_LIMIT)
EMAIL = Field(
    "email",
    _("Your email address"),
    _("We’ll send the confirmation and any changes here."),
    "email",
    "email",
)
ORGANIZATION = Field(
    "organization", _("Your organization"), _("District, school or agency."), "organization", offers=True
)
ROLE = Field("role", _("Your role"), kind="select", autocomplete="organization-title")
LANGUAGE = Field("language", _("Language of your emails"), kind="radio")
NEEDS = Field(
    "needs",
    _("Accessibility needs"),
    _("For example an interpreter, large print or a wheelchair-accessible seat."),
    kind="textarea",
    required=False,
)
CONSENT = Field("consent", _("I agree that you keep these details for this training."), kind="checkbox")

WALK_IN = (
    Field(NAME.name, _("Name"), limit=NAME_LIMIT),
    Field(
        EMAIL.name, _("Email"), _("May be left empty: then no email goes out."), kind="email", required=False
    ),
    Field(ORGANIZATION.name, _("Organization"), required=False, offers=True),
    Field(LANGUAGE.name, _("Language of the emails"), kind="radio"),
)
"""What staff type of somebody who is there and has not signed up."""


def fields(for_parents: bool) -> tuple[Field, ...]:
    """Return the fields in their order; parents need no organization and are not asked for a role.

    They are offered none either: a list of offices would read as if one of them had to be theirs.
    """
    if for_parents:
        optional = replace(ORGANIZATION, required=False, offers=False)
        return (NAME, EMAIL, optional, LANGUAGE, NEEDS, CONSENT)
    return (NAME, EMAIL, ORGANIZATION, ROLE, LANGUAGE, NEEDS, CONSENT)


def details(for_parents: bool) -> tuple[Field, ...]:
    """Return the fields of what people correct later: all but the consent, which they have given."""
    return tuple(field for field in fields(for_parents) if field is not CONSENT)
