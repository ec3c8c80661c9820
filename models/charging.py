"""Charging a card or mandate on file: the order, and what came of it."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from models.vocabulary import Method


class ChargeState(StrEnum):
    """What is known of a charge. `started`: asked for, and no answer came, or nothing was tried."""

    STARTED = "started"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    DECLINED = "declined"
    NEEDS_CUSTOMER = "needs_customer"
    CANCELLED = "cancelled"


class ChargeOrder(BaseModel):
    """Money to be taken by a card or mandate on file.

    `key` is the touch's key and this attempt's number: asked twice with one key, a provider
    charges once. `reference` is the means' name at the provider, `holder` its customer id there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    invoice_id: str
    number: str
    customer_id: str
    amount: Decimal
    currency: str
    reference: str
    holder: str = ""
    method: Method = Method.CARD


class ChargeAnswer(BaseModel):
    """What the provider says of a charge.

    `payment_id` is the same as in the provider's webhooks (`PaymentSettled.payment_id`), and empty
    where the means was refused before a payment was made. `code` is the provider's reason of a
    decline; `is_final` when this means must not be asked again,
    `retry_on` the first day on which the provider advises to. `link` is where the customer can
    confirm or pay by themselves.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: ChargeState
    payment_id: str
    code: str = ""
    is_final: bool = False
    retry_on: date | None = None
    link: str = ""
