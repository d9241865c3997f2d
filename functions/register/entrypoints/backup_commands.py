# SPDX-License-Identifier: AGPL-3.0-or-later
"""What saves all that a new machine needs, and puts it back: `register backup` and `register restore`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from register.bootstrap import now
from register.domain.errors import ConfigError
from register.operations import backups
from register.operations.backups import BackupError
from register.operations.files import because
from register.operations.last_backup import LastBackup, one_at_a_time
from register.operations.restoring import Replaced, put_back
from register.settings import config, env_file
from register.settings.kept_files import DATABASE, SETTINGS, KeptFiles, kept_files
from register.stores.sqlite import image

_MOST_DAYS = 31
"""The privacy page says that backups live on for a few weeks."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--keep",
    type=click.IntRange(1, _MOST_DAYS),
    metavar="DAYS",
    help="Delete older backups in FOLDER: all of the last hour stay, one an hour of the last day, one a day of DAYS.",
)
def backup(folder: Path, keep: int | None) -> None:
    """Save all that a new machine needs into FOLDER: sign-ups, settings, secret, links to join, list of staff.

    The server may go on meanwhile. Where nothing has changed since the newest backup in FOLDER, that one is enough.
    """
    home, environment = env_file.surroundings(os.environ)
    kept = kept_files(environment, home)
    if kept.database is None:
        raise click.ClickException(
            "this store is not an SQLite file; on AWS, point-in-time recovery keeps backups"
        )
    now_ = now()
    contents = {DATABASE: image.taken(kept.database), **_contents(kept)}
    image.looked_at(contents[DATABASE], str(kept.database))
    with one_at_a_time(kept.database) as keep_note:
        saved = backups.save(folder, contents, now=now_)
        keep_note(LastBackup(now_, saved.file.absolute()))
        stay = f"; {backups.thin(folder, days=keep, now=now_)} kept" if keep else ""
    done = f"{saved.file.stat().st_size} bytes" if saved.is_new else "nothing has changed since"
    click.echo(f"{saved.file}: {done}{stay}")
    if "REGISTER_SECRET" in os.environ and "REGISTER_SECRET" not in _in_file(kept):
        click.echo(
            f"warning: REGISTER_SECRET is not in {kept.others[SETTINGS]}, and so not in the backup; keep a copy of it",
            err=True,
        )


@click.command()
@click.argument("backup_", metavar="BACKUP", type=click.Path(path_type=Path, exists=True))
@click.option("--settings", is_flag=True, help="Also put back settings, links and staff that differ here.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(backup_: Path, settings: bool, yes: bool) -> None:
    """Put back what BACKUP holds: a file of `register backup`, or a folder, of which the newest is taken.

    Stop the server first. What is replaced is moved aside, and nothing is deleted.
    """
    file = backups.newest(backup_, now=now()).file if backup_.is_dir() else backup_
    contents = backups.read(file)
    if DATABASE not in contents:
        raise click.ClickException(f"{file}: there is no database in it; take another backup")
    found = image.looked_at(contents[DATABASE], str(file))
    kept = _targets(contents, replace=settings)
    if kept.database is None:
        raise click.ClickException("REGISTER_STORE names no SQLite file; correct it in register.env")
    if not yes:
        there = " It replaces what is there." if kept.database.exists() else ""
        click.confirm(
            f"Restore {found.registrations} sign-ups for {found.sessions} sessions from {file}?{there}",
            abort=True,
        )
    with image.held_alone(kept.database):
        replaced = put_back(
            contents[DATABASE],
            image.files_of(kept.database),
            {path: contents[name] for name, path in kept.others.items() if name in contents},
            replace=settings,
            now=now(),
        )
    _tell(replaced, kept.database)


def _contents(kept: KeptFiles) -> dict[str, bytes]:
    """Return the files besides the database that are there. Raises BackupError."""
    contents = {}
    for name, file in kept.others.items():
        try:
            contents[name] = file.read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise BackupError(f"{file}: {because(error)}") from error
    return contents


def _in_file(kept: KeptFiles) -> dict[str, str]:
    return env_file.read_file(kept.others[SETTINGS])


def _targets(contents: dict[str, bytes], *, replace: bool) -> KeptFiles:
    """Return where the files go: by the settings that will hold here. Raises ConfigError."""
    home = config.home_of(os.environ)
    here = env_file.read_file(home / env_file.SETTINGS_FILE)
    if SETTINGS in contents and (replace or not here):
        try:
            here = env_file.parsed(contents[SETTINGS].decode(), SETTINGS)
        except UnicodeError as error:
            raise ConfigError(f"{SETTINGS} of the backup is no text; take another backup") from error
    return kept_files({**here, **os.environ}, home)


def _tell(replaced: Replaced, database: Path) -> None:
    click.echo(f"{database}: put back")
    for file in replaced.put:
        click.echo(f"{file}: put back")
    for file in replaced.left:
        click.echo(f"{file}: left as it is, though the backup's differs; --settings puts that in its place")
    if replaced.aside is not None:
        click.echo(f"what was there before is in {replaced.aside}; delete it when all is well")
    click.echo("now start the server, then run register doctor and register sync")


COMMANDS = (backup, restore)
