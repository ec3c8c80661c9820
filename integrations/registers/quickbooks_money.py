"""QuickBooks Online's payments and credit memos in our words."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from integrations.csv_ledger import words
from integrations.provider_objects.translating import translating
from integrations.registers.parts import Part
from integrations.registers.quickbooks_values import (
    PREFIX,
    as_of_it,
    currency_of,
    is_deleted,
    is_voided,
)
from models.billing import (
    CreditIssued,
    CreditVoided,
    News,
    PaymentReturned,
    PaymentSettled,
    Share,
)
from models.vocabulary import Method

_PAYMENT = "qbo-pay-"
_CREDIT = "qbo-credit-"

Owed = list[tuple[str, Decimal]]
"""QuickBooks' ids with what is for each."""


@translating
def payment_news(said: Part, as_of: datetime, currency: str) -> list[News]:
    """What a payment tells: money that arrived, credit that it applied, or that it is no more."""
    name, as_of = said.text("Id"), as_of_it(said, as_of)
    payment_id = f"{_PAYMENT}{name}"
    if is_deleted(said) or is_voided(said):
        returned = PaymentReturned(
            return_id=f"{payment_id}-gone",
            payment_id=payment_id,
            happened_at=as_of,
            returned_on=as_of.date(),
        )
        return [returned]
    code = currency_of(said, currency)
    total, paid_on = said.amount("TotalAmt", code), said.day("TxnDate")
    customer_id = f"{PREFIX}{said.child('CustomerRef').text('value')}"
    invoices, memos = _lines(said, code)
    news: list[News] = []
    for memo, shares in _applied(invoices, memos):
        applied = CreditIssued(
            credit_id=f"{_CREDIT}{memo}-{name}",
            happened_at=as_of,
            issued_on=paid_on,
            amount=sum((share.amount for share in shares), Decimal(0)),
            currency=code,
            shares=tuple(shares),
            customer_id=customer_id,
        )
        news.append(applied)
    if total > 0:
        settled = PaymentSettled(
            payment_id=payment_id,
            happened_at=as_of,
            received_on=paid_on,
            amount=total,
            currency=code,
            method=_method(said),
            shares=tuple(_share(*one) for one in _within(invoices, total)),
            customer_id=customer_id,
            reference=said.said("PaymentRefNum"),
        )
        news.append(settled)
    return news


@translating
def credit_news(said: Part, as_of: datetime, currency: str) -> list[News]:
    """What a credit memo tells: what is left of it, as the customer's credit.

    QuickBooks does not say on a memo what it was set against. The payment that did so says it,
    and what it took is told by `payment_news` as a credit of its own.
    """
    credit_id, as_of = f"{_CREDIT}{said.text('Id')}", as_of_it(said, as_of)
    if not is_deleted(said):
        code = currency_of(said, currency)
        left = said.amount("RemainingCredit" if said.has("RemainingCredit") else "Balance", code)
        if left > 0:
            issued = CreditIssued(
                credit_id=credit_id,
                happened_at=as_of,
                issued_on=said.day("TxnDate"),
                amount=left,
                currency=code,
                customer_id=f"{PREFIX}{said.child('CustomerRef').text('value')}",
            )
            return [issued]
    return [CreditVoided(credit_id=credit_id, happened_at=as_of, voided_on=as_of.date())]


def _method(said: Part) -> Method:
    named = said.maybe("PaymentMethodRef")
    words_for_it = said.said("PaymentType") or (named.said("name") if named else "")
    return words.method_of(words_for_it) or Method.OTHER


def _lines(said: Part, code: str) -> tuple[Owed, Owed]:
    """What a payment's lines are for: invoices, and credit memos that pay for them."""
    found: dict[str, Owed] = {"Invoice": [], "CreditMemo": []}
    for line in said.parts("Line"):
        amount = line.amount("Amount", code)
        for linked in line.parts("LinkedTxn"):
            kind = linked.text("TxnType")
            if kind in found and amount > 0:
                found[kind].append((linked.text("TxnId"), amount))
    return found["Invoice"], found["CreditMemo"]


def _within(invoices: Owed, amount: Decimal) -> Owed:
    """Of what is for invoices as much as `amount` covers, the last of them first.

    Credit is set against the first of them, so money is for the last.
    """
    return _taken(reversed(list(enumerate(invoices))), amount)[0][::-1]


def _applied(invoices: Owed, memos: Owed) -> list[tuple[str, list[Share]]]:
    """Each credit memo with what it paid, the first memo for the first invoice.

    QuickBooks says how much of either, not which paid for which.
    """
    left = dict(enumerate(invoices))
    found: list[tuple[str, list[Share]]] = []
    for memo, amount in memos:
        taken, places = _taken(left.items(), amount)
        for place, part in places.items():
            left[place] = (left[place][0], left[place][1] - part)
        if taken:
            found.append((memo, [_share(*one) for one in taken]))
    return found


def _taken(
    places: Iterable[tuple[int, tuple[str, Decimal]]], amount: Decimal
) -> tuple[Owed, dict[int, Decimal]]:
    """What `amount` covers, invoice by invoice: by the invoice's id, and by its place."""
    taken: Owed = []
    by_place: dict[int, Decimal] = {}
    for place, (invoice, owed) in places:
        part = min(owed, amount)
        amount -= part
        if part > 0:
            taken.append((invoice, part))
            by_place[place] = part
    return taken, by_place


def _share(invoice: str, amount: Decimal) -> Share:
    return Share(invoice=(f"{PREFIX}{invoice}",), amount=amount)
