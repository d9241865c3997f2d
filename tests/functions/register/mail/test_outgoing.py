# SPDX-License-Identifier: AGPL-3.0-or-later
"""Nobody writes our email but us: each defense with the others off, then all that strangers may try."""

from __future__ import annotations

import base64
import quopri
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import SMTP, compat32

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from register.domain.messages import Mailbox
from register.domain.model import Kind, State
from register.domain.organizations import Organizations
from register.mail.backends.smtp import SmtpBackend
from register.mail.compose import CannotCompose, build
from register.mail.outgoing import UnsafeEmail, mailbox, read_back, unstructured, written
from register.web.forms import SignUpForms
from tests.support.emails import composed, mail_settings, message
from tests.support.smtp_server import HOST, Running, running
from tests.support.visitors import FILLED_IN

SUBJECT = (
    "=?utf-8?q?A=0D=0ASubject:_Your_account_is_locked=0D=0AContent-Type:_text/html=0D=0A=0D=0A"
    "<a_href=3Dhttp=3A//evil=2Eexample/>Log_in_now</a><!--?= B"
)
BCC = "=?utf-8?q?a=0D=0ABcc:_x=40evil=2Eexample?= B"
SECOND = "=?utf-8?q?=3Cvictim=40evil=2Eexample=3E=2C?= Ana"
NAMES = pytest.mark.parametrize("name", [SUBJECT, BCC, SECOND])
EMAIL = "=?utf-8?q?a=40evil=2Eexample=3E=2C?=@example.net"
HEADERS = [
    *(
        "From",
        "Reply-To",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "X-Auto-Response-Suppress",
    ),
    *("Content-Language", "MIME-Version", "Content-Type"),
]
FORMS = SignUpForms(Organizations())
TYPES = ["multipart/alternative", "text/plain", "text/html"]


def shown(header: str) -> str:
    """Return what a program shows of an encoded header."""
    return str(make_header(decode_header(header)))


# The form alone


@NAMES
def test_the_form_refuses_a_name_that_is_an_encoded_word(name: str) -> None:
    read = FORMS.read(MultiDict(FILLED_IN | {"name": name[:80]}), for_parents=False)
    assert read.person is None
    assert list(read.problems) == ["name"]


def test_the_form_refuses_an_email_address_that_is_an_encoded_word() -> None:
    read = FORMS.read(MultiDict(FILLED_IN | {"email": EMAIL}), for_parents=False)
    assert read.person is None
    assert list(read.problems) == ["email"]


# The headers alone: nothing was refused before, and nothing is read back


@NAMES
def test_a_name_is_encoded_so_that_its_own_encoded_words_are_text(name: str) -> None:
    email, _, _ = build(message(Kind.WAITING_LIST, State.WAITLISTED, name=name), mail_settings())
    for policy in (compat32, SMTP):
        read = message_from_bytes(email.content, policy=policy)
        assert read.keys() == HEADERS
        assert shown(str(read["Subject"])).startswith("You are on the waiting list (")
    raw = message_from_bytes(email.content, policy=compat32)["To"]
    words, _, recipient = " ".join(raw.split()).rpartition(" ")
    assert (shown(words), recipient) == (name, "<maria@example.net>")


@pytest.mark.parametrize(
    "email", [EMAIL, "a@b@example.net", "a b@example.net", "a@example.net\nX: y", "a", ""]
)
def test_an_email_address_that_a_header_cannot_hold_makes_no_header(email: str) -> None:
    with pytest.raises(UnsafeEmail):
        mailbox(Mailbox("Ana", email))


def test_plain_names_stay_plain_and_the_others_are_encoded() -> None:
    assert mailbox(Mailbox("", "ana@example.net")) == "ana@example.net"
    assert mailbox(Mailbox("Ana Ruiz", "ana@example.net")) == "Ana Ruiz <ana@example.net>"
    assert mailbox(Mailbox("Ruiz, Ana", "a@example.net")) == "=?utf-8?q?Ruiz=2C_Ana?=\n <a@example.net>"


def test_a_subject_that_is_an_encoded_word_is_shown_as_it_was_written() -> None:
    for text in ("Plain words", "=?utf-8?q?x?=", "Capacitación", "word " * 60 + "end"):
        assert shown(unstructured(text).replace("\n ", " ")) == text


# The bytes alone


def forged(head: bytes, body: bytes = b"") -> bytes:
    """Return an email whose headers somebody else has had a hand in."""
    email = composed(message(Kind.WAITING_LIST, State.WAITLISTED))
    return email.content.replace(b"\r\nSubject:", head + b"\r\nSubject:", 1).replace(b"</body>", body, 1)


def refused(content: bytes) -> str:
    with pytest.raises(UnsafeEmail) as caught:
        read_back(content, "maria@example.net", HEADERS, TYPES)
    return str(caught.value)


def test_an_email_is_read_back_as_it_was_meant() -> None:
    read_back(forged(b""), "maria@example.net", HEADERS, TYPES)


@pytest.mark.parametrize("head", [b"\r\nBcc: x@evil.example", b"\r\nSubject: x", b"\nX: y", b"\r\n\r\nx"])
def test_a_header_that_is_not_ours_is_seen_in_the_bytes(head: bytes) -> None:
    assert refused(forged(head)) == "its headers are not exactly ours; the email is not sent"


