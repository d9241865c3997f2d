# SPDX-License-Identifier: AGPL-3.0-or-later
"""What ends a sign-in to the staff desk or a private feed, as when a phone was lost: `register staff …`."""

from __future__ import annotations

import click

from register.bootstrap import Application
from register.domain.staff import StaffMember, member_of
from register.entrypoints.staff_commands import EMAIL, application_of
from schedule.addresses import Addresses


@click.group("staff")
def staff_() -> None:
    """End what members of staff were given: sign-ins to the staff desk, and private feeds."""


@staff_.command("sign-out")
@click.argument("email", type=EMAIL)
@click.pass_context
def sign_out(context: click.Context, email: str) -> None:
    """Sign EMAIL out of the staff desk, on all devices."""
    member = _member(application_of(context), email)
    application_of(context).store.end_staff_sessions(member.email_hash)
    click.echo(f"{email}: signed out on all devices")


@staff_.command("new-feed")
@click.argument("email", type=EMAIL)
@click.pass_context
def new_feed(context: click.Context, email: str) -> None:
    """End the private feed of EMAIL, and print the address of a new one."""
    application = application_of(context)
    member = _member(application, email)
    generation = application.store.new_staff_feed(member.email_hash)
    addresses = Addresses(application.config.site_url)
    token = application.staff_tokens.feed(member.email_hash, generation)
    click.echo(addresses.whole(addresses.staff_feed(token)))


def _member(application: Application, email: str) -> StaffMember:
    """Return who has an email address; of people who are not, all has ended anyway. Raises click's errors."""
    member = member_of(application.staff.members(), email)
    if member is None:
        raise click.ClickException(f"{email} is not on the list of staff ({application.config.staff})")
    return member
