# SPDX-License-Identifier: AGPL-3.0-or-later
"""`register doctor`: everything that somebody who runs the function should know, for people and for monitors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from register.bootstrap import Application
from register.domain.errors import ConfigError, RegisterError
from register.domain.model import Registration
from register.entrypoints import notes, staff_lines
from register.entrypoints.staff_commands import application_of
from register.mail.backends.base import MailError
from register.operations import doctor, machine, secret_record
from register.operations.doctor import Finding
from register.operations.last_backup import last_backup
from register.operations.sync_plan import plan
from register.settings.build import UnfitBuild
from register.stores.errors import Damaged, StoreError
from register.stores.sqlite.database import Database


@click.command("doctor")
@click.option("--quiet", is_flag=True, help="Print only what needs you: nothing, where all is well.")
@click.pass_context
def doctor_(context: click.Context, quiet: bool) -> None:
    """Say how everything stands; status 1 if something needs you."""
    application = application_of(context)
    findings = list(_findings(application))
    for finding in findings:
        if finding.trouble or not quiet:
            click.echo(f"{'!!' if finding.trouble else 'ok'} {finding.words}")
    if any(finding.trouble for finding in findings):
        context.exit(1)


def _findings(application: Application) -> Iterator[Finding]:
    try:
        yield from doctor.examine(application.store, now=application.clock())
        yield from _behind(application)
        yield from _of_this_machine(application)
    except StoreError as error:
        yield doctor.unanswered(error)
    yield from _sending(application)
    yield from _showing(application)
    yield from staff_lines.findings(application)


def _of_this_machine(application: Application) -> Iterator[Finding]:
    """Yield what there is to say where one machine does everything. Raises StoreError."""
    database = notes.database_of(application)
    if database is None:
        return
    now, last = application.clock(), last_backup(database.path)
    people = _people(application, now)
    if database.is_for_production or last:
        same_disk = last is not None and _on_one_disk(database, last.file.parent)
        yield machine.backup_age(last, now=now, same_disk=same_disk, is_empty=not people)
    dead_since = secret_record.dead_since(database.facts(), application.config.secrets, people, now=now)
    if dead_since is not None:
        yield machine.secret_changed(dead_since)
    if not application.config.proxies and (seen := notes.front_seen(database)):
        yield machine.front_seen(seen)
    yield from machine.clock(people, last, now=now)


def _people(application: Application, now: datetime) -> list[Registration]:
    """Return who is signed up for what is not over; what is damaged is named already. Raises StoreError."""
    people = []
    for occupancy in application.store.sessions(after=now):
        try:
            people += application.store.roster(occupancy.terms.session_id)
        except Damaged:
            continue
    return people


def _on_one_disk(database: Database, folder: Path) -> bool:
    return folder.exists() and folder.stat().st_dev == database.path.stat().st_dev


def _sending(application: Application) -> Iterator[Finding]:
    """Yield what is wrong with where emails go, and what DNS says of where they come from."""
    try:
        application.mail_backend().close()
    except MailError as error:
        yield doctor.unsendable(error)
        return
    if not application.config.mail.startswith("folder:"):
        from register.operations.sender_domain import look_up

        yield look_up(application.config.sender.domain)


def _showing(application: Application) -> Iterator[Finding]:
    """Yield what there is to say of what pages are made from, if the site was built here."""
    from register.entrypoints.template_check import check_templates

    if application.build.version() is None and not application.config.serves_public_here:
        return
    try:
        application.build.site()
        check_templates(application.config.home / "theme")
    except UnfitBuild as error:
        yield doctor.unshowable(error)
        return  # how old it is does not matter
    except ConfigError as error:
        yield doctor.unshowable(error)
    if application.build.version() is None:
        return
    public = application.config.site_url.startswith("https:")
    yield machine.site_age(application.build.last_made(), now=application.clock(), public=public)


def _behind(application: Application) -> list[Finding]:
    """Return how far the store is behind the built schedule, if the site was built here."""
    if application.build.version() is None:
        return []  # as where Lambda does the work
    try:
        contract, resolve = application.build.contract(), application.resolve()
        return doctor.compare(plan(contract, application.store, resolve, now=application.clock()))
    except UnfitBuild:
        return []  # what is wrong with it is said of the pages
    except RegisterError as error:
        return [doctor.incomparable(error)]
