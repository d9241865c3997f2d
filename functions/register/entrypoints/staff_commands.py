# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do for people who call: the roster, and the form's steps by command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import click
from werkzeug.datastructures import MultiDict

from register.bootstrap import Application, from_environment
from register.domain import roster, snapshot, spreadsheet
from register.domain.admission import Admission
from register.domain.model import ChangedBy, Person
from register.operations import people
from register.web.forms import BadEmail, clean_email
from schedule import signup
from schedule.model import DEFAULT_LANGUAGE, LANGUAGES


class _Email(click.ParamType[str]):
    """An email address, written as sign-ups have it."""

    name = "email"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return clean_email(value.strip())
        except BadEmail as error:
            self.fail(f'"{value}": {error}', param, ctx)


EMAIL = _Email()
_NAME_OPTION = click.option("--name", help="Whose, if several people share the email address.")
_EMAIL_OPTION = click.option("--email", type=EMAIL, required=True, help="The email address as it is kept.")
_LANGUAGE = click.Choice([language.value for language in LANGUAGES])


def application_of(
    context: click.Context, *, production: bool = False, make_secret: bool = False, port: int = 8000
) -> Application:
    """Return what a command works with, made from the environment with the first call. Raises ConfigError."""
    root = context.find_root()
    if root.obj is None:
        wired = from_environment(production=production, make_secret=make_secret, port=port)
        root.obj = replace(wired, guarded=True)
    application: Application = root.obj
    return application


@click.command("roster")
@click.argument("session")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a spreadsheet.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write the CSV into this file, as Excel reads it."
)
@click.pass_context
def roster_(context: click.Context, session: str, as_csv: bool, output: Path | None) -> None:
    """Show the people who are confirmed, wait or have canceled."""
    store = application_of(context).store
    zone = snapshot.read(store.session(session).terms.snapshot_json, session).session.period.zone
    rows = roster.rows(store.roster(session), zone)
    if output and output.suffix != ".csv":
        raise click.UsageError(f"{output}: name a file that ends in .csv; Excel opens it")
    if output:
        try:
            output.touch(mode=0o600)
            output.write_bytes(spreadsheet.as_excel_csv(roster.as_rows(rows)))
        except OSError as error:
            raise click.ClickException(f"{output}: {error.strerror}") from error
        click.echo(f"{output}: {len(rows)} people")
    elif as_csv:
        click.echo(spreadsheet.as_csv(roster.as_rows(rows)), nl=False)
    else:
        click.echo(roster.as_table(rows))


