"""What a system states as of a moment: customers, invoices, cards and mandates."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session, select

from models import billing, events
from models.ledger import CustomerRow, InvoiceRow
from models.tables import Customer, Invoice, PaymentMeans
from models.vocabulary import InvoiceStatus, Method
from store import register, tellings
from store.news.applying import Applying, apply_one


@apply_one.register
def _customer_stated(news: billing.CustomerStated, applying: Applying) -> None:
    taken = register.take_customers(applying.session, [news.customer])
    taken += register.take_contacts(applying.session, news.contacts)
    applying.made_news |= bool(taken.new or taken.changed)


@apply_one.register
def _invoice_stated(news: billing.InvoiceStated, applying: Applying) -> None:
    session = applying.session
    row = news.invoice
    known = session.get(Invoice, row.id)
    if news.is_gone:
        if known is not None:
            _state(applying, _as_voided(known), news.as_of)
        return
    known = known or _under_another_id(session, news)
    if known is not None:
        row = replace(row, id=known.id, customer_id=known.customer_id)
    elif news.customer is not None:
        register.add_customers(session, [news.customer])
    elif session.get(Customer, row.customer_id) is None:
        register.add_customers(session, [CustomerRow(id=row.customer_id)])
    if news.customer is not None and news.customer.id == row.customer_id:
        register.take_customers(session, [news.customer])
        register.take_contacts(session, news.contacts)
    _state(applying, row, news.as_of)


def _state(applying: Applying, row: InvoiceRow, as_of: datetime) -> None:
    session = applying.session
    taken = register.take_invoices(session, [row], source=applying.source, as_of=as_of)
    if taken.new or taken.changed:
        invoice = session.get_one(Invoice, row.id)
        change = events.InvoiceChanged(event_id=f"register/{invoice.id}/{invoice.revision}")
        tellings.tell(session, invoice, change, applying.at)
        applying.made_news = True


def _as_voided(known: Invoice) -> InvoiceRow:
    """Of what is gone only its end is told; all else stays as it was."""
    return InvoiceRow(
        id=known.id,
        number=known.number,
        customer_id=known.customer_id,
        currency=known.currency,
        amount=known.amount,
        issued_on=known.issued_on,
        due_on=known.due_on,
        amount_open=Decimal(0),
        status=InvoiceStatus.VOIDED,
    )


def _under_another_id(session: Session, news: billing.InvoiceStated) -> Invoice | None:
    """The same invoice brought by another road, such as a ledger file: same number, same money."""
    found = register.named(session, [news.invoice.number])
    is_same = found is not None and (found.currency, found.amount) == (
        news.invoice.currency,
        news.invoice.amount,
    )
    return found if is_same else None


@apply_one.register
def _means_stated(news: billing.MeansStated, applying: Applying) -> None:
    session = applying.session
    known = session.get(PaymentMeans, (news.provider, news.reference))
    if known is not None and known.as_of > news.as_of:
        return
    means = known or PaymentMeans(
        provider=news.provider,
        reference=news.reference,
        customer_id=news.customer_id,
        state=news.state,
        as_of=news.as_of,
    )
    means.state, means.as_of = news.state, news.as_of
    if news.method is not Method.OTHER:  # not every event says what it is
        means.method = news.method
    means.customer_id = news.customer_id or means.customer_id
    means.holder = news.holder or means.holder
    means.expires_on = news.expires_on or means.expires_on
    if news.is_default:
        _make_default(session, means)
    session.add(means)
    applying.made_news = True


def _make_default(session: Session, means: PaymentMeans) -> None:
    """There is one at a time for each holder."""
    for other in session.exec(
        select(PaymentMeans).where(
            PaymentMeans.provider == means.provider, PaymentMeans.holder == means.holder
        )
    ):
        other.is_default = False
        session.add(other)
    means.is_default = True
