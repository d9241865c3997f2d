# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do for people who call: the roster, and the form's steps by command."""

from __future__ import annotations

import json
from pathlib import Path

import click
from werkzeug.datastructures import MultiDict

from register.bootstrap import Application, from_environment
from register.domain import snapshot
from register.domain.identity import identity_of
from register.domain.model import Registration, State
from register.operations import privacy as personal
from register.operations import roster
from register.web.forms import BadAddress, SignUpForms, clean_address
from schedule import signup


def application_of(
    context: click.Context, *, production: bool = False, make_secret: bool = False, port: int = 8000
) -> Application:
    """Return what a command works with, made from the environment with the first call. Raises ConfigError."""
    root = context.find_root()
    root.obj = root.obj or from_environment(production=production, make_secret=make_secret, port=port)
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
    """Show who is confirmed, who waits and who has cancelled."""
    application = application_of(context)
    terms = application.store.session(session).terms
    zone = snapshot.read(terms.snapshot_json).session.period.zone
    rows = roster.rows(application.store.roster(session), zone)
    if output and output.suffix != ".csv":
        raise click.UsageError(f"{output}: name a file that ends in .csv; Excel opens it")
    if output:
        try:
            output.touch(mode=0o600)
            # The mark at the start tells Excel that the file is UTF-8.
            output.write_text(roster.as_csv(rows), encoding="utf-8-sig", newline="")
        except OSError as error:
            raise click.ClickException(f"{output}: {error.strerror}") from error
        click.echo(f"{output}: {len(rows)} people")
    elif as_csv:
        click.echo(roster.as_csv(rows), nl=False)
    else:
        click.echo(roster.as_table(rows))


@click.command()
@click.argument("session")
@click.option("--name", required=True, help="The person's full name.")
@click.option(
    "--email", required=True, help="Where the mails go; for who has none, an address of your office."
)
@click.option("--organization", default="", help="District, school or agency.")
@click.option("--role", type=click.Choice(list(signup.ROLES)), help="Not asked of parents.")
@click.option(
    "--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Of the mails."
)
@click.option("--needs", default="", help="Accessibility needs.")
@click.option("--late", is_flag=True, help="Also after sign-up has closed, until the session is over.")
@click.pass_context
def add(
    context: click.Context, /, session: str, language: str, role: str | None, late: bool, **said: str
) -> None:
    """Sign somebody up, as the form does; the person has agreed to it on the telephone."""
    application = application_of(context)
    terms = application.store.session(session).terms
    for_parents = snapshot.read(terms.snapshot_json).for_parents
    typed = MultiDict({**said, "language": language, "role": role or "", "consent": "yes"})
    entered = SignUpForms().read(typed, for_parents=for_parents)
    if entered.person is None:
        problems = (f"--{field}: {problem.text(str)}" for field, problem in entered.problems.items())
        raise click.UsageError("\n".join(problems))
    answer = application.store.sign_up(
        session,
        entered.person,
        registration_id=application.registration_id(),
        now=application.clock(),
        late=late,
    )
    place = f", number {answer.place}" if answer.place else ""
    again = " (was signed up already)" if answer.repeated else ""
    click.echo(f"{session}: {answer.registration.state}{place}{again}")


@click.command()
@click.argument("session")
@click.argument("email")
@click.option("--name", help="Whom, if several people share the address.")
@click.pass_context
def cancel(context: click.Context, session: str, email: str, name: str | None) -> None:
    """Cancel somebody's sign-up; the first who waits gets the seat."""
    application = application_of(context)
    one = _find(application, session, email, name)
    application.store.cancel(session, one.registration_id, now=application.clock())
    click.echo(f"{session}: cancelled")


@click.command()
@click.argument("session")
@click.argument("email")
@click.option("--name", help="Whom, if several people share the address.")
@click.pass_context
def resend(context: click.Context, session: str, email: str, name: str | None) -> None:
    """Send somebody's mail with the personal link once more; at most once an hour."""
    application = application_of(context)
    one = _find(application, session, email, name)
    sent = application.store.resend(session, one.registration_id, now=application.clock())
    if not sent:
        raise click.ClickException(
            f"{session}: nothing sent: this mail went out within this hour; try again after the next full hour"
        )
    click.echo(f"{session}: the mail goes out once more")


