# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line, `register`: what runs the function and keeps it in order.

`staff_commands.py` has what staff do for people, `email_commands.py` what they do about email addresses,
`desk_commands.py` what is done about staff, `backup_commands.py` what saves all of it, `doctor_command.py`
what says how everything stands.

Exit status: 0 done; 1 an error, or something that `doctor` found; 2 a wrong command; 3 a sync that left a
session as it was.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from register.bootstrap import Application
from register.domain.errors import RegisterError
from register.entrypoints import backup_commands, email_commands, staff_commands, staff_lines
from register.entrypoints.desk_commands import staff_
from register.entrypoints.doctor_command import doctor_
from register.entrypoints.staff_commands import application_of
from register.operations import counts, maintenance, staff_messages
from register.operations.sync import sync
from register.operations.sync_plan import Change, plan, some_emails

SKIPPED = 3
"""The exit status of a sync that could not do all."""


class _Errors(click.Group):
    """A group in which our own errors are said in one line, without a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except RegisterError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=_Errors, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Sign-ups of the California MSIX trainings.

    Run it in the project's folder. It reads the settings that docs/operations.md lists (REGISTER_…) from the
    environment and from register.env there; without any, sign-ups are in var/register.sqlite3 and emails go to
    var/mail/.
    """

    @context.call_on_close
    def close() -> None:
        if isinstance(context.obj, Application):
            context.obj.close()


@main.command()
@click.option("--production", is_flag=True, help="Refuse settings that are meant for trying out.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    envvar="PORT",
    help="Port to listen on.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    show_default="published/site where REGISTER_SITE is set, else output",
    help="The built site.",
)
@click.pass_context
def serve(context: click.Context, production: bool, host: str, port: int, output: Path | None) -> None:
    """Serve the built site and the sign-up, deliver emails, remind and sweep, until interrupted."""
    from register.entrypoints.server import log_to_stderr
    from register.entrypoints.server import serve as run
    from register.entrypoints.template_check import check_templates

    log_to_stderr()
    # systemd and containers end a service with SIGTERM; it finishes the email in hand, as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    application = application_of(context, production=production, make_secret=not production, port=port)
    check_templates(application.config.home / "theme")
    staff = staff_lines.start_line(application)
    run(
        application,
        (output or application.config.output).absolute(),
        host=host,
        port=port,
        ready=lambda url: click.echo(f"{staff}\nserving on {url}", err=True),
    )


@main.command("sync")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@click.option("--yes", is_flag=True, help="Go on even if more than 50 emails will be sent.")
@click.pass_context
def sync_(context: click.Context, dry_run: bool, yes: bool) -> None:
    """Bring the sign-ups in line with build/schedule.json, and email the people it affects.

    Ends with status 3 if a session with people in it is no longer in the schedule; the others are done.
    """
    application = application_of(context)
    contract, resolve, now = application.build.contract(), application.resolve(), application.clock()
    if dry_run:
        todo = plan(contract, application.store, resolve, now=now)
        result = f"would change {len(todo.changes)} sessions and send {some_emails(todo.emails)}"
    else:
        todo, done = sync(contract, application.store, resolve, now=now, yes=yes, progress=_progress)
        emails = done.maintenance.notices + done.maintenance.promotions
        result = f"{done.changed} sessions changed, {some_emails(emails)} written"
    for line in (*todo.lines(), result):
        click.echo(line)
    for line in todo.warnings():
        click.echo(f"warning: {line}", err=True)
    if todo.vanished:
        context.exit(SKIPPED)


@main.command()
@click.pass_context
def deliver(context: click.Context) -> None:
    """Send the emails that are due, once. The server and, on AWS, the stream do this by themselves."""
    from register.entrypoints.notes import note_secret
    from register.mail import delivery

    application = application_of(context)
    note_secret(application)
    done = delivery.deliver(
        application.store,
        application.mail_backend(),
        application.compose(),
        now=application.clock,
        staff=application.staff.members,
    )
    late = f", {done.dropped} too late" if done.dropped else ""
    down = "; the email server is down" if done.down else ""
    click.echo(f"{done.sent} sent, {done.later} to be tried again, {done.failed} given up{late}{down}")
    if done.failed or done.later:
        click.echo("register doctor says why", err=True)
        context.exit(1)


@main.command()
@click.pass_context
def remind(context: click.Context) -> None:
    """Write the reminders for sessions that begin within a day; each person gets one."""
    application = application_of(context)
    done = maintenance.remind(application.store, now=application.clock())
    click.echo(f"{done.reminders} reminders written")


@main.command()
@click.pass_context
def sweep(context: click.Context) -> None:
    """Finish what was interrupted, and delete what is no longer kept."""
    application = application_of(context)
    done = maintenance.sweep(application.store, now=application.clock())
    staff_messages.record(application.store, application.staff(), now=application.clock())
    counts.keep(application.store, now=application.clock(), organization=application.organizations().listed)
    click.echo(
        f"{done.notices} emails about changes, {done.promotions} people promoted, {done.purged} rows deleted"
    )


def _progress(changes: Sequence[Change]) -> Iterator[Change]:
    """Show on a terminal how far a long sync is."""
    with click.progressbar(changes, label="syncing", file=sys.stderr, hidden=len(changes) < 20) as bar:
        yield from bar


for command in (
    *staff_commands.COMMANDS,
    *email_commands.COMMANDS,
    *backup_commands.COMMANDS,
    doctor_,
    staff_,
):
    main.add_command(command)
