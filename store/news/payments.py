"""Payments: under way, settled, declined."""

from decimal import Decimal

from models import billing, events
from models.tables import CashReceipt, Invoice, Payment
from models.vocabulary import CashState
from store import cash, ledger, tellings
from store.cash import Placing, TakenBack
from store.ledger import Origin
from store.news.applying import (
    Applying,
    apply_one,
    booked_as,
    customer_of,
    known_receipt,
    name_receipt,
    shares_of,
    stood_on,
)

_ZERO = Decimal(0)


@apply_one.register
def _payment_settled(news: billing.PaymentSettled, applying: Applying) -> None:
    """The same id again brings what was missing the last time: shares, or the whole amount."""
    session = applying.session
    receipt = known_receipt(session, news.payment_id, news.other_ids)
    known = session.get(Payment, news.payment_id)
    if receipt is None and known is not None and known.receipt_key is None:
        return  # a billing system reported it by a signal, under the same id
    shares, missing = shares_of(news.shares, applying)
    if receipt is None:
        receipt = _new_receipt(news, applying, shares)
        applying.made_news = True
    name_receipt(session, receipt, (news.payment_id, *news.other_ids))
    cash.lock(session, receipt)
    _arrive(receipt, news, applying)
    receipt.customer_id = receipt.customer_id or customer_of(news.customer_id, shares, session)
    receipt.awaits = missing
    session.add(receipt)
    if receipt.returned_on is not None or receipt.decided_by:
        return
    standing = {one.invoice_id for one in cash.payments_of(session, receipt)}
    whole = news.is_whole and len(news.shares) == 1
    if not receipt.is_whole:
        receipt.amount += sum(
            (amount for invoice, amount in shares if invoice.id not in standing), _ZERO
        )
    placings = [
        Placing(invoice, amount, booked_as(receipt.key, invoice, is_whole=whole))
        for invoice, amount in shares
    ]
    booked = cash.place(session, receipt, placings, applying.at, news.happened_at)
    applying.made_news |= bool(booked)


def _new_receipt(
    news: billing.PaymentSettled, applying: Applying, shares: list[tuple[Invoice, Decimal]]
) -> CashReceipt:
    return CashReceipt(
        key=news.payment_id,
        source=applying.source,
        customer_id=customer_of(news.customer_id, shares, applying.session),
        currency=news.currency,
        amount=news.amount if news.is_whole else _ZERO,
        is_whole=news.is_whole,
        received_on=news.received_on,
        method=news.method,
        payer_name=news.payer_name,
        remittance=news.reference,
        state=CashState.REVIEW if news.shares else CashState.NEW,
        recorded_at=applying.at,
    )


def _arrive(receipt: CashReceipt, news: billing.PaymentSettled, applying: Applying) -> None:
    """What was under way, or had gone back before that, is here."""
    is_later = receipt.returned_at is not None and news.happened_at > receipt.returned_at
    if is_later:
        cash.come_back(applying.session, receipt, applying.at)
    if receipt.state is CashState.UNDER_WAY or is_later:
        receipt.state = CashState.REVIEW if news.shares else CashState.NEW
        receipt.received_on, receipt.method = news.received_on, news.method
        applying.made_news = True
    if news.is_whole:
        receipt.amount, receipt.is_whole = news.amount, True


@apply_one.register
def _payment_under_way(news: billing.PaymentUnderWay, applying: Applying) -> None:
    session = applying.session
    if known_receipt(session, news.payment_id) or session.get(Payment, news.payment_id):
        return
    shares, missing = shares_of(news.shares, applying)
    if missing:
        return  # it waits for its invoices
    receipt = CashReceipt(
        key=news.payment_id,
        source=applying.source,
        customer_id=customer_of(news.customer_id, shares, session),
        currency=news.currency,
        amount=news.amount,
        received_on=news.since,
        method=news.method,
        state=CashState.UNDER_WAY,
        recorded_at=applying.at,
    )
    name_receipt(session, receipt, (news.payment_id,))
    for invoice, amount in shares:
        said = events.PaymentReceived(
            event_id=news.payment_id,
            payment_id=booked_as(news.payment_id, invoice, is_whole=len(news.shares) == 1),
            amount=amount,
            currency=news.currency,
            received_on=news.since,
            method=news.method,
        )
        origin = Origin(applying.source, news.happened_at, news.payment_id)
        if ledger.note_under_way(session, invoice, said, applying.at, origin):
            tellings.tell_of_change(session, invoice, applying.at)
    if not shares:
        cash.recount(session, receipt)
    applying.made_news = True


@apply_one.register
def _payment_declined(news: billing.PaymentDeclined, applying: Applying) -> None:
    session = applying.session
    receipt = known_receipt(session, news.payment_id)
    back = TakenBack(news.failed_on, news.attempt_id, news.code, news.happened_at)
    if receipt is None:
        # What was under way before may be told of later, and is so no more.
        receipt = CashReceipt(
            key=news.payment_id,
            source=applying.source,
            currency=news.currency,
            amount=news.amount or _ZERO,
            received_on=news.failed_on,
            state=CashState.RETURNED,
            recorded_at=applying.at,
            returned_on=news.failed_on,
            returned_at=news.happened_at,
        )
        name_receipt(session, receipt, (news.payment_id,))
    elif receipt.state is CashState.UNDER_WAY:
        cash.take_back(session, receipt, back, applying.at)
    elif receipt.returned_on is None:
        return  # a later attempt at the same payment has succeeded
    shares, _ = shares_of(news.shares, applying)
    for invoice, _ in shares or stood_on(session, receipt):
        failure = events.PaymentFailed(
            event_id=news.attempt_id,
            failed_on=news.failed_on,
            amount=news.amount,
            note=news.code,
        )
        tellings.tell(session, invoice, failure, applying.at)
    applying.made_news = True
