# SPDX-License-Identifier: AGPL-3.0-or-later
"""What staff do about email addresses: emails that failed or came back, a test, and all that is kept about one."""

from __future__ import annotations

import json

import click

from register.entrypoints.staff_commands import EMAIL, application_of
from register.mail.backends.base import without_people
from register.operations import failed_mail, privacy


@click.command()
@click.argument("email", type=EMAIL)
@click.argument("problem")
@click.pass_context
def bounced(context: click.Context, email: str, problem: str) -> None:
    """Record that email to EMAIL bounced, with the PROBLEM that the server named; doctor shows it."""
    application = application_of(context)
    marked = application.store.bounced(email, without_people(problem, email), now=application.clock())
    click.echo(f"{_some(marked, email)} sign-ups marked")


@click.command()
@click.argument("email", type=EMAIL)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def forget(context: click.Context, email: str, yes: bool) -> None:
    """Erase all that is kept about EMAIL; its seats go to people who wait.

    What is still to be sent of cancellations keeps the email address alone, for three days at most.
    """
    application = application_of(context)
    kept = privacy.export(application.store, email)
    sign_ups, emails = len(kept["registrations"]), len(kept["emails"])
    _some(sum(map(len, kept.values())), email)
    if not yes:
        click.confirm(f"Erase {sign_ups} sign-ups and {emails} emails for good?", abort=True)
    done = privacy.forget(
        application.store, email, now=application.clock(), organization=application.organizations().listed
    )
    click.echo(f"{done.registrations} sign-ups erased")
    if done.unsent:
        click.echo(
            f"{done.unsent} cancellations are still to be sent: they keep the email address and no name, and go when "
            "they are sent, or after three days"
        )


@click.command()
@click.argument("email", type=EMAIL)
@click.pass_context
def export(context: click.Context, email: str) -> None:
    """Print all that is kept about EMAIL, as JSON."""
    data = privacy.export(application_of(context).store, email)
    _some(sum(map(len, data.values())), email)
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))


@click.command()
@click.option(
    "--retry",
    is_flag=True,
    help="Send them again, and those that wait for another try: settings were corrected.",
)
@click.option("--dismiss", is_flag=True, help="You have called these people: doctor stops naming the emails.")
@click.pass_context
def failed(context: click.Context, retry: bool, dismiss: bool) -> None:
    """List the emails that were given up or bounced, with names and email addresses."""
    if retry and dismiss:
        raise click.UsageError("choose one of --retry and --dismiss")
    application = application_of(context)
    store, now = application.store, application.clock()
    found = failed_mail.find(store, now=now)
    for delivery in found.given_up:
        message = delivery.message
        click.echo(
            f"{message.session_id}  {message.name}  {message.email}  {message.kind}: {delivery.problem}"
        )
    for registration in found.bounced:
        person = f"{registration.person.name}  {registration.person.email}"
        words = f"{registration.state}: bounced: {registration.bounced}"
        click.echo(f"{registration.session_id}  {person}  {words}")
    if retry:
        due = failed_mail.retry(store, found, now=now)
        overtaken = len(found.given_up) + len(found.postponed) - due
        newer = f"; {overtaken} stay, since a newer email about the session is out" if overtaken else ""
        click.echo(f"{due} emails are due again{newer}")
    if dismiss:
        click.echo(f"{failed_mail.dismiss(store, found, now=now)} emails dismissed")


@click.command("test-email")
@click.argument("email", type=EMAIL)
@click.pass_context
def test_email(context: click.Context, email: str) -> None:
    """Send EMAIL a test, the way all emails go, and say what the server answered."""
    from register.mail import trial
    from register.mail.backends.by_url import backend_for, described

    application = application_of(context)
    settings = application.config
    backend = backend_for(settings.mail, settings.home, policy=trial.POLICY)
    test = trial.trial_email(
        email,
        sender=settings.sender,
        reply_to=settings.reply_to,
        site_url=settings.site_url,
        now=application.clock(),
        token=application.new_registration_id(),
    )
    trial.hand_over(backend, test)
    where = described(settings.mail, settings.home)
    if settings.mail.startswith("folder:"):
        click.echo(f"{where} has it, as {test.name}.eml: REGISTER_MAIL is a folder, so nobody gets it")
    else:
        click.echo(
            f"{where} has taken it, from {settings.sender.email} to {email}; see whether it is in the inbox, and not "
            "among the spam"
        )


def _some(number: int, email: str) -> int:
    """Return a number that is not zero. Raises click's errors."""
    if not number:
        raise click.ClickException(f"nothing is kept about {email}; check the spelling")
    return number


COMMANDS = (failed, bounced, forget, export, test_email)
