"""All that could forbid or change a letter about an invoice, as it stands in the database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import Session

from models.tables import Customer, FollowUpRow, Invoice, table_of
from store.followed import Followed

_customers, _invoices, _rounds = (table_of(one).c for one in (Customer, Invoice, FollowUpRow))
_WHAT_MATTERS = (
    select(
        _invoices.id,
        _invoices.amount_open,
        _invoices.status,
        _invoices.revision,
        _rounds.paused,
        _rounds.paused_until,
        _rounds.dispute_id,
        _rounds.dispute_settled,
        _rounds.promise_id,
        _rounds.plan_id,
        _rounds.disposition,
        _rounds.owner_word,
        _customers.insolvent,
        _customers.legal_hold,
        _customers.do_not_contact,
        _invoices.under_way,
        _customers.context_revision,
    )
    .join(table_of(FollowUpRow), _rounds.invoice_id == _invoices.id)
    .join(table_of(Customer), _customers.id == _invoices.customer_id)
    .where(_invoices.id.in_(bindparam("invoice_ids", expanding=True)))
)


def of_invoices(session: Session, invoice_ids: Sequence[str]) -> list[tuple[Any, ...]]:
    """What matters of each invoice now, in the order of their ids."""
    rows = session.execute(_WHAT_MATTERS, {"invoice_ids": list(invoice_ids)})
    return sorted(tuple(row) for row in rows)


def when_read(followed: Followed) -> tuple[Any, ...]:
    """What mattered of this invoice when its facts were read, as `of_invoices` tells it."""
    invoice, row, customer = followed.invoice, followed.row, followed.customer
    return (
        invoice.id,
        invoice.amount_open,
        invoice.status,
        invoice.revision,
        row.paused,
        row.paused_until,
        row.dispute_id,
        row.dispute_settled,
        row.promise_id,
        row.plan_id,
        row.disposition,
        row.owner_word,
        customer.insolvent,
        customer.legal_hold,
        customer.do_not_contact,
        invoice.under_way,
        customer.context_revision,
    )
