"""How a customer has paid, read from settled invoices and settled promises when it is asked for."""

from decimal import Decimal

from sqlalchemy import bindparam, case, func, select, true
from sqlmodel import Session

from domain.behaviour import MOST_REMEMBERED, payment_habit
from models.facts import PaymentHabit
from models.tables import Invoice, Payment, Promise, table_of
from models.vocabulary import InvoiceStatus

_invoices, _payments = table_of(Invoice).c, table_of(Payment).c
_promises = table_of(Promise).c
_settled_on = func.max(_payments.received_on).label("settled_on")
_settled = (
    select(_settled_on, _invoices.due_on, _invoices.id)
    .join(table_of(Payment), _payments.invoice_id == _invoices.id)
    .where(
        _invoices.customer_id == bindparam("customer_id"),
        _invoices.currency == bindparam("currency"),
        _invoices.status == InvoiceStatus.PAID,
        _payments.reversed_on.is_(None),
        _payments.applied > Decimal(0),
    )
    .group_by(_invoices.id, _invoices.due_on)
    .order_by(_settled_on.desc(), _invoices.id.desc())
    .limit(MOST_REMEMBERED)
    .subquery()
)
_settled_promises = (
    select(
        func.count().label("promises"),
        func.sum(case((_promises.state == "kept", 1), else_=0)).label("kept"),
    )
    .select_from(table_of(Promise))
    .join(table_of(Invoice), _invoices.id == _promises.invoice_id)
    .where(
        _invoices.customer_id == bindparam("customer_id"),
        _promises.state.in_(("kept", "broken")),
    )
    .subquery()
)
# One statement: it is asked at every look, and each costs more to put than to answer.
_HABIT = (
    select(
        _settled_promises.c.promises,
        _settled_promises.c.kept,
        _settled.c.settled_on,
        _settled.c.due_on,
    )
    .select_from(_settled_promises.outerjoin(_settled, true()))
    .order_by(_settled.c.settled_on, _settled.c.id)
)


def payment_habits(session: Session, customer_id: str, currency: str) -> PaymentHabit:
    """The habit of this customer in this currency, from the last 36 invoices that were paid.

    What was settled elsewhere counts by the payments that are booked; an invoice without any says
    nothing of how they pay.
    """
    asked = {"customer_id": customer_id, "currency": currency}
    found = session.execute(_HABIT, asked).all()
    promises, kept = found[0].promises, found[0].kept
    days_late = [(one.settled_on - one.due_on).days for one in found if one.settled_on is not None]
    return payment_habit(days_late, promises=promises, promises_kept=kept or 0)
