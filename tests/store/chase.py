"""What happens to the follow-ups of a test: they are told, decided about, and looked at."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from activities.rulebook import Rulebook
from domain.customer_context import STAFF
from models.acts import Act
from models.context import CustomerContext
from models.decision import Decision
from models.events import Event, PaymentReceived
from models.follow_up import FollowUp
from models.tables import Customer, FollowUpRow, Invoice
from store import acts, contexts
from store.events import apply_event
from store.followed import Followed
from store.happening import Happening
from tests.store.rows import MORNING, RULEBOOK


def look(
    session: Session,
    invoice_id: str = "INV-1",
    at: datetime = MORNING,
    rulebook: Rulebook = RULEBOOK,
) -> Followed:
    """The invoice and its follow-up, read anew."""
    session.flush()
    session.expire_all()
    followed = rulebook.find(session, invoice_id, at)
    assert followed is not None
    return followed


def happening(
    session: Session,
    invoice_id: str = "INV-1",
    at: datetime = MORNING,
    rulebook: Rulebook = RULEBOOK,
) -> Happening:
    """Something about to happen to the invoice's follow-up."""
    return rulebook.happening(session, look(session, invoice_id, at, rulebook), at)


def tell(session: Session, event: Event, invoice_id: str = "INV-1", at: datetime = MORNING) -> bool:
    """Something happened; True when it is news."""
    is_new = apply_event(happening(session, invoice_id, at), event)
    session.flush()
    session.expire_all()
    return is_new


def pay(
    session: Session, amount: object, invoice_id: str = "INV-1", at: datetime = MORNING
) -> None:
    """Money for the invoice arrives."""
    name = f"{invoice_id}/{at:%m-%d}/{amount}"
    payment = PaymentReceived(
        event_id=name, payment_id=name, amount=amount, currency="USD", received_on=at.date()
    )
    tell(session, payment, invoice_id, at)


def put(session: Session, act: Act, invoice_id: str = "INV-1", at: datetime = MORNING) -> str:
    """A person's decision arrives, perhaps not for the first time; what came of it."""
    about = happening(session, invoice_id, at)
    says = acts.was_applied(about, act)
    if says is None:
        says = acts.apply_act(about, act)
    session.flush()
    session.expire_all()
    return says


def check(
    session: Session,
    invoice_id: str = "INV-1",
    at: datetime = MORNING,
    rulebook: Rulebook = RULEBOOK,
) -> Decision:
    """Decide about the invoice, and write that down."""
    decision = rulebook.check(session, follow_up_of(session, invoice_id), at).decision
    session.flush()
    session.expire_all()
    return decision


def flag(session: Session, at: datetime = MORNING, **said: Any) -> None:
    """Our people say something of ACME, beside what they said before."""
    known = contexts.said_by(session, "ACME", STAFF).model_dump(exclude_none=True)
    context = CustomerContext.model_validate(known | said)
    contexts.keep(session, session.get_one(Customer, "ACME"), STAFF, context, at)
    session.flush()
    session.expire_all()


def follow_up_of(session: Session, invoice_id: str = "INV-1") -> FollowUp:
    """What the invoice's workflow knows of itself."""
    row = session.get_one(FollowUpRow, invoice_id)
    return FollowUp(
        invoice_id=invoice_id,
        customer_id=row.customer_id,
        due_on=session.get_one(Invoice, invoice_id).due_on,
        policy=row.policy,
        policy_version=row.policy_version,
        round=row.round,
    )