@pytest.mark.parametrize(
    "more",
    [
        b", victim@evil.example",
        b", =?utf-8?q?=3Cvictim=40evil=2Eexample=3E?=",
        b",\r\n Ana <ana@example.net>",
    ],
)
def test_a_second_recipient_is_seen_in_the_bytes(more: bytes) -> None:
    assert refused(forged(more)) == "its To is not the one recipient; the email is not sent"


def test_another_recipient_than_the_envelopes_is_seen_in_the_bytes() -> None:
    content = forged(b"").replace(b"<maria@example.net>", b"<eve@example.net>")
    assert refused(content) == "its To is not the one recipient; the email is not sent"


def test_a_part_that_is_not_ours_is_seen_in_the_bytes() -> None:
    body = EmailMessage()
    body.set_content("Hello")
    body.add_attachment(b"x", maintype="application", subtype="octet-stream")
    content = written([(name, "maria@example.net") for name in HEADERS[:-2]], body)
    assert refused(content) == "its parts are not exactly ours; the email is not sent"


def test_an_email_that_does_not_read_back_is_an_error_that_quotes_nobody() -> None:
    with pytest.raises(CannotCompose) as caught:
        composed(message(email=EMAIL))
    assert str(caught.value) == (
        "2026-12-03-overview/rid-7/confirmation/once: no email can be made of it "
        "(the email address cannot stand in a header; the email is not sent)"
    )


# Everything, against a real server

CHARSETS = st.sampled_from(["utf-8", "iso-8859-1", "us-ascii", "utf-7", "utf-16", "x-unknown"])
EVIL = st.sampled_from(
    [
        *(
            "A\r\nSubject: x",
            "a\r\nBcc: x@evil.example",
            "<victim@evil.example>,",
            "\r\n\r\n<b>x</b>",
            '"',
            "\\",
        ),
        *(
            "victim@evil.example",
            "a\nTo: b@evil.example",
            "group: a@evil.example;",
            "(",
            ")",
            "Ana",
            "ñ",
            "\0",
        ),
    ]
)


def word(text: str, charset: str, encoding: str) -> str:
    """Return text as an encoded word (RFC 2047)."""
    data = text.encode("utf-8", "replace")
    coded = base64.b64encode(data) if encoding in "bB" else quopri.encodestring(data, header=True)
    return f"=?{charset}?{encoding}?{coded.decode('ascii')}?="


WORDS = st.builds(word, EVIL, CHARSETS, st.sampled_from("bBqQ"))
NESTED = st.recursive(
    WORDS, lambda inner: st.builds(word, inner, CHARSETS, st.sampled_from("bq")), max_leaves=3
)
PIECES = st.one_of(NESTED, EVIL, st.text(max_size=8))
HOSTILE = st.lists(PIECES, min_size=1, max_size=5).flatmap(
    lambda parts: st.sampled_from([" ", "", "\r\n ", "\n\t", ", "]).map(lambda between: between.join(parts))
)
ADDRESSES = st.builds(
    "{}@{}".format, HOSTILE, st.sampled_from(["example.net", "=?utf-8?q?x?=", "exämple.net", "a b"])
)
EXAMPLES = pytest.mark.parametrize("examples", [100, pytest.param(1500, marks=pytest.mark.long)])


def many(examples: int) -> settings:
    """Return the settings of a search through so many examples."""
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    """A real SMTP server."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def backend(server: Running) -> Iterator[SmtpBackend]:
    """One connection to it."""
    made = SmtpBackend(HOST, server.port)
    yield made
    made.close()


@EXAMPLES
def test_whatever_a_name_holds_the_email_that_arrives_is_ours(
    server: Running, backend: SmtpBackend, examples: int
) -> None:
    @many(examples)
    @given(HOSTILE)
    def arrives_as_ours(name: str) -> None:
        server.mailbox.mails.clear()
        server.mailbox.people.clear()
        try:
            email = composed(message(Kind.WAITING_LIST, State.WAITLISTED, name=name))
        except CannotCompose:
            return  # and so nothing is sent
        backend.send(email)
        [people], [content] = server.mailbox.people, server.mailbox.mails
        assert people == ["maria@example.net"]
        for policy in (compat32, SMTP):
            read = message_from_bytes(content, policy=policy)
            assert read.keys() == HEADERS
            assert [part.get_content_type() for part in read.walk()] == TYPES
        assert [each.addr_spec for each in message_from_bytes(content, policy=SMTP)["To"].addresses] == people

    arrives_as_ours()


@EXAMPLES
def test_whatever_an_email_address_holds_no_other_person_gets_email(examples: int) -> None:
    @many(examples)
    @given(ADDRESSES)
    def only_its_owner_gets_email(email: str) -> None:
        try:
            sent = composed(message(Kind.WAITING_LIST, State.WAITLISTED, email=email))
        except CannotCompose:
            return
        read = message_from_bytes(sent.content, policy=SMTP)
        assert [each.addr_spec for each in read["To"].addresses] == [sent.recipient]
        assert sent.recipient.partition("@")[0] == email.rpartition("@")[0]
        assert read.keys() == HEADERS

    only_its_owner_gets_email()
