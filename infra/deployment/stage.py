# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a stage needs to be told: `infra/stages/NAME.toml`. Nothing in it is secret."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from infra.deployment.errors import DeployError

FOLDER = Path("infra/stages")
EXAMPLE = FOLDER / "example.toml"

NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
"""It is part of the names of things in the account, which may be 64 characters long."""

_EMAIL = r"[^@<>\s,;\"]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)+"
_SENDER = re.compile(
    rf'(?:"?(?P<name>[^"\\<>\x00-\x1f\x7f]{{1,200}}?)"?\s*<(?P<in>{_EMAIL})>|(?P<alone>{_EMAIL}))'
)
_FOR_EXAMPLES = re.compile(r"(?:.*[.@])?example\.(?:org|com|net)|.*\.(?:invalid|test|localhost|example)")


class StageError(DeployError):
    """A stage that cannot be used as its file describes it."""

    def __init__(self, file: Path, problem: str) -> None:
        super().__init__(f"{file}: {problem}")


@dataclass(frozen=True, slots=True)
class Stage:
    """One place where the site is: an account, a region, who emails come from, and a name if there is one."""

    name: str
    sender_name: str
    sender_address: str
    domain: str = ""
    certificate: str = ""
    reply_to: str = ""
    alarms: str = ""
    region: str = "us-west-2"
    account: str = ""

    @property
    def stack(self) -> str:
        """The name of its stack."""
        return f"msix-{self.name}"

    @property
    def prefix(self) -> str:
        """What the names of its parameters in SSM begin with."""
        return f"/msix/{self.name}"

    def parameters(self, origin_secrets: tuple[str, ...], code_key: str) -> dict[str, str]:
        """Return what the template asks for; the secrets of the front are the newest and, or not, the one before."""
        return {
            "SiteDomain": self.domain,
            "CertificateArn": self.certificate,
            "SenderName": self.sender_name,
            "SenderAddress": self.sender_address,
            "ReplyTo": self.reply_to,
            "AlarmAddress": self.alarms,
            "SecretParameter": f"{self.prefix}/secret",
            "StaffParameter": f"{self.prefix}/staff",
            "JoinLinksPrefix": f"{self.prefix}/join/",
            "FrontParameter": f"{self.prefix}/front",
            "OriginSecret": origin_secrets[0],
            "PreviousOriginSecret": origin_secrets[1] if len(origin_secrets) > 1 else "",
            "CodeKey": code_key,
        }


_TEXTS = {
    "sender": "who emails come from, as MSIX Training <training@your-office.org>",
    "domain": "the name of the site, as trainings.your-office.org",
    "certificate": "the certificate for that name, as arn:aws:acm:us-east-1:123456789012:certificate/…",
    "reply-to": "an email address",
    "alarms": "an email address",
    "region": "a region of Amazon's, as us-west-2",
    "account": "the twelve digits of an account, between quotation marks",
}
_FORMS = {
    "sender": _SENDER,
    "domain": re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+"),
    "certificate": re.compile(r"arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/\S+"),
    "reply-to": re.compile(_EMAIL),
    "alarms": re.compile(_EMAIL),
    "region": re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d"),
    "account": re.compile(r"\d{12}"),
}


def read(root: Path, name: str) -> Stage:
    """Read the file of a stage below the project's folder. Raises StageError and DeployError."""
    if not NAME.fullmatch(name):
        raise DeployError(
            f'STAGE is "{name}"; give a short name in lowercase letters, as in STAGE=production'
        )
    file = FOLDER / f"{name}.toml"
    try:
        given = tomllib.loads((root / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        there = sorted(one.stem for one in (root / FOLDER).glob("*.toml") if one.name != EXAMPLE.name)
        known = f" (there are: {', '.join(there)})" if there else ""
        raise StageError(
            file, f"is not there{known}; copy {EXAMPLE} to it, and write in it who emails come from"
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeError) as error:
        raise StageError(file, f"cannot be read: {error}; {EXAMPLE} shows how it is written") from None
    return _checked(file, name, given)


def _checked(file: Path, name: str, given: Mapping[str, object]) -> Stage:
    known = (*_TEXTS, "sample-content")
    for key in given:
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"{EXAMPLE} lists the keys"
            raise StageError(file, f"{key} is no key; {hint}")
    texts = {key: _text(file, key, given.get(key, "")) for key in _TEXTS}
    if not texts["sender"]:
        raise StageError(file, f"sender is missing; give {_TEXTS['sender']}")
    if given.get("sample-content", True) is not False:
        raise StageError(
            file,
            "the sessions in content/ are examples until you say otherwise: replace them with your own, "
            "then write: sample-content = false",
        )
    if bool(texts["domain"]) != bool(texts["certificate"]):
        missing = "certificate" if texts["domain"] else "domain"
        raise StageError(
            file, f"{missing} is missing; a name of one's own takes both: give {_TEXTS[missing]}"
        )
    found = _SENDER.fullmatch(texts["sender"])
    assert found is not None  # noqa: S101 - `_text` has matched it
    return Stage(
        name,
        (found["name"] or "MSIX Training").strip(),
        found["in"] or found["alone"],
        **{key.replace("-", "_"): text for key, text in texts.items() if key != "sender" and text},
    )


def _text(file: Path, key: str, value: object) -> str:
    """Return a value that has the form it must have; an empty one is as if it were not there."""
    if not isinstance(value, str) or (value and not _FORMS[key].fullmatch(value)):
        raise StageError(file, f'{key} is "{value}"; give {_TEXTS[key]}')
    domain = value.rpartition("@")[2].rstrip(">")
    if key in {"sender", "domain", "reply-to", "alarms"} and _FOR_EXAMPLES.fullmatch(domain):
        raise StageError(file, f'{key} is at "{domain}", which is for examples alone; give your own')
    return value
