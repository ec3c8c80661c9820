"""What every payment provider does: charge a means on file once, and say what became of it."""

from typing import Protocol

from models.charging import ChargeAnswer, ChargeOrder


class PaymentProvider(Protocol):
    """Cards and mandates on file at a provider.

    Raises (every method):
        PeerUnavailable: it does not answer now. Whether it charged is then not known: ask again
            with the same order, which charges nothing twice.
        PeerRefused: it refuses the order itself; nothing was charged.
    """

    name: str

    async def charge(self, order: ChargeOrder) -> ChargeAnswer:
        """Charge what is ordered. A decline is an answer, not an error."""

    async def look_up(self, order: ChargeOrder, payment_id: str = "") -> ChargeAnswer | None:
        """What became of an order placed earlier; None when the provider knows of none.

        By `payment_id` where it is known, else by the order's key.
        """

    async def close(self) -> None:
        """Let go of all connections."""
