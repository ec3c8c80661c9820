"""Reading the facts that `decide` asks for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from domain.exchange import Rates
from models.facts import (
    Address,
    ContactHistory,
    CustomerFacts,
    DisputeFacts,
    Facts,
    InvoiceFacts,
    PauseFacts,
    Progress,
    PromiseFacts,
    StepDone,
)
from models.tables import (
    Contact,
    Customer,
    Dispute,
    FollowUpRow,
    Invoice,
    Message,
    Payment,
    Promise,
    Touch,
)
from models.vocabulary import InvoiceStatus, Status, TouchOutcome

# As far back as a policy's limits may reach.
_HISTORY_DAYS = 61


@dataclass(frozen=True, slots=True)
class Followed:
    """An invoice that is followed up: its facts and rows. `has_claim` while a letter that it
    claimed has not left."""

    facts: Facts
    row: FollowUpRow
    invoice: Invoice
    has_claim: bool


def followed_invoice(
    session: Session, invoice_id: str, today: date, rates: Rates
) -> Followed | None:
    """The invoice's facts, or None when nobody follows it up."""
    found = _load(session, today, rates, col(Invoice.id) == invoice_id)
    return found[0] if found else None


def open_siblings(session: Session, invoice: Invoice, today: date, rates: Rates) -> list[Followed]:
    """The customer's other invoices in the same currency that are open and followed up."""
    return _load(
        session,
        today,
        rates,
        col(Invoice.customer_id) == invoice.customer_id,
        col(Invoice.currency) == invoice.currency,
        col(Invoice.status) == InvoiceStatus.OPEN,
        col(Invoice.id) != invoice.id,
        col(FollowUpRow.status) != Status.CLOSED,
    )


def _load(
    session: Session, today: date, rates: Rates, *where: ColumnElement[bool]
) -> list[Followed]:
    rows = session.exec(
        select(Invoice, Customer, FollowUpRow)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(*where)
    ).all()
    if not rows:
        return []
    customer = rows[0][1]
    taken = _steps_taken(session, [invoice.id for invoice, _, _ in rows])
    messages = session.exec(
        select(
            col(Message.currency), col(Message.day), col(Message.sent_at), col(Message.claimed_by)
        ).where(
            Message.customer_id == customer.id,
            Message.day > today - timedelta(days=_HISTORY_DAYS),
        )
    ).all()
    customer_known = customer_facts(customer, _addresses(session, customer.id))
    return [
        Followed(
            facts=Facts(
                invoice=invoice_facts(invoice, customer, rates),
                customer=customer_known,
                progress=_progress(session, row, taken[invoice.id]),
                contact=_contact_history(invoice, messages),
            ),
            row=row,
            invoice=invoice,
            has_claim=any(step.outcome is TouchOutcome.CLAIMED for step in taken[invoice.id]),
        )
        for invoice, _, row in rows
    ]


def _steps_taken(session: Session, invoice_ids: list[str]) -> dict[str, list[StepDone]]:
    """The touches of each invoice's current round."""
    taken: dict[str, list[StepDone]] = defaultdict(list)
    touches = session.exec(
        select(col(Touch.invoice_id), col(Touch.step), col(Touch.outcome), col(Touch.on))
        .join(
            FollowUpRow,
            (col(FollowUpRow.invoice_id) == col(Touch.invoice_id))
            & (col(FollowUpRow.round) == col(Touch.round)),
        )
        .where(col(Touch.invoice_id).in_(invoice_ids))
    )
    for invoice_id, step, outcome, on in touches:
        taken[invoice_id].append(StepDone(step=step, outcome=outcome, on=on))
    return taken


def _addresses(session: Session, customer_id: str) -> tuple[Address, ...]:
    contacts = session.exec(
        select(col(Contact.email), col(Contact.name), col(Contact.role), col(Contact.rejected_at))
        .where(Contact.customer_id == customer_id)
        .order_by(col(Contact.id))
    )
    return tuple(
        Address(email=email, name=name, role=role, rejected=rejected_at is not None)
        for email, name, role, rejected_at in contacts
    )


def customer_facts(customer: Customer, addresses: tuple[Address, ...] = ()) -> CustomerFacts:
    """The customer as `decide` sees it."""
    return CustomerFacts(
        id=customer.id,
        name=customer.name,
        country=customer.country,
        subdivision=customer.subdivision,
        zone=customer.zone,
        language=customer.language,
        segment=customer.segment,
        strategic=customer.strategic,
        insolvent=customer.insolvent,
        legal_hold=customer.legal_hold,
        do_not_contact=customer.do_not_contact,
        owner_name=customer.owner_name,
        owner_email=customer.owner_email,
        addresses=addresses,
        unapplied_cash=customer.unapplied_cash,
    )


def invoice_facts(invoice: Invoice, customer: Customer, rates: Rates) -> InvoiceFacts:
    """The invoice as `decide` sees it."""
    return InvoiceFacts(
        id=invoice.id,
        number=invoice.number,
        currency=invoice.currency,
        amount=invoice.amount,
        amount_open=invoice.amount_open,
        base_open=rates.in_base(invoice.amount_open, invoice.currency),
        issued_on=invoice.issued_on,
        due_on=invoice.due_on,
        status=invoice.status,
        purchase_order=invoice.purchase_order,
        payment_link=invoice.payment_link,
        clauses=frozenset(customer.contract_clauses),
    )


def _progress(session: Session, row: FollowUpRow, taken: list[StepDone]) -> Progress:
    return Progress(
        round=row.round,
        done=tuple(step for step in taken if step.outcome is not TouchOutcome.CLAIMED),
        shift_days=row.shift_days,
        held_step=row.held_step,
        not_before=row.not_before,
        pause=PauseFacts(row.paused_until, row.pause_note) if row.paused else None,
        dispute=_dispute(session, row),
        promise=_promise(session, row),
    )


def _dispute(session: Session, row: FollowUpRow) -> DisputeFacts | None:
    dispute = session.get(Dispute, row.dispute_id) if row.dispute_id is not None else None
    if dispute is None:
        return None
    return DisputeFacts(opened_on=dispute.opened_on, amount=dispute.amount, code=dispute.code)


def _promise(session: Session, row: FollowUpRow) -> PromiseFacts | None:
    promise = session.get(Promise, row.promise_id) if row.promise_id is not None else None
    if promise is None:
        return None
    paid_since = session.exec(
        select(func.sum(Payment.applied)).where(
            Payment.invoice_id == row.invoice_id,
            Payment.recorded_at >= promise.made_at,
            col(Payment.reversed_on).is_(None),
        )
    ).one()
    return PromiseFacts(
        pay_on=promise.pay_on,
        method=promise.method,
        amount=promise.amount,
        paid_since=paid_since or Decimal(0),
    )


def _contact_history(
    invoice: Invoice, messages: Iterable[tuple[str, date, object, str]]
) -> ContactHistory:
    # A letter that this invoice claimed and that has not left is no contact yet: it is the very
    # one that is being decided on.
    counted = [
        (currency, day)
        for currency, day, sent_at, claimed_by in messages
        if sent_at is not None or claimed_by != invoice.id
    ]
    return ContactHistory(
        last_message_on=max(
            (day for currency, day in counted if currency == invoice.currency), default=None
        ),
        messages_30_days=tuple(day for _, day in counted),
    )
