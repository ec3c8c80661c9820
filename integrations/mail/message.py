"""A letter as the bytes that travel.

The bytes are written directly: the standard library's message object takes over ten times as long
to build and flatten. The same envelope always gives the same bytes, so a resend is a true copy.
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import blake2b
from typing import NamedTuple

from integrations.mail import header
from integrations.mail.address import on_the_wire
from models.errors import AddressRejected, MailRefused
from models.letter import Envelope

_NEWLINE = re.compile("\r\n?|\n")


class Recipient(NamedTuple):
    """An address in its form on the wire, and as the envelope wrote it."""

    wire: str
    written: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A letter ready for a transport: sender and recipients of its SMTP envelope, and its content.

    `content` ends its lines with CRLF and is ASCII, unless an address needs SMTPUTF8. `refused_cc`
    are the copies that cannot be sent, as the envelope wrote them; they stand in no header.
    """

    sender: str
    to: Recipient
    cc: tuple[Recipient, ...]
    refused_cc: tuple[str, ...]
    content: bytes


def compose(envelope: Envelope) -> EmailMessage:
    """The letter as a message object, for reading; transports send `post(envelope).content`.

    Raises:
        AddressRejected: the recipient's address is none.
        MailRefused: our own address is none.
    """
    return message_from_bytes(post(envelope).content, policy=policy.SMTP)


def post(envelope: Envelope, *, utf8: bool = True) -> Posting:
    """The letter as it travels. Without `utf8`, an address outside ASCII counts as none.

    Raises:
        AddressRejected: the recipient's address is none.
        MailRefused: the sender's or the reply address is none.
    """
    sender = _own(envelope.sender_email, utf8=utf8)
    to = Recipient(_deliverable(envelope.to, utf8=utf8), envelope.to)
    cc, refused_cc = _copies(envelope.cc, to, utf8=utf8)
    digest = blake2b(envelope.message_id.encode(errors="replace"), digest_size=12).hexdigest()
    # "=_" stands in no quoted-printable and no base64 text, so the boundary is in no part.
    boundary = f"=_{digest}"
    values = {
        "From": header.mailbox(envelope.sender_name, sender),
        "To": header.mailbox(envelope.to_name, to.wire),
        "Cc": header.mailboxes([copy.wire for copy in cc]),
        "Reply-To": _own(envelope.reply_to, utf8=utf8) if envelope.reply_to else "",
        "Subject": header.unstructured(envelope.letter.subject),
        "Date": format_datetime(envelope.dated),
        "Message-ID": header.message_ids((envelope.message_id,)),
        "In-Reply-To": header.message_ids(envelope.references[-1:]),
        "References": header.message_ids(envelope.references),
        "Auto-Submitted": "auto-generated",
        "Content-Language": header.language(envelope.language),
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{boundary}"',
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in values.items() if value)
    fence = f"--{boundary}".encode()
    content = b"\r\n".join(
        (
            head.encode(),
            fence,
            _part("plain", envelope.letter.text),
            fence,
            _part("html", envelope.letter.html),
            fence + b"--\r\n",
        )
    )
    return Posting(sender, to, cc, refused_cc, content)


def _part(subtype: str, text: str) -> bytes:
    octets = _NEWLINE.sub("\r\n", text).encode(errors="replace")
    encoding, body = "quoted-printable", b2a_qp(octets, istext=True)
    if len(body) > len(octets) * 1.4:
        encoding, body = "base64", encodebytes(octets).replace(b"\n", b"\r\n")
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n"
    )
    return head.encode() + body


def _deliverable(address: str, *, utf8: bool) -> str:
    checked = on_the_wire(address)
    if not utf8 and not checked.isascii():
        raise AddressRejected(address, "the server takes no address outside ASCII (SMTPUTF8)")
    return checked


def _own(address: str, *, utf8: bool) -> str:
    try:
        return _deliverable(address, utf8=utf8)
    except AddressRejected as rejected:
        raise MailRefused(
            f"The firm's own sender or reply address cannot be used: {rejected.answer}."
        ) from None


def _copies(
    addresses: tuple[str, ...], to: Recipient, *, utf8: bool
) -> tuple[tuple[Recipient, ...], tuple[str, ...]]:
    """The copies to send, each once and none to the recipient himself, and those that cannot be."""
    good = {to.wire.casefold(): to}
    refused: list[str] = []
    for address in addresses:
        try:
            checked = _deliverable(address, utf8=utf8)
        except AddressRejected:
            refused.append(address)
        else:
            good.setdefault(checked.casefold(), Recipient(checked, address))
    return tuple(good.values())[1:], tuple(refused)
