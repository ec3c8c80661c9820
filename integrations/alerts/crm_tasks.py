"""Notices as tasks in the CRM, where an account owner works anyway."""

from integrations.alerts.channel import AlertChannel, headline
from integrations.crm.source import ContextSource
from models.errors import PeerRefused
from models.notice import Notice


class CrmTasks:
    """What is about one customer becomes a task beside that customer's record, once a key; what is
    about several, or is refused there, takes the other way."""

    name = "crm"

    def __init__(self, source: ContextSource, otherwise: AlertChannel) -> None:
        self._source = source
        self._otherwise = otherwise

    async def deliver(self, notice: Notice) -> None:
        """Open the task, or deliver `notice` the other way.

        Raises:
            PeerUnavailable: the CRM does not answer now.
            MailUnavailable, AddressRejected, MailRefused, PeerRefused: as the other way raises.
        """
        if notice.customer_id is None:
            await self._otherwise.deliver(notice)
            return
        try:
            await self._source.open_task(
                notice.customer_id,
                headline(notice),
                _as_text(notice),
                notice.recipient,
                notice.key,
            )
        except PeerRefused:
            # Nobody of that address there, or no such customer: they are told all the same.
            await self._otherwise.deliver(notice)

    async def close(self) -> None:
        """Let go of the other way; the CRM belongs to whoever made it."""
        await self._otherwise.close()


def _as_text(notice: Notice) -> str:
    paragraphs = []
    for part in notice.parts:
        lines = [
            "\n  ".join(text for text in (f"- {line.text}", line.detail, line.link) if text)
            for line in part.lines
        ]
        paragraphs.append("\n".join([part.heading, *lines] if part.heading else lines))
    return "\n\n".join(paragraphs)
