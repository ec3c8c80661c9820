"""How customers keep to the payment plans that were agreed with them."""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlmodel import Session, select

from demo.acts import Pay
from models.tables import Invoice, Plan
from models.vocabulary import Method, PlanState
from store.plans import instalments

# In which way: all in time, the second one ten days late, or never after the first.
_WAYS = 3
_STOPS, _LATE = 1, 2
_SLIP = timedelta(days=10)


def due(session: Session, day: date) -> Iterator[tuple[Invoice, Pay]]:
    """The instalments that come in on `day`, with their invoices."""
    running = session.exec(select(Plan).where(Plan.state == PlanState.RUNNING)).all()
    for plan in running:
        way = (plan.id or 0) % _WAYS
        invoice = session.get_one(Invoice, plan.invoice_id)
        for one in instalments(session, plan.id or 0):
            is_first = one.number == 1
            comes_on = one.due_on + (_SLIP if way == _LATE and one.number == 2 else timedelta(0))
            if comes_on == day and (is_first or way != _STOPS):
                amount = min(one.amount, invoice.amount_open)
                if amount > 0:
                    yield invoice, Pay(amount=amount, method=Method.WIRE)
