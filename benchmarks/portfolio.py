"""Invoices of distinct customers whose first letter is due at one moment."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from domain import send_window
from models.clock import Clock
from models.follow_up import FollowUp
from models.tables import Contact, Customer, Invoice
from models.vocabulary import InvoiceStatus
from store import policies
from store.database import Database
from store.policies import PolicyFiles

POLICY = "standard"
AMOUNT = Decimal("1250.00")
CURRENCY = "USD"
_ZONE = "America/New_York"
# A Tuesday, three days before the chase date of what is due on Thursday: the reminder's day.
DAY = date(2026, 3, 3)
_DUE = date(2026, 3, 5)
# However long a burst lasts, it is still the moment that each customer's letter was planned for.
_SLACK = timedelta(minutes=30)
# A business clock stands still until its start; the follow-ups begin before their morning.
_BEFORE = timedelta(hours=7)


def add_invoices(database: Database, ids: list[str], due: date = _DUE) -> None:
    """An open invoice under each id, of a customer with one contact each."""
    with database.writing() as session:
        session.add_all(
            Customer(id=_customer(one), name=f"{one} Inc.", country="US", zone=_ZONE) for one in ids
        )
        session.flush()
        session.add_all(
            Contact(customer_id=_customer(one), email=f"ap@{one.lower()}.example", name="Sam Lee")
            for one in ids
        )
        session.add_all(
            Invoice(
                id=one,
                number=one,
                customer_id=_customer(one),
                currency=CURRENCY,
                amount=AMOUNT,
                amount_open=AMOUNT,
                issued_on=due - timedelta(days=30),
                due_on=due,
                status=InvoiceStatus.OPEN,
            )
            for one in ids
        )


def pin_policy(database: Database, files: PolicyFiles) -> int:
    """The version of the policy that the follow-ups run under."""
    with database.writing() as session:
        return policies.pin(session, files, POLICY)


def follow_up(invoice_id: str, version: int, files: PolicyFiles, fires_at: datetime) -> FollowUp:
    """A follow-up whose first letter is due at `fires_at` (real time).

    Its clock is set so that this is the moment at which its customer's morning begins.
    """
    customer = _customer(invoice_id)
    window = files.policies[POLICY].window
    return FollowUp(
        invoice_id=invoice_id,
        customer_id=customer,
        due_on=_DUE,
        policy=POLICY,
        policy_version=version,
        clock=Clock(
            real_start=fires_at - _BEFORE,
            business_start=send_window.opens(DAY, _ZONE, window, customer) - _BEFORE,
            slack=_SLACK,
        ),
    )


def _customer(invoice_id: str) -> str:
    return f"{invoice_id}-C"