@click.command()
@click.argument("email")
@click.argument("problem")
@click.pass_context
def bounced(context: click.Context, email: str, problem: str) -> None:
    """Keep that mail to EMAIL came back, with the PROBLEM that the server named; doctor shows it."""
    application = application_of(context)
    marked = application.store.bounced(_address(email), problem, now=application.clock())
    click.echo(f"{_some(marked, email)} sign-ups marked")


@click.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def forget(context: click.Context, email: str, yes: bool) -> None:
    """Erase all that is kept about EMAIL; seats that are held go to who waits."""
    application, address = application_of(context), _address(email)
    number = _some(len(application.store.registrations_of(address)), email)
    if not yes:
        click.confirm(f"Erase {number} sign-ups for good?", abort=True)
    click.echo(f"{personal.forget(application.store, address, now=application.clock())} sign-ups erased")


@click.command()
@click.argument("email")
@click.pass_context
def export(context: click.Context, email: str) -> None:
    """Print all that is kept about EMAIL, as JSON."""
    data = personal.export(application_of(context).store, _address(email))
    _some(len(data["registrations"]), email)
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


@click.command()
@click.option(
    "--retry",
    is_flag=True,
    help="Make them due again, and those that wait for another try: the settings were mended.",
)
@click.option(
    "--dismiss", is_flag=True, help="You have called these people: doctor need not name the mails any more."
)
@click.pass_context
def failed(context: click.Context, retry: bool, dismiss: bool) -> None:
    """List the mails that were given up or came back, with names and addresses."""
    if retry and dismiss:
        raise click.UsageError("choose one of --retry and --dismiss")
    application = application_of(context)
    store, now = application.store, application.clock()
    given_up = store.failed()
    for one in given_up:
        message = one.message
        click.echo(f"{message.session_id}  {message.name}  {message.email}  {message.kind}: {one.problem}")
        if dismiss:
            store.settle_sent(message, now=now)
    postponed = [one for one in store.pending() if one.problem] if retry else []
    for one in (*given_up, *postponed) if retry else ():
        store.settle_later(one.message, due=now, problem=one.problem or "", counted=False)
    came_back = set()
    for occupancy in store.sessions(after=now):
        for person in store.roster(occupancy.terms.session_id):
            if person.bounced:
                came_back.add(person.person.email)
                said = f"{person.person.name}  {person.person.email}  {person.state}: came back: {person.bounced}"
                click.echo(f"{person.session_id}  {said}")
    if retry or dismiss:
        if dismiss:
            for email in came_back:
                store.bounced(email, "", now=now)
        number = len(given_up) + len(postponed) + (len(came_back) if dismiss else 0)
        click.echo(f"{number} mails {'are due again' if retry else 'dismissed'}")


def _find(application: Application, session: str, email: str, name: str | None) -> Registration:
    """Return the active registration that is meant. Raises UnknownSession and click's errors."""
    application.store.session(session)
    address = _address(email)
    active = [
        one
        for one in application.store.registrations_of(address)
        if one.session_id == session and one.state is not State.CANCELLED
    ]
    if name is not None:
        active = [one for one in active if one.person.identity == identity_of(address, name)]
    if not active:
        raise click.ClickException(
            f"{session}: nobody of that name and address is signed up; see register roster"
        )
    if len(active) > 1:
        raise click.UsageError(
            f"{len(active)} people share this address; add --name, as register roster shows it"
        )
    return active[0]


def _address(typed: str) -> str:
    """Return an address as sign-ups have it. Raises click's errors."""
    try:
        return clean_address(typed.strip())
    except BadAddress as error:
        raise click.UsageError(f'"{typed}": {error}') from error


def _some(number: int, email: str) -> int:
    """Return a number that is not nought. Raises click's errors."""
    if not number:
        raise click.ClickException(f"nothing is kept about {email}; is it written as in the sign-up?")
    return number


COMMANDS = (roster_, add, cancel, resend, failed, bounced, forget, export)
