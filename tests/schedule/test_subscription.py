# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real subscription: vdirsyncer fetches the feed over HTTP, and khal lists what it then shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.calendars import Site, in_feed, served
from tests.support.schedules import all_day, cancelled, revised, session, timed
from tests.support.subscriber import Subscriber

FEED = "/calendar/all.ics"


class PublicSubscriber(Subscriber):
    """A subscriber to a site whose feed the test writes."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.site = site
        site.calendars[FEED] = in_feed()
        super().__init__(folder, site.url + FEED)

    def sees_in(self, feed: bytes) -> list[str]:
        """Return what khal lists once the feed is this."""
        self.site.calendars[FEED] = feed
        return self.sees()


@pytest.fixture
def subscriber(tmp_path: Path) -> Iterator[PublicSubscriber]:
    with served() as site:
        yield PublicSubscriber(tmp_path, site)


def test_a_subscriber_sees_exactly_the_sessions_through_a_move_a_cancellation_and_a_removal(
    subscriber: PublicSubscriber,
) -> None:
    night = session("night", timed("2026-11-01 00:30", "2026-11-01 03:00"))
    late = session("late", timed("2026-12-08 15:00", "2026-12-08 17:30"))
    fair = session("fair", all_day("2026-12-10", "2026-12-11"))
    moved = revised(late, period=timed("2027-01-12 09:00", "2027-01-12 10:00"))
    stopped = cancelled(moved)
    title = "MSIX overview"

    first = f"2026-11-01 07:30 / 2026-11-01 11:00 / {title} / CONFIRMED"
    days = f"2026-12-10 / 2026-12-11 / {title} / CONFIRMED"
    assert subscriber.sees_in(in_feed(night, late, fair)) == [
        first,
        f"2026-12-08 23:00 / 2026-12-09 01:30 / {title} / CONFIRMED",
        days,
    ]
    assert subscriber.sees_in(in_feed(night, fair, moved)) == [
        first,
        days,
        f"2027-01-12 17:00 / 2027-01-12 18:00 / {title} / CONFIRMED",
    ]
    assert subscriber.sees_in(in_feed(night, fair, stopped)) == [
        first,
        days,
        f"2027-01-12 17:00 / 2027-01-12 18:00 / Canceled: {title} / CANCELLED",
    ]
    assert subscriber.sees_in(in_feed(night, fair)) == [first, days]


def test_a_subscriber_sees_a_weekly_series_as_exactly_its_four_sessions(subscriber: PublicSubscriber) -> None:
    starts = ("2026-10-21 09", "2026-10-28 09", "2026-11-04 14", "2026-11-18 09")
    series = [session(f"cafe-{start[:10]}", timed(f"{start}:00", f"{start}:45")) for start in starts]

    assert [line.split(" / ")[0] for line in subscriber.sees_in(in_feed(*series))] == [
        "2026-10-21 16:00",
        "2026-10-28 16:00",
        "2026-11-04 22:00",
        "2026-11-18 17:00",
    ]
