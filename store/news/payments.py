"""Payments: under way, settled, declined."""

from models import billing, events
from models.tables import CashReceipt, Payment
from models.vocabulary import CashState
from store import cash, ledger, tellings
from store.cash import Placing, TakenBack
from store.ledger import Origin
from store.news.applying import Applying, apply_one, booked_as, customer_of, shares_of, stood_on


@apply_one.register
def _payment_settled(news: billing.PaymentSettled, applying: Applying) -> None:
    session = applying.session
    receipt = session.get(CashReceipt, news.payment_id)
    known = session.get(Payment, news.payment_id)
    if receipt is None and known is not None and known.receipt_key is None:
        return  # a billing system reported it by a signal, under the same id
    shares = shares_of(news.shares, applying)
    if receipt is None:
        receipt = CashReceipt(
            key=news.payment_id,
            source=applying.source,
            customer_id=customer_of(news.customer_id, shares, session),
            currency=news.currency,
            amount=news.amount,
            received_on=news.received_on,
            method=news.method,
            payer_name=news.payer_name,
            remittance=news.reference,
            state=CashState.REVIEW if news.shares else CashState.NEW,
            recorded_at=applying.at,
        )
        applying.made_news = True
    elif receipt.state is CashState.UNDER_WAY:
        receipt.state = CashState.REVIEW if news.shares else CashState.NEW
        receipt.received_on, receipt.amount = news.received_on, news.amount
        applying.made_news = True
    receipt.awaits = list(applying.awaits)
    session.add(receipt)
    session.flush()
    cash.lock(session, receipt)
    if receipt.returned_at is not None and news.happened_at > receipt.returned_at:
        cash.come_back(session, receipt, applying.at)
    if receipt.returned_on is not None or receipt.decided_by:
        return
    placings = [
        Placing(invoice, amount, booked_as(news.payment_id, invoice, len(news.shares)))
        for invoice, amount in shares
    ]
    booked = cash.place(session, receipt, placings, applying.at, news.happened_at)
    applying.made_news |= bool(booked)


@apply_one.register
def _payment_under_way(news: billing.PaymentUnderWay, applying: Applying) -> None:
    session = applying.session
    if session.get(CashReceipt, news.payment_id) or session.get(Payment, news.payment_id):
        return
    shares = shares_of(news.shares, applying)
    if not shares and news.shares:
        return  # it waits for its invoice
    session.add(
        CashReceipt(
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
    )
    session.flush()
    for invoice, amount in shares:
        said = events.PaymentReceived(
            event_id=news.payment_id,
            payment_id=booked_as(news.payment_id, invoice, len(news.shares)),
            amount=amount,
            currency=news.currency,
            received_on=news.since,
            method=news.method,
        )
        origin = Origin(applying.source, news.happened_at, news.payment_id)
        if ledger.note_under_way(session, invoice, said, applying.at, origin):
            tellings.tell_of_change(session, invoice, applying.at)
    if not shares:
        cash.recount(session, session.get_one(CashReceipt, news.payment_id))
    applying.made_news = True


@apply_one.register
def _payment_declined(news: billing.PaymentDeclined, applying: Applying) -> None:
    session = applying.session
    receipt = session.get(CashReceipt, news.payment_id)
    if receipt is not None and receipt.state is CashState.UNDER_WAY:
        back = TakenBack(news.failed_on, news.attempt_id, news.code, news.happened_at)
        cash.take_back(session, receipt, back, applying.at)
    elif receipt is not None and receipt.returned_on is None:
        return  # a later attempt of the same payment has succeeded
    for invoice, _ in shares_of(news.shares, applying) or stood_on(session, news.payment_id):
        failure = events.PaymentFailed(
            event_id=news.attempt_id,
            failed_on=news.failed_on,
            amount=news.amount,
            note=news.code,
        )
        tellings.tell(session, invoice, failure, applying.at)
    applying.made_news = True
