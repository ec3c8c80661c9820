"""What a connected system is asked about a customer, and asked to do for them."""

from typing import Protocol

from models.context import CustomerContext


class ContextSource(Protocol):
    """A system that knows customers; one attempt each, trying again is the caller's.

    `name` is the word for it in settings, on the timeline and in logs.
    """

    name: str

    async def fetch(self, customer_id: str) -> CustomerContext | None:
        """What it says of the customer; None when it knows no such customer.

        Raises:
            PeerUnavailable: not now; may say when to come back.
            PeerRefused: not at all, or what it answers cannot be read.
        """

    async def open_task(
        self, customer_id: str, title: str, body: str, owner_email: str, key: str
    ) -> None:
        """Put a task before whoever has `owner_email` there, beside the customer's record.

        One task per `key`, however often it is asked for, as well as the system allows. A task
        that is there stays as its owner has left it.

        Raises:
            PeerUnavailable: not now. The task may be there all the same.
            PeerRefused: not at all: it knows no such customer or no such owner, or refuses.
        """

    async def close(self) -> None:
        """Let go of all connections."""
