# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do for people who call: the roster, and the form's steps by command."""

from __future__ import annotations

import json
from pathlib import Path

import click
from werkzeug.datastructures import MultiDict

from register import details, personal, roster
from register.forms import SignUpForms
from register.registration import Registration, State
from register.services import Services, from_environment
from schedule import signup


def services_of(context: click.Context, *, production: bool = False, make_secret: bool = False) -> Services:
    """Return what a command works with, made from the environment with the first call. Raises ConfigError."""
    root = context.find_root()
    root.obj = root.obj or from_environment(production=production, make_secret=make_secret)
    services: Services = root.obj
    return services


@click.command("roster")
@click.argument("session")
@click.option("--csv", "as_csv", is_flag=True, help="As CSV, for a spreadsheet.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="Write the CSV into this file, as Excel reads it."
)
@click.pass_context
def roster_(context: click.Context, session: str, as_csv: bool, output: Path | None) -> None:
    """Show who is confirmed, who waits and who has cancelled."""
    services = services_of(context)
    offer = services.store.session(session).offer
    zone = details.read(offer.details).session.period.zone
    rows = roster.rows(services.store.roster(session), zone)
    if output:
        # The mark at the start tells Excel that the file is UTF-8.
        output.write_text(roster.as_csv(rows), encoding="utf-8-sig", newline="")
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
@click.pass_context
def add(context: click.Context, /, session: str, language: str, role: str | None, **said: str) -> None:
    """Sign somebody up, as the form does; the person has agreed to it on the telephone."""
    services = services_of(context)
    offer = services.store.session(session).offer
    for_parents = details.read(offer.details).for_parents
    typed = MultiDict({**said, "language": language, "role": role or "", "consent": "yes"})
    entered = SignUpForms().read(typed, for_parents=for_parents)
    if entered.person is None:
        problems = (f"--{field}: {problem.text(str)}" for field, problem in entered.problems.items())
        raise click.UsageError("\n".join(problems))
    answer = services.store.sign_up(session, entered.person, rid=services.rid(), now=services.clock())
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
    services = services_of(context)
    one = _find(services, session, email, name)
    services.store.cancel(session, one.identity, one.rid, now=services.clock())
    click.echo(f"{session}: cancelled")


@click.command()
@click.argument("session")
@click.argument("email")
@click.option("--name", help="Whom, if several people share the address.")
@click.pass_context
def resend(context: click.Context, session: str, email: str, name: str | None) -> None:
    """Send somebody's mail with the personal link once more; at most once an hour."""
    services = services_of(context)
    one = _find(services, session, email, name)
    sent = services.store.resend(session, one.identity, now=services.clock())
    click.echo(f"{session}: {'the mail goes out once more' if sent else 'this hour has its mail already'}")


@click.command()
@click.argument("email")
@click.argument("problem")
@click.pass_context
def bounced(context: click.Context, email: str, problem: str) -> None:
    """Keep that mail to EMAIL came back, with the PROBLEM that the server named; doctor shows it."""
    services = services_of(context)
    click.echo(f"{services.store.bounced(email, problem, now=services.clock())} sign-ups marked")


@click.command()
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def forget(context: click.Context, email: str, yes: bool) -> None:
    """Erase all that is kept about EMAIL; seats that are held go to who waits."""
    services = services_of(context)
    if not yes:
        number = len(services.store.registrations_of(email))
        click.confirm(f"Erase {number} sign-ups for good?", abort=True)
    click.echo(f"{personal.forget(services.store, email, now=services.clock())} sign-ups erased")


@click.command()
@click.argument("email")
@click.pass_context
def export(context: click.Context, email: str) -> None:
    """Print all that is kept about EMAIL, as JSON."""
    services = services_of(context)
    click.echo(json.dumps(personal.export(services.store, email), ensure_ascii=False, indent=2))


def _find(services: Services, session: str, email: str, name: str | None) -> Registration:
    """Return the active registration that is meant. Raises UnknownSession and click's errors."""
    services.store.session(session)
    active = [
        one
        for one in services.store.registrations_of(email)
        if one.session_id == session and one.state is not State.CANCELLED
    ]
    if name is not None:
        active = [one for one in active if one.identity == type(one.person)(name, email).identity]
    if not active:
        raise click.ClickException(
            f"{session}: nobody of that name and address is signed up; see register roster"
        )
    if len(active) > 1:
        raise click.UsageError(
            f"{len(active)} people share this address; add --name, as register roster shows it"
        )
    return active[0]


COMMANDS = (roster_, add, cancel, resend, bounced, forget, export)
