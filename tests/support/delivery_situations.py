# SPDX-License-Identifier: AGPL-3.0-or-later
"""What email servers do to an email, and what comes of it: how many copies, and how late the others are.

`python -m tests.support.delivery_situations` prints the table.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tests.support.delivery_scene import HOUR, MINUTE, Scene, scene

ANA = "Ana"
FOREVER = timedelta(days=30)


@dataclass(frozen=True)
class Row:
    """What came of one situation."""

    situation: str
    copies: int
    """Of the email concerned; of every email, the most, where it concerns all."""
    lost: int
    """How many answers were lost: each of them may bring one copy more."""
    late: timedelta
    """By how much the latest of the other emails came after it could."""
    end: str
    """What stands beside the email concerned."""


Situation = Callable[[Scene], tuple[int, int, timedelta]]
"""Returns copies, lost answers, and how late the others were."""


def twenty_seconds_after_data(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(timedelta(seconds=20))
    at.sign_up(ANA)
    others = at.every(30 * MINUTE, until=5 * HOUR)
    at.run(24 * HOUR)
    return at.copies(ANA), 0, at.late(others)


def no_answer_to_data(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(FOREVER, ANA)
    at.sign_up(ANA)
    others = at.every(30 * MINUTE, until=13 * HOUR)
    at.run(48 * HOUR)
    return at.copies(ANA), 3, at.late(others)


def one_answer_after_eleven_minutes(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(11 * MINUTE, ANA)
    at.sign_up(ANA)
    others = at.every(30 * MINUTE, until=5 * HOUR)
    at.at(HOUR, lambda: at.takes(timedelta(), ANA))
    at.run(48 * HOUR)
    return at.copies(ANA), 1, at.late(others)


def dropped_after_data(at: Scene) -> tuple[int, int, timedelta]:
    async def drop(server, email: str) -> None:
        if email.startswith("ana@"):
            server.transport.close()

    at.server.mailbox.on_data = drop
    at.sign_up(ANA)
    others = at.every(30 * MINUTE, until=13 * HOUR)
    at.run(48 * HOUR)
    return at.copies(ANA), 3, at.late(others)


def dripped_after_data(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(FOREVER, ANA, drips=b"2")
    at.sign_up(ANA)
    others = at.every(30 * MINUTE, until=13 * HOUR)
    at.run(48 * HOUR)
    return at.copies(ANA), 3, at.late(others)


def dripped_before_data(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(FOREVER, ANA, at="person", drips=b"2")
    at.sign_up(ANA)
    others = at.every(30 * MINUTE, until=13 * HOUR)
    at.run(24 * HOUR)
    return at.copies(ANA), 0, at.late(others)


def a_recipient_that_times_out(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(FOREVER, ANA, at="person")
    at.sign_up(ANA)
    others = at.every(30 * MINUTE, until=13 * HOUR)
    at.run(24 * HOUR)
    return at.copies(ANA), 0, at.late(others)


def a_days_outage(at: Scene) -> tuple[int, int, timedelta]:
    day = 24 * HOUR
    at.server.mailbox.is_down = True
    at.sign_up(ANA)
    others = at.every(HOUR, until=day)
    at.at(day, lambda: setattr(at.server.mailbox, "is_down", False))
    at.run(2 * day)
    return at.copies(ANA), 0, at.late([ANA, *others], back=day)


def an_outage_and_a_recipient_that_times_out(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(FOREVER, ANA, at="person")
    at.server.mailbox.is_down = True
    at.sign_up(ANA)
    others = at.every(HOUR, until=6 * HOUR)
    at.at(6 * HOUR, lambda: setattr(at.server.mailbox, "is_down", False))
    at.run(12 * HOUR)
    return at.copies(ANA), 0, at.late(others, back=6 * HOUR)


def one_mailbox_busy_for_nine_hours(at: Scene) -> tuple[int, int, timedelta]:
    refused = at.server.mailbox.refused_people
    refused["ana@example.net"] = "451 4.2.1 come again"
    at.sign_up(ANA)
    others = at.every(30 * MINUTE, until=12 * HOUR)
    at.at(9 * HOUR, refused.clear)
    at.run(48 * HOUR)
    return at.copies(ANA), 0, at.late(others)


def refused_for_good(at: Scene) -> tuple[int, int, timedelta]:
    at.server.mailbox.refused_people["ana@example.net"] = "550 5.1.1 no such user"
    at.sign_up(ANA)
    others = at.every(30 * MINUTE, until=5 * HOUR)
    at.run(24 * HOUR)
    return at.copies(ANA), 0, at.late(others)


def a_slow_relay_with_a_hundred_waiting(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(timedelta(seconds=20))
    others = [f"Other{number}" for number in range(100)]
    at.sign_up(ANA, *others)
    at.run(24 * HOUR)
    return max(map(at.copies, [ANA, *others])), 0, at.late(others)


def killed_in_data(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(FOREVER, ANA)
    at.sign_up(ANA)
    others = at.every(10 * MINUTE, until=2 * HOUR)
    at.at(5 * MINUTE, lambda: (at.takes(timedelta(), ANA), at.kill())[1])
    at.run(24 * HOUR)
    return at.copies(ANA), 1, at.late(others)


def killed_in_data_again_and_again(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(FOREVER, ANA)
    at.sign_up(ANA)
    others = at.every(10 * MINUTE, until=2 * HOUR)
    for number in range(40):
        at.at((5 + 5 * number) * MINUTE, at.kill)
    at.run(24 * HOUR)
    return at.copies(ANA), 3, at.late(others)


def stopped_in_data(at: Scene) -> tuple[int, int, timedelta]:
    at.takes(FOREVER, ANA)
    at.sign_up(ANA)
    others = at.every(10 * MINUTE, until=6 * HOUR)
    at.at(5 * MINUTE, lambda: (at.takes(timedelta(), ANA), at.stop())[1])
    at.run(24 * HOUR)
    return at.copies(ANA), 1, at.late(others)


SITUATIONS: dict[str, Situation] = {
    "20 s from DATA to the answer, every email": twenty_seconds_after_data,
    "never an answer to DATA": no_answer_to_data,
    "11 minutes from DATA to the answer, once": one_answer_after_eleven_minutes,
    "connection dropped after DATA": dropped_after_data,
    "answer to DATA dripped, a byte a minute": dripped_after_data,
    "answer to RCPT dripped, a byte a minute": dripped_before_data,
    "one recipient that times out": a_recipient_that_times_out,
    "a day's outage": a_days_outage,
    "an outage, then one recipient that times out": an_outage_and_a_recipient_that_times_out,
    "4xx for one mailbox for nine hours": one_mailbox_busy_for_nine_hours,
    "5xx for one mailbox": refused_for_good,
    "a relay that takes 20 s an email, 100 waiting": a_slow_relay_with_a_hundred_waiting,
    "a kill in DATA": killed_in_data,
    "a kill in DATA, every five minutes": killed_in_data_again_and_again,
    "a stop in DATA": stopped_in_data,
}


def row(name: str, folder: Path) -> Row:
    """Play a situation, and say what came of it."""
    with scene(folder) as at:
        copies, lost, late = SITUATIONS[name](at)
        ana = at.delivery(ANA)
        end = "sent" if ana.sent else "given up" if ana.due is None else "to be tried again"
        return Row(name, copies, lost, late, end)


def rows() -> Iterator[Row]:
    """Play all situations."""
    for name in SITUATIONS:
        with tempfile.TemporaryDirectory() as folder:
            yield row(name, Path(folder))


def table(found: Iterator[Row]) -> str:
    """Return what came of all situations as a table in Markdown."""
    lines = [
        "| situation | answers lost | copies | in the end | the others, at most |",
        "| --- | --- | --- | --- | --- |",
    ]
    for each in found:
        minutes, seconds = divmod(int(each.late.total_seconds()), 60)
        late = f"{minutes} min {seconds} s late"
        lines.append(f"| {each.situation} | {each.lost} | {each.copies} | {each.end} | {late} |")
    return "\n".join(lines)


if __name__ == "__main__":
    logging.disable()
    sys.stdout.write(table(rows()) + "\n")
