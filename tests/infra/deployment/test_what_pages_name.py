# SPDX-License-Identifier: AGPL-3.0-or-later
"""What pages name, those of the functions too, is there before them: on the way forth, and on the way back."""

from __future__ import annotations

import pytest

from infra.deployment.errors import DeployError
from tests.support.account_in_memory import AccountInMemory
from tests.support.cloud_fakes import slow_down

CSS = "theme/site.1111111111.css"


def test_what_the_new_pages_of_the_functions_name_is_there_before_the_functions(
    twice: AccountInMemory,
) -> None:
    twice.machine.pages = {"index.html": "three", CSS: "new"}
    twice.machine.code = b"code 3"
    twice.stack.becomes = "UPDATE_ROLLBACK_COMPLETE"
    with pytest.raises(DeployError):
        twice.deployment.deploy()
    assert (twice.code(), twice.shows()) == (b"code 2", {"index.html": "two", CSS: "new"})

    twice.site.log.clear()
    twice.deployment.deploy()
    assert twice.code() == b"code 3"
    assert twice.site.log == [f"put {CSS}", "put index.html"]


def test_what_the_earlier_pages_of_the_functions_name_is_there_before_the_functions(
    account: AccountInMemory,
) -> None:
    account.machine.pages = {"index.html": "one", CSS: "old"}
    account.deployment.deploy()
    account.machine.pages = {"index.html": "two"}
    account.machine.code = b"code 2"
    account.deployment.deploy()
    account.site.delete([CSS])
    account.stack.becomes = "UPDATE_ROLLBACK_COMPLETE"
    with pytest.raises(DeployError):
        account.deployment.roll_back()
    assert (account.code(), account.shows()) == (b"code 2", {"index.html": "two", CSS: "old"})

    account.site.log.clear()
    account.deployment.roll_back()
    assert (account.code(), account.shows()) == (b"code 1", {"index.html": "one", CSS: "old"})
    assert account.site.log == [f"back {CSS}", "back index.html"]


def test_files_that_cannot_be_sent_ahead_leave_functions_and_pages(twice: AccountInMemory) -> None:
    twice.machine.pages = {"index.html": "three", CSS: "new"}
    twice.machine.code = b"code 3"
    twice.site.broken = {CSS: slow_down(CSS)}
    with pytest.raises(DeployError) as caught:
        twice.deployment.deploy()

    assert str(caught.value).startswith(f"0 of 1 files were sent; {CSS}: SlowDown: ")
    assert str(caught.value).endswith(
        "people see the site as it was. Then do it again: make deploy STAGE=trial"
    )
    assert (twice.code(), twice.shows()) == (b"code 2", {"index.html": "two"})
