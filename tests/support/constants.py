# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is the same in all tests: where and when they are, and the address of the site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
"""The folder of the project."""
SITE_URL = "https://trainings.example.org"
BUILD_DATE = "2026-11-30"
PACIFIC = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 20, 17, 0, 0, 123456, tzinfo=UTC)
"""When something happens, with a fraction that no database may lose."""
NOON = datetime(2026, 11, 30, 20, tzinfo=UTC)
"""Noon on the day of the build, for visitors of the built site."""
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
