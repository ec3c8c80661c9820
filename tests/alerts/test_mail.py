"""A notice by mail: laid out to be read, and nothing but text of what others wrote."""

import pytest
from hypothesis import example, given, settings

from integrations.alerts.channel import AlertChannel
from integrations.alerts.mail import MailAlerts
from integrations.letters.ledger_text import is_web_link, single_line
from integrations.letters.sample import FIRM
from integrations.mail.message import compose
from models.errors import AddressRejected, MailRefused, MailUnavailable
from models.letter import Envelope
from models.notice import Notice
from tests.alerts.notices import (
    WRITTEN_AT,
    a_line,
    a_notice,
    a_part,
    hostile_text,
    said_everywhere,
)
from tests.fake_outbox import FakeOutbox
from tests.letters.page import Page

DIGEST = a_notice(
    a_part(
        "Broken promises",
        a_line(
            "Tidewater Foods GmbH: invoice INV-1042, €1,234.50 open, 45 days past due",
            "Promised for March 3 by wire; nothing has arrived. The follow-up goes on where it"
            " stood, with its priority raised.",
            "https://desk.example.com/invoices/INV-1042",
        ),
        a_line("Ashcombe & Sons: invoice INV-1050, $80.00 open"),
    ),
    a_part("Calls to make", a_line("Kestrel Ltd", link="https://desk.example.com/tasks/7")),
)


async def mailed(notice: Notice) -> Envelope:
    outbox = FakeOutbox()
    channel: AlertChannel = MailAlerts(outbox, FIRM)
    await channel.deliver(notice)
    await channel.close()
    (envelope,) = outbox.alerts
    return envelope


async def test_the_text_is_laid_out_in_headings_lines_and_links() -> None:
    envelope = await mailed(DIGEST)

    assert envelope.letter.text == (
        "3 accounts need you\n"
        "\n"
        "Broken promises\n"
        "\n"
        "- Tidewater Foods GmbH: invoice INV-1042, €1,234.50 open, 45 days past due\n"
        "  Promised for March 3 by wire; nothing has arrived. The follow-up goes on\n"
        "  where it stood, with its priority raised.\n"
        "  Open <https://desk.example.com/invoices/INV-1042>\n"
        "- Ashcombe & Sons: invoice INV-1050, $80.00 open\n"
        "\n"
        "Calls to make\n"
        "\n"
        "- Kestrel Ltd\n"
        "  Open <https://desk.example.com/tasks/7>\n"
        "\n"
        "Northwind Instruments Ltd, receivables\n"
    )


async def test_the_html_says_the_same_without_asking_the_web_for_anything() -> None:
    page = Page((await mailed(DIGEST)).letter.html)

    tags = [tag for tag, _ in page.tags]
    attributes = {name for _, given in page.tags for name, _ in given}
    assert not {"img", "link", "script", "iframe"} & set(tags)
    assert not {"src", "srcset", "background"} & attributes
    assert page.links == [
        "https://desk.example.com/invoices/INV-1042",
        "https://desk.example.com/tasks/7",
    ]
    for words in ("3 accounts need you", "Broken promises", "Ashcombe & Sons: invoice INV-1050"):
        assert words in page.text
    assert all(dict(given).get("style") for tag, given in page.tags if tag in {"h2", "p", "ul"})


async def test_it_goes_to_its_recipient_from_the_firm() -> None:
    envelope = await mailed(DIGEST)

    assert (envelope.to, envelope.cc) == ("mara@harbour.example", ())
    assert (envelope.sender_name, envelope.sender_email) == (FIRM.sender_name, FIRM.sender_email)
    assert (envelope.reply_to, envelope.dated) == (FIRM.reply_to, WRITTEN_AT)


async def test_sent_again_it_has_the_same_message_id_and_bytes() -> None:
    first, again = await mailed(DIGEST), await mailed(DIGEST)

    assert first.message_id == "digest/mara/2026-03-12@northwind.example"
    assert first == again


@pytest.mark.parametrize(
    ("urgent", "subject"),
    [
        (False, "Receivables: 3 accounts need you"),
        (True, "Receivables, urgent: 3 accounts need you"),
    ],
)
async def test_the_subject_says_whether_it_is_urgent(urgent: bool, subject: str) -> None:
    envelope = await mailed(a_notice(urgent=urgent))

    assert envelope.letter.subject == subject
    assert ("Urgent: 3 accounts need you" in Page(envelope.letter.html).text) == urgent


async def test_a_part_without_lines_is_left_out_and_a_notice_may_have_none() -> None:
    envelope = await mailed(a_notice(a_part("Nothing here")))

    assert envelope.letter.text == (
        "3 accounts need you\n\nNorthwind Instruments Ltd, receivables\n"
    )


async def test_parts_without_headings_stay_apart_in_html() -> None:
    envelope = await mailed(a_notice(a_part("", a_line("One")), a_part("", a_line("Two"))))

    assert [tag for tag, _ in Page(envelope.letter.html).tags].count("ul") == 2


async def test_lines_of_any_length_stay_within_eighty_columns() -> None:
    words = "overdue and promised " * 40
    text = (await mailed(said_everywhere(words))).letter.text

    assert max(map(len, text.splitlines())) <= 80


async def test_two_hundred_lines_are_all_there() -> None:
    lines = [a_line(f"Invoice INV-{number}.") for number in range(200)]
    envelope = await mailed(a_notice(a_part("All", *lines)))

    assert all(f"- {line.text}\n" in envelope.letter.text for line in lines)
    assert Page(envelope.letter.html).text.count("Invoice INV-") == 200


@settings(deadline=None)
@given(text=hostile_text)
@example(text="")
@example(text="<b>x</b>\r\nSubject: y ](https://evil.example) | %s **")
async def test_what_others_wrote_stays_text(text: str) -> None:
    letter = (await mailed(said_everywhere(text))).letter
    plain = (await mailed(said_everywhere("Harmless" if single_line(text) else ""))).letter

    page, plain_page = Page(letter.html), Page(plain.html)
    assert page.tags == plain_page.tags
    assert page.text == plain_page.text.replace("Harmless", single_line(text))
    assert "\n" not in letter.subject
    assert "\r" not in letter.text


@settings(deadline=None)
@given(link=hostile_text.map("https://desk.example/{}".format) | hostile_text)
@example(link="javascript:alert(1)")
@example(link='https://desk.example/"onmouseover="x')
async def test_a_link_is_an_http_link_or_none(link: str) -> None:
    letter = (await mailed(a_notice(a_part("", a_line("Kestrel Ltd", link=link))))).letter

    assert Page(letter.html).links == ([link] if is_web_link(link) else [])


async def test_a_title_cannot_leave_the_subject() -> None:
    envelope = await mailed(a_notice(title="Kestrel\r\nBcc: all@harbour.example"))
    message = compose(envelope)

    assert message["Bcc"] is None
    assert message["Subject"] == "Receivables: Kestrel Bcc: all@harbour.example"


@pytest.mark.parametrize(
    "error",
    [
        MailUnavailable("mail.example says to come back later"),
        AddressRejected("mara@harbour.example", "550 no such user"),
        MailRefused("the message is refused"),
    ],
)
async def test_what_the_mail_server_says_is_passed_on(error: Exception) -> None:
    outbox = FakeOutbox()
    outbox.trouble = lambda _: error

    with pytest.raises(type(error)):
        await MailAlerts(outbox, FIRM).deliver(DIGEST)
