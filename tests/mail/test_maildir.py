"""Letters kept as files, and read back."""

import asyncio
import mailbox
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.mail.maildir import MaildirTransport
from integrations.mail.outbox import read_outbox
from integrations.mail.transport import MailTransport
from models.errors import AddressRejected, MailUnavailable
from models.letter import Letter
from tests.mail.post_office import letter_to


async def test_a_letter_is_filed_whole_and_reads_back_as_it_was_written(tmp_path: Path) -> None:
    transport: MailTransport = MaildirTransport(tmp_path / "outbox")
    envelope = letter_to(
        to_name="Łucja 漢字",
        cc=("owner@firm.example", "no address"),
        references=("a@firm.example", "b@firm.example"),
        language="pl",
        letter=Letter("Zażółć: €", "Grüße\n.\nend\n", "<p>Grüße</p>\n", "pl/notice@1"),
    )

    accepted = await transport.send(envelope)

    (mail,) = read_outbox(tmp_path / "outbox")
    assert mail.path == tmp_path / "outbox" / "new" / accepted.answer
    assert accepted.refused_cc == ("no address",)
    assert (mail.sender, mail.reply_to) == ("accounts@firm.example", "reply@firm.example")
    assert (mail.to, mail.to_name) == ("anna@customer.example", "Łucja 漢字")
    assert mail.cc == ("owner@firm.example",)
    assert mail.subject == "Zażółć: €"
    assert mail.dated == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    assert mail.message_id == envelope.message_id
    assert mail.references == envelope.references
    assert mail.language == "pl"
    assert (mail.text, mail.html) == (envelope.letter.text, envelope.letter.html)
    assert list((tmp_path / "outbox" / "tmp").iterdir()) == []


async def test_letters_read_back_in_the_order_of_sending(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path)
    for number in range(20):
        await transport.send(letter_to(number=number))

    assert [mail.message_id for mail in read_outbox(tmp_path)] == [
        f"INV-{number}/notice/1@firm.example" for number in range(20)
    ]


async def test_a_letter_sent_twice_is_two_files_that_show_it(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path)
    names = [(await transport.send(letter_to(number=n))).answer for n in (1, 1, 2)]

    first, again, other = (name.split(".")[1] for name in names)

    assert len(read_outbox(tmp_path)) == 3
    assert first == again != other


async def test_letters_sent_at_once_all_arrive(tmp_path: Path) -> None:
    transport = MaildirTransport(tmp_path)
    await asyncio.gather(*(transport.send(letter_to(number=n)) for n in range(200)))

    assert len({mail.message_id for mail in read_outbox(tmp_path)}) == 200


async def test_any_mail_program_can_read_the_folder(tmp_path: Path) -> None:
    await MaildirTransport(tmp_path).send(letter_to())

    box = mailbox.Maildir(tmp_path, create=False)
    assert [message["Subject"] for message in box] == ["Invoice 4711"]


async def test_only_the_owner_may_read_the_letters(tmp_path: Path) -> None:
    await MaildirTransport(tmp_path / "outbox").send(letter_to())

    assert stat.S_IMODE((tmp_path / "outbox" / "new").stat().st_mode) == 0o700


async def test_what_is_no_address_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(AddressRejected):
        await MaildirTransport(tmp_path).send(letter_to("anna"))

    assert read_outbox(tmp_path) == []


async def test_a_check_says_where_letters_are_kept(tmp_path: Path) -> None:
    assert str(tmp_path) in await MaildirTransport(tmp_path).check()
    assert read_outbox(tmp_path) == []


async def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    transport = MaildirTransport(tmp_path / "file")

    with pytest.raises(MailUnavailable, match="Make the folder writable"):
        await transport.check()
    with pytest.raises(MailUnavailable, match="Make the folder writable"):
        await transport.send(letter_to())
