# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a running server keeps for the doctor, who is another process, where the store is one machine's."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from register.bootstrap import Application
from register.entrypoints.front import noticing
from register.operations import secret_record
from register.stores.errors import Damaged
from register.stores.sqlite.database import Database
from register.stores.sqlite.store import SQLiteStore

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_FRONT = "front seen"


def database_of(application: Application) -> Database | None:
    """Return the machine's own database; None where the store is elsewhere."""
    return application.store.database if isinstance(application.store, SQLiteStore) else None


def note_secret(application: Application) -> None:
    """Keep with which secret the links are signed that go out from now on."""
    if database := database_of(application):
        secret_record.keep(database, application.config.secrets, now=application.clock())


def noticing_a_front(everything: WSGIApplication, application: Application) -> WSGIApplication:
    """Return an application that keeps whether requests come through a front of which the settings do not know."""
    database = database_of(application)
    if database is None:
        return everything
    database.drop_fact(_FRONT)
    if application.config.proxies:
        return everything
    return noticing(everything, lambda: database.keep_fact(_FRONT, application.clock().isoformat()))


def front_seen(database: Database) -> datetime | None:
    """Return when requests came through a front of which the settings did not know. Raises StoreError."""
    when = database.facts().get(_FRONT)
    try:
        return datetime.fromisoformat(when) if when else None
    except ValueError:
        raise Damaged(f"fact {_FRONT}", "value", "is no date and time") from None
