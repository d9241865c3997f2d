# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads and checks what people send: WTForms over the fields of `schedule.signup`, with messages of our own."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from email_validator import EmailNotValidError, validate_email
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField
from wtforms.validators import StopValidation

from register.domain.errors import RegisterError
from register.domain.identity import normalized_email
from register.domain.model import Person
from register.domain.names import BadName, clean_name
from register.domain.near_misses import near_miss
from register.domain.organizations import Organizations
from schedule import signup
from schedule.model import LANGUAGES, Language
from schedule.signup import _

# Each message says what to do.
MISSING = {
    "name": _("Enter your full name."),
    "email": _("Enter your email address."),
    "organization": _("Enter the name of your district, school or agency."),
    "role": _("Choose your role. If none fits, choose “Other”."),
    "language": _("Choose the language of your emails."),
    "consent": _("Check the box to agree that we keep these details. We can’t sign you up without them."),
}
BAD_EMAIL = _("Enter an email address like name@example.org.")
NEAR_MISS = _("Did you mean {suggestion}? If the address you typed is right, send the form again.")
TOO_MANY_NAMES = _(
    "No more people can sign up for this session with this email address. Use another email address, or call us."
)
TAKEN = _("This name is already signed up with this email address. Nothing was changed.")
TOO_LONG = _("“{field}”: use at most {limit} characters.")
BAD_SIGN = _(
    "“{field}”: type this again. It has a character that we can’t use, which can happen when you paste text."
)
BAD_NAME = _(
    "Write your name in letters. Periods, commas, hyphens and apostrophes are fine, but no numbers or other "
    "symbols: write III for 3rd."
)
ONE_LINE = _("“{field}”: write this on one line.")

# They turn the direction of the text around them (Unicode, UAX #9): in an email or a roster, that of others' text.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Control characters, unpaired surrogates, private use.
_REFUSED = frozenset({"Cc", "Cs", "Co"})
_LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


class BadEmail(RegisterError):
    """A text that is no email address that we could send something to."""

    def __init__(self) -> None:
        super().__init__("that is no email address; it should look like name@example.org")


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with a field, in words that each page translates; `label` and `limit` are the field's."""

    message: str
    label: str = ""
    limit: int = signup.FIELD_LIMIT
    suggestion: str = ""
    """What is probably meant."""

    def text(self, gettext: Callable[[str], str]) -> str:
        """Return the message in the language of `gettext`."""
        text = gettext(self.message)
        if "{" not in text:
            return text
        return text.format(field=gettext(self.label), limit=self.limit, suggestion=self.suggestion)


@dataclass(frozen=True, slots=True)
class Entered:
    """A form that was read: who signs up, or what is wrong, by the fields' names in their order."""

    person: Person | None
    problems: Mapping[str, FieldProblem] = field(default_factory=dict)


def clean_email(text: str) -> str:
    """Return an email address as it can be sent to, its domain in ASCII (IDNA). Raises BadEmail.

    Only the shape is checked: no server is asked. What looks like an encoded word (RFC 2047) is none of ours.
    """
    if "=?" in text:
        raise BadEmail
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise BadEmail from None
    return checked.ascii_email or checked.normalized


