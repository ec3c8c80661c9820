"""Rows to begin a test with: a customer, an invoice, its follow-up."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session

from activities.rulebook import Rulebook
from domain.banking_days import Place
from models.follow_up import FollowUp
from models.tables import Contact, Customer, CustomerCash, FollowUpRow, Invoice
from models.vocabulary import InvoiceStatus
from store import follow_ups, policies
from store.policies import PolicyFiles

FILES = PolicyFiles(Path(__file__).parent.parent.parent / "policies", "USD")
STAFF = "staff@harbour.example"
RULEBOOK = Rulebook(FILES, Place("US"), staff=STAFF)
# A Tuesday morning in New York, within every policy's window for every customer.
TUESDAY = date(2026, 3, 10)
MORNING = datetime(2026, 3, 10, 15, 25, tzinfo=UTC)


def add_customer(
    session: Session, customer_id: str = "ACME", email: str = "ap@acme.example", **more: Any
) -> Customer:
    """A customer in New York, with a contact unless `email` is empty."""
    values: dict[str, Any] = {
        "name": f"{customer_id.title()} Inc.",
        "country": "US",
        "zone": "America/New_York",
    }
    customer = Customer(id=customer_id, **(values | more))
    session.add(customer)
    session.flush()
    if email:
        session.add(Contact(customer_id=customer_id, email=email, name="Sam Lee"))
        session.flush()
    return customer


def add_invoice(
    session: Session,
    invoice_id: str = "INV-1",
    amount: str = "5000.00",
    due: date = date(2026, 3, 2),
    customer_id: str = "ACME",
    **more: Any,
) -> Invoice:
    """An invoice, open unless told otherwise. By `MORNING` the first notice on it is up."""
    values: dict[str, Any] = {
        "number": invoice_id,
        "currency": "USD",
        "amount": Decimal(amount),
        "amount_open": Decimal(amount),
        "issued_on": due - timedelta(days=30),
        "due_on": due,
        "status": InvoiceStatus.OPEN,
    }
    invoice = Invoice(id=invoice_id, customer_id=customer_id, **(values | more))
    session.add(invoice)
    session.flush()
    return invoice


def unplaced(session: Session, amount: int | Decimal, currency: str = "USD") -> None:
    """So much of the customer's money waits to be placed."""
    session.merge(
        CustomerCash(
            customer_id="ACME",
            currency=currency,
            unapplied=Decimal(amount),
            on_account=Decimal(0),
            under_way=Decimal(0),
        )
    )
    session.flush()


def follow(
    session: Session,
    invoice: Invoice,
    policy: str = "standard",
    at: datetime = MORNING,
    **more: Any,
) -> tuple[FollowUp, FollowUpRow]:
    """Open the invoice's follow-up: what its workflow knows, and its row."""
    follow_up = FollowUp(
        invoice_id=invoice.id,
        customer_id=invoice.customer_id,
        due_on=invoice.due_on,
        policy=policy,
        policy_version=policies.pin(session, FILES, policy),
        **more,
    )
    return follow_up, follow_ups.open_round(session, follow_up, at)


def acme(session: Session) -> tuple[Invoice, FollowUpRow]:
    """One customer with one invoice over 5,000 dollars that is followed up."""
    add_customer(session)
    invoice = add_invoice(session)
    return invoice, follow(session, invoice)[1]
