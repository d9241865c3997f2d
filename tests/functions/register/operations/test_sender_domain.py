# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the doctor says of the domain that emails come from, by what a real DNS server answers."""

from __future__ import annotations

import pytest

from register.operations.doctor import Finding
from register.operations.sender_domain import look_up
from tests.support.dns_server import knowing

DOMAIN = "your-office.org"
SPF = {DOMAIN: ["google-site-verification=1", "v=spf1 include:mail.example.net ~all"]}
DKIM = {f"monday._domainkey.{DOMAIN}": ["v=DKIM1; p=x"]}
DMARC = {f"_dmarc.{DOMAIN}": ["v=DMARC1; p=none"]}
NOTHING = {DOMAIN: list[str]()}
ASK = "ask whoever looks after its DNS"
SPAM = f"emails may land among the spam; {ASK}"


def test_a_domain_with_all_three_is_as_it_should_be() -> None:
    with knowing(SPF | DKIM | DMARC) as resolver:
        assert look_up(DOMAIN, resolver) == Finding(f"sender: {DOMAIN} has SPF, DKIM and DMARC")


@pytest.mark.parametrize(
    ("texts", "words", "trouble"),
    [
        (SPF | DKIM, f"has SPF and DKIM, but no DMARC: {SPAM}", False),
        (SPF, f"has SPF, but no DKIM or DMARC: {SPAM}", False),
        (NOTHING | DKIM | DMARC, f"has DKIM and DMARC, but no SPF: {SPAM}", False),
        (NOTHING | DMARC, f"has DMARC, but no SPF or DKIM: {SPAM}", True),
        (NOTHING, f"has no SPF, DKIM or DMARC: {SPAM}", True),
        ({DOMAIN: ["v=spf1 -all", "v=spf1 a ~all"]}, f"has 2 SPF records, which count as none; {ASK}", True),
        (
            {DOMAIN: ["V=SPF1 -all"]},
            f"says in DNS that no email comes from it; correct REGISTER_SENDER, or {ASK}",
            True,
        ),
        ({DOMAIN: ["v=spf10 all"]}, f"has no SPF, DKIM or DMARC: {SPAM}", True),
    ],
)
def test_what_is_missing_is_named_and_needs_somebody_where_nothing_proves_the_sender(
    texts: dict[str, list[str]], words: str, trouble: bool
) -> None:
    with knowing(texts) as resolver:
        assert look_up(DOMAIN, resolver) == Finding(f"sender: {DOMAIN} {words}", trouble=trouble)


def test_a_policy_of_the_domain_above_counts_and_one_of_another_does_not() -> None:
    below = f"msix.{DOMAIN}"
    known = {below: ["v=spf1 a ~all"], f"a._domainkey.{below}": ["p=x"]}

    with knowing(known | DMARC) as resolver:
        assert look_up(below, resolver) == Finding(f"sender: {below} has SPF, DKIM and DMARC")
    with knowing(known | {"_dmarc.another.org": DMARC[f"_dmarc.{DOMAIN}"]}) as resolver:
        assert "no DMARC" in look_up(below, resolver).words


def test_a_domain_that_is_not_there_needs_somebody() -> None:
    with knowing({"another.org": []}) as resolver:
        assert look_up(DOMAIN, resolver) == Finding(
            f"sender: DNS does not know {DOMAIN}; correct REGISTER_SENDER, or {ASK}", trouble=True
        )


def test_a_dns_that_fails_is_nobodys_trouble() -> None:
    with knowing({}, failing=True) as resolver:
        assert look_up(DOMAIN, resolver) == Finding(
            f"sender: DNS cannot be asked about {DOMAIN} (NoNameservers): its SPF, DKIM and DMARC are unknown"
        )
