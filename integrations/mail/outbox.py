"""Reads back what a `MaildirTransport` filed."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SentMail:
    """One filed letter. Ids are bare, without angle brackets; what is absent is empty."""

    path: Path
    sender: str
    to: str
    to_name: str
    cc: tuple[str, ...]
    reply_to: str
    subject: str
    dated: datetime
    message_id: str
    references: tuple[str, ...]
    language: str
    text: str
    html: str


def read_outbox(folder: Path) -> list[SentMail]:
    """The letters of the Maildir `folder`, in the order of sending; [] when there is none yet."""
    paths = [path for part in ("new", "cur") for path in (folder / part).glob("*.*.*")]
    return [_read(path) for path in sorted(paths, key=lambda path: path.name)]


def _read(path: Path) -> SentMail:
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    # As they stand: the parsed values put blanks into names of several encoded words and trip over
    # unusual ids.
    values = {name: "".join(value.splitlines()) for name, value in message.raw_items()}
    to_name, to = _mailboxes(values["To"])[0]
    return SentMail(
        path=path,
        sender=_mailboxes(values["From"])[0][1],
        to=to,
        to_name=_decoded(to_name),
        cc=tuple(address for _, address in _mailboxes(values.get("Cc", ""))),
        reply_to=values.get("Reply-To", ""),
        subject=_decoded(values.get("Subject", "")),
        dated=parsedate_to_datetime(values["Date"]),
        message_id=values.get("Message-ID", "").strip("<>"),
        references=tuple(bare.strip("<>") for bare in values.get("References", "").split()),
        language=values.get("Content-Language", ""),
        text=_content(message, "plain"),
        html=_content(message, "html"),
    )


def _mailboxes(value: str) -> list[tuple[str, str]]:
    return [mailbox for mailbox in getaddresses([value]) if mailbox[1]]


def _decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def _content(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    content = part.get_content() if part else ""
    # Base64 keeps the line ends of the wire.
    return content.replace("\r\n", "\n") if isinstance(content, str) else ""
