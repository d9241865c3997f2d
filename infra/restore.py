# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes a stage's table as a restored one is: `python -m infra.restore RESTORED TABLE`.

DynamoDB restores into a new table, without its stream, time to live and backups; so its items go back into the
table that has them. Emails of that time stay as they are now, so that none goes out twice; those that came since go.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from register.stores.dynamodb.keys import Item

Key = tuple[str, str]
Items = Mapping[Key, Item]

_KINDS = {
    "META": "sessions",
    "R#": "registrations",
    "N#": "identities",
    "W#": "places in a line",
    "T#": "trail",
}
_NOBODY = {"active": {"N": "0"}, "seats": {"N": "0"}}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a table lacks to be as another: what is written, and what is deleted."""

    written: Items
    deleted: frozenset[Key]

    def lines(self) -> Iterator[str]:
        """Yield what changes, a line for each kind of item."""
        written, deleted = Counter(map(_kind, self.written)), Counter(map(_kind, self.deleted))
        for kind in sorted(written | deleted):
            yield f"{kind}: {written[kind]} written, {deleted[kind]} deleted"


def changes(restored: Items, table: Items) -> Changes:
    """Return what makes a table as it was.

    A message says now whether it was sent; one that is not there anymore was sent long ago, but in an empty table. The
    number of an email address's newest message never falls, else calendars would overlook the next one; so its counts
    stay, with nobody in them, where it had none.
    """
    wanted = {key: item for key, item in restored.items() if not (_is_outbox(key) and table)}
    for key, item in table.items():
        if _is_outbox(key) and key in restored:
            wanted[key] = item
        elif key[1].startswith("E#"):
            wanted[key] = _numbered(restored.get(key, {**item, **_NOBODY}), item)
    return Changes(
        {key: item for key, item in wanted.items() if table.get(key) != item},
        frozenset(table.keys() - wanted.keys()),
    )


def _numbered(tally: Item, newer: Item) -> Item:
    return {**tally, "last": max(tally["last"], newer["last"], key=lambda number: int(number["N"]))}


def _is_outbox(key: Key) -> bool:
    return key[0].startswith("O#")


def _kind(key: Key) -> str:
    if _is_outbox(key):
        return "messages"
    return _KINDS.get(key[1] if key[1] == "META" else key[1][:2], "others")


def read(client: Any, table: str) -> dict[Key, Item]:
    """Return all items of a table."""
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return {(item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]}


def write(client: Any, table: str, change: Changes) -> None:
    """Write one item after the other; whoever stops it in between does it again."""
    for item in change.written.values():
        client.put_item(TableName=table, Item=item)
    for pk, sk in change.deleted:
        client.delete_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})


def main(arguments: list[str] | None = None, client: Any = None) -> int:
    """Make one table as another is; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.restore", description=__doc__.partition("\n")[0])
    parser.add_argument("restored", help="the table that was restored")
    parser.add_argument("table", help="the stage's own table")
    parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    given = parser.parse_args(arguments)
    try:
        client = client or get_session().create_client("dynamodb")
        restored = read(client, given.restored)
        if not any(sk == "META" for _, sk in restored):
            sys.stderr.write(
                f"{given.restored} has no sessions; name the restored table first, then the stage's\n"
            )
            return 1
        change = changes(restored, read(client, given.table))
        for line in change.lines():
            sys.stdout.write(f"{line}\n")
        if given.dry_run:
            sys.stdout.write("Nothing was changed.\n")
            return 0
        write(client, given.table, change)
    except (BotoCoreError, ClientError) as error:
        sys.stderr.write(f"{error}; check the tables' names, the account and the region, and run it again\n")
        return 1
    sys.stdout.write(
        f"{given.table} is as {given.restored} was. Now run register sync, and register doctor.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
