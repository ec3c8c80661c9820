"""How fast the mail sink takes letters, to know that it is not what is measured."""

from datetime import UTC, datetime
from functools import partial
from time import perf_counter

from benchmarks.ground import all_of
from integrations.mail.smtp import SmtpTransport
from models.letter import Envelope, Letter

_TEXT = "Please pay what is open.\n" * 40


async def letters_a_second(port: int, number: int) -> float:
    """Letters a second from one sender at full speed; the sink alone may be faster."""
    mail = SmtpTransport("127.0.0.1", port, security="none")
    letter = Letter("Invoice 4711", _TEXT, f"<p>{_TEXT}</p>\n", "en/notice@1")
    envelopes = [
        Envelope(
            letter=letter,
            sender_name="Accounts",
            sender_email="ar@harbour.example",
            reply_to="ar@harbour.example",
            to="ap@customer.example",
            to_name="Sam Lee",
            message_id=f"rate-{one}@harbour.example",
            dated=datetime.now(UTC),
        )
        for one in range(number)
    ]
    begun = perf_counter()
    await all_of(partial(mail.send, envelope) for envelope in envelopes)
    rate = number / (perf_counter() - begun)
    await mail.close()
    return rate
