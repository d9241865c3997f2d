# SPDX-License-Identifier: AGPL-3.0-or-later
"""What several kinds of test share: the real site, built once; loggers as they were; a limit of time on CI."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from plugins.build import Builder, start_logging
from plugins.page_checks import Parsed, parse
from schedule.site import Site, from_json
from tests.support.time_limit import SECONDS, WITH_COVERAGE, TimeLimit

# Pelican made its own class everybody's when it was imported: loggers of the function would raise on errors.
logging.setLoggerClass(logging.Logger)

ROOT = Path(__file__).resolve().parent.parent
BUILD_DATE = "2026-11-30"
SITE_URL = "https://trainings.example.org"


@dataclass(frozen=True)
class BuiltSite:
    """A finished build: the public folder and the private one."""

    output: Path
    private: Path

    def read(self, path: str) -> str:
        """Return a file of the site as text; an address that ends in / is its page."""
        return (self.output / f"{path.lstrip('/')}{'index.html' if path.endswith('/') else ''}").read_text()

    @cached_property
    def files(self) -> dict[str, bytes]:
        """All files of the site by their paths."""
        files = (file for file in sorted(self.output.rglob("*")) if file.is_file())
        return {file.relative_to(self.output).as_posix(): file.read_bytes() for file in files}

    @cached_property
    def told(self) -> Site:
        """What the function is told of the site."""
        return from_json(json.loads((self.private / "site.json").read_bytes()))

    @cached_property
    def pages(self) -> dict[str, Parsed]:
        """All pages, taken apart, by their addresses."""
        pages = (parse(path, data.decode()) for path, data in self.files.items() if path.endswith(".html"))
        return {page.url: page for page in pages}


def build(folder: Path, **overrides: object) -> BuiltSite:
    """Build the real content into a folder, on the day that all tests agree on."""
    settings = {
        "SITEURL": SITE_URL,
        "BUILD_DATE": BUILD_DATE,
        "OUTPUT_PATH": str(folder / "output"),
        "BUILD_PATH": str(folder / "build"),
        **overrides,
    }
    builder = Builder(ROOT / "pelicanconf.py", settings)
    builder.build()
    return BuiltSite(builder.output, builder.private)


def pytest_configure(config: pytest.Config) -> None:
    """On CI, where machines are alike, let no test be slow that is not marked `long`."""
    if os.environ.get("CI") and not hasattr(config, "workerinput"):
        measured = bool(config.getoption("cov_source", default=None))
        config.pluginmanager.register(TimeLimit(SECONDS * WITH_COVERAGE if measured else SECONDS))


@pytest.fixture(scope="session", autouse=True)
def _plain_log() -> None:
    start_logging()


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
