# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings: what they are without being set, and what is refused, in which words."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from register.domain.errors import ConfigError
from register.domain.rate_limits import Rate
from register.settings.config import SETTINGS, Config, Mailbox, read
from register.settings.documented import DOCUMENT, updated
from register.settings.env_file import read_file
from tests.support.constants import ROOT

SECRET = "s" * 32
GOOD = {"REGISTER_SECRET": SECRET}
PRODUCTION = {
    "REGISTER_SECRET": SECRET,
    "REGISTER_SITE": "https://trainings.office.example",
    "REGISTER_SENDER": "MSIX Training <training@office.example>",
    "REGISTER_MAIL": "smtp://mail.office.example",
}


def test_without_any_setting_everything_is_below_one_folder(tmp_path: Path) -> None:
    config = read({}, tmp_path, make_secret=True, port=8123)

    [secret] = config.secrets
    assert config == Config(
        home=tmp_path,
        build=tmp_path / "build",
        store="sqlite:///var/register.sqlite3",
        mail="folder:///var/mail",
        join_links="file:///var/join-links.toml",
        staff="file:///var/staff.toml",
        site_url="http://localhost:8123",
        secrets=(secret,),
        has_secret=False,
        has_site=False,
        origin_secrets=(),
        sender=Mailbox("MSIX Training", "training@example.org"),
        reply_to=None,
        client_limit=Rate(60, timedelta(hours=1)),
        recipient_limit=Rate(10, timedelta(hours=1)),
        proxies=0,
    )
    assert config.path(config.store) == tmp_path / "var/register.sqlite3"
    assert config.path("sqlite:////srv/register.sqlite3") == Path("/srv/register.sqlite3")


def test_where_the_address_is_set_the_published_site_is_read_and_otherwise_what_was_built_to_try(
    tmp_path: Path,
) -> None:
    trial, public = read(GOOD, tmp_path), read(PRODUCTION, tmp_path)

    assert (trial.build, trial.output) == (tmp_path / "build", tmp_path / "output")
    assert (public.build, public.output) == (tmp_path / "published/build", tmp_path / "published/site")
    named = read({**PRODUCTION, "REGISTER_BUILD": "elsewhere"}, tmp_path)
    assert named.build == tmp_path / "elsewhere"


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = read({}, tmp_path, make_secret=True)
    file = tmp_path / "var/secret"

    assert file.stat().st_mode & 0o777 == 0o600
    assert len(first.secrets[0]) >= 32
    assert read({}, tmp_path, make_secret=True).secrets == first.secrets
    assert read({}, tmp_path).secrets == first.secrets


def test_secrets_can_be_several_newest_first_and_come_from_ssm(tmp_path: Path) -> None:
    new, old = "n" * 32, "o" * 32
    environment = {"REGISTER_SECRET": "ssm:///msix/secret", "REGISTER_ORIGIN_SECRETS": "one, two"}

    config = read(environment, tmp_path, parameter={"/msix/secret": f"{new},{old}"}.__getitem__)

    assert config.secrets == (new, old)
    assert config.origin_secrets == ("one", "two")


def test_every_secret_can_come_from_ssm_and_is_in_no_representation_or_message(tmp_path: Path) -> None:
    parameters = {
        "REGISTER_SECRET": SECRET,
        "REGISTER_MAIL": "smtp://user:mail-secret@mail.office.example",
        "REGISTER_ORIGIN_SECRETS": "front-secret",
    }
    environment = {name: f"ssm://{name}" for name, setting in SETTINGS.items() if setting.secret}
    config = read(environment, tmp_path, parameter=parameters.__getitem__)

    assert (config.secrets, config.mail, config.origin_secrets) == (
        (SECRET,),
        parameters["REGISTER_MAIL"],
        ("front-secret",),
    )
    assert [text for text in (SECRET, "mail-secret", "front-secret") if text in repr(config)] == []
    with pytest.raises(ConfigError) as caught:
        read({"REGISTER_SECRET": "too-short-secret"}, tmp_path)
    assert "too-short-secret" not in str(caught.value)


def test_the_manual_has_the_table_of_settings() -> None:
    """After a change in the table: python -m register.settings.documented."""
    manual = (ROOT / DOCUMENT).read_text(encoding="utf-8")

    assert manual == updated(manual)
    assert [name for name in SETTINGS if f"| `{name}` |" not in manual] == []


def test_each_setting_says_in_one_sentence_what_it_is() -> None:
    assert len(SETTINGS) == 14
    for name, setting in SETTINGS.items():
        assert setting.what[0].islower(), name
        assert "." not in setting.what.replace(".json", ""), name


