"""What a letter says on the wire, and that nothing put into it can say more."""

import re
import time
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from integrations.mail.address import on_the_wire
from integrations.mail.message import compose, post
from models.errors import AddressRejected, MailRefused
from models.letter import Letter
from tests.mail.post_office import letter_to

ALWAYS = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
}
hostile = st.text(max_size=200) | st.sampled_from(
    [
        "a\r\nBcc: x@evil.example",
        "a\n\nbody",
        "a\x00b",
        "a\x0b\x85\u2028b",
        "=?utf-8?b?DQpCY2M6IHg=?=",
    ]
)


def lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def test_a_letter_carries_both_bodies_and_says_what_it_answers() -> None:
    envelope = letter_to(
        "rechnung@bücher.example",
        to_name="Jürgen Groß, Buchhaltung",
        cc=("chef@customer.example", "owner@firm.example"),
        references=("INV-1/reminder/1@firm.example", "CA+x=y@mail.customer.example"),
        language="de_AT",
        letter=Letter(
            "Rechnung 4711: überfällig, 1\u202f234,50 €", "Grüße\n", "<p>Grüße</p>", "de/n@1"
        ),
    )

    message = compose(envelope)

    assert message["From"].addresses[0].addr_spec == "accounts@firm.example"
    assert message["To"].addresses[0].display_name == "Jürgen Groß, Buchhaltung"
    assert message["To"].addresses[0].addr_spec == "rechnung@xn--bcher-kva.example"
    assert message["Cc"] == "chef@customer.example, owner@firm.example"
    assert message["Reply-To"] == "reply@firm.example"
    assert message["Subject"] == "Rechnung 4711: überfällig, 1\u202f234,50 €"
    assert message["Date"].datetime == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert message["Message-ID"] == "<INV-1/notice/1@firm.example>"
    assert message["In-Reply-To"] == "<CA+x=y@mail.customer.example>"
    assert message["References"].split() == [
        "<INV-1/reminder/1@firm.example>",
        "<CA+x=y@mail.customer.example>",
    ]
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "de-AT"
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert (plain.get_content_type(), plain.get_content()) == ("text/plain", "Grüße\r\n")
    assert (html.get_content_type(), html.get_content()) == ("text/html", "<p>Grüße</p>")


@given(
    sender_name=hostile,
    to_name=hostile,
    subject=hostile,
    message_id=hostile,
    references=st.lists(hostile, max_size=4),
    language=hostile,
    body=st.text(max_size=2000),
)
def test_no_field_can_add_a_header_or_a_line(
    sender_name: str,
    to_name: str,
    subject: str,
    message_id: str,
    references: list[str],
    language: str,
    body: str,
) -> None:
    envelope = letter_to(
        sender_name=sender_name,
        to_name=to_name,
        message_id=message_id,
        references=tuple(references),
        language=language,
        letter=Letter(subject, body, body, "en/notice@1"),
    )
    optional = {
        "Subject": bool(subject.strip("".join(map(chr, range(33))))),
        "Message-ID": bool(message_id),
        "In-Reply-To": bool(references and references[-1]),
        "References": any(references),
    }

    message = compose(envelope)

    expected = (ALWAYS | {name for name, there in optional.items() if there}) - {
        name for name, there in optional.items() if not there
    }
    # Odd characters alone leave a subject empty, and few texts are a language.
    assert set(message.keys()) - {"Content-Language", "Subject"} == expected - {"Subject"}
    assert len(message.keys()) == len(set(message.keys()))
    values = {name: re.sub("\r\n ", " ", value) for name, value in message.raw_items()}
    assert all(len(value.splitlines()) == 1 for value in values.values())
    assert all("=?" not in values.get(name, "") for name in ("Message-ID", "References"))
    assert len(message["Subject"].splitlines()) <= 1 if "Subject" in values else True
    assert [address.addr_spec for address in message["To"].addresses] == ["anna@customer.example"]
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@given(body=st.text(max_size=3000) | st.text(alphabet=".= \t\r\naÜ漢😀", max_size=600))
@example(body=".\n..\n.x\n" + "long " * 3000)
@example(body="From the start\n\n-- \ntrailing blank \n\t\n")
@example(body="界" * 2000)
def test_any_text_arrives_as_it_was_written(body: str) -> None:
    encodable = body.encode(errors="replace").decode()

    message = compose(letter_to(letter=Letter("Invoice", body, body, "en/notice@1")))

    for part in message.iter_parts():
        assert lines(part.get_content()) == lines(encodable)