def sent_values(form: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what a form sends, with the email address whose button was pressed instead of the one in the field."""
    values = MultiDict(form)
    if instead := values.get(signup.EMAIL_INSTEAD):
        values[signup.EMAIL.name] = instead
    return values


class SignUpForms:
    """The sign-up form for staff, the one for parents, those that correct them, for a lost email, and for walk-ins."""

    def __init__(self, organizations: Organizations) -> None:
        self.organizations = organizations
        """Those that the site lists."""
        self._classes = {for_parents: form_of(signup.fields(for_parents)) for for_parents in (False, True)}
        self._details = {for_parents: form_of(signup.details(for_parents)) for for_parents in (False, True)}
        self._without_email = {
            for_parents: form_of(_with_optional_email(signup.details(for_parents)))
            for for_parents in (False, True)
        }
        self._correction = form_of((signup.NAME, signup.EMAIL))
        self._email = form_of((signup.EMAIL,))
        self._walk_in = form_of(signup.WALK_IN)

    def read(self, values: Any, *, for_parents: bool) -> Entered:
        """Check what was sent (a werkzeug MultiDict)."""
        return self._read(self._classes[for_parents](values), values)

    def read_details(self, values: Any, *, for_parents: bool, email_required: bool = True) -> Entered:
        """Check what was sent to correct a registration; staff may leave the email address of some people empty."""
        forms = self._details if email_required else self._without_email
        return self._read(forms[for_parents](values), values)

    def _read(self, form: Form, values: Any) -> Entered:
        if problems := _problems(form, values):
            return Entered(None, problems)
        data = form.data
        return Entered(
            Person(
                name=data["name"],
                email=data["email"],
                organization=self.organizations.spelled(data["organization"]),
                role=data.get("role", ""),
                language=Language(data["language"]),
                needs=data.get("needs", ""),
            )
        )

    def read_correction(self, values: Any, person: Person) -> Entered:
        """Return somebody with the name and email address that were sent, or what is wrong with them."""
        form = self._correction(values)
        if problems := _problems(form, values):
            return Entered(None, problems)
        return Entered(replace(person, name=form.data["name"], email=form.data["email"]))

    def read_walk_in(self, values: Any) -> Entered:
        """Check what staff sent about somebody who walks in, who may have no email address."""
        return self._read(self._walk_in(values), values)

    def read_email(self, values: Any) -> str | FieldProblem:
        """Return the email address that was sent, or what is wrong with it."""
        form = self._email(values)
        return _problems(form, values).get(signup.EMAIL.name) or str(form.data[signup.EMAIL.name])


def form_of(fields: tuple[signup.Field, ...]) -> type[Form]:
    """Return a form class; made once, because WTForms prepares each class at its first use."""
    made = {
        field.name: StringField(field.label, filters=[_cleaned], validators=[_check(field)])
        for field in fields
    }
    return type("SignUp", (Form,), made)


def _with_optional_email(fields: tuple[signup.Field, ...]) -> tuple[signup.Field, ...]:
    return tuple(replace(each, required=False) if each is signup.EMAIL else each for each in fields)


def _problems(form: Form, values: Any) -> dict[str, FieldProblem]:
    """Return what is wrong, in the order of the fields; that an address is probably mistyped is said once."""
    form.validate()
    problems: dict[str, FieldProblem] = {name: messages[0] for name, messages in form.errors.items()}
    email: str = form.data[signup.EMAIL.name]
    asked = normalized_email(values.get(signup.EMAIL_ASKED, "")) == normalized_email(email)
    if not asked and (likely := near_miss(email)):
        problems.setdefault(signup.EMAIL.name, FieldProblem(NEAR_MISS, suggestion=likely))
    return {name: problems[name] for name in form.data if name in problems}


def _cleaned(value: str | None) -> str:
    """Browsers send the end of a line as CR LF, and count it as one character."""
    return (value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _check(of: signup.Field) -> Callable[[Form, Any], None]:
    """Return the rules of a field as a validator; it changes the value into its clean form."""
    missing = MISSING.get(of.name, "")
    choices = {"role": frozenset(signup.ROLES), "language": frozenset(LANGUAGES)}.get(of.name)
    lines = of.kind == "textarea"

    def check(form: Form, entered: Any) -> None:  # noqa: ARG001 - WTForms' own signature
        value: str = entered.data
        if not value:
            if of.required:
                raise StopValidation(FieldProblem(missing))
            return
        if choices is not None:
            if value not in choices:
                raise StopValidation(FieldProblem(missing))
            return
        _check_length(value, of)
        _check_text(value, of.label, lines=lines)
        if of.name == signup.EMAIL.name:
            try:
                entered.data = clean_email(value)
            except BadEmail:
                raise StopValidation(FieldProblem(BAD_EMAIL)) from None
        elif of.name == signup.NAME.name:
            # A name in any script has a letter in it; "." and signs that nobody sees have none.
            if not any(character.isalpha() for character in value):
                raise StopValidation(FieldProblem(missing))
            try:
                entered.data = clean_name(value)
            except BadName:
                raise StopValidation(FieldProblem(BAD_NAME)) from None
            _check_length(entered.data, of)

    return check


def _check_length(value: str, of: signup.Field) -> None:
    if len(value) > of.limit:
        raise StopValidation(FieldProblem(TOO_LONG, of.label, of.limit))


def _check_text(value: str, label: str, *, lines: bool) -> None:
    if value.isprintable() and "\ufffd" not in value:
        return  # nearly always: none of what follows is printable
    for character in value:
        if character in _LINE_ENDS:
            if not (lines and character == "\n"):
                raise StopValidation(FieldProblem(ONE_LINE, label))
        elif (
            character == "\ufffd"  # what a wrong encoding leaves
            or character in _DIRECTIONS
            or (unicodedata.category(character) in _REFUSED and not (lines and character == "\t"))
        ):
            raise StopValidation(FieldProblem(BAD_SIGN, label))
