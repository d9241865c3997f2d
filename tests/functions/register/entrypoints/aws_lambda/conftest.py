# SPDX-License-Identifier: AGPL-3.0-or-later
"""The cloud that the function's tests share: one engine, and a table of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from infra.build import add_own
from tests.support.built_site import BuiltSite
from tests.support.dynamodb_engine import Engine, running
from tests.support.lambda_cloud import SECRET, SENDER, Cloud
from tests.support.lambda_runtime import Lambda
from tests.support.visitors import STAFF


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A server that speaks as Amazon does; it knows our sender and our secret."""
    with running() as started:
        with closing(started.client("sesv2")) as ses:
            ses.create_email_identity(EmailIdentity=SENDER)
        with closing(started.client("ssm")) as ssm:
            ssm.put_parameter(Name="/msix/secret", Value=SECRET, Type="SecureString")
        yield started


@pytest.fixture(scope="session")
def task(site: BuiltSite, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that Lambda unpacks, without the libraries."""
    folder = tmp_path_factory.mktemp("lambda") / "task"
    add_own(folder, site.private)
    return folder


@pytest.fixture
def cloud(engine: Engine, site: BuiltSite, task: Path, tmp_path: Path) -> Iterator[Cloud]:
    """An empty table, and no function up yet."""
    store = engine.store()
    yield Cloud(engine, site, task, store, tmp_path)
    store.close()


@pytest.fixture
def http(cloud: Cloud) -> Iterator[Lambda]:
    """The function that visitors reach, with one session of one seat."""
    cloud.open(STAFF, capacity=1)
    with cloud.function("http") as function:
        yield function
