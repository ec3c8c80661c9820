"""Notices by mail, in the same dress as a letter: one Markdown source, HTML and text out of it."""

from collections.abc import Iterator

from domain.letter_writing import message_id
from integrations.alerts.channel import headline
from integrations.letters.html_part import html_document
from integrations.letters.ledger_text import is_web_link, single_line
from integrations.letters.plain_text import plain_text
from integrations.letters.skeleton import skeleton
from integrations.letters.slots import Slots
from integrations.mail.transport import MailTransport
from models.letter import Envelope, Firm, Letter
from models.notice import Notice, NoticeLine

_BREAK = "\\\n  "
# Lists that follow each other stay two when their bullets differ.
_BULLETS = "-*"
# A bullet or a heading with nothing after it would be no Markdown.
_NOTHING = "\N{HORIZONTAL ELLIPSIS}"


class MailAlerts:
    """Each notice is one mail to its recipient. What others wrote stays text in it."""

    name = "mail"

    def __init__(self, mail: MailTransport, firm: Firm) -> None:
        self._mail = mail
        self._firm = firm

    async def deliver(self, notice: Notice) -> None:
        """Send `notice`; sent again, it has the same Message-ID.

        Raises:
            MailUnavailable: to be tried again.
            AddressRejected, MailRefused: it cannot be sent.
        """
        firm = self._firm
        await self._mail.send(
            Envelope(
                letter=_letter(notice, firm),
                sender_name=firm.sender_name,
                sender_email=firm.sender_email,
                reply_to=firm.reply_to,
                to=notice.recipient,
                to_name="",
                message_id=message_id(notice.key, firm),
                dated=notice.written_at,
            )
        )

    async def close(self) -> None:
        """Nothing: the mail transport belongs to whoever made it."""


def _letter(notice: Notice, firm: Firm) -> Letter:
    subject = headline(notice)
    slots = Slots()
    shape = skeleton("\n\n".join(_paragraphs(notice, firm, slots)))
    return Letter(
        subject=subject,
        text=plain_text(shape.blocks, slots.values),
        html=html_document(
            shape.html, slots.values, title=subject, sender=single_line(firm.name), lang="en"
        ),
        template_version="alert",
    )


def _paragraphs(notice: Notice, firm: Firm, slots: Slots) -> Iterator[str]:
    """The notice as Markdown in which a mark stands for whatever is not our own wording."""
    yield f"## {'Urgent: ' if notice.urgent else ''}{slots.put(notice.title) or _NOTHING}"
    for index, part in enumerate(part for part in notice.parts if part.lines):
        if heading := slots.put(part.heading):
            yield f"**{heading}**"
        bullet = _BULLETS[index % len(_BULLETS)]
        yield "\n".join(f"{bullet} {_item(line, slots)}" for line in part.lines)
    yield slots.phrase("{firm}, receivables", firm=firm.name)


def _item(line: NoticeLine, slots: Slots) -> str:
    said: list[str] = [slots.put(line.text) or _NOTHING]
    if detail := slots.put(line.detail):
        said.append(detail)
    if is_web_link(line.link):
        said.append(f"[Open]({slots.put(line.link)})")
    return _BREAK.join(said)
