"""Letters over SMTP to real servers: what leaves, what is refused, what is never sent twice."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.mail import smtp as smtp_module
from integrations.mail.message import post
from integrations.mail.smtp import SmtpTransport
from integrations.mail.transport import AcceptanceUnknown, Accepted, MailTransport, Withheld
from models.errors import AddressRejected, MailRefused, MailUnavailable, SettingInvalid
from models.letter import Letter
from tests.mail.post_office import LOOPBACK, PostOffice, letter_to, post_office

OWNER = "owner@firm.example"
ANNA = "anna@customer.example"


@pytest.fixture(params=[False, True], ids=["one by one", "pipelined"])
async def office(request: pytest.FixtureRequest) -> AsyncIterator[PostOffice]:
    async with post_office(pipelining=request.param) as office:
        yield office


@asynccontextmanager
async def mail_to(port: int, **changes: Any) -> AsyncIterator[SmtpTransport]:
    transport = SmtpTransport(LOOPBACK, port, **{"security": "none", "timeout": 5.0, **changes})
    try:
        yield transport
    finally:
        await transport.close()


async def test_a_letter_reaches_the_recipient_and_all_copies(office: PostOffice) -> None:
    body = "Grüße\n.\n..two dots\n.hidden\n" + "long " * 400 + "\nFrom here\n"
    envelope = letter_to(
        cc=(OWNER, "cfo@customer.example"),
        to_name="Łucja 漢字",
        letter=Letter("Zażółć 4711: €", body, f"<p>{body}</p>", "pl/notice@1"),
    )
    async with mail_to(office.port) as mail:
        accepted = await mail.send(envelope)

    assert accepted == Accepted("250 2.0.0 queued as 1")
    (received,) = office.letters
    assert received.sender == "accounts@firm.example"
    assert received.recipients == [ANNA, OWNER, "cfo@customer.example"]
    assert received.message["Subject"] == "Zażółć 4711: €"
    assert received.message["To"].addresses[0].display_name == "Łucja 漢字"
    plain, html = received.message.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == body
    assert html.get_content().replace("\r\n", "\n") == f"<p>{body}</p>"


async def test_hostile_fields_reach_the_server_as_one_harmless_letter(office: PostOffice) -> None:
    evil = "x\r\nBcc: eve@evil.example\r\n\r\n.\r\nMAIL FROM:<eve@evil.example>\r\n"
    envelope = letter_to(
        sender_name=evil,
        to_name=evil,
        message_id=evil,
        references=(evil,),
        language=evil,
        letter=Letter(evil, evil, evil, "en/notice@1"),
    )
    async with mail_to(office.port) as mail:
        await mail.send(envelope)

    (received,) = office.letters
    assert received.recipients == [ANNA]
    assert sorted(received.message.keys()) == sorted(
        [
            "From",
            "To",
            "Reply-To",
            "Subject",
            "Date",
            "Message-ID",
            "In-Reply-To",
            "References",
            "Auto-Submitted",
            "MIME-Version",
            "Content-Type",
        ]
    )


@settings(max_examples=60, deadline=None)
@given(
    fields=st.fixed_dictionaries(
        {
            name: st.text(max_size=80)
            for name in ("sender_name", "to_name", "message_id", "language")
        }
    ),
    body=st.text(alphabet=".\r\n aÜ=", max_size=120) | st.text(max_size=400),
)
async def test_what_arrives_is_to_the_byte_what_was_written(
    fields: dict[str, Any], body: str
) -> None:
    envelope = letter_to(**fields, letter=Letter(body, body, body, "en/notice@1"))
    async with post_office(pipelining=True) as office, mail_to(office.port) as mail:
        await mail.send(envelope)
        await mail.send(envelope)

    expected = post(envelope).content
    assert [letter.content for letter in office.letters] == [expected, expected]


async def test_a_refused_recipient_stops_the_letter_and_its_copies(office: PostOffice) -> None:
    office.answers[ANNA] = f"550 5.1.1 <{ANNA}>: no such user"
    async with mail_to(office.port) as mail:
        with pytest.raises(AddressRejected) as rejected:
            await mail.send(letter_to(cc=(OWNER,)))
        await mail.send(letter_to("ben@customer.example"))

    assert rejected.value.address == ANNA
    assert rejected.value.answer == "550 5.1.1 <…>: no such user"
    assert [letter.recipients for letter in office.letters] == [["ben@customer.example"]]


async def test_a_refusal_keeps_the_connection_unless_the_server_waits_for_content(
    office: PostOffice,
) -> None:
    office.answers[ANNA] = "550 5.1.1 no such user"
    async with mail_to(office.port) as mail:
        for _ in range(3):
            with pytest.raises(AddressRejected):
                await mail.send(letter_to())

    assert office.connections == 1


async def test_a_refused_copy_does_not_stop_the_letter_and_is_reported(office: PostOffice) -> None:
    office.answers["cfo@xn--bcher-kva.example"] = "550 5.1.1 no such user"
    async with mail_to(office.port) as mail:
        accepted = await mail.send(letter_to(cc=("cfo@bücher.example", OWNER, "no address")))

    assert accepted.refused_cc == ("no address", "cfo@bücher.example")
    assert [letter.recipients for letter in office.letters] == [[ANNA, OWNER]]


@pytest.mark.parametrize("where", ["MAIL", ANNA, OWNER, "DATA"])
async def test_a_server_that_asks_for_patience_gets_it(office: PostOffice, where: str) -> None:
    office.answers[where] = f"451 4.7.1 greylisted {ANNA}, come again"
    async with mail_to(office.port) as mail:
        with pytest.raises(MailUnavailable) as unavailable:
            await mail.send(letter_to(cc=(OWNER,)))
        office.answers.clear()
        await mail.send(letter_to())

    assert not isinstance(unavailable.value, AcceptanceUnknown)
    assert "451 4.7.1 greylisted …, come again" in str(unavailable.value)
    assert "@" not in str(unavailable.value)
    assert len(office.letters) == 1


@pytest.mark.parametrize("where", ["MAIL", "DATA"])
async def test_a_letter_refused_for_good_is_told_from_a_refused_address(
    office: PostOffice, where: str
) -> None:
    office.answers[where] = "554 5.6.0 we do not want this"
    async with mail_to(office.port) as mail:
        with pytest.raises(MailRefused, match=r"554 5\.6\.0 we do not want this"):
            await mail.send(letter_to())


@pytest.mark.parametrize("where", ["MAIL", ANNA])
async def test_a_server_that_wants_a_login_is_the_operators_to_mend(
    office: PostOffice, where: str
) -> None:
    office.answers[where] = "530 5.7.0 Authentication required"
    async with mail_to(office.port) as mail:
        with pytest.raises(MailUnavailable, match="DUNLIN_SMTP_USERNAME and DUNLIN_SMTP_PASSWORD"):
            await mail.send(letter_to())


async def test_a_connection_lost_after_the_content_is_never_retried(office: PostOffice) -> None:
    async with mail_to(office.port) as mail:
        await mail.send(letter_to(number=1))
        office.hangs_up_after_content = True
        with pytest.raises(AcceptanceUnknown):
            await mail.send(letter_to(number=2))
        office.hangs_up_after_content = False
        await mail.send(letter_to(number=3))

    ids = [letter.message["Message-ID"] for letter in office.letters]
    assert ids == [f"<INV-{number}/notice/1@firm.example>" for number in (1, 2, 3)]


async def test_a_letter_taken_back_at_the_last_moment_leaves_nothing_behind(
    office: PostOffice,
) -> None:
    connected: list[int] = []

    async def thinks_better_of_it() -> bool:
        connected.append(office.connections)
        return False

    async with mail_to(office.port) as mail:
        with pytest.raises(Withheld):
            await mail.send(letter_to(number=1), thinks_better_of_it)
        await mail.send(letter_to(number=2))

    assert connected == [1]  # it was asked when the way was clear
    assert len(office.letters) == 1
    assert office.connections == 1


async def test_no_answer_after_the_content_leaves_it_open_whether_it_was_accepted(
    office: PostOffice,
) -> None:
    office.answers_after = 30
    async with mail_to(office.port, confirmation_timeout=0.2) as mail:
        with pytest.raises(AcceptanceUnknown, match="no answer in time"):
            await mail.send(letter_to())


@pytest.mark.parametrize("last_words", [b"", b"421 4.4.2 idle for too long\r\n"])
async def test_a_connection_that_the_server_closed_is_replaced_unnoticed(
    office: PostOffice, last_words: bytes
) -> None:
    async with mail_to(office.port) as mail:
        await mail.send(letter_to(number=1))
        await office.hang_up(last_words)
        await mail.send(letter_to(number=2))

    assert office.connections == 2
    assert len(office.letters) == 2


async def test_a_server_that_says_goodbye_to_a_kept_connection_is_called_again_once(
    office: PostOffice,
) -> None:
    async with mail_to(office.port) as mail:
        await mail.send(letter_to())
        office.answers["MAIL"] = "421 4.3.2 shutting down"
        with pytest.raises(MailUnavailable, match=r"421 4\.3\.2 shutting down"):
            await mail.send(letter_to())

    assert office.connections == 2
    assert len(office.letters) == 1


async def test_a_connection_idle_for_long_is_not_trusted(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_module, "_IDLE_SECONDS", 0.01)
    async with mail_to(office.port) as mail:
        await mail.send(letter_to())
        await asyncio.sleep(0.02)
        await mail.send(letter_to())

    assert office.connections == 2


async def test_many_letters_share_few_connections(office: PostOffice) -> None:
    async with mail_to(office.port, max_connections=3) as mail:
        await asyncio.gather(*(mail.send(letter_to(number=n)) for n in range(60)))

    assert len({letter.message["Message-ID"] for letter in office.letters}) == 60
    assert len(office.letters) == 60
    assert office.connections == 3


async def test_a_connection_is_replaced_after_its_share_of_letters(office: PostOffice) -> None:
    async with mail_to(office.port, max_connections=2, max_messages_per_connection=5) as mail:
        await asyncio.gather(*(mail.send(letter_to(number=n)) for n in range(40)))

    assert len(office.letters) == 40
    assert office.connections == 8
    assert office.most_open <= 2


async def test_a_cancelled_send_leaves_no_half_letter_behind(office: PostOffice) -> None:
    office.answers_after = 30
    async with mail_to(office.port, max_connections=1) as mail:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await mail.send(letter_to(number=1))
        office.answers_after = 0
        await mail.send(letter_to(number=2))

    assert [letter.message["Message-ID"] for letter in office.letters] == [
        "<INV-2/notice/1@firm.example>"
    ]


async def test_closing_waits_for_the_letters_on_their_way(office: PostOffice) -> None:
    office.answers_after = 0.05
    async with mail_to(office.port) as mail:
        sending = asyncio.create_task(mail.send(letter_to()))
        await asyncio.sleep(0.02)
        await mail.close()
        assert sending.done()
        assert not office.open

    assert (await sending).answer == "250 2.0.0 queued as 1"


async def test_a_person_outside_ascii_is_written_to_where_the_server_can(
    office: PostOffice,
) -> None:
    async with mail_to(office.port) as mail:
        await mail.send(letter_to("jürgen@bücher.example", cc=(OWNER,)))

    (received,) = office.letters
    assert received.recipients == ["jürgen@xn--bcher-kva.example", OWNER]


async def test_a_server_without_smtputf8_gets_only_what_it_understands() -> None:
    async with post_office(takes_utf8=False) as office, mail_to(office.port) as mail:
        with pytest.raises(AddressRejected, match="SMTPUTF8"):
            await mail.send(letter_to("jürgen@customer.example"))
        accepted = await mail.send(letter_to(cc=("søren@customer.example", OWNER)))
        with pytest.raises(MailRefused):
            await mail.send(letter_to(sender_email="bücher@firm.example"))

    assert accepted.refused_cc == ("søren@customer.example",)
    assert [letter.recipients for letter in office.letters] == [[ANNA, OWNER]]
    assert office.connections == 1


async def test_what_is_no_address_opens_no_connection(office: PostOffice) -> None:
    async with mail_to(office.port) as mail:
        with pytest.raises(AddressRejected):
            await mail.send(letter_to("anna"))

    assert office.connections == 0


async def test_a_server_that_is_away_is_named_with_the_settings_to_check() -> None:
    with socket.socket() as reserved:
        reserved.bind((LOOPBACK, 0))
        port = reserved.getsockname()[1]
        async with mail_to(port) as mail:
            for attempt in (mail.check(), mail.send(letter_to())):
                with pytest.raises(MailUnavailable, match="DUNLIN_SMTP_HOST and DUNLIN_SMTP_PORT"):
                    await attempt


async def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.5)
        writer.close()

    async with await asyncio.start_server(say_nothing, LOOPBACK, 0) as silent:
        async with mail_to(silent.sockets[0].getsockname()[1], timeout=0.1) as mail:
            with pytest.raises(MailUnavailable, match=r"did not answer within 0\.1 s"):
                await mail.send(letter_to())
        await asyncio.sleep(0.5)


@pytest.mark.parametrize("words", [b"HTTP/1.1 400 Bad Request\r\n", b"554 5.3.2 no service\r\n"])
async def test_a_server_that_is_none_for_us_is_unavailable(words: bytes) -> None:
    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        writer.close()

    async with (
        await asyncio.start_server(say, LOOPBACK, 0) as odd,
        mail_to(odd.sockets[0].getsockname()[1]) as mail,
    ):
        with pytest.raises(MailUnavailable):
            await mail.send(letter_to())


async def test_a_host_that_can_have_no_such_name_names_the_setting() -> None:
    transport = SmtpTransport("mail..example", 25, "none", timeout=5.0)
    with pytest.raises(MailUnavailable, match="Check DUNLIN_SMTP_HOST"):
        await transport.check()
    await transport.close()


async def test_a_check_says_what_it_found_and_sends_nothing(office: PostOffice) -> None:
    async with mail_to(office.port) as mail:
        found = await mail.check()

    assert found.startswith(f"Letters leave through the mail server 127.0.0.1:{office.port}, ")
    assert ("with pipelining" in found) is office.pipelining
    assert office.letters == []


def test_a_password_is_never_set_up_to_travel_in_the_clear() -> None:
    with pytest.raises(SettingInvalid, match="DUNLIN_SMTP_SECURITY"):
        SmtpTransport("mail.firm.example", 25, "none", "dunlin", "secret")


def test_no_password_shows_in_a_trace() -> None:
    transport: MailTransport = SmtpTransport(LOOPBACK, 25, "none", "dunlin", "secret")

    assert "secret" not in repr(vars(transport))
