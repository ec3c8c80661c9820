"""The data of our own webhooks, type by type (docs/webhooks.md)."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from integrations.webhooks.generic_values import (
    Country,
    Currency,
    Day,
    Email,
    Flag,
    Id,
    Language,
    Link,
    LongText,
    MaybeCurrency,
    NotNegative,
    Positive,
    Text,
)
from models.billing import MeansState
from models.vocabulary import InvoiceStatus, Method, Role


class Data(BaseModel):
    """What every type has. Fields that we do not know may come along."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ContactData(Data):
    """A person at the customer's."""

    email: Email
    name: Text = ""
    phone: Text = ""
    role: Role = Role.AP


class CustomerData(Data):
    """A customer, beside its id."""

    name: Text = ""
    country: Country = ""
    zone: Text = ""
    language: Language = ""
    segment: Text = ""
    tags: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    contacts: Annotated[tuple[ContactData, ...], Field(max_length=50)] = ()


class InvoiceData(Data):
    """An invoice as it stands."""

    invoice_id: Id
    number: Text = ""
    customer_id: Id
    currency: Currency
    amount: Positive
    amount_open: NotNegative | None = None
    issued_on: Day
    due_on: Day
    status: InvoiceStatus = InvoiceStatus.OPEN
    purchase_order: Text = ""
    terms: Text = ""
    payment_link: Link = ""
    customer: CustomerData | None = None

    @model_validator(mode="after")
    def _no_more_open_than_billed(self) -> Self:
        if self.amount_open is not None and self.amount_open > self.amount:
            raise ValueError("amount_open is more than amount")
        return self


class ShareData(Data):
    """What of an amount is for one invoice."""

    invoice: Id
    amount: Positive


class _Shared(Data):
    """What has an amount, and parts of it for invoices."""

    amount: Positive
    currency: Currency
    invoices: Annotated[tuple[ShareData, ...], Field(max_length=1000)] = ()
    customer_id: Text = ""

    @model_validator(mode="after")
    def _no_more_shared_than_there_is(self) -> Self:
        if sum(share.amount for share in self.invoices) > self.amount:
            raise ValueError("the invoices' amounts are more than the amount")
        return self


class PaymentData(_Shared):
    """Money that arrived."""

    payment_id: Id
    received_on: Day | None = None
    method: Method = Method.OTHER
    payer_name: LongText = ""
    reference: LongText = ""


class ProcessingData(_Shared):
    """A payment that may take days."""

    payment_id: Id
    since: Day | None = None
    method: Method = Method.OTHER


class FailureData(Data):
    """An attempt that did not succeed."""

    attempt_id: Id
    payment_id: Id
    failed_on: Day | None = None
    amount: Positive | None = None
    currency: MaybeCurrency = ""
    invoices: Annotated[tuple[ShareData, ...], Field(max_length=1000)] = ()
    customer_id: Text = ""
    code: Text = ""
    is_final: Flag = False
    needs_customer: Flag = False


class ReturnData(Data):
    """A payment that was taken back."""

    return_id: Id
    payment_id: Id
    returned_on: Day | None = None
    code: Text = ""


class RefundData(Data):
    """Money that we gave back."""

    refund_id: Id
    payment_id: Id
    refunded_on: Day | None = None
    amount: Positive
    currency: Currency
    is_undone: Flag = False


class ChargebackData(Data):
    """A payment that is contested."""

    chargeback_id: Id
    payment_id: Id
    opened_on: Day | None = None
    amount: Positive
    currency: Currency
    code: Text = ""
    takes_money: Flag = True


class ChargebackEndData(Data):
    """What the bank decided."""

    chargeback_id: Id
    payment_id: Id
    ended_on: Day | None = None
    amount: Positive
    currency: Currency
    is_won: Flag


class DisputeData(Data):
    """An invoice that is contested with us, or no longer."""

    dispute_id: Id
    invoice: Id
    amount: Positive | None = None
    code: Text = ""
    line: Text = ""
    note: LongText = ""
    in_favour_of: Literal["us", "customer"] = "us"


class CreditData(_Shared):
    """A credit note."""

    credit_note_id: Id
    issued_on: Day | None = None


class CreditVoidData(Data):
    """A credit note that was taken back."""

    credit_note_id: Id
    voided_on: Day | None = None


class MeansData(Data):
    """A card or mandate on file."""

    payment_method_id: Id
    state: MeansState
    provider: Text = "generic"
    method: Method = Method.CARD
    customer_id: Text = ""
    holder: Text = ""
    expires_on: Day | None = None
    is_default: Flag = False


class CustomerChangeData(CustomerData):
    """A customer as it stands."""

    customer_id: Id
