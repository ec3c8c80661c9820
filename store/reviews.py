"""Money that a person has to place: what waits, what it may be for, and what they decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import case, delete, func, select
from sqlmodel import Session, col

from domain import payers as paying
from domain.matching import match
from domain.open_items import OpenItems
from models.errors import CustomerUnknown, MoneyUnknown, WrongUse
from models.matching import Candidate
from models.tables import CashReceipt, Customer, Invoice, PayerAlias
from models.vocabulary import CashState
from store import cash, cash_application

_WAITING = (CashState.REVIEW,)


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decided, and when; `learn` whose payer this is, for the next time."""

    by: str
    at: datetime
    learn: bool = True


def waiting(session: Session, limit: int = 200) -> Sequence[CashReceipt]:
    """What waits for a person, the oldest first."""
    query = select(CashReceipt).where(col(CashReceipt.state).in_(_WAITING))
    ordered = query.order_by(col(CashReceipt.received_on), col(CashReceipt.key)).limit(limit)
    return session.execute(ordered).scalars().all()


def totals(session: Session) -> dict[str, tuple[int, Decimal]]:
    """By currency, how many receipts wait for a person and how much of them is not placed."""
    rest = col(CashReceipt.amount) - col(CashReceipt.placed) - col(CashReceipt.refunded)
    left = case((col(CashReceipt.is_reversal), -rest), else_=rest - col(CashReceipt.gone))
    rows = session.execute(
        select(col(CashReceipt.currency), func.count(), func.sum(left))
        .where(col(CashReceipt.state).in_(_WAITING))
        .group_by(col(CashReceipt.currency))
    )
    return {currency: (count, amount) for currency, count, amount in rows}


def find(session: Session, named: str) -> CashReceipt:
    """The money of that key, or of the only key that begins so.

    Raises:
        MoneyUnknown: there is none, or several begin so.
    """
    known = session.get(CashReceipt, named)
    if known is not None:
        return known
    query = select(CashReceipt).where(
        col(CashReceipt.key).startswith(named, autoescape=True)
        | col(CashReceipt.key).startswith(f"bank/{named}", autoescape=True)
    )
    found = session.execute(query.limit(2)).scalars().all()
    if len(found) != 1:
        raise MoneyUnknown(named, several=len(found) > 1)
    receipt: CashReceipt = found[0]
    return receipt


def proposals(receipt: CashReceipt, items: OpenItems) -> tuple[Candidate, ...]:
    """What it may be for as things stand now, the best first."""
    if receipt.rest <= 0:
        return ()
    return match(cash_application.incoming(receipt), items).candidates


def take(session: Session, receipt: CashReceipt, chosen: Candidate, decided: Decided) -> None:
    """Place it as proposed.

    Raises:
        WrongUse: the proposal places nothing, or money that is not there any more.
    """
    cash.lock(session, receipt)
    if not chosen.parts:
        raise WrongUse("That proposal only says whose money it is. Use --place or --on-account.")
    _check_rest(receipt, sum((part.amount for part in chosen.parts), Decimal(0)))
    cash_application.take(session, receipt, chosen, decided.at)
    _note(session, receipt, chosen.customer_id, decided)


def place(
    session: Session,
    receipt: CashReceipt,
    shares: Sequence[tuple[Invoice, Decimal]],
    decided: Decided,
) -> None:
    """Place it on these invoices.

    Raises:
        WrongUse: it is more than is left, or than is open, or in another currency.
    """
    cash.lock(session, receipt)
    _check_rest(receipt, sum((amount for _, amount in shares), Decimal(0)))
    for invoice, amount in shares:
        if invoice.currency != receipt.currency:
            raise WrongUse(
                f"Invoice {invoice.number} is in {invoice.currency}, the money in "
                f"{receipt.currency}. Convert it at the bank, or set it aside and report what it "
                "was worth with: starter.py pay"
            )
        if amount > invoice.amount_open:
            raise WrongUse(f"Of invoice {invoice.number} only {invoice.amount_open:,.2f} are open.")
    receipt.explains = "A person placed it."
    _give_to(session, receipt, shares[0][0].customer_id)
    before = [
        (session.get_one(Invoice, one.invoice_id), one.amount)
        for one in cash.shares_of(session, receipt)
        if one.invoice_id is not None
    ]
    cash_application.decide_shares(session, receipt, _together([*before, *shares]), "person")
    cash.arrange(session, receipt, decided.at)
    _note(session, receipt, shares[0][0].customer_id, decided)


