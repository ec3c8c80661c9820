"""Payments: under way, settled, declined."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import Session, select

from models import billing, events
from models.billing import Share
from models.tables import CashReceipt, CashShare, Invoice, Payment
from models.vocabulary import CashState
from store import cash, tellings
from store.cash import naming
from store.news.applying import Applying, apply_one, customer_known, invoice_named

_ZERO = Decimal(0)


@apply_one.register
def _payment_settled(news: billing.PaymentSettled, applying: Applying) -> None:
    """Told again it says what is so by now: a payment may be moved to another invoice, and its
    shares may be told one by one."""
    receipt = _receipt(
        applying, (news.payment_id, *news.other_ids), news.currency, news.received_on
    )
    is_first = receipt.settled_at is None
    if is_first or news.happened_at >= _moment(receipt.settled_at):
        receipt.received_on, receipt.method = news.received_on, news.method
        receipt.currency = news.currency
    receipt.settled_at = _latest(receipt.settled_at, news.happened_at)
    receipt.payer_name = news.payer_name or receipt.payer_name
    receipt.remittance = news.reference or receipt.remittance
    receipt.said_customer = news.customer_id or receipt.said_customer
    _say_shares(applying, receipt, news.shares, news.happened_at, is_whole=news.is_whole)
    if news.is_whole and (is_first or news.happened_at >= _moment(receipt.shares_at)):
        receipt.told_amount = news.amount
    _finish(applying, receipt, fresh=is_first)


@apply_one.register
def _payment_under_way(news: billing.PaymentUnderWay, applying: Applying) -> None:
    receipt = _receipt(applying, (news.payment_id,), news.currency, news.since)
    is_first = receipt.under_way_at is None
    if not receipt.is_here and news.happened_at >= _moment(receipt.under_way_at):
        receipt.received_on, receipt.method = news.since, news.method
        receipt.currency, receipt.told_amount = news.currency, news.amount
    receipt.under_way_at = _latest(receipt.under_way_at, news.happened_at)
    receipt.said_customer = news.customer_id or receipt.said_customer
    if not receipt.is_here:
        _say_shares(applying, receipt, news.shares, news.happened_at, is_whole=True)
    _finish(applying, receipt, fresh=is_first)


@apply_one.register
def _payment_declined(news: billing.PaymentDeclined, applying: Applying) -> None:
    """What was under way is so no more, unless it was begun again, or has arrived, since."""
    session = applying.session
    receipt = _receipt(applying, (news.payment_id,), news.currency, news.failed_on)
    receipt.declined_at = _latest(receipt.declined_at, news.happened_at)
    receipt.said_customer = news.customer_id or receipt.said_customer
    is_overtaken = receipt.is_here or receipt.is_under_way
    if not is_overtaken and receipt.told_amount is None and news.amount is not None:
        receipt.told_amount = news.amount
    if not receipt.is_here and news.shares:
        _say_shares(applying, receipt, news.shares, news.happened_at, is_whole=True)
    _finish(applying, receipt, fresh=False)
    if is_overtaken:
        return
    for share in cash.shares_of(session, receipt):
        if share.invoice_id is None:
            continue
        failure = events.PaymentFailed(
            event_id=news.attempt_id,
            failed_on=news.failed_on,
            amount=news.amount,
            note=news.code,
        )
        tellings.tell(session, session.get_one(Invoice, share.invoice_id), failure, applying.at)
    applying.made_news += 1


def _receipt(applying: Applying, names: Sequence[str], currency: str, on: date) -> CashReceipt:
    """The money that goes by these names, made when nothing goes by them yet. A payment that was
    reported by a signal is the same money; two that turn out to be one become one."""
    session = applying.session
    found = naming.known(session, names)
    for name in names:
        payment = session.get(Payment, name)
        if payment is not None and payment.receipt_key is None:
            found.append(cash.of_payment(session, payment))
    receipt = (
        found[0]
        if found
        else CashReceipt(
            key=names[0],
            source=applying.source,
            currency=currency or "XXX",  # ISO 4217's "no currency": not every decline names one
            amount=_ZERO,
            received_on=on,
            state=CashState.NEW,
            recorded_at=applying.at,
        )
    )
    session.add(receipt)
    session.flush()
    cash.lock(session, receipt)
    for other in found[1:]:
        naming.merge(session, receipt, other)
        cash.arrange(session, other, applying.at)
    naming.name(session, receipt, names)
    return receipt


def _say_shares(
    applying: Applying,
    receipt: CashReceipt,
    shares: Sequence[Share],
    told_at: datetime,
    *,
    is_whole: bool,
) -> None:
    """Keep what the money is for. A whole telling replaces earlier ones; parts add up."""
    session = applying.session
    known = {
        one.name: one
        for one in session.exec(select(CashShare).where(CashShare.receipt_key == receipt.key))
    }
    if is_whole and shares:
        if told_at < _moment(receipt.shares_at):
            _await(applying, known.values())
            return
        receipt.shares_at = told_at
        named = {share.invoice[0] for share in shares if share.invoice}
        for name, row in known.items():
            if row.origin in ("told", "part") and name not in named:
                session.delete(row)
    summed: dict[str, tuple[Share, Decimal]] = {}
    for share in shares:
        before = summed.get(share.invoice[0])
        summed[share.invoice[0]] = (share, share.amount + (before[1] if before else _ZERO))
    for rank, (name, (share, amount)) in enumerate(summed.items()):
        kept = known.get(name) or CashShare(receipt_key=receipt.key, name=name, amount=amount)
        if kept.origin in ("told", "part") and told_at >= _moment(kept.told_at):
            kept.amount, kept.rank, kept.told_at = amount, rank, told_at
            kept.names = list(share.invoice)
            kept.origin = "told" if is_whole else "part"
        session.add(kept)
    session.flush()
    resolve(session, receipt, applying.source)
    _await(applying, cash.shares_of(session, receipt))


def resolve(session: Session, receipt: CashReceipt, source: str) -> None:
    """Find the invoices of its shares that the register has brought by now."""
    for share in session.exec(select(CashShare).where(CashShare.receipt_key == receipt.key)):
        if share.invoice_id is None:
            invoice = invoice_named(session, source, share.names)
            if invoice is not None:
                share.invoice_id = invoice.id
                session.add(share)
    session.flush()


def _await(applying: Applying, shares: Iterable[CashShare]) -> None:
    for share in shares:
        if share.invoice_id is None:
            applying.awaits.extend(share.names)


def _finish(applying: Applying, receipt: CashReceipt, *, fresh: bool) -> None:
    """Whose it is, how much it comes to, and where it stands."""
    session = applying.session
    shares = cash.shares_of(session, receipt)
    parts = sum((one.amount for one in shares), _ZERO)
    told = receipt.told_amount
    receipt.amount = parts if told is None else max(told, _ZERO)
    if receipt.customer_id is None:
        of_share = next((one.invoice_id for one in shares if one.invoice_id), None)
        if of_share is not None:
            receipt.customer_id = session.get_one(Invoice, of_share).customer_id
        else:
            receipt.customer_id = customer_known(session, receipt.said_customer)
    if shares and receipt.state is CashState.NEW:
        receipt.state = CashState.REVIEW
    session.add(receipt)
    applying.made_news += bool(cash.arrange(session, receipt, applying.at)) or fresh


def _latest(known: datetime | None, told: datetime) -> datetime:
    return told if known is None else max(known, told)


def _moment(known: datetime | None) -> datetime:
    return known or datetime.min.replace(tzinfo=UTC)
