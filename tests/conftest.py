# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several kinds of test share: the real site, built once; loggers as they were; a limit of time on CI."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest

from plugins.build_log import start_logging
from tests.support import temporary
from tests.support.built_site import BuiltSite, build
from tests.support.time_limit import SECONDS, WITH_COVERAGE, TimeLimit

temporary.use_memory()

# Pelican makes its own class everybody's as soon as it is imported: loggers of the function would raise on errors.
start_logging()


def pytest_configure(config: pytest.Config) -> None:
    """On CI, where machines are alike, let no test be slow that is not marked `long`."""
    if os.environ.get("CI") and not hasattr(config, "workerinput"):
        measured = bool(config.getoption("cov_source", default=None))
        config.pluginmanager.register(TimeLimit(SECONDS * WITH_COVERAGE if measured else SECONDS))


@pytest.fixture(autouse=True)
def _log_of_the_function_is_left_as_it_was() -> Iterator[None]:
    """Undo what a test sets up: the level would hold in each later test of the process."""
    logger = logging.getLogger("register")
    level, propagate, handlers = logger.level, logger.propagate, logger.handlers.copy()
    yield
    logger.setLevel(level)
    logger.propagate, logger.handlers = propagate, handlers


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The real site, built once for all tests that only read it."""
    return build(tmp_path_factory.mktemp("site"))
