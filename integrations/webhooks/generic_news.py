"""Which of our own webhooks mean what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from integrations.webhooks import generic_data as data
from integrations.webhooks import generic_invoices as invoices
from integrations.webhooks import generic_payments as payments
from models.billing import News

_Data = TypeVar("_Data", bound=data.Data)


@dataclass(frozen=True, slots=True)
class EventType:
    """The data that an event of a type has, and what it tells."""

    model: type[data.Data]
    tell: Callable[[datetime, object], News]


def news_of(kind: str, at: datetime, said: object) -> list[News]:
    """What an event of a known type tells. `said` is its data.

    Raises:
        ValidationError: its data is not what this type has.
    """
    return [TYPES[kind].tell(at, said)]


def _of(model: type[_Data], make: Callable[[datetime, _Data], News]) -> EventType:
    return EventType(model, lambda at, said: make(at, model.model_validate(said)))


TYPES: dict[str, EventType] = {
    "invoice.created": _of(data.InvoiceData, invoices.invoice),
    "invoice.changed": _of(data.InvoiceData, invoices.invoice),
    "invoice.voided": _of(data.InvoiceData, invoices.voided),
    "invoice.uncollectible": _of(data.InvoiceData, invoices.uncollectible),
    "payment.succeeded": _of(data.PaymentData, payments.settled),
    "payment.processing": _of(data.ProcessingData, payments.under_way),
    "payment.failed": _of(data.FailureData, payments.declined),
    "payment.returned": _of(data.ReturnData, payments.returned),
    "payment.refunded": _of(data.RefundData, payments.refunded),
    "payment.charged_back": _of(data.ChargebackData, payments.charged_back),
    "chargeback.closed": _of(data.ChargebackEndData, payments.chargeback_closed),
    "dispute.opened": _of(data.DisputeData, invoices.dispute_opened),
    "dispute.closed": _of(data.DisputeData, invoices.dispute_closed),
    "credit_note.issued": _of(data.CreditData, invoices.credit),
    "credit_note.voided": _of(data.CreditVoidData, invoices.credit_voided),
    "payment_method.changed": _of(data.MeansData, payments.means),
    "customer.changed": _of(data.CustomerChangeData, invoices.customer),
}
"""The types of docs/webhooks.md."""
