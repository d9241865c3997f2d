# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form's fields and messages as staff read them, who type in what somebody else tells them."""

from __future__ import annotations

from dataclasses import replace

from register.web import forms
from register.web.forms import FieldProblem
from schedule import signup
from schedule.signup import Field, _

_LABELS = {
    signup.NAME.label: _("Full name"),
    signup.EMAIL.label: _("Email address"),
    signup.ORGANIZATION.label: _("Organization"),
    signup.ROLE.label: _("Role"),
    signup.LANGUAGE.label: _("Language of the emails"),
}
_MESSAGES = {
    forms.MISSING["name"]: _("Enter the full name."),
    forms.MISSING["email"]: _("Enter the email address."),
    forms.MISSING["role"]: _("Choose the role. If none fits, choose “Other”."),
    forms.MISSING["language"]: _("Choose the language of the emails."),
    forms.BAD_NAME: _(
        "Write the name in letters. Periods, commas, hyphens and apostrophes are fine, but no numbers or other "
        "symbols: write III for 3rd."
    ),
}


def staff_fields(for_parents: bool, *, email_required: bool = True) -> tuple[Field, ...]:
    """Return the fields that describe a person, in the form's order.

    The browser fills in none of them: what it knows are the details of whoever types.
    """
    return tuple(
        replace(
            each,
            label=_LABELS.get(each.label, each.label),
            hint=None if each.name == signup.EMAIL.name else each.hint,
            autocomplete="off",
            required=each.required and (email_required or each.name != signup.EMAIL.name),
        )
        for each in signup.details(for_parents)
    )


def for_staff(problem: FieldProblem) -> FieldProblem:
    """Return what is wrong with a field, in words about somebody else."""
    return replace(
        problem,
        message=_MESSAGES.get(problem.message, problem.message),
        label=_LABELS.get(problem.label, problem.label),
    )
