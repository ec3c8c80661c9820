"""What carries a letter out of the house."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from models.errors import DunlinError, MailUnavailable
from models.letter import Envelope


@dataclass(frozen=True, slots=True)
class Accepted:
    """The letter left. `answer` is the server's last word, or the name of the file it became.

    `refused_cc` are the copies that did not leave, written as in the envelope.
    """

    answer: str
    refused_cc: tuple[str, ...] = ()


class AcceptanceUnknown(MailUnavailable):
    """The connection ended after the content had gone out and before the server had answered.

    The letter may have been accepted: sending it again may deliver it twice.
    """


class Withheld(DunlinError):
    """The sender took the letter back at the moment at which it could have left."""


# Asked when nothing else stands between the letter and its leaving; False takes it back.
GoAhead = Callable[[], Awaitable[bool]]


async def ask_leave(go_ahead: GoAhead | None) -> None:
    """Raise `Withheld` unless the sender, if there is one to ask, still wants the letter sent."""
    if go_ahead is not None and not await go_ahead():
        raise Withheld("The letter was taken back before it left.")


class MailTransport(Protocol):
    """Sends letters, one attempt each; trying again is the caller's."""

    async def send(self, envelope: Envelope, go_ahead: GoAhead | None = None) -> Accepted:
        """Hand `envelope` over for its recipient and all copies, once `go_ahead` agrees.

        Raises:
            Withheld: `go_ahead` did not agree; nothing has left.
            AddressRejected: the recipient's address is none, or is refused for good.
            MailRefused: the letter as a whole is refused for good.
            MailUnavailable: not now; `AcceptanceUnknown` when it may have left all the same.
        """

    async def check(self) -> str:
        """One sentence on where letters go, after trying it without sending any.

        Raises:
            MailUnavailable: letters cannot leave; the sentence names the remedy.
        """

    async def close(self) -> None:
        """Wait for the letters on their way and let go of all connections."""
