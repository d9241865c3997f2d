# SPDX-License-Identifier: AGPL-3.0-or-later
"""What DNS says of the domain that emails come from: without SPF and DKIM they are refused, or taken for spam."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import dns.exception
import dns.rdatatype
import dns.resolver

from register.operations.doctor import Finding

_PATIENCE = 3.0
"""Seconds within which DNS answers one question."""

_ASK = "ask whoever looks after its DNS"


class Resolver(Protocol):
    """Asks DNS; `dns.resolver.Resolver` does."""

    def resolve(self, qname: str, rdtype: str, *, search: bool, lifetime: float) -> Any:
        """Return the records. Raises dns.exception.DNSException."""


class _Unknown(Exception):
    """There is no such name."""


def look_up(domain: str, resolver: Resolver | None = None) -> Finding:
    """Return what there is of SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489); by the machine's own resolver."""
    try:
        return _found(domain, resolver or dns.resolver.get_default_resolver())
    except dns.exception.DNSException as error:
        why = type(error).__name__
        return Finding(
            f"sender: DNS cannot be asked about {domain} ({why}): its SPF, DKIM and DMARC are unknown"
        )


def _found(domain: str, resolver: Resolver) -> Finding:
    try:
        spf = [text for text in _texts(resolver, domain) if text.lower().split(" ")[0] == "v=spf1"]
    except _Unknown:
        return Finding(
            f"sender: DNS does not know {domain}; correct REGISTER_SENDER, or {_ASK}", trouble=True
        )
    if len(spf) > 1:
        words = f"sender: {domain} has {len(spf)} SPF records, which count as none; {_ASK}"
        return Finding(words, trouble=True)
    if spf and spf[0].lower().split() == ["v=spf1", "-all"]:
        words = (
            f"sender: {domain} says in DNS that no email comes from it; correct REGISTER_SENDER, or {_ASK}"
        )
        return Finding(words, trouble=True)
    known = {"SPF": bool(spf), "DKIM": _has_keys(resolver, domain), "DMARC": _has_policy(resolver, domain)}
    there, missing = (
        [name for name, is_there in known.items() if is_there is wanted] for wanted in (True, False)
    )
    if not missing:
        return Finding(f"sender: {domain} has SPF, DKIM and DMARC")
    has = f" {_listed(there)}, but" if there else ""
    words = f"sender: {domain} has{has} no {_listed(missing, 'or')}: emails may land among the spam; {_ASK}"
    return Finding(words, trouble=not (known["SPF"] or known["DKIM"]))


def _has_keys(resolver: Resolver, domain: str) -> bool:
    """Whether there are keys of DKIM. Which names they have is known to the email server alone; but where there is no
    `_domainkey`, there is nothing below it (RFC 8020).
    """
    try:
        _texts(resolver, f"_domainkey.{domain}")
    except _Unknown:
        return False
    return True


def _has_policy(resolver: Resolver, domain: str) -> bool:
    """Whether the domain, or one that it is in, has a policy of DMARC."""
    for place in _and_above(domain):
        try:
            if any(text.lower().startswith("v=dmarc1") for text in _texts(resolver, f"_dmarc.{place}")):
                return True
        except _Unknown:
            continue
    return False


def _and_above(domain: str) -> Iterator[str]:
    labels = domain.split(".")
    for number in range(max(len(labels) - 1, 1)):
        yield ".".join(labels[number:])


def _texts(resolver: Resolver, name: str) -> list[str]:
    """Return the texts that a name has. Raises _Unknown, and DNSException where DNS does not answer."""
    try:
        answer = resolver.resolve(name, "TXT", search=False, lifetime=_PATIENCE)
    except dns.resolver.NXDOMAIN:
        raise _Unknown from None
    except dns.resolver.NoAnswer:
        return []
    return [b"".join(record.strings).decode("ascii", "replace") for record in answer]


def _listed(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
