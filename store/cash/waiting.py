"""What of a customer's money waits to be placed, for the rules that hold their chase."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.tables import CashReceipt, Customer, CustomerCash, Invoice, Payment
from models.vocabulary import CashState
from store import contexts
from store.cash.facts import gone, payments_of, refunds_of, reversals_of, shares_of

_ZERO = Decimal(0)
_WAITS = (CashState.NEW, CashState.REVIEW, CashState.PLACED)
# What a ledger file calls overpaid is its own system's to place.
_TAKEN_IN = "ledger"


def recount(session: Session, receipt: CashReceipt) -> None:
    """Bring the receipt's figures and state in line with what stands, and the customer's cash with
    both."""
    session.flush()
    standing = [
        one
        for one in payments_of(session, receipt)
        if one.reversed_on is None and not one.is_under_way
    ]
    receipt.placed = sum((one.applied for one in standing), _ZERO)
    receipt.gone = gone(receipt, reversals_of(session, receipt)) if receipt.is_here else _ZERO
    given = sum((one.amount for one in refunds_of(session, receipt) if not one.is_undone), _ZERO)
    receipt.refunded = min(given, receipt.amount - receipt.gone)
    receipt.placed = min(receipt.placed, receipt.amount - receipt.gone - receipt.refunded)
    receipt.state = _state(session, receipt)
    session.add(receipt)
    if receipt.customer_id is not None:
        refresh(session, receipt.customer_id, receipt.currency)


def _state(session: Session, receipt: CashReceipt) -> CashState:
    is_kept = receipt.state is CashState.ON_ACCOUNT and receipt.rest > 0
    if receipt.is_under_way:
        state = CashState.UNDER_WAY
    elif not receipt.is_here or (receipt.amount > 0 and receipt.gone >= receipt.amount):
        state = CashState.RETURNED
    elif receipt.state is CashState.SET_ASIDE or is_kept or receipt.is_reversal:
        state = receipt.state
    elif receipt.rest <= 0:
        state = CashState.PLACED
    elif receipt.state is CashState.NEW and not shares_of(session, receipt):
        state = CashState.NEW
    else:
        state = CashState.REVIEW
    return state


def recount_invoice(session: Session, invoice: Invoice, but: str = "") -> None:
    """What is applied of the money on this invoice has changed: so have its receipts' figures."""
    session.flush()
    query = select(Payment.receipt_key).where(
        Payment.invoice_id == invoice.id, col(Payment.receipt_key).is_not(None)
    )
    for key in sorted({str(key) for key in session.exec(query)} - {but}):
        recount(session, session.get_one(CashReceipt, key))


def refresh(session: Session, customer_id: str, currency: str) -> None:
    """Count anew what of the customer's money waits; a letter on its way is looked at again when
    that has changed."""
    session.flush()
    customer = session.get_one(Customer, customer_id)
    if session.get_bind().dialect.name != "sqlite":
        # Two receipts of one customer may be counted side by side: each has to see the other.
        session.refresh(customer, with_for_update=True)
    unapplied = _receipts(session, customer_id, currency, _WAITS) + _surplus(
        session, customer_id, currency
    )
    on_account = _receipts(session, customer_id, currency, (CashState.ON_ACCOUNT,))
    travelling = _travelling(session, customer_id, currency)
    under_way = sum((one.amount for one in travelling), _ZERO)
    since = min((one.received_on for one in travelling), default=None)
    cash = session.get(CustomerCash, (customer_id, currency), populate_existing=True)
    cash = cash or CustomerCash(customer_id=customer_id, currency=currency)
    counted = (unapplied, on_account, under_way, since)
    if (cash.unapplied, cash.on_account, cash.under_way, cash.under_way_since) == counted:
        return
    cash.unapplied, cash.on_account, cash.under_way, cash.under_way_since = counted
    session.add(cash)
    contexts.touch(session, customer)


def _receipts(
    session: Session, customer_id: str, currency: str, states: Sequence[CashState]
) -> Decimal:
    left = func.sum(
        CashReceipt.amount - CashReceipt.placed - CashReceipt.refunded - CashReceipt.gone
    )
    found = session.exec(
        select(left).where(
            CashReceipt.customer_id == customer_id,
            CashReceipt.currency == currency,
            col(CashReceipt.state).in_(states),
            col(CashReceipt.is_reversal).is_(False),
            CashReceipt.same_as == "",
        )
    ).one()
    return found or _ZERO


def _travelling(session: Session, customer_id: str, currency: str) -> list[CashReceipt]:
    """Money under way towards no invoice in particular."""
    found = session.exec(
        select(CashReceipt).where(
            CashReceipt.customer_id == customer_id,
            CashReceipt.currency == currency,
            CashReceipt.state == CashState.UNDER_WAY,
            CashReceipt.same_as == "",
        )
    )
    return [one for one in found if not shares_of(session, one)]


def _surplus(session: Session, customer_id: str, currency: str) -> Decimal:
    """What was too much of payments that were reported for an invoice as they were."""
    found = session.exec(
        select(func.sum(Payment.amount - Payment.applied))
        .join(Invoice, col(Invoice.id) == col(Payment.invoice_id))
        .where(
            Invoice.customer_id == customer_id,
            Payment.currency == currency,
            col(Payment.receipt_key).is_(None),
            col(Payment.reversed_on).is_(None),
            Payment.amount > Payment.applied,
            Payment.source != _TAKEN_IN,
        )
    ).one()
    return found or _ZERO
