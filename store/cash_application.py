"""Cash application in the database: new money is matched, what is certain placed, the rest kept for
a person with what it may be for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Self

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from domain import payers as paying
from domain.matching import match
from domain.open_items import OpenItems
from models.matching import Candidate, CashRules, Incoming, Match, MatchReason, OpenItem, Payers
from models.tables import CashReceipt, CashShare, Customer, Invoice, PayerAlias
from models.vocabulary import CashState, InvoiceStatus
from store import cash, ledger, tellings
from store.cash import naming
from store.ledger import CreditNote, Origin
from store.statements import SOURCE

_ZERO = Decimal(0)
# What a payment provider tells in two events is one: the second brings the invoice.
_PROVIDERS_TAKE = timedelta(minutes=10)
_SETTLED_SINCE = timedelta(days=180)
# By these it is not known whose money it is.
_GUESSES = frozenset({MatchReason.AMOUNT_ALONE, MatchReason.WEAK_REFERENCE})


@dataclass
class Placed:
    """What came of matching: how much was `certain`, how much waits for a person, with a proposal
    or without, and how much is nobody's payment."""

    certain: int = 0
    proposed: int = 0
    unknown: int = 0
    set_aside: int = 0

    def __iadd__(self, other: Self) -> Self:
        self.certain += other.certain
        self.proposed += other.proposed
        self.unknown += other.unknown
        self.set_aside += other.set_aside
        return self


def waiting(session: Session, now: datetime, limit: int) -> Sequence[str]:
    """The keys of money that nobody has matched yet, the oldest first."""
    is_due = or_(
        col(CashReceipt.source) == SOURCE,
        col(CashReceipt.recorded_at) <= now - _PROVIDERS_TAKE,
    )
    query = (
        select(col(CashReceipt.key))
        .where(col(CashReceipt.state) == CashState.NEW, is_due)
        .order_by(col(CashReceipt.received_on), col(CashReceipt.key))
        .limit(limit)
    )
    return session.execute(query).scalars().all()


def open_items(session: Session, rules: CashRules, today: date) -> OpenItems:
    """All that money may be for, and who may have paid it."""
    rows = session.execute(
        select(
            col(Invoice.id),
            col(Invoice.number),
            col(Invoice.customer_id),
            col(Invoice.currency),
            col(Invoice.amount_open),
            col(Invoice.issued_on),
            col(Invoice.due_on),
            col(Invoice.terms),
            col(Invoice.purchase_order),
        ).where(
            or_(
                col(Invoice.status) == InvoiceStatus.OPEN,
                and_(
                    col(Invoice.status) == InvoiceStatus.PAID,
                    col(Invoice.due_on) >= today - _SETTLED_SINCE,
                ),
            )
        )
    )
    return OpenItems((OpenItem(*row) for row in rows), _payers(session), rules)


def _payers(session: Session) -> Payers:
    customers = session.execute(select(col(Customer.id), col(Customer.name)))
    aliases = session.execute(
        select(col(PayerAlias.kind), col(PayerAlias.value), col(PayerAlias.customer_id))
    ).all()
    return Payers(
        customers={row[0]: row[1] for row in customers},
        accounts={value: customer for kind, value, customer in aliases if kind == "account"},
        names={value: customer for kind, value, customer in aliases if kind == "name"},
    )


def incoming(receipt: CashReceipt) -> Incoming:
    """The receipt as the rules see it. Whose it is counts only where its own system said so: what a
    rule has guessed from the name is no sign of its own."""
    return Incoming(
        key=receipt.key,
        amount=receipt.rest,
        currency=receipt.currency,
        received_on=receipt.received_on,
        payer_name=receipt.payer_name,
        payer_account=receipt.payer_account,
        texts=_texts(receipt),
        references=tuple(receipt.hints),
        original_amount=receipt.original_amount,
        original_currency=receipt.original_currency,
        customer_id=receipt.said_customer and (receipt.customer_id or ""),
    )


def _texts(receipt: CashReceipt) -> tuple[str, ...]:
    """What the payer wrote: as read, its lines run together, and the ids that went along."""
    lines = receipt.remittance.splitlines()
    joined = ("".join(lines[1:]), " ".join(lines[1:])) if len(lines) > 1 else ()
    return tuple(filter(None, (*lines[:1], *joined, receipt.end_to_end_id)))


def place_new(session: Session, keys: Iterable[str], items: OpenItems, at: datetime) -> Placed:
    """Match this money; `items` forgets what was placed. Repeating it changes nothing."""
    placed = Placed()
    for key in keys:
        receipt = session.get_one(CashReceipt, key)
        cash.lock(session, receipt)
        if receipt.state is CashState.NEW:
            _place(session, receipt, items, at, placed)
    session.flush()
    return placed


