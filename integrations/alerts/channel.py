"""What carries a notice to one of our own people."""

from typing import Protocol

from integrations.letters.ledger_text import single_line
from models.notice import Notice


class AlertChannel(Protocol):
    """Delivers notices, one attempt each; trying again is the caller's.

    `name` is the word for it in settings, on the timeline and in logs.
    """

    name: str

    async def deliver(self, notice: Notice) -> None:
        """Hand `notice` over for its recipient.

        Raises:
            PeerUnavailable, MailUnavailable: not now; the same notice may be delivered later.
            PeerRefused, AddressRejected, MailRefused: not at all, delivered again or not.
        """

    async def close(self) -> None:
        """Let go of what the channel itself holds open."""


def headline(notice: Notice) -> str:
    """What every channel says first, in one line: a mail's subject, a chat message's beginning."""
    return f"Receivables{', urgent' if notice.urgent else ''}: {single_line(notice.title)}"
