"""What a system states as of a moment: customers, invoices, cards and mandates."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from domain.payers import folded
from models import billing, events
from models.ledger import ContactRow, CustomerRow, InvoiceRow
from models.tables import CashReceipt, Contact, Customer, Invoice, InvoiceName, PaymentMeans
from models.vocabulary import InvoiceStatus, Method
from store import cash, register, tellings
from store.news.applying import Applying, apply_one


@apply_one.register
def _customer_stated(news: billing.CustomerStated, applying: Applying) -> None:
    applying.made_news += _take_customer(applying, news.customer, news.contacts, news.as_of)


def _take_customer(
    applying: Applying, row: CustomerRow, contacts: Sequence[ContactRow], as_of: datetime
) -> bool:
    """Take over what is said of a customer, unless later words are known."""
    session = applying.session
    register.add_customers(session, [row])
    customer = session.get_one(Customer, row.id)
    if customer.stated_at is not None and as_of < customer.stated_at:
        return False
    customer.stated_at = as_of
    session.add(customer)
    taken = register.take_customers(session, [row])
    taken += register.take_contacts(session, contacts)
    _adopt(session, customer)
    return bool(taken.new or taken.changed)


def _adopt(session: Session, customer: Customer) -> None:
    """Money of theirs that came before they were known holds their chase from now on."""
    query = select(CashReceipt).where(
        CashReceipt.said_customer == customer.id, col(CashReceipt.customer_id).is_(None)
    )
    for receipt in session.exec(query).all():
        receipt.customer_id = customer.id
        session.add(receipt)
        cash.recount(session, receipt)


@apply_one.register
def _invoice_stated(news: billing.InvoiceStated, applying: Applying) -> None:
    session = applying.session
    row = news.invoice
    known = _known(applying, row.id)
    if news.is_gone:
        if known is not None:
            _state(applying, _as_voided(known), news.as_of)
        return
    if known is None and (known := _under_another_id(applying, news)) is not None:
        session.add(InvoiceName(source=applying.source, name=row.id, invoice_id=known.id))
    if known is not None:
        row = replace(row, id=known.id, customer_id=known.customer_id)
    if news.customer is not None and news.customer.id == row.customer_id:
        _take_customer(applying, news.customer, news.contacts, news.as_of)
    if session.get(Customer, row.customer_id) is None:
        register.add_customers(session, [CustomerRow(id=row.customer_id)])
    _state(applying, row, news.as_of)


def _known(applying: Applying, invoice_id: str) -> Invoice | None:
    session = applying.session
    by_name = session.get(InvoiceName, (applying.source, invoice_id))
    if by_name is not None:
        return session.get_one(Invoice, by_name.invoice_id)
    return session.get(Invoice, invoice_id)


def _state(applying: Applying, row: InvoiceRow, as_of: datetime) -> None:
    session = applying.session
    taken = register.take_invoices(session, [row], source=applying.source, as_of=as_of)
    if taken.new or taken.changed:
        invoice = session.get_one(Invoice, row.id)
        cash.recount_invoice(session, invoice)
        change = events.InvoiceChanged(event_id=f"register/{invoice.id}/{invoice.revision}")
        tellings.tell(session, invoice, change, applying.at)
        applying.made_news += 1


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


def _under_another_id(applying: Applying, news: billing.InvoiceStated) -> Invoice | None:
    """The same invoice brought by another road, such as a ledger file: same number, same money,
    same customer."""
    session, row = applying.session, news.invoice
    found = register.named(session, [row.number])
    if found is None or found.source == applying.source:
        return None
    if (found.currency, found.amount) != (row.currency, row.amount):
        return None
    return found if _is_same_customer(session, found.customer_id, news) else None


def _is_same_customer(session: Session, customer_id: str, news: billing.InvoiceStated) -> bool:
    if customer_id == news.invoice.customer_id:
        return True
    customer = session.get_one(Customer, customer_id)
    told = news.customer
    if told is not None and told.name and folded(told.name) == folded(customer.name):
        return True
    mails = {one.email.casefold() for one in news.contacts}
    contacts = session.exec(select(Contact).where(Contact.customer_id == customer_id))
    return any(one.email.casefold() in mails for one in contacts)


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
    applying.made_news += 1


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
