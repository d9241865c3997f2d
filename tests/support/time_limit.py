# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps `make test` quick: a run fails in which a test took too long that is not marked `long`."""

from __future__ import annotations

import pytest

SECONDS = 10.0
"""How long any part of a test may take: making ready, the test itself, cleaning up."""

WITH_COVERAGE = 3.0
"""How many times as long where coverage is measured: that alone adds some 60 %, and a first build shares the machine."""


class TimeLimit:
    """A plugin of pytest that says at the end which tests were too slow, and fails the run if there are any."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._slow: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a part of a test that took too long."""
        if report.duration > self._seconds and "long" not in report.keywords:
            self._slow.append(f"{report.duration:.1f} s {report.when} {report.nodeid}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which they were."""
        if self._slow:
            terminalreporter.section(f"over {self._seconds:g} seconds; make it quicker, or mark it `long`")
            terminalreporter.write_line("\n".join(self._slow))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let the run fail."""
        if self._slow and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