def _together(shares: Sequence[tuple[Invoice, Decimal]]) -> list[tuple[Invoice, Decimal]]:
    summed: dict[str, tuple[Invoice, Decimal]] = {}
    for invoice, amount in shares:
        before = summed[invoice.id][1] if invoice.id in summed else Decimal(0)
        summed[invoice.id] = (invoice, before + amount)
    return list(summed.values())


def leave_on_account(
    session: Session, receipt: CashReceipt, customer_id: str, decided: Decided
) -> None:
    """Leave what is not placed with the customer, for what they will owe.

    Raises:
        CustomerUnknown: there is no such customer.
    """
    cash.lock(session, receipt)
    if session.get(Customer, customer_id) is None:
        raise CustomerUnknown(customer_id)
    receipt.state = CashState.ON_ACCOUNT
    receipt.explains = "A person left it on account."
    _give_to(session, receipt, customer_id)
    _note(session, receipt, customer_id, decided)


def set_aside(session: Session, receipt: CashReceipt, decided: Decided) -> None:
    """It is no customer's payment.

    Raises:
        WrongUse: some of it is placed.
    """
    cash.lock(session, receipt)
    if receipt.placed:
        raise WrongUse("Some of it is placed. Take that back first, with --undo.")
    receipt.state, receipt.explains = CashState.SET_ASIDE, "A person set it aside."
    _give_to(session, receipt, None)
    _note(session, receipt, None, decided)


def undo(session: Session, receipt: CashReceipt, decided: Decided) -> None:
    """Take back how it was placed, left or set aside, and what was learned of its payer: it waits
    for a person again.

    Raises:
        WrongUse: it went back to its payer.
    """
    cash.lock(session, receipt)
    if receipt.state is CashState.RETURNED:
        raise WrongUse("It went back to its payer.")
    receipt.state, receipt.explains = CashState.REVIEW, "A person took back where it was placed."
    session.add(receipt)
    learned = delete(PayerAlias).where(col(PayerAlias.learned_from) == receipt.key)
    session.execute(learned)
    cash_application.decide_shares(session, receipt, (), "person")
    cash.arrange(session, receipt, decided.at)
    _give_to(session, receipt, cash_application.customer_of_shares(session, receipt))
    _note(session, receipt, None, decided)


def _give_to(session: Session, receipt: CashReceipt, customer_id: str | None) -> None:
    """Whose money it is by now; the chase of whoever it was taken for goes on."""
    before, receipt.customer_id = receipt.customer_id, customer_id
    session.add(receipt)
    if before not in (None, customer_id):
        cash.refresh(session, str(before), receipt.currency)


def _check_rest(receipt: CashReceipt, wanted: Decimal) -> None:
    if wanted > receipt.rest:
        raise WrongUse(f"Only {receipt.rest:,.2f} {receipt.currency} of it are left to place.")


def _note(
    session: Session, receipt: CashReceipt, customer_id: str | None, decided: Decided
) -> None:
    receipt.decided_by = decided.by
    session.add(receipt)
    cash.recount(session, receipt)
    if customer_id is not None and decided.learn:
        _learn(session, receipt, customer_id, decided)


def _learn(session: Session, receipt: CashReceipt, customer_id: str, decided: Decided) -> None:
    """The next money of this account, or under this name, is theirs."""
    for kind, value in (
        ("account", paying.account(receipt.payer_account)),
        ("name", paying.folded(receipt.payer_name)),
    ):
        if value:
            session.merge(
                PayerAlias(
                    kind=kind,
                    value=value,
                    customer_id=customer_id,
                    learned_at=decided.at,
                    learned_from=receipt.key,
                )
            )
