"""Bringing the payments of a receipt in line with what is known of it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, select

from domain.placing import Place, places
from models.events import PaymentReceived, PaymentReversed
from models.tables import CashReceipt, CashShare, Credit, Invoice, Payment, Reversal
from models.vocabulary import CreditKind
from store import ledger, tellings
from store.cash.facts import (
    gone,
    lock,
    payments_of,
    refunds_of,
    reversals_of,
    shares_of,
)
from store.cash.naming import payment_id
from store.cash.waiting import recount, recount_invoice
from store.ledger import CreditNote, Origin

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Arranging:
    session: Session
    receipt: CashReceipt
    at: datetime
    reversals: tuple[Reversal, ...]
    is_whole: bool

    @property
    def last(self) -> Reversal | None:
        """The latest reversal that holds."""
        taken = [one for one in self.reversals if one.taken_on and one.undone_on is None]
        return max(taken, key=lambda one: one.taken_on or date.min, default=None)

    @property
    def went_on(self) -> date:
        """The day on which money of it went."""
        last = self.last
        return (last.taken_on if last else None) or self.at.date()

    @property
    def went_at(self) -> datetime | None:
        """The moment of that, by the system that told of it."""
        return self.last.taken_at if self.last else self.receipt.declined_at


def arrange(session: Session, receipt: CashReceipt, at: datetime) -> list[Payment]:
    """Have the receipt stand where it should by all that is known of it; the payments that are new
    or stand again. Arranging it twice changes nothing.

    Their follow-ups are told: that money came, that it went back, or that something changed.
    """
    lock(session, receipt)
    shares = [one for one in shares_of(session, receipt) if one.invoice_id is not None]
    reversals = tuple(reversals_of(session, receipt))
    arranging = _Arranging(
        session, receipt, at, reversals, len(shares) == 1 and _is_all(receipt, shares[0])
    )
    known = {one.invoice_id: one for one in payments_of(session, receipt)}
    # Always in this order, so that two receipts never wait for each other's invoices.
    ids = sorted(known.keys() | {str(one.invoice_id) for one in shares})
    invoices = {one: session.get_one(Invoice, one) for one in ids}
    for one in ids:
        ledger.lock(session, invoices[one])
    wanted = _wanted(arranging, shares, invoices)
    standing = [
        payment
        for one in ids
        if (payment := _bring(arranging, invoices[one], known.get(one), wanted.get(one)))
    ]
    for one in ids:
        _give_up(arranging, invoices[one], shares, wanted.get(one))
        recount_invoice(session, invoices[one], but=receipt.key)
    recount(session, receipt)
    return standing


def _is_all(receipt: CashReceipt, share: CashShare) -> bool:
    return receipt.told_amount is not None and share.origin == "told"


def _wanted(
    arranging: _Arranging, shares: list[CashShare], invoices: dict[str, Invoice]
) -> dict[str, Place]:
    receipt = arranging.receipt
    if receipt.same_as or not (receipt.is_here or receipt.is_under_way):
        return {}
    fitting = [
        (str(one.invoice_id), one.amount)
        for one in shares
        if invoices[str(one.invoice_id)].currency == receipt.currency
    ]
    taken = gone(receipt, arranging.reversals) if receipt.is_here else _ZERO
    refunds = refunds_of(arranging.session, receipt)
    given = sum((one.amount for one in refunds if not one.is_undone), _ZERO)
    worth = {name: one.amount - one.settled_elsewhere for name, one in invoices.items()}
    return places(receipt.amount, taken, given, fitting, worth)


def _bring(
    arranging: _Arranging, invoice: Invoice, known: Payment | None, place: Place | None
) -> Payment | None:
    """Have the payment on one invoice be what it should be; it, when it stands anew."""
    place = place or Place(_ZERO)
    _credit_refund(arranging, invoice, place)
    if place.amount <= 0:
        if known is not None and known.reversed_on is None:
            _reverse(arranging, invoice, known)
        elif known is None and place.claimed > 0 and arranging.receipt.is_here:
            _note_gone(arranging, invoice, place)
        return None
    return _stand(arranging, invoice, known, place)


def _stand(
    arranging: _Arranging, invoice: Invoice, known: Payment | None, place: Place
) -> Payment | None:
    session, receipt = arranging.session, arranging.receipt
    payment = known or _payment(arranging, invoice)
    wanted = (place.amount, place.claimed, receipt.is_under_way)
    is_standing = known is not None and known.reversed_on is None
    if is_standing and (payment.amount, payment.claimed, payment.is_under_way) == wanted:
        return None
    is_new = known is None or known.is_under_way
    was_standing = not is_new and payment.reversed_on is None
    payment.amount, payment.claimed, payment.is_under_way = wanted
    payment.lowered_at = arranging.went_at if place.amount < place.claimed else None
    payment.reversed_on = payment.reversed_at = None
    payment.received_on, payment.method = receipt.received_on, receipt.method
    payment.happened_at = receipt.settled_at or receipt.under_way_at
    session.add(payment)
    if not payment.is_under_way and not was_standing:
        ledger.recognise(session, invoice, payment)
    else:
        ledger.look_back(session, invoice, payment.source, payment.happened_at)
    ledger.settle(session, invoice)
    _tell(arranging, invoice, payment, is_new=is_new)
    return None if was_standing or payment.is_under_way else payment


def _note_gone(arranging: _Arranging, invoice: Invoice, place: Place) -> None:
    """Money that came and went before its invoice was known: a statement of the register that was
    made in between has counted it."""
    payment = _payment(arranging, invoice)
    payment.amount = payment.claimed = place.claimed
    payment.happened_at = arranging.receipt.settled_at
    payment.reversed_on, payment.reversed_at = arranging.went_on, arranging.went_at
    arranging.session.add(payment)
    ledger.recognise(arranging.session, invoice, payment)
    ledger.settle(arranging.session, invoice)


def _payment(arranging: _Arranging, invoice: Invoice) -> Payment:
    receipt = arranging.receipt
    return Payment(
        id=payment_id(arranging.session, receipt, invoice, is_whole=arranging.is_whole),
        invoice_id=invoice.id,
        currency=receipt.currency,
        amount=_ZERO,
        applied=_ZERO,
        received_on=receipt.received_on,
        method=receipt.method,
        source=receipt.source,
        recorded_at=arranging.at,
        receipt_key=receipt.key,
    )


def _tell(arranging: _Arranging, invoice: Invoice, payment: Payment, *, is_new: bool) -> None:
    if payment.is_under_way or not is_new:
        tellings.tell_of_change(arranging.session, invoice, arranging.at)
    elif payment.applied > 0:
        payment.is_news = True
        said = PaymentReceived(
            event_id=payment.id,
            payment_id=payment.id,
            amount=payment.applied,
            currency=payment.currency,
            received_on=payment.received_on,
            method=payment.method,
            source=payment.source,
        )
        tellings.tell(arranging.session, invoice, said, arranging.at)


def _reverse(arranging: _Arranging, invoice: Invoice, payment: Payment) -> None:
    """It stands here no more: the bank has it, or it was for something else."""
    session = arranging.session
    last = arranging.last
    was_under_way, was_applied = payment.is_under_way, payment.applied
    on, moment = arranging.went_on, arranging.went_at
    ledger.reverse_payment(session, invoice, payment.id, on, moment)
    if was_under_way or last is None or not was_applied:
        tellings.tell_of_change(session, invoice, arranging.at)
        return
    payment.is_news = True
    session.add(payment)
    said = PaymentReversed(
        event_id=f"{last.id}/back/{payment.id}"[-200:],
        payment_id=payment.id,
        reversed_on=on,
        note=last.code,
    )
    tellings.tell(session, invoice, said, arranging.at)


def _credit_refund(arranging: _Arranging, invoice: Invoice, place: Place) -> None:
    """What was given back of what stood here is not asked for again."""
    session, receipt = arranging.session, arranging.receipt
    amount = place.refunded
    credit_id = f"refund/{receipt.key}/{invoice.id}"
    known = session.get(Credit, credit_id)
    if amount <= 0:
        if known is not None and ledger.void_credit(session, invoice, known, arranging.at.date()):
            tellings.tell_of_change(session, invoice, arranging.at)
        return
    changed = known is not None and ledger.restore_credit(session, invoice, known)
    note = CreditNote(
        id=credit_id,
        issued_id=f"refund/{receipt.key}",
        kind=CreditKind.REFUND,
        amount=amount,
        currency=invoice.currency,
        issued_on=arranging.at.date(),
        note="money given back",
    )
    changed |= ledger.book_credit(session, invoice, note, arranging.at, Origin(receipt.source))
    if changed:
        tellings.tell_of_change(session, invoice, arranging.at)


def _give_up(
    arranging: _Arranging, invoice: Invoice, shares: list[CashShare], place: Place | None
) -> None:
    """A discount, a fee or a small rest is given up only while the money that it went with stands
    whole."""
    session = arranging.session
    share = next((one for one in shares if one.invoice_id == invoice.id), None)
    stands = share is not None and place is not None and place.amount == share.amount
    query = select(Credit).where(
        Credit.issued_id == arranging.receipt.key, Credit.invoice_id == invoice.id
    )
    for credit in session.exec(query).all():
        if stands:
            changed = ledger.restore_credit(session, invoice, credit)
        else:
            changed = ledger.void_credit(session, invoice, credit, arranging.at.date())
        if changed:
            tellings.tell_of_change(session, invoice, arranging.at)
