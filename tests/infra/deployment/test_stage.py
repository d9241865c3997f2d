# SPDX-License-Identifier: AGPL-3.0-or-later
"""A stage's file: little has to be said, and what cannot be used is refused with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.deployment.errors import DeployError
from infra.deployment.stage import EXAMPLE, Stage, read
from tests.support.constants import ROOT
from tests.support.sam_template import TEMPLATE

OURS = 'sender = "MSIX Training <training@migrant.ca.gov>"\nsample-content = false\n'


def stage(root: Path, text: str, name: str = "trial") -> Stage:
    file = root / f"infra/stages/{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return read(root, name)


def test_a_stage_without_a_name_of_its_own_needs_a_sender_alone(tmp_path: Path) -> None:
    assert stage(tmp_path, OURS) == Stage("trial", "MSIX Training", "training@migrant.ca.gov")


def test_all_that_can_be_said_is_understood(tmp_path: Path) -> None:
    text = (
        'sender = "Núñez, Capacitación <training@migrant.ca.gov>"\nsample-content = false\n'
        'domain = "trainings.migrant.ca.gov"\ncertificate = "arn:aws:acm:us-east-1:123456789012:certificate/1"\n'
        'reply-to = "office@migrant.ca.gov"\nalarms = "alarms@migrant.ca.gov"\n'
        'account = "123456789012"\nregion = "us-west-1"\n'
    )

    assert stage(tmp_path, text, "production") == Stage(
        name="production",
        sender_name="Núñez, Capacitación",
        sender_address="training@migrant.ca.gov",
        domain="trainings.migrant.ca.gov",
        certificate="arn:aws:acm:us-east-1:123456789012:certificate/1",
        reply_to="office@migrant.ca.gov",
        alarms="alarms@migrant.ca.gov",
        region="us-west-1",
        account="123456789012",
    )


def test_the_example_is_a_stage_as_soon_as_its_content_is_ours(tmp_path: Path) -> None:
    text = (ROOT / EXAMPLE).read_text()
    assert "sample-content = true" in text
    text = text.replace("sample-content = true", "sample-content = false")

    assert stage(tmp_path, text) == Stage("trial", "MSIX Training", "training@your-office.org")
    for line in text.splitlines():
        if line.startswith("#") and " = " in line:
            key = line[1:].partition(" ")[0]
            assert f"{key} = " in text
            stage(
                tmp_path,
                text.replace("#domain", "domain")
                .replace("#certificate", "certificate")
                .replace(line, line[1:]),
            )


def test_the_template_is_given_all_that_it_asks_for_and_nothing_else() -> None:
    given = Stage("trial", "MSIX Training", "training@migrant.ca.gov").parameters(
        ("o" * 32, "p" * 32), "packages/1.zip"
    )

    assert given == {
        "SiteDomain": "",
        "CertificateArn": "",
        "SenderName": "MSIX Training",
        "SenderAddress": "training@migrant.ca.gov",
        "ReplyTo": "",
        "AlarmAddress": "",
        "SecretParameter": "/msix/trial/secret",
        "StaffParameter": "/msix/trial/staff",
        "JoinLinksPrefix": "/msix/trial/join/",
        "FrontParameter": "/msix/trial/front",
        "OriginSecret": "o" * 32,
        "PreviousOriginSecret": "p" * 32,
        "CodeKey": "packages/1.zip",
    }
    assert given.keys() == TEMPLATE["Parameters"].keys()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "sender is missing; give who emails come from, as MSIX Training <training@your-office.org>"),
        (
            OURS.replace("false", "true"),
            (
                "the sessions in content/ are examples until you say otherwise: replace them with your own, "
                "then write: sample-content = false"
            ),
        ),
        (
            OURS.replace("sample-content = false\n", ""),
            (
                "the sessions in content/ are examples until you say otherwise: replace them with your own, "
                "then write: sample-content = false"
            ),
        ),
        (OURS + 'sendr = "x"', "sendr is no key; did you mean sender?"),
        (OURS + "colour = 1", "colour is no key; infra/stages/example.toml lists the keys"),
        (
            OURS.replace("migrant.ca.gov", "example.org"),
            'sender is at "example.org", which is for examples alone; give your own',
        ),
        (
            OURS
            + 'domain = "trainings.example.org"\ncertificate = "arn:aws:acm:us-east-1:123456789012:certificate/1"',
            'domain is at "trainings.example.org", which is for examples alone; give your own',
        ),
        (
            OURS + 'domain = "trainings.migrant.ca.gov"',
            (
                "certificate is missing; a name of one's own takes both: give the certificate for that name, "
                "as arn:aws:acm:us-east-1:123456789012:certificate/…"
            ),
        ),
        (
            OURS + 'certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1"',
            "domain is missing; a name of one's own takes both: give the name of the site, as trainings.your-office.org",
        ),
        (
            OURS + 'certificate = "arn:aws:acm:us-west-2:123456789012:certificate/1"',
            (
                'certificate is "arn:aws:acm:us-west-2:123456789012:certificate/1"; give the certificate for that name, '
                "as arn:aws:acm:us-east-1:123456789012:certificate/…"
            ),
        ),
        (
            OURS + 'domain = "https://trainings.migrant.ca.gov/"',
            'domain is "https://trainings.migrant.ca.gov/"; give the name of the site, as trainings.your-office.org',
        ),
        (
            OURS + "account = 123456789012",
            'account is "123456789012"; give the twelve digits of an account, between quotation marks',
        ),
        (
            'sender = "training"\nsample-content = false',
            'sender is "training"; give who emails come from, as MSIX Training <training@your-office.org>',
        ),
        (
            "sender",
            "cannot be read: Expected '=' after a key in a key/value pair (at end of document); infra/stages/example.toml shows how it is written",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_write(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(DeployError) as caught:
        stage(tmp_path, text)

    assert str(caught.value) == f"infra/stages/trial.toml: {problem}"


def test_a_stage_that_is_not_there_is_made_from_the_example(tmp_path: Path) -> None:
    stage(tmp_path, OURS, "production")
    with pytest.raises(DeployError) as caught:
        read(tmp_path, "producton")

    assert str(caught.value) == (
        "infra/stages/producton.toml: is not there (there are: production); copy infra/stages/example.toml to it, "
        "and write in it who emails come from"
    )


@pytest.mark.parametrize("name", ["", "../x", "Production", "a" * 21])
def test_the_name_of_a_stage_is_short_and_plain(tmp_path: Path, name: str) -> None:
    with pytest.raises(DeployError) as caught:
        read(tmp_path, name)

    assert str(caught.value) == (
        f'STAGE is "{name}"; give a short name in lowercase letters, as in STAGE=production'
    )