@click.command()
@click.argument("session")
@click.option("--name", required=True, help="The person's full name.")
@click.option(
    "--email",
    required=True,
    help="Where the emails go; for people without email, an email address of your office.",
)
@click.option("--organization", default="", help="District, school or agency.")
@click.option("--role", type=click.Choice(list(signup.ROLES)), help="Parents are not asked for it.")
@click.option(
    "--language",
    type=_LANGUAGE,
    default=DEFAULT_LANGUAGE.value,
    show_default=True,
    help="Language of the emails.",
)
@click.option("--needs", default="", help="Accessibility needs.")
@click.option(
    "--late",
    is_flag=True,
    help="Also after sign-up has closed, until the session is over; from an hour before the start into any free seat.",
)
@click.option(
    "--over-capacity",
    is_flag=True,
    help="With a seat although none is free, also after sign-up has closed; asks before it does.",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def add(
    context: click.Context,
    /,
    session: str,
    late: bool,
    over_capacity: bool,
    yes: bool,
    **fields: str | None,
) -> None:
    """Sign somebody up, as the form does; the person has agreed to it on the phone."""
    application = application_of(context)
    admission = Admission.LATE if late else Admission.FORM
    if over_capacity:
        admission = Admission.OVERBOOKED
        if not yes:
            click.confirm(_numbers(application, session), abort=True)
    signed_up = application.store.sign_up(
        session,
        _person(application, session, fields),
        registration_id=application.new_registration_id(),
        now=application.clock(),
        admission=admission,
        by=ChangedBy.STAFF,
    )
    place = f", number {signed_up.place}" if signed_up.place else ""
    again = " (was signed up already)" if signed_up.repeated else ""
    click.echo(f"{session}: {signed_up.registration.state}{place}{again}")


def _numbers(application: Application, session: str) -> str:
    """Return the question whether somebody gets a seat, which names how many are taken. Raises UnknownSession."""
    occupancy = application.store.session(session)
    taken = f"{occupancy.confirmed} of {occupancy.terms.capacity} seats are taken, {occupancy.waiting} people wait"
    return f"{session}: {taken}. Give this person a seat?"


def _person(
    application: Application, session: str, fields: Mapping[str, str | None], prefix: str = "--"
) -> Person:
    """Return the person that the options describe, by the form's rules. Raises UnknownSession and click's errors."""
    for_parents = snapshot.read(application.store.session(session).terms.snapshot_json, session).for_parents
    # Staff are not asked whether an address is mistyped: they have just read it out.
    settled = {"consent": "yes", signup.EMAIL_ASKED: fields["email"] or ""}
    form = MultiDict({name: text or "" for name, text in fields.items()} | settled)
    entered = application.forms().read(form, for_parents=for_parents)
    if entered.person is None:
        problems = (f"{prefix}{name}: {problem.text(str)}" for name, problem in entered.problems.items())
        raise click.UsageError("\n".join(problems))
    return entered.person


@click.command()
@click.argument("session")
@click.argument("email", type=EMAIL)
@_NAME_OPTION
@click.pass_context
def cancel(context: click.Context, session: str, email: str, name: str | None) -> None:
    """Cancel somebody's sign-up; the first person who waits gets the seat."""
    application = application_of(context)
    registration = people.find(application.store, session, email, name)
    application.store.cancel(
        session, registration.registration_id, now=application.clock(), by=ChangedBy.STAFF
    )
    click.echo(f"{session}: canceled")


@click.command()
@click.argument("session")
@_EMAIL_OPTION
@_NAME_OPTION
@click.option("--new-name", help="The person's full name.")
@click.option("--new-email", help="Where the emails go from now on; the old email address is told.")
@click.option("--new-organization", help="District, school or agency.")
@click.option("--new-role", type=click.Choice(list(signup.ROLES)), help="Parents are not asked for it.")
@click.option("--new-language", type=_LANGUAGE, help="Language of the emails.")
@click.option("--new-needs", help="Accessibility needs.")
@click.pass_context
def correct(context: click.Context, /, session: str, email: str, name: str | None, **new: str | None) -> None:
    """Correct what is kept about somebody, who keeps seat or place and is emailed what holds now."""
    given = {key.removeprefix("new_"): text for key, text in new.items() if text is not None}
    if not given:
        raise click.UsageError(
            f"say what to correct: {', '.join(f'--{key}'.replace('_', '-') for key in new)}"
        )
    application = application_of(context)
    registration = people.find(application.store, session, email, name)
    person = _person(application, session, people.fields(registration.person) | given, "--new-")
    click.echo(people.correct(application.store, registration, person, now=application.clock()))


@click.command()
@click.argument("session")
@_EMAIL_OPTION
@_NAME_OPTION
@click.option("--to", required=True, metavar="SESSION", help="Another date of the same training.")
@click.pass_context
def move(context: click.Context, session: str, email: str, name: str | None, to: str) -> None:
    """Move somebody to another date; where that is full, they wait there and keep what they have here."""
    application = application_of(context)
    moved = application.store.move(
        session,
        people.find(application.store, session, email, name).registration_id,
        to=to,
        new_registration_id=application.new_registration_id(),
        now=application.clock(),
        by=ChangedBy.STAFF,
    )
    click.echo(people.moved_in_words(session, to, moved))


@click.command()
@click.argument("session")
@click.argument("email", type=EMAIL)
@_NAME_OPTION
@click.pass_context
def resend(context: click.Context, session: str, email: str, name: str | None) -> None:
    """Send somebody's email with the personal link again; at most once an hour."""
    application = application_of(context)
    registration = people.find(application.store, session, email, name)
    people.resend(application.store, registration, now=application.clock())
    click.echo(f"{session}: the email goes out again")


COMMANDS = (roster_, add, cancel, correct, move, resend)