def _place(
    session: Session, receipt: CashReceipt, items: OpenItems, at: datetime, placed: Placed
) -> None:
    if _is_set_aside(receipt, items.rules):
        receipt.state = CashState.SET_ASIDE
        receipt.explains = "Its payer is set aside in policies/cash.toml."
        placed.set_aside += 1
        cash.recount(session, receipt)
        return
    found = match(incoming(receipt), items)
    best = found.best
    receipt.state = CashState.REVIEW
    if best is None:
        receipt.explains = "Nothing that is open fits it."
        placed.unknown += 1
    elif found.is_certain:
        receipt.customer_id = best.customer_id
        take(session, receipt, best, at)
        items.take_out(best.parts)
        placed.certain += 1
    else:
        receipt.explains = best.says
        receipt.customer_id = receipt.customer_id or _whose(found)
        placed.proposed += 1
    session.add(receipt)
    cash.recount(session, receipt)
    _keep_small_surplus(session, receipt, items.rules)


def _is_set_aside(receipt: CashReceipt, rules: CashRules) -> bool:
    name = paying.folded(receipt.payer_name)
    return any(name.startswith(paying.folded(one)) for one in rules.set_aside if one.strip())


def _whose(found: Match) -> str | None:
    """The customer that all good candidates agree on: their chase then waits for the money."""
    customers = {one.customer_id for one in found.candidates if one.reason not in _GUESSES}
    return customers.pop() if len(customers) == 1 else None


def take(session: Session, receipt: CashReceipt, chosen: Candidate, at: datetime) -> None:
    """Place the money as the candidate says, with the discounts and fees that go along."""
    receipt.explains = chosen.says
    receipt.customer_id = receipt.customer_id or chosen.customer_id
    session.add(receipt)
    shares = [(session.get_one(Invoice, part.invoice_id), part.amount) for part in chosen.parts]
    decide_shares(session, receipt, shares, "matched")
    cash.arrange(session, receipt, at)
    for part in chosen.parts:
        invoice = session.get_one(Invoice, part.invoice_id)
        # Only what is missing by exactly that: the invoice may have moved since it was matched.
        if part.credit_kind is not None and invoice.amount_open == part.credit:
            note = CreditNote(
                id=naming.short(f"{receipt.key}/{invoice.id}/{part.credit_kind}"),
                issued_id=receipt.key,
                kind=part.credit_kind,
                amount=part.credit,
                currency=invoice.currency,
                issued_on=receipt.received_on,
                note=chosen.says,
            )
            ledger.book_credit(session, invoice, note, at, Origin(receipt.source))
            tellings.tell_of_change(session, invoice, at)


def decide_shares(
    session: Session,
    receipt: CashReceipt,
    shares: Iterable[tuple[Invoice, Decimal]],
    origin: str,
) -> None:
    """The money is for these invoices, as a rule (`matched`) or a person says; what either has said
    before is replaced."""
    query = select(CashShare).where(
        col(CashShare.receipt_key) == receipt.key, col(CashShare.origin).in_(("matched", "person"))
    )
    for old in session.execute(query).scalars().all():
        session.delete(old)
    session.flush()
    for rank, (invoice, amount) in enumerate(shares):
        session.add(
            CashShare(
                receipt_key=receipt.key,
                name=f"{origin}/{invoice.id}",
                names=[invoice.id],
                invoice_id=invoice.id,
                amount=amount,
                rank=rank,
                origin=origin,
            )
        )
    session.flush()


def customer_of_shares(session: Session, receipt: CashReceipt) -> str | None:
    """Whose money it is by what its own system told."""
    invoices = (one.invoice_id for one in cash.shares_of(session, receipt) if one.invoice_id)
    first = next(invoices, None)
    if first is not None:
        return session.get_one(Invoice, first).customer_id
    known = session.get(Customer, receipt.said_customer) if receipt.said_customer else None
    return known.id if known else None


def standing(session: Session, receipt: CashReceipt) -> list[tuple[Invoice, Decimal]]:
    """The invoices that the money stands on, each with how much."""
    return [
        (session.get_one(Invoice, one.invoice_id), one.applied)
        for one in cash.payments_of(session, receipt)
        if one.reversed_on is None and not one.is_under_way
    ]


def _keep_small_surplus(session: Session, receipt: CashReceipt, rules: CashRules) -> None:
    if _ZERO < receipt.rest <= rules.small_surplus.get(receipt.currency, _ZERO) and receipt.placed:
        receipt.state = CashState.ON_ACCOUNT
        session.add(receipt)
        cash.recount(session, receipt)
