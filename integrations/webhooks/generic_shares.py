"""What of an amount is for which invoice, in our own webhooks."""

from collections.abc import Iterable

from integrations.webhooks.generic_data import ShareData
from models.billing import Share


def shares_of(told: Iterable[ShareData]) -> tuple[Share, ...]:
    """The shares, each for an invoice by the one name that it was told by."""
    return tuple(Share(invoice=(one.invoice,), amount=one.amount) for one in told)
