# SPDX-License-Identifier: AGPL-3.0-or-later
"""A real DNS server on loopback that knows what a test tells it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset

_WAIT = 10


@contextmanager
def knowing(
    texts: Mapping[str, Sequence[str]],
    *,
    failing: bool = False,
    at: tuple[str, int] = ("127.0.0.1", 0),
) -> Iterator[dns.resolver.Resolver]:
    """Run a server, and give what asks it; a name has its texts, and every name above them is there, too.

    One that is `failing` says so to each question. It listens `at` an address and a port; 0 is a free one.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(at)
        thread = threading.Thread(target=_serve, args=(listening, texts, failing), daemon=True)
        thread.start()
        resolver = dns.resolver.Resolver(configure=False)
        address, resolver.port = listening.getsockname()
        resolver.nameservers = [address]
        try:
            yield resolver
        finally:
            listening.sendto(b"", listening.getsockname())
            thread.join(_WAIT)


def _serve(listening: socket.socket, texts: Mapping[str, Sequence[str]], failing: bool) -> None:
    while True:
        asked, whom = listening.recvfrom(4096)
        if not asked:
            return
        answer = dns.message.make_response(dns.message.from_wire(asked))
        answer.flags |= dns.flags.RA
        name = answer.question[0].name.to_text(omit_final_dot=True)
        if failing:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif texts.get(name):
            quoted = [f'"{text}"' for text in texts[name]]
            answer.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", *quoted))
        elif not any(known == name or known.endswith(f".{name}") for known in texts):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        listening.sendto(answer.to_wire(), whom)
