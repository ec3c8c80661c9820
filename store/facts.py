"""Reading the facts that `decide` asks for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, bindparam, or_, select
from sqlmodel import Session, col

from domain.customer_context import overlaid
from domain.exchange import Rates
from domain.send_window import local_day
from models.context import CustomerContext
from models.facts import (
    Address,
    ContactHistory,
    CustomerFacts,
    Facts,
    InvoiceFacts,
    OwnerQuestion,
    PauseFacts,
    Progress,
    PromiseFacts,
    StepDone,
)
from models.tables import (
    Contact,
    Customer,
    CustomerCash,
    FollowUpRow,
    Invoice,
    Message,
    Promise,
    Touch,
    table_of,
)
from models.vocabulary import InvoiceStatus, Status, TouchOutcome
from store import contexts
from store.disputes import dispute_facts
from store.drafts import draft_facts
from store.followed import Followed
from store.habits import payment_habits
from store.plans import paid_since, plan_facts

# As far back as a policy's limits may reach.
_HISTORY_DAYS = 61


# Statements are put together once: that costs more than running one does.
_FOLLOWED = (
    select(Invoice, Customer, FollowUpRow, CustomerCash)
    .join(Customer, col(Customer.id) == col(Invoice.customer_id))
    .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
    .outerjoin(
        CustomerCash,
        (col(CustomerCash.customer_id) == col(Invoice.customer_id))
        & (col(CustomerCash.currency) == col(Invoice.currency)),
    )
    .execution_options(populate_existing=True)  # decisions are kept behind the objects' backs
)
_ONE = _FOLLOWED.where(col(Invoice.id) == bindparam("invoice_id"))
_THESE = _FOLLOWED.where(col(Invoice.id).in_(bindparam("invoice_ids", expanding=True)))
_invoices, _touches, _rounds = (table_of(one).c for one in (Invoice, Touch, FollowUpRow))
_AWAKE_SIBLINGS = (
    select(_invoices.id)
    .join(table_of(FollowUpRow), _rounds.invoice_id == _invoices.id)
    .where(
        _invoices.customer_id == bindparam("customer_id"),
        _invoices.currency == bindparam("currency"),
        _invoices.status == InvoiceStatus.OPEN,
        _invoices.id != bindparam("invoice_id"),
        _rounds.status != Status.CLOSED,
        or_(
            _rounds.next_at <= bindparam("now"),
            _invoices.id.in_(bindparam("released", expanding=True)),
        ),
    )
)
_STEPS_TAKEN = (
    select(_touches.invoice_id, _touches.step, _touches.outcome, _touches.on, _touches.warned)
    .join(
        table_of(FollowUpRow),
        (_rounds.invoice_id == _touches.invoice_id) & (_rounds.round == _touches.round),
    )
    .where(_touches.invoice_id.in_(bindparam("invoice_ids", expanding=True)))
)
_messages = table_of(Message).c
_MESSAGES = select(
    _messages.currency, _messages.day, _messages.sent_at, _messages.claimed_by
).where(
    _messages.customer_id == bindparam("customer_id"),
    _messages.day > bindparam("since"),
    _messages.chases,
)
_contacts = table_of(Contact).c
_CONTACTS = (
    select(_contacts.email, _contacts.name, _contacts.role, _contacts.rejected_at)
    .where(_contacts.customer_id == bindparam("customer_id"))
    .order_by(_contacts.id)
)


def followed_invoice(
    session: Session, invoice_id: str, now: datetime, rates: Rates, connected: str = ""
) -> Followed | None:
    """The invoice's facts at `now`, or None when nobody follows it up.

    `connected` is the system that knows more of customers, empty for none.
    """
    found = _load(session, now, rates, connected, _ONE, invoice_id=invoice_id)
    return found[0] if found else None


def awake_siblings(
    session: Session,
    invoice: Invoice,
    now: datetime,
    rates: Rates,
    released: Sequence[str] = (),
    connected: str = "",
) -> list[Followed]:
    """The customer's other open invoices in the same currency whose follow-ups have something to
    do at `now`: those that are awake, and those `released` from a letter that did not leave.

    Whoever else sleeps longer said so itself: asking it again would tell the same.
    """
    bound = {
        "customer_id": invoice.customer_id,
        "currency": invoice.currency,
        "invoice_id": invoice.id,
        "now": now,
        "released": list(released),
    }
    awake = session.execute(_AWAKE_SIBLINGS, bound).scalars().all()
    if not awake:
        return []
    return _load(session, now, rates, connected, _THESE, invoice_ids=awake)


def _load(
    session: Session,
    now: datetime,
    rates: Rates,
    connected: str,
    which: Select[Invoice, Customer, FollowUpRow, CustomerCash],
    **bound: str | Sequence[str],
) -> list[Followed]:
    rows = session.execute(which, bound).all()
    if not rows:
        return []
    customer = rows[0][1]
    today = local_day(now, customer.zone)
    taken = _steps_taken(session, [invoice.id for invoice, *_ in rows])
    since = today - timedelta(days=_HISTORY_DAYS)
    messages = session.execute(_MESSAGES, {"customer_id": customer.id, "since": since}).all()
    known = contexts.known(session, customer, connected, today)
    who = overlaid(customer_facts(customer, _addresses(session, customer.id)), known.context)
    who = replace(who, context=known.freshness)
    habits = {
        currency: payment_habits(session, customer.id, currency)
        for currency in {invoice.currency for invoice, *_ in rows}
    }
    return [
        Followed(
            facts=Facts(
                invoice=_with_clauses(invoice_facts(invoice, customer, rates), known.context),
                customer=_with_cash(replace(who, habit=habits[invoice.currency]), cash),
                progress=_progress(session, row, taken[invoice.id], invoice.amount_open),
                contact=_contact_history(invoice, messages),
            ),
            row=row,
            invoice=invoice,
            customer=customer,
            context=known.context,
            claimed=frozenset(
                step.step for step in taken[invoice.id] if step.outcome is TouchOutcome.CLAIMED
            ),
        )
        for invoice, _, row, cash in rows
    ]


def _with_cash(customer: CustomerFacts, cash: CustomerCash | None) -> CustomerFacts:
    if cash is None:
        return customer
    return replace(
        customer,
        unapplied_cash=cash.unapplied,
        credit_on_account=cash.on_account,
        cash_in_transit=cash.under_way,
    )


def _with_clauses(invoice: InvoiceFacts, context: CustomerContext) -> InvoiceFacts:
    """What the contract allows, as our people or a connected system say it better."""
    if context.contract_clauses is None:
        return invoice
    return replace(invoice, clauses=frozenset(context.contract_clauses))


def _steps_taken(session: Session, invoice_ids: list[str]) -> dict[str, list[StepDone]]:
    """The touches of each invoice's current round."""
    taken: dict[str, list[StepDone]] = defaultdict(list)
    touches = session.execute(_STEPS_TAKEN, {"invoice_ids": invoice_ids})
    for invoice_id, step, outcome, on, warned in touches:
        taken[invoice_id].append(StepDone(step=step, outcome=outcome, on=on, warned=warned))
    return taken


