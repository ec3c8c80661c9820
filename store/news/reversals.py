"""Money that goes back: returned, charged back, given back."""

from decimal import Decimal

from sqlmodel import Session

from models import billing, events
from models.tables import CashReceipt, FollowUpRow, Invoice, Refund, Reversal
from models.vocabulary import Status
from store import cash, tellings
from store.cash import naming
from store.news.applying import Applying, about, apply_one

_ZERO = Decimal(0)


@apply_one.register
def _payment_returned(news: billing.PaymentReturned, applying: Applying) -> None:
    receipt = about(applying, news.payment_id)
    if receipt is None:
        return
    known = applying.session.get(Reversal, news.return_id)
    if known is not None and known.taken_on is not None:
        return
    if not receipt.is_here:
        receipt.declined_at = max(filter(None, (receipt.declined_at, news.happened_at)))
    reversal = known or Reversal(id=news.return_id, receipt_key=receipt.key)
    reversal.taken_on, reversal.taken_at = news.returned_on, news.happened_at
    reversal.code = news.code
    applying.session.add_all((reversal, receipt))
    cash.arrange(applying.session, receipt, applying.at)
    applying.made_news += 1


@apply_one.register
def _charge_contested(news: billing.ChargeContested, applying: Applying) -> None:
    """A chargeback takes the money and is a dispute. The dispute is told first, so that an invoice
    that is open again is never asked for before it is known to be contested."""
    if not news.takes_money:
        return
    receipt = about(applying, news.payment_id, news.other_ids)
    if receipt is None:
        return
    session = applying.session
    known = session.get(Reversal, news.contest_id)
    if known is not None and (known.taken_on is not None or known.undone_on is not None):
        return
    before = _standing(session, receipt)
    session.add(
        Reversal(
            id=news.contest_id,
            receipt_key=receipt.key,
            is_contest=True,
            amount=news.amount,
            taken_on=news.opened_on,
            taken_at=news.happened_at,
            code=f"chargeback {news.code}".strip(),
        )
    )
    session.flush()
    for invoice, amount in _opened_by(session, receipt, before, news):
        contested = events.DisputeOpened(
            event_id=naming.short(f"{news.contest_id}/{invoice.id}"),
            amount=None if amount >= invoice.amount else amount,
            code="chargeback",
            note=f"The payer contests the payment at their bank: {news.code or 'no reason'}.",
        )
        row = session.get(FollowUpRow, invoice.id)
        if row is None or row.status is Status.CLOSED:
            invoice.disputed = True  # a follow-up that begins does so with what the register marks
            session.add(invoice)
        tellings.tell(session, invoice, contested, applying.at)
    cash.arrange(session, receipt, applying.at)
    applying.made_news += 1


def _standing(session: Session, receipt: CashReceipt) -> dict[str, Decimal]:
    return {
        one.invoice_id: one.applied
        for one in cash.payments_of(session, receipt)
        if one.reversed_on is None and not one.is_under_way
    }


def _opened_by(
    session: Session,
    receipt: CashReceipt,
    before: dict[str, Decimal],
    news: billing.ChargeContested,
) -> list[tuple[Invoice, Decimal]]:
    """The invoices that will be open again by it, each with how much: the last shares first, as
    the money is taken from them."""
    left = max(_ZERO, news.amount - receipt.rest)
    found = []
    order = [one.invoice_id for one in cash.shares_of(session, receipt) if one.invoice_id]
    for invoice_id in reversed(order):
        amount = min(left, before.get(invoice_id, _ZERO))
        if amount > 0:
            found.append((session.get_one(Invoice, invoice_id), amount))
            left -= amount
    return found


@apply_one.register
def _contest_ended(news: billing.ContestEnded, applying: Applying) -> None:
    """Won: the money is ours again, and nothing is contested. Lost: the dispute stays open, for a
    person to decide whether to go on asking."""
    if not news.is_won:
        return
    receipt = about(applying, news.payment_id, news.other_ids)
    if receipt is None:
        return
    session = applying.session
    reversal = session.get(Reversal, news.contest_id) or Reversal(
        id=news.contest_id, receipt_key=receipt.key, is_contest=True, amount=news.amount
    )
    if reversal.undone_on is not None:
        return
    reversal.undone_on = news.ended_on
    session.add(reversal)
    was_open = reversal.taken_on is not None
    before = _standing(session, receipt)
    cash.arrange(session, receipt, applying.at)
    applying.made_news += 1
    if not was_open:
        return  # told before it began: then it has not begun at all
    for invoice_id, amount in _standing(session, receipt).items():
        if amount > before.get(invoice_id, _ZERO):
            invoice = session.get_one(Invoice, invoice_id)
            invoice.disputed = False
            settled = events.DisputeResolved(
                event_id=naming.short(f"{news.contest_id}/ended/{invoice.id}"),
                note="The payer's bank has decided for us.",
            )
            tellings.tell(session, invoice, settled, applying.at)


@apply_one.register
def _payment_refunded(news: billing.PaymentRefunded, applying: Applying) -> None:
    """We gave money back; or it did not reach the payer, and is ours again."""
    receipt = about(applying, news.payment_id, news.other_ids)
    if receipt is None:
        return
    session = applying.session
    known = session.get(Refund, news.refund_id)
    if known is not None and (known.is_undone or not news.is_undone):
        return
    refund = known or Refund(
        id=news.refund_id,
        receipt_key=receipt.key,
        currency=news.currency,
        amount=news.amount,
        refunded_on=news.refunded_on,
    )
    refund.is_undone = news.is_undone
    session.add(refund)
    cash.arrange(session, receipt, applying.at)
    applying.made_news += 1
