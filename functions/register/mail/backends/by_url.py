# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which backend REGISTER_MAIL names. In a module of its own: in the package it would make a circle."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from register.mail.backends.base import MailBackend, UnusableUrl
from register.mail.backends.folder import FolderBackend
from register.mail.policy import POLICY, Policy


def backend_for(url: str, base: Path, *, policy: Policy = POLICY) -> MailBackend:
    """Return the backend that a URL names (REGISTER_MAIL). Raises UnusableUrl.

    `folder:///var/mail` is var/mail below `base`, `folder:////srv/mail` is /srv/mail itself;
    `smtp://user:password@host:587`, `smtps://host`; `ses://`, `ses://?configuration-set=NAME`.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # The parser's own words may hold a part of the password.
        raise UnusableUrl(_UNUSABLE) from None
    if parts.scheme == "folder" and not parts.netloc and len(parts.path) > 1:
        return FolderBackend(base / parts.path[1:])
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        return _smtp_backend(parts, port, policy)
    if parts.scheme == "ses" and not parts.netloc:
        from register.mail.backends.ses import SesBackend

        return SesBackend(parse_qs(parts.query).get("configuration-set", [None])[0], policy=policy)
    raise UnusableUrl(_UNUSABLE)


def described(url: str, base: Path) -> str:
    """Return in a few words where emails go by a URL that names a backend, without the password."""
    parts = urlsplit(url)
    if parts.scheme == "folder":
        return f"the folder {base / parts.path[1:]}"
    if parts.scheme == "ses":
        return "Amazon SES"
    user = f" as {unquote(parts.username)}" if parts.username else ""
    return f"{parts.hostname}{user}"


_UNUSABLE = (
    "REGISTER_MAIL does not say where email goes; use folder:///var/mail, smtp://user:password@host:587, "
    "smtps://host or ses://, and write / : @ # in a password as %2F %3A %40 %23"
)


def _smtp_backend(parts: SplitResult, port: int | None, policy: Policy) -> MailBackend:
    from register.mail.backends import smtp

    at_once = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise UnusableUrl(
            "REGISTER_MAIL: Python's smtplib sends only ASCII; choose another user name or password"
        )
    usual = smtp.SUBMISSIONS if at_once else smtp.SUBMISSION if user else smtp.RELAY
    return smtp.SmtpBackend(
        host=parts.hostname or "",
        port=port or usual,
        user=user or None,
        password=password or None,
        tls_from_the_start=at_once,
        policy=policy,
    )
