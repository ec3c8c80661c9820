"""What every event of Stripe has, and what its objects have in common."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from integrations.webhooks.json_body import parsed
from integrations.webhooks.json_part import Part
from integrations.webhooks.minor_units import STRIPE, amount
from models.billing import Arrived, Share
from models.vocabulary import Method

NAME = "stripe"

_METHODS: dict[str, Method] = {
    "card": Method.CARD,
    "card_present": Method.CARD,
    "us_bank_account": Method.ACH,
    "ach_debit": Method.ACH,
    "ach_credit_transfer": Method.ACH,
    "sepa_debit": Method.SEPA,
    "customer_balance": Method.WIRE,
    "bank_transfer": Method.WIRE,
}


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """An event: the object as it stood then, and what of it was otherwise before."""

    kind: str
    happened_at: datetime
    object: Part
    before: Part | None

    @property
    def day(self) -> date:
        """The day on which it happened, in UTC: the customer's zone is not known here."""
        return self.happened_at.date()


def event_of(arrived: Arrived) -> StripeEvent:
    """The event in what arrived."""
    event = Part(parsed(NAME, arrived.body), NAME)
    data = event.part("data")
    return StripeEvent(
        kind=arrived.kind,
        happened_at=event.moment("created"),
        object=data.part("object"),
        before=data.maybe_part("previous_attributes"),
    )


def money(part: Part, name: str, *, currency: str = "currency") -> Decimal:
    """An amount that must be there, in the object's currency."""
    return amount(part.whole(name), part.currency(currency), STRIPE)


def maybe_money(part: Part, name: str) -> Decimal:
    """An amount in the object's currency, zero where there is none."""
    return amount(part.maybe_whole(name) or 0, part.currency("currency"), STRIPE)


def ours(part: Part) -> str:
    """The invoice of ours that our own system wrote into the object's metadata."""
    metadata = part.maybe_part("metadata")
    return metadata.maybe_id("dunlin_invoice_id") if metadata else ""


def invoice_names(part: Part) -> tuple[str, ...]:
    """The names of the invoice that a payment is for, the surest first.

    Until 2025 a payment named its invoice itself; since then it does so by the order's reference.
    """
    metadata, details = part.maybe_part("metadata"), part.maybe_part("payment_details")
    order = details.said("order_reference") if details else ""
    return _distinct(
        [
            ours(part),
            part.maybe_id("invoice"),
            order if order.startswith("in_") else "",
            metadata.maybe_id("invoice_id") if metadata else "",
        ]
    )


def shares(names: Iterable[str], paid: Decimal) -> tuple[Share, ...]:
    """All of a payment for the invoice of these names; no share where there is no name."""
    invoice = _distinct(names)
    return (Share(invoice=invoice, amount=paid),) if invoice and paid > 0 else ()


def method_of(kind: str) -> Method:
    """By what a payment of Stripe's kind travels."""
    return _METHODS.get(kind, Method.OTHER)


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
