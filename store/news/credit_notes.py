"""Credit notes: issued and voided."""

from decimal import Decimal

from sqlmodel import select

from models import billing
from models.tables import CashReceipt, Credit, Invoice
from models.vocabulary import CashState, CreditKind, Method
from store import cash, ledger, tellings
from store.cash import TakenBack
from store.ledger import CreditNote, Origin
from store.news.applying import Applying, apply_one, customer_of, shares_of


@apply_one.register
def _credit_issued(news: billing.CreditIssued, applying: Applying) -> None:
    session = applying.session
    shares, _ = shares_of(news.shares, applying)
    for invoice, amount in shares:
        note = CreditNote(
            id=f"{news.credit_id}/{invoice.id}",
            issued_id=news.credit_id,
            kind=CreditKind.CREDIT_NOTE,
            amount=amount,
            currency=news.currency,
            issued_on=news.issued_on,
        )
        origin = Origin(applying.source, news.happened_at)
        if ledger.book_credit(session, invoice, note, applying.at, origin) is not None:
            tellings.tell_of_change(session, invoice, applying.at)
            applying.made_news = True
    left = news.amount - sum((share.amount for share in news.shares), Decimal(0))
    customer = customer_of(news.customer_id, shares, session)
    if left > 0 and customer and session.get(CashReceipt, news.credit_id) is None:
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
        )
        session.add(receipt)
        cash.recount(session, receipt)
        applying.made_news = True


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
            tellings.tell_of_change(session, invoice, applying.at)
            applying.made_news = True
    if on_account is not None:
        back = TakenBack(news.voided_on, news.credit_id, "", news.happened_at)
        cash.take_back(session, on_account, back, applying.at)
