# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reads and checks what people send: WTForms over the fields of `schedule.signup`, with messages of our own."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from email_validator import EmailNotValidError, validate_email
from wtforms import Form, StringField
from wtforms.validators import StopValidation

from register.domain.errors import RegisterError
from register.domain.model import Person
from register.domain.names import BadName, clean_name
from schedule import signup
from schedule.model import LANGUAGES, Language


def _(message: str) -> str:
    """Mark a message for translation; `Problem.text` translates it."""
    return message


# Each message says what to do.
MISSING = {
    "name": _("Enter your full name."),
    "email": _("Enter your e-mail address."),
    "organization": _("Enter the name of your district, school or agency."),
    "role": _("Choose your role. If none fits, choose “Other”."),
    "language": _("Choose the language of our mails to you."),
    "consent": _("Check the box to agree that we keep these details. We cannot sign you up without them."),
}
BAD_ADDRESS = _("Enter an e-mail address like name@example.org.")
TOO_MANY_NAMES = _(
    "No more people can sign up for this session with this e-mail address. Use another address, or call us."
)
TOO_LONG = _("“{field}”: use at most {limit} characters.")
BAD_SIGN = _(
    "“{field}”: type this again. It has a character that we cannot use, as can happen when you paste text."
)
BAD_NAME = _(
    "Write your name in letters. Periods, commas, hyphens and apostrophes are fine, but no numbers or other "
    "signs: write 3rd as III."
)
ONE_LINE = _("“{field}”: write this on one line.")

# They turn the direction of the text around them (Unicode, UAX #9), in a mail or a roster that of others' text.
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Control characters, unpaired surrogates, private use.
_REFUSED = frozenset({"Cc", "Cs", "Co"})
_LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


class BadAddress(RegisterError):
    """A text that is no e-mail address to which we could send something."""

    def __init__(self) -> None:
        super().__init__("that is no e-mail address; it should look like name@example.org")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, in words that each page translates; `label` and `limit` are the field's."""

    message: str
    label: str = ""
    limit: int = signup.FIELD_LIMIT

    def text(self, gettext: Callable[[str], str]) -> str:
        """Return the message in the language of `gettext`."""
        said = gettext(self.message)
        if "{" not in said:
            return said
        return said.format(field=gettext(self.label), limit=self.limit)


@dataclass(frozen=True, slots=True)
class Entered:
    """A form that was read: who signs up, or what is wrong, by the fields' names in their order."""

    person: Person | None
    problems: Mapping[str, Problem] = field(default_factory=dict)


def clean_address(text: str) -> str:
    """Return an e-mail address as it can be sent to, its domain in ASCII (IDNA). Raises BadAddress.

    Only the shape is checked: no server is asked. What looks like an encoded word (RFC 2047) is none of ours.
    """
    if "=?" in text:
        raise BadAddress
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        raise BadAddress from None
    return checked.ascii_email or checked.normalized


class SignUpForms:
    """The sign-up form for staff, the one for parents, and the one for who has lost a mail."""

    def __init__(self) -> None:
        self._classes = {for_parents: _form(signup.fields(for_parents)) for for_parents in (False, True)}
        self._address = _form((signup.EMAIL,))

    def read(self, values: Any, *, for_parents: bool) -> Entered:
        """Check what was sent (a werkzeug MultiDict)."""
        form = self._classes[for_parents](values)
        if not form.validate():
            return Entered(None, _problems(form))
        data = form.data
        return Entered(
            Person(
                name=data["name"],
                email=data["email"],
                organization=data["organization"],
                role=data.get("role", ""),
                language=Language(data["language"]),
                needs=data["needs"],
            )
        )

    def read_address(self, values: Any) -> str | Problem:
        """Return the address that was sent, or what is wrong with it."""
        form = self._address(values)
        if not form.validate():
            return _problems(form)["email"]
        return str(form.data["email"])


def _form(fields: tuple[signup.Field, ...]) -> type[Form]:
    """Return a form class; made once, because WTForms prepares each class at its first use."""
    made = {
        one.name: StringField(one.label, filters=_FILTERS[one.kind], validators=[_check(one)])
        for one in fields
    }
    return type("SignUp", (Form,), made)


def _problems(form: Form) -> dict[str, Problem]:
    return {name: messages[0] for name, messages in form.errors.items()}


def _trimmed(value: str | None) -> str:
    return (value or "").strip()


def _lines(value: str | None) -> str:
    """Browsers send CR LF and count one character."""
    return (value or "").replace("\r\n", "\n").replace("\r", "\n").strip()


_FILTERS: dict[str, tuple[Callable[[str | None], str], ...]] = {
    "text": (_trimmed,),
    "email": (_trimmed,),
    "select": (_trimmed,),
    "radio": (_trimmed,),
    "checkbox": (_trimmed,),
    "textarea": (_lines,),
}


def _check(of: signup.Field) -> Callable[[Form, Any], None]:
    """Return the rules of a field as a validator; it changes the value into its clean form."""
    missing = MISSING.get(of.name, "")
    choices = {"role": frozenset(signup.ROLES), "language": frozenset(LANGUAGES)}.get(of.name)
    lines = of.kind == "textarea"

    def check(form: Form, entered: Any) -> None:  # noqa: ARG001 - WTForms' own signature
        value: str = entered.data
        if not value:
            if of.required:
                raise StopValidation(Problem(missing))
            return
        if choices is not None:
            if value not in choices:
                raise StopValidation(Problem(missing))
            return
        _check_length(value, of)
        _check_text(value, of.label, lines=lines)
        if of is signup.EMAIL:
            try:
                entered.data = clean_address(value)
            except BadAddress:
                raise StopValidation(Problem(BAD_ADDRESS)) from None
        elif of is signup.NAME:
            # A name in any script has a letter in it; "." and signs that nobody sees have none.
            if not any(character.isalpha() for character in value):
                raise StopValidation(Problem(missing))
            try:
                entered.data = clean_name(value)
            except BadName:
                raise StopValidation(Problem(BAD_NAME)) from None
            _check_length(entered.data, of)

    return check


def _check_length(value: str, of: signup.Field) -> None:
    if len(value) > of.limit:
        raise StopValidation(Problem(TOO_LONG, of.label, of.limit))


def _check_text(value: str, label: str, *, lines: bool) -> None:
    if value.isprintable() and "\ufffd" not in value:
        return  # nearly always: none of what follows is printable
    for character in value:
        if character in _LINE_ENDS:
            if not (lines and character == "\n"):
                raise StopValidation(Problem(ONE_LINE, label))
        elif (
            character == "\ufffd"  # what a wrong encoding leaves
            or character in _DIRECTIONS
            or (unicodedata.category(character) in _REFUSED and not (lines and character == "\t"))
        ):
            raise StopValidation(Problem(BAD_SIGN, label))
