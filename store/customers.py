"""Customers as people look at them: finding one, all that is known, and their contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from domain.behaviour import in_words
from domain.brief import owed
from domain.customer_context import conditions
from domain.send_window import local_day
from models.errors import WrongUse
from models.policy import Behaviour
from models.tables import Contact, Customer, Invoice
from models.vocabulary import Role
from store import briefs, contexts
from store.habits import payment_habits


def find(session: Session, named: str) -> Customer:
    """The customer of that id, or else of that name in capitals or not.

    Raises:
        WrongUse: there is none, or several have that name.
    """
    customer = session.get(Customer, named)
    if customer is not None:
        return customer
    query = select(Customer).where(func.lower(Customer.name) == named.lower())
    same = session.exec(query.order_by(col(Customer.id)).limit(6)).all()
    if not same:
        raise WrongUse(f"There is no customer {named}. Check the id, or import its ledger first.")
    if len(same) > 1:
        ids = ", ".join(one.id for one in same)
        raise WrongUse(f"{named} is the name of several; name one by its id: {ids}")
    return same[0]


def overview(session: Session, customer: Customer, connected: str, now: datetime) -> dict[str, Any]:
    """All that is known of the customer, for a person or a script."""
    today = local_day(now, customer.zone)
    known = contexts.known(session, customer, connected, today)
    context, fresh = known.context, known.freshness
    invoices = briefs.open_invoices(session, customer.id)
    return {
        "id": customer.id,
        "name": customer.name,
        "country": customer.country,
        "zone": customer.zone,
        "language": context.language or customer.language,
        "segment": context.segment or customer.segment,
        "owner": context.owner_email or customer.owner_email,
        "backup": context.backup_email,
        "manager": context.manager_email,
        "csm": context.csm_email,
        "strategic": context.strategic if context.strategic is not None else customer.strategic,
        "arr": context.arr,
        "health": context.health,
        "nps": context.nps,
        "renewal_on": context.renewal_on,
        "insolvent": customer.insolvent or bool(context.insolvent),
        "legal_hold": customer.legal_hold or bool(context.legal_hold),
        "do_not_contact": customer.do_not_contact or bool(context.do_not_contact),
        "relationship": sorted(conditions(context)),
        "lapses": {name: str(day) for name, day in context.until.items()},
        "connected": {
            "system": fresh.connected,
            "answered": str(fresh.fetched_at) if fresh.fetched_at else None,
            "away_since": str(fresh.failing_since) if fresh.failing_since else None,
        },
        "behaviour": _behaviour(session, customer.id),
        "open": [
            f"{amount:,.2f} {currency} {bucket} ({many})"
            for currency, bucket, amount, many in owed(invoices, today)
        ],
        "invoices": [f"{one.number}: {one.status}, due {one.due_on}" for one in invoices],
        "contacts": [
            f"{one.email} ({one.role}{', refused' if one.rejected_at else ''})"
            for one in contacts(session, customer.id)
        ],
    }


def _behaviour(session: Session, customer_id: str) -> dict[str, str]:
    currencies = select(col(Invoice.currency)).where(Invoice.customer_id == customer_id).distinct()
    terms = Behaviour()
    return {
        currency: in_words(payment_habits(session, customer_id, currency), terms)
        for currency in session.exec(currencies.order_by(col(Invoice.currency))).all()
    }


def contacts(session: Session, customer_id: str) -> list[Contact]:
    """The customer's contacts, the first one first."""
    query = select(Contact).where(Contact.customer_id == customer_id).order_by(col(Contact.id))
    return list(session.exec(query).all())


def put_contact(
    session: Session, customer: Customer, email: str, *, name: str, phone: str, role: Role | None
) -> None:
    """Add a contact, or change one; what is empty stays. An address that was refused is tried
    again, because somebody has just named it."""
    known = _contact(session, customer.id, email)
    if known is None:
        known = Contact(customer_id=customer.id, email=email)
    known.name, known.phone = name or known.name, phone or known.phone
    known.role = role or known.role
    known.rejected_at, known.source = None, ""
    session.add(known)
    contexts.touch(session, customer)


def drop_contact(session: Session, customer: Customer, email: str) -> bool:
    """Remove a contact; False when there is none of that address."""
    known = _contact(session, customer.id, email)
    if known is None:
        return False
    session.delete(known)
    contexts.touch(session, customer)
    return True


def _contact(session: Session, customer_id: str, email: str) -> Contact | None:
    query = select(Contact).where(
        Contact.customer_id == customer_id, func.lower(Contact.email) == email.lower()
    )
    return session.exec(query).first()
