# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the public must not see, no command takes: a build for another address, or with the sample schedule."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.built_site import BuiltSite
from tests.support.constants import ROOT, SITE_URL
from tests.support.terminal import Terminal

SETTINGS = f"""\
REGISTER_SITE={SITE_URL}
REGISTER_SENDER=MSIX Training <training@your-office.org>
"""


class Office(Terminal):
    """A terminal where a site is published for the public."""

    def __init__(self, home: Path, site: BuiltSite) -> None:
        super().__init__(home)
        self._site = site
        (home / "register.env").touch(mode=0o600)
        (home / "register.env").write_text(SETTINGS)
        (home / "theme").symlink_to(ROOT / "theme")
        self.build = home / "published/build"

    def publish_with(self, *, url: str = SITE_URL, sample: bool = False) -> None:
        """Publish the site, saying of it what it is."""
        version = self.home / ".published/one"
        (version / "build").mkdir(parents=True)
        (version / "site").symlink_to(self._site.output)
        for name, changes in (
            ("site.json", {"url": url, "sample": sample}),
            ("schedule.json", {"site_url": url, "sample": sample}),
        ):
            told = json.loads((self._site.private / name).read_bytes())
            (version / "build" / name).write_text(json.dumps(told | changes))
        (self.home / "published").symlink_to(".published/one")

    def why_not(self, name: str) -> str:
        """Return what is wrong with a file of the build, as all commands say it."""
        return f"{self.build.parent.resolve() / 'build' / name} was built "


@pytest.fixture
def office(tmp_path: Path, site: BuiltSite) -> Office:
    return Office(tmp_path, site)


UNFIT = pytest.mark.parametrize(
    ("told", "reason"),
    [
        (
            {"url": "http://localhost:8000"},
            (
                f"for http://localhost:8000, and REGISTER_SITE is {SITE_URL}; publish it for that address: "
                f"SITEURL={SITE_URL} make publish"
            ),
        ),
        ({"sample": True}, "with SAMPLE_CONTENT on; run make publish with your own sessions"),
    ],
    ids=["another address", "the sample schedule"],
)


@UNFIT
def test_no_session_is_synced_with_it(office: Office, told: dict, reason: str) -> None:
    office.publish_with(**told)

    assert office.says("sync", status=1) == f"Error: {office.build / 'schedule.json'} was built {reason}\n"
    assert "0 to come" in office.says("doctor", status=1)


@pytest.fixture
def no_port(no_port: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A port for a server in earnest, whose emails go to a server; no test looks its sender up in DNS."""
    monkeypatch.setenv("REGISTER_MAIL", "smtp://127.0.0.1:9")
    return no_port


@UNFIT
def test_no_server_starts_with_it(office: Office, told: dict, reason: str, no_port: str) -> None:
    office.publish_with(**told)

    said = office.says("serve", "--production", "--port", no_port, status=1)

    assert said == f"Error: {office.why_not('site.json')}{reason}\n"


@UNFIT
def test_the_doctor_says_it_once(office: Office, told: dict, reason: str) -> None:
    office.publish_with(**told)

    said = [
        line
        for line in office.says("doctor", status=1).splitlines()
        if "built for" in line or "built with" in line
    ]

    assert said == [f"!! pages: {office.build / 'site.json'} was built {reason}"]


def test_where_nothing_is_published_all_say_what_to_run(office: Office) -> None:
    why = "is not there; run make publish first"

    assert office.says("sync", status=1) == f"Error: {office.build}/schedule.json {why}\n"
    assert f"!! pages: {office.build}/site.json {why}\n" in office.says("doctor", status=1)


def test_where_nothing_is_published_no_server_starts(office: Office, no_port: str) -> None:
    why = "is not there; run make publish first"

    assert office.says("serve", "--production", "--port", no_port, status=1) == (
        f"Error: {office.build}/site.json {why}\n"
    )


def test_what_was_made_for_the_public_is_synced(office: Office) -> None:
    office.publish_with()

    assert "26 sessions changed" in office.says("sync")
    assert "!! pages" not in office.run("doctor").output


def test_where_others_serve_the_public_nothing_need_be_published_here(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where somebody looks after a function on Amazon's cloud, whose table does not answer here."""
    monkeypatch.setenv("REGISTER_STORE", "dynamodb://nowhere")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_REGION", "us-west-2")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    assert "!! pages" not in office.run("doctor").output
