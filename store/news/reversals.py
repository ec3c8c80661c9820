"""Money that goes back: returned, charged back, given back."""

from datetime import date

from models import billing, events
from models.tables import CashReceipt, Invoice, Refund, Reversal
from models.vocabulary import CashState
from store import cash, tellings
from store.cash import TakenBack
from store.news.applying import Applying, about, apply_one


@apply_one.register
def _payment_returned(news: billing.PaymentReturned, applying: Applying) -> None:
    receipt = about(applying, news.payment_id)
    if receipt is None:
        return
    if receipt.state is CashState.UNDER_WAY:
        failure = billing.PaymentDeclined(
            attempt_id=news.return_id,
            payment_id=receipt.key,
            happened_at=news.happened_at,
            failed_on=news.returned_on,
            amount=receipt.amount,
            code=news.code,
        )
        apply_one(failure, applying)
        return
    if not _is_first(applying, receipt, news.return_id, news.returned_on):
        return
    back = TakenBack(news.returned_on, news.return_id, news.code, news.happened_at)
    reopened = cash.take_back(applying.session, receipt, back, applying.at)
    applying.made_news |= bool(reopened)


def _is_first(
    applying: Applying, receipt: CashReceipt, reversal_id: str, on: date, *, contest: bool = False
) -> bool:
    """False when that reversal was told before, or is undone already."""
    known = applying.session.get(Reversal, reversal_id)
    if known is not None and (known.taken_on is not None or known.undone_on is not None):
        return False
    reversal = Reversal(id=reversal_id, receipt_key=receipt.key, is_contest=contest, taken_on=on)
    applying.session.merge(reversal)
    return True


@apply_one.register
def _payment_refunded(news: billing.PaymentRefunded, applying: Applying) -> None:
    receipt = about(applying, news.payment_id, news.other_ids)
    if receipt is None:
        return
    refund = Refund(
        id=news.refund_id,
        receipt_key=receipt.key,
        currency=news.currency,
        amount=news.amount,
        refunded_on=news.refunded_on,
        is_undone=news.is_undone,
    )
    applying.made_news |= cash.give_back(applying.session, receipt, refund, applying.at)


@apply_one.register
def _charge_contested(news: billing.ChargeContested, applying: Applying) -> None:
    """A chargeback takes the money and is a dispute. The dispute is told first, so that an invoice
    that is open again is never asked for before it is known to be contested."""
    if not news.takes_money:
        return
    receipt = about(applying, news.payment_id, news.other_ids)
    if receipt is None:
        return
    if not _is_first(applying, receipt, news.contest_id, news.opened_on, contest=True):
        return
    session = applying.session
    whole = news.amount >= receipt.amount
    for payment in cash.payments_of(session, receipt):
        if payment.reversed_on is None:
            contested = events.DisputeOpened(
                event_id=f"{news.contest_id}/{payment.id}",
                amount=None if whole else min(news.amount, payment.amount),
                code="chargeback",
                note=f"The payer contests the payment at their bank: {news.code or 'no reason'}.",
            )
            invoice = session.get_one(Invoice, payment.invoice_id)
            tellings.tell(session, invoice, contested, applying.at)
    note = f"chargeback {news.code}".strip()
    back = TakenBack(news.opened_on, news.contest_id, note, news.happened_at)
    cash.take_back(session, receipt, back, applying.at)
    applying.made_news = True


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
        id=news.contest_id, receipt_key=receipt.key, is_contest=True
    )
    if reversal.undone_on is not None:
        return
    reversal.undone_on = news.ended_on
    session.add(reversal)
    if reversal.taken_on is None:
        return  # told before it began: then it is not begun at all
    cash.come_back(session, receipt, applying.at)
    for payment in cash.payments_of(session, receipt):
        settled = events.DisputeResolved(
            event_id=f"{news.contest_id}/ended/{payment.id}",
            note="The payer's bank has decided for us.",
        )
        tellings.tell(session, session.get_one(Invoice, payment.invoice_id), settled, applying.at)
    applying.made_news = True