def _addresses(session: Session, customer_id: str) -> tuple[Address, ...]:
    contacts = session.execute(_CONTACTS, {"customer_id": customer_id})
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
        owner=customer.owner,
        owner_name=customer.owner_name,
        owner_email=customer.owner_email,
        addresses=addresses,
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
        under_way=invoice.under_way,
        under_way_since=invoice.under_way_since,
        under_way_by=invoice.under_way_by,
    )


def _progress(session: Session, row: FollowUpRow, taken: list[StepDone], owed: Decimal) -> Progress:
    return Progress(
        round=row.round,
        done=tuple(step for step in taken if step.outcome is not TouchOutcome.CLAIMED),
        shift_days=row.shift_days,
        held_step=row.held_step,
        not_before=row.not_before,
        pause=PauseFacts(row.paused_until, row.pause_note) if row.paused else None,
        dispute=dispute_facts(session, row),
        promise=_promise(session, row),
        plan=plan_facts(session, row, owed),
        draft=draft_facts(session, row),
        question=_question(row),
        broken_promises=row.broken_promises,
        broken_on=row.broken_on,
        settled=row.dispute_settled,
        plan_broken=row.plan_broken,
        kept_in_part=row.kept_in_part,
        payment_returned=row.payment_returned,
        suspended=row.suspended,
        disposition=row.disposition,
        disposed_on=row.disposed_on,
    )


def _question(row: FollowUpRow) -> OwnerQuestion | None:
    if row.asked_step is None or row.answer_by is None:
        return None
    return OwnerQuestion(step=row.asked_step, answer_by=row.answer_by, word=row.owner_word)


def _promise(session: Session, row: FollowUpRow) -> PromiseFacts | None:
    promise = session.get(Promise, row.promise_id) if row.promise_id is not None else None
    if promise is None:
        return None
    return PromiseFacts(
        pay_on=promise.pay_on,
        method=promise.method,
        amount=promise.amount,
        paid_since=paid_since(session, row.invoice_id, promise.made_at),
    )


def _contact_history(invoice: Invoice, messages: Iterable[Any]) -> ContactHistory:
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
