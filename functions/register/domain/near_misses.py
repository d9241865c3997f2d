# SPDX-License-Identifier: AGPL-3.0-or-later
"""Email addresses that are probably mistyped: those that people do mistype, each written down.

No distance between words is measured: mail.com is one letter away from gmail.com, ymail.com two from gmail.com,
and people have addresses at both. A domain that stands here may exist, so that somebody is asked and never refused.
"""

from __future__ import annotations

_DOMAINS = {
    "gmail.com": (
        "gmial.com gmai.com gmal.com gmil.com gmaill.com gmaiil.com gmmail.com gmali.com gmaul.com gamil.com "
        "gamail.com gnail.com gmsil.com gmqil.com gmaik.com gail.com ggmail.com gmail.co gmail.cm gmail.om gmail.net"
    ),
    "hotmail.com": (
        "hotmial.com hotmai.com hotmal.com hotmil.com hotmali.com hotmaill.com hotamil.com hotnail.com hotmsil.com "
        "homail.com htomail.com hotmail.co hotmail.cm hotmail.om"
    ),
    "yahoo.com": "yaho.com yahooo.com yhoo.com yahho.com yhaoo.com yaoo.com yahoo.co yahoo.cm yahoo.om",
    "outlook.com": "outlok.com oulook.com outloook.com outllok.com otlook.com outlook.co outlook.cm outlook.om",
    "icloud.com": "iclod.com icoud.com iclould.com icluod.com icloud.co icloud.cm icloud.om",
    "aol.com": "aol.co aol.cm aol.om aoll.com",
    "sbcglobal.net": "sbcgloba.net sbcglobel.net sbcglobal.com sbglobal.net",
    "comcast.net": "comast.net comcas.net concast.net",
}
_RIGHT = {wrong: right for right, all_wrong in _DOMAINS.items() for wrong in all_wrong.split()}

# No top-level domain is called like the wrong ones; .co, .cm and .om are, and stand above with whole domains.
_ENDINGS = {
    wrong: right
    for right, all_wrong in {
        "com": "con cmo ocm comm coom ccom vom xom cpm cim comn conm",
        "net": "nte ent nett",
        "org": "ogr rog orgg prg",
        "edu": "eud due edy eduu",
        "gov": "gvo govv gob",
    }.items()
    for wrong in all_wrong.split()
}


def near_miss(email: str) -> str | None:
    """Return the email address that is probably meant, or None where this one may well be right."""
    local, at, domain = email.strip().rpartition("@")
    domain = domain.casefold()
    name, dot, ending = domain.rpartition(".")
    likely = f"{name}{dot}{_ENDINGS.get(ending, ending)}"
    likely = _RIGHT.get(likely, likely)
    return f"{local}{at}{likely}" if local and name and likely != domain else None
