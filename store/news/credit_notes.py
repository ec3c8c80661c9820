"""Credit notes: issued and voided."""

from decimal import Decimal

from sqlmodel import select

from models import billing
from models.tables import CashReceipt, Credit, Invoice, Reversal
from models.vocabulary import CashState, CreditKind, Method
from store import cash, ledger, tellings
from store.cash import naming
from store.ledger import CreditNote, Origin
from store.news.applying import Applying, apply_one, customer_known, invoice_named

_ZERO = Decimal(0)


@apply_one.register
def _credit_issued(news: billing.CreditIssued, applying: Applying) -> None:
    """Told again, it is as it was told last: more of it may be set against invoices by then."""
    session = applying.session
    summed: dict[str, Decimal] = {}
    for share in news.shares:
        invoice = invoice_named(session, applying.source, share.invoice)
        if invoice is None:
            applying.awaits.extend(share.invoice)
        else:
            summed[invoice.id] = summed.get(invoice.id, _ZERO) + share.amount
    for invoice_id in sorted(summed):
        _credit(applying, news, session.get_one(Invoice, invoice_id), summed[invoice_id])
    _leave_the_rest(applying, news, next(iter(sorted(summed)), None))


def _credit(
    applying: Applying, news: billing.CreditIssued, invoice: Invoice, amount: Decimal
) -> None:
    note = CreditNote(
        id=naming.short(f"{news.credit_id}/{invoice.id}"),
        issued_id=news.credit_id,
        kind=CreditKind.CREDIT_NOTE,
        amount=amount,
        currency=news.currency,
        issued_on=news.issued_on,
    )
    origin = Origin(applying.source, news.happened_at)
    if ledger.book_credit(applying.session, invoice, note, applying.at, origin):
        cash.recount_invoice(applying.session, invoice)
        tellings.tell_of_change(applying.session, invoice, applying.at)
        applying.made_news += 1


def _leave_the_rest(applying: Applying, news: billing.CreditIssued, invoice_id: str | None) -> None:
    """What of it is set against no invoice is the customer's."""
    session = applying.session
    left = news.amount - sum((share.amount for share in news.shares), _ZERO)
    customer = customer_known(session, news.customer_id)
    if customer is None and invoice_id is not None:
        customer = session.get_one(Invoice, invoice_id).customer_id
    receipt = session.get(CashReceipt, news.credit_id)
    if customer is None or (receipt is None and left <= 0):
        return
    if receipt is None:
        receipt = CashReceipt(
            key=news.credit_id,
            source=f"{applying.source} credit note",
            customer_id=customer,
            currency=news.currency,
            amount=left,
            received_on=news.issued_on,
            method=Method.OTHER,
            state=CashState.ON_ACCOUNT,
            recorded_at=applying.at,
            settled_at=news.happened_at,
        )
    elif receipt.settled_at is not None and news.happened_at < receipt.settled_at:
        return
    receipt.amount = receipt.told_amount = max(left, _ZERO)
    receipt.settled_at = news.happened_at
    naming.name(session, receipt, (news.credit_id,))
    cash.recount(session, receipt)
    applying.made_news += 1


@apply_one.register
def _credit_voided(news: billing.CreditVoided, applying: Applying) -> None:
    session = applying.session
    booked = session.exec(select(Credit).where(Credit.issued_id == news.credit_id)).all()
    on_account = session.get(CashReceipt, news.credit_id)
    if not booked and on_account is None:
        applying.awaits.append(news.credit_id)
    for credit in booked:
        invoice = session.get_one(Invoice, credit.invoice_id)
        if ledger.void_credit(session, invoice, credit, news.voided_on, news.happened_at):
            cash.recount_invoice(session, invoice)
            tellings.tell_of_change(session, invoice, applying.at)
            applying.made_news += 1
    if on_account is not None and session.get(Reversal, f"void/{news.credit_id}") is None:
        session.add(
            Reversal(
                id=f"void/{news.credit_id}",
                receipt_key=on_account.key,
                taken_on=news.voided_on,
                taken_at=news.happened_at,
                is_contest=True,
            )
        )
        cash.arrange(session, on_account, applying.at)
