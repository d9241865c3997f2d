# SPDX-License-Identifier: AGPL-3.0-or-later
"""Accounts in memory that a deployment is tried with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.account_in_memory import AccountInMemory


@pytest.fixture
def account(tmp_path: Path) -> AccountInMemory:
    return AccountInMemory(tmp_path)


@pytest.fixture
def twice(account: AccountInMemory) -> AccountInMemory:
    """An account to which two releases were deployed; the second moved one session and canceled another."""
    account.machine.sessions = {"overview": "scheduled", "cafe": "scheduled"}
    account.deployment.deploy()
    account.machine.pages = {"index.html": "two"}
    account.machine.sessions = {"overview": "cancelled", "cafe": "scheduled"}
    account.machine.code = b"code 2"
    account.deployment.deploy()
    account.said.clear()
    account.site.log.clear()
    return account