@given(
    name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=150),
    subject=st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=300),
)
def test_names_and_subjects_arrive_as_they_were_written(name: str, subject: str) -> None:
    message = compose(letter_to(to_name=name, letter=Letter(subject, "", "", "en/notice@1")))

    written, address = parseaddr(dict(message.raw_items())["To"])
    assert str(make_header(decode_header(written))) == name
    assert address == "anna@customer.example"
    assert str(message["Subject"] or "") == " ".join(filter(None, subject.split(" ")))


@given(name=st.text(max_size=300), subject=st.text(max_size=600), body=st.text(max_size=1500))
def test_every_line_is_short_enough_for_any_server(name: str, subject: str, body: str) -> None:
    envelope = letter_to(
        sender_name=name, to_name=name, letter=Letter(subject, body, body, "en/notice@1")
    )

    content = post(envelope).content

    assert content.isascii()
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))
    assert b"\r" not in content.replace(b"\r\n", b"")
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_name_cannot_turn_its_reading_direction_round() -> None:
    message = compose(letter_to(to_name="\u202emoc.evil\u202c Anna"))

    assert message["To"].addresses[0].display_name == "moc.evil Anna"


def test_a_resend_is_a_true_copy() -> None:
    assert post(letter_to()) == post(letter_to())


@pytest.mark.parametrize(
    ("written", "wire"),
    [
        ("anna@customer.example", "anna@customer.example"),
        (" anna@customer.example\n", "anna@customer.example"),
        ("a.b+c/d=e@sub.customer.example", "a.b+c/d=e@sub.customer.example"),
        ('"anna schmidt"@customer.example', '"anna schmidt"@customer.example'),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("jürgen@customer.example", "jürgen@customer.example"),
    ],
)
def test_an_address_keeps_its_person_and_gets_an_ascii_domain(written: str, wire: str) -> None:
    assert on_the_wire(written) == wire


@pytest.mark.parametrize(
    "address",
    [
        "",
        "anna",
        "anna@",
        "@customer.example",
        "anna@localhost",
        "anna@customer..example",
        "anna@-customer.example",
        "anna..b@customer.example",
        ".anna@customer.example",
        "anna b@customer.example",
        "anna@customer.example, eve@evil.example",
        "anna@customer.example>\r\nRCPT TO:<eve@evil.example",
        "anna\r\nBcc: eve@evil.example@customer.example",
        "anna\x00@customer.example",
        "anna\u2028@customer.example",
        "anna\u3000b@customer.example",
        "anna\ud800@customer.example",
        "anna@customer\u2028.example",
        "<anna@customer.example>",
        "Anna <anna@customer.example>",
        "anna@[192.0.2.1]",
        "a" * 65 + "@customer.example",
        "anna@" + "a." * 130 + "example",
        "anna@\u0130\u0307\u200d.example",
    ],
)
def test_what_is_no_address_is_rejected_before_any_connection(address: str) -> None:
    with pytest.raises(AddressRejected) as rejected:
        post(letter_to(address))

    assert rejected.value.address == address
    assert "@" not in str(rejected.value)


@given(address=st.text(max_size=40) | st.emails().map(lambda e: e + "\r\n.") | st.emails())
def test_whatever_passes_as_an_address_is_one_token(address: str) -> None:
    try:
        wire = on_the_wire(address)
    except AddressRejected:
        return
    assert len(wire.splitlines()) == 1
    assert wire.isprintable()
    assert wire.startswith('"') or not set(wire) & set(' <>()[],;:"\\')


def test_a_copy_to_what_is_no_address_does_not_hold_the_letter() -> None:
    posting = post(letter_to(cc=("owner@firm.example", "owner at firm")))

    assert [copy.wire for copy in posting.cc] == ["owner@firm.example"]
    assert posting.refused_cc == ("owner at firm",)


def test_nobody_gets_a_letter_twice() -> None:
    posting = post(
        letter_to(cc=("Anna@Customer.example", "owner@firm.example", "OWNER@firm.example"))
    )

    assert [copy.wire for copy in posting.cc] == ["owner@firm.example"]


@pytest.mark.parametrize("ours", ["sender_email", "reply_to"])
def test_a_wrong_address_of_our_own_is_not_blamed_on_the_customer(ours: str) -> None:
    changes: dict[str, Any] = {ours: "accounts"}
    with pytest.raises(MailRefused):
        post(letter_to(**changes))


def test_a_letter_is_written_in_less_than_a_millisecond() -> None:
    text = "Sehr geehrte Frau Müller, die Rechnung 4711 ist überfällig.\n" * 40
    html = f"<html><body>{text * 3}</body></html>"
    envelope = letter_to(to_name="Frau Müller", letter=Letter("Überfällig", text, html, "de/n@1"))

    def once() -> float:
        start = time.perf_counter()
        post(envelope)
        return time.perf_counter() - start

    assert min(once() for _ in range(50)) < 0.001
