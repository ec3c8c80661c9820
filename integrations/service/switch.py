"""What passes an order on to the system that runs the customer's service."""

from typing import Protocol

from models.service import ServiceOrder


class ServiceSwitch(Protocol):
    """Asks for a suspension or its end, one attempt each; trying again is the caller's."""

    async def tell(self, order: ServiceOrder) -> None:
        """Hand `order` over. Handed over again under its key, it must change nothing.

        Raises:
            PeerUnavailable: not now; the same order may be handed over later.
            PeerRefused: not at all; a person has to look.
        """

    async def close(self) -> None:
        """Let go of all connections."""