def test_a_limit_of_zero_turns_it_off_and_windows_can_be_chosen(tmp_path: Path) -> None:
    environment = {**GOOD, "REGISTER_CLIENT_LIMIT": "0", "REGISTER_RECIPIENT_LIMIT": "3/day"}

    config = read(environment, tmp_path)

    assert (config.client_limit, config.recipient_limit) == (None, Rate(3, timedelta(days=1)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"REGISTER_SITE": "trainings.example.org"},
            'REGISTER_SITE is "trainings.example.org"; give the public address, as https://trainings.example.org',
        ),
        (
            {"REGISTER_STORE": "mysql://x"},
            'REGISTER_STORE is "mysql://x"; it begins with sqlite:/// or dynamodb://',
        ),
        (
            {"REGISTER_JOIN_LINKS": "links.toml"},
            'REGISTER_JOIN_LINKS is "links.toml"; it begins with file:/// or ssm://',
        ),
        (
            {"REGISTER_SENDER": "a@example.org, b@example.org"},
            (
                'REGISTER_SENDER is "a@example.org, b@example.org"; '
                "give one email address, as MSIX Training <training@example.org>"
            ),
        ),
        (
            {"REGISTER_REPLY_TO": "the office"},
            'REGISTER_REPLY_TO is "the office"; give one email address, as MSIX Training <training@example.org>',
        ),
        (
            {"REGISTER_CLIENT_LIMIT": "60 an hour"},
            (
                'REGISTER_CLIENT_LIMIT is "60 an hour"; '
                "write it as 60/hour (minute, hour, day; 9999 at most), or 0 for none"
            ),
        ),
        (
            {"REGISTER_RECIPIENT_LIMIT": "10000/day"},
            (
                'REGISTER_RECIPIENT_LIMIT is "10000/day"; '
                "write it as 60/hour (minute, hour, day; 9999 at most), or 0 for none"
            ),
        ),
        (
            {"REGISTER_PROXIES": "two"},
            'REGISTER_PROXIES is "two"; give a number from 0 to 9',
        ),
        ({"REGISTER_PROXIES": "10"}, 'REGISTER_PROXIES is "10"; give a number from 0 to 9'),
        ({"REGISTER_MIAL": "x"}, "REGISTER_MIAL is no setting; did you mean REGISTER_MAIL?"),
        (
            {"REGISTER_COLOUR_OF_BUTTONS": "x"},
            "REGISTER_COLOUR_OF_BUTTONS is no setting; docs/operations.md lists them",
        ),
        ({"PORT": "http"}, 'PORT is "http"; give a number from 0 to 65535'),
        ({"REGISTER_SECRET": "short"}, "REGISTER_SECRET is shorter than 32 characters; make a longer one"),
        (
            {"REGISTER_SECRET": f"{SECRET},short"},
            "REGISTER_SECRET is shorter than 32 characters; make a longer one",
        ),
        (
            {"REGISTER_SECRET": "ssm://x"},
            "REGISTER_SECRET is in SSM, which cannot be read here; give the value itself",
        ),
        (
            {"REGISTER_SECRET": ""},
            "REGISTER_SECRET is missing; write it into register.env, or run make serve once to try things out here",
        ),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_what_to_do(
    changes: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        read({**GOOD, **changes}, tmp_path)

    assert str(caught.value) == message


def test_production_takes_settings_that_are_meant_for_it(tmp_path: Path) -> None:
    assert read(PRODUCTION, tmp_path, production=True).site_url == "https://trainings.office.example"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"REGISTER_SITE": ""},
            'REGISTER_SITE is ""; give the public address, as https://trainings.example.org',
        ),
        (
            {"REGISTER_SITE": "http://trainings.office.example"},
            'REGISTER_SITE is "http://trainings.office.example"; in production it begins with https://',
        ),
        (
            {"REGISTER_SENDER": ""},
            'REGISTER_SENDER is at "example.org", where nobody reads; give an email address of yours',
        ),
        (
            {"REGISTER_REPLY_TO": "a@office.example.com"},
            'REGISTER_REPLY_TO is at "office.example.com", where nobody reads; give an email address of yours',
        ),
        (
            {"REGISTER_MAIL": ""},
            "REGISTER_MAIL writes into a folder; give smtp://user:password@host:587 or ses://",
        ),
        (
            {"REGISTER_SECRET": ""},
            (
                "REGISTER_SECRET is missing; make one with: "
                "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            ),
        ),
    ],
)
def test_production_refuses_what_is_for_trying_out(
    changes: dict[str, str], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError) as caught:
        read({**PRODUCTION, **changes}, tmp_path, production=True, make_secret=True)

    assert str(caught.value) == message


def test_production_does_not_take_the_secret_of_the_preview(tmp_path: Path) -> None:
    read({}, tmp_path, make_secret=True)

    with pytest.raises(ConfigError) as caught:
        read({**PRODUCTION, "REGISTER_SECRET": ""}, tmp_path, production=True)

    assert str(caught.value).startswith("REGISTER_SECRET is missing; make one with: ")


def settings_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "register.env"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_settings_can_stand_in_a_file_as_systemd_reads_it(tmp_path: Path) -> None:
    text = """\
# The office's
REGISTER_SENDER=MSIX Training <training@office.example>

REGISTER_REPLY_TO="Ana Lopez <ana@office.example>"
REGISTER_SECRET=a=b#c
"""

    assert read_file(settings_file(tmp_path, text)) == {
        "REGISTER_SENDER": "MSIX Training <training@office.example>",
        "REGISTER_REPLY_TO": "Ana Lopez <ana@office.example>",
        "REGISTER_SECRET": "a=b#c",
    }
    assert read_file(tmp_path / "none") == {}


def test_the_site_may_stand_in_a_folder_of_its_host(tmp_path: Path) -> None:
    changed = PRODUCTION | {"REGISTER_SITE": "https://office.example/msix/"}

    assert read(changed, tmp_path, production=True).site_url == "https://office.example/msix"


@pytest.mark.parametrize("line", ["REGISTER_SITE", "export REGISTER_SITE=x", "PATH=/bin", "register_site=x"])
def test_a_line_that_is_no_setting_is_named(tmp_path: Path, line: str) -> None:
    file = settings_file(tmp_path, f"REGISTER_PROXIES=1\n{line}\n")

    with pytest.raises(ConfigError) as caught:
        read_file(file)
    assert str(caught.value) == f"{file}:2: write REGISTER_…=value on each line"


def test_settings_that_others_can_read_are_refused(tmp_path: Path) -> None:
    file = settings_file(tmp_path, "REGISTER_PROXIES=1\n", mode=0o640)

    with pytest.raises(ConfigError) as caught:
        read_file(file)
    assert str(caught.value) == f"{file} can be read by others, and holds secrets; run: chmod 600 {file}"
