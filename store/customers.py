"""Customers as people look at them: finding one, all that is known, and their contacts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from domain.ageing import days_past_due
from domain.behaviour import in_words
from domain.brief import OpenInvoice, owed
from domain.customer_context import STAFF, conditions
from domain.send_window import local_day
from models.errors import CustomerUnknown, WrongUse
from models.policy import Behaviour
from models.tables import Contact, ContextRow, Customer, FollowUpRow, Invoice
from models.vocabulary import Reason, Role
from store import briefs, contexts
from store.habits import payment_habits
from store.policies import pinned

# What a condition is said by, where it is not said by its own name.
_SAID_BY = {Reason.SEVERE_TICKET: "severe_tickets"}
_MOST_IDS = 6
_OF_A_CONTACT = ("email", "name", "role", "phone", "rejected_at", "source")


@dataclass(frozen=True, slots=True)
class Saying:
    """What one source says of one thing, up to and including `until`."""

    value: Any
    by: str
    until: date | None


def find(session: Session, named: str) -> Customer:
    """The customer of that id, or else of that name in capitals or not.

    Raises:
        CustomerUnknown: there is none.
        WrongUse: several have that name.
    """
    customer = session.get(Customer, named)
    if customer is not None:
        return customer
    like = select(Customer.id, Customer.name).where(col(Customer.name).ilike(_pattern(named)))
    same = [
        customer_id
        for customer_id, name in session.exec(like.order_by(col(Customer.id)))
        if name.casefold() == named.casefold()
    ]
    if not same:
        raise CustomerUnknown(named)
    if len(same) > 1:
        ids = ", ".join(same[:_MOST_IDS])
        raise WrongUse(f"{named} is the name of several; name one by its id: {ids}")
    return session.get_one(Customer, same[0])


def _pattern(named: str) -> str:
    """What every spelling of the name is like: SQLite takes ä and Ä for different letters."""
    return "".join(one if one.isascii() and one.isalnum() else "%" for one in named)


def said_of(session: Session, customer: Customer, connected: str, today: date) -> dict[str, Saying]:
    """What counts of all that our people and the `connected` system say today, and who says it:
    our people's word goes before the system's."""
    counts: dict[str, Saying] = {}
    for source in filter(None, (STAFF, connected)):
        said = contexts.said_by(session, customer.id, source)
        for name, value in said:
            until = said.until.get(name)
            lapsed = until is not None and until < today
            if value is not None and not lapsed and name not in ("until", "contacts"):
                counts.setdefault(name, Saying(value, source, until))
    return counts


def overview(session: Session, customer: Customer, connected: str, now: datetime) -> dict[str, Any]:
    """All that is known of the customer, for a person or a script."""
    today = local_day(now, customer.zone)
    said = said_of(session, customer, connected, today)
    invoices = briefs.open_invoices(session, customer.id)

    def known(name: str, register: object = None) -> Any:
        return register if name not in said or said[name].value == "" else said[name].value

    return {
        "id": customer.id,
        "name": customer.name,
        "as_of": today,
        "country": customer.country,
        "zone": customer.zone,
        "language": known("language", customer.language),
        "segment": known("segment", customer.segment),
        "owner": {
            "name": known("owner_name", customer.owner_name),
            "email": known("owner_email", customer.owner_email),
        },
        "backup": known("backup_email"),
        "manager": known("manager_email"),
        "csm": {"name": known("csm_name"), "email": known("csm_email")},
        "insolvent": known("insolvent", customer.insolvent),
        "legal_hold": known("legal_hold", customer.legal_hold),
        "do_not_contact": known("do_not_contact", customer.do_not_contact),
        "relationship": list(_conditions(session, customer, connected, today, said)),
        "contract_clauses": list(known("contract_clauses", customer.contract_clauses)),
        "strategic": known("strategic", customer.strategic),
        "arr": known("arr"),
        "health": known("health"),
        "nps": known("nps"),
        "renewal_on": known("renewal_on"),
        "severe_tickets": known("severe_tickets"),
        "said": {
            name: {"value": one.value, "by": one.by, "until": one.until}
            for name, one in sorted(said.items())
        },
        "connected": _connected(session, customer.id, connected),
        "behaviour": _behaviour(session, customer.id),
        "open": [
            {"currency": currency, "age": bucket, "amount": amount, "invoices": many}
            for currency, bucket, amount, many in owed(invoices, today)
        ],
        "invoices": [_invoice(one, today) for one in invoices],
        "contacts": [plain(one) for one in contacts(session, customer.id)],
    }


def _conditions(
    session: Session, customer: Customer, connected: str, today: date, said: dict[str, Saying]
) -> Iterator[dict[str, Any]]:
    """What is delicate today, as the rules see it, with who says so and until when."""
    context = contexts.known(session, customer, connected, today).context
    for reason in sorted(conditions(context)):
        one = said[_SAID_BY.get(reason, reason)]
        yield {"condition": reason, "by": one.by, "until": one.until}


def _connected(session: Session, customer_id: str, connected: str) -> dict[str, Any]:
    row = session.get(ContextRow, (customer_id, connected)) or ContextRow(
        customer_id=customer_id, source=connected
    )
    return {
        "system": connected,
        "answered_at": row.fetched_at,
        "away_since": row.failing_since,
        "problem": row.problem,
    }


def _invoice(one: OpenInvoice, today: date) -> dict[str, Any]:
    return {
        "number": one.number,
        "currency": one.currency,
        "amount_open": one.amount_open,
        "due_on": one.due_on,
        "days_past_due": days_past_due(one.due_on, today),
        "status": one.status,
    }


def _behaviour(session: Session, customer_id: str) -> dict[str, str]:
    currencies = select(col(Invoice.currency)).where(Invoice.customer_id == customer_id).distinct()
    return {
        currency: in_words(
            payment_habits(session, customer_id, currency), _terms(session, customer_id, currency)
        )
        for currency in session.exec(currencies.order_by(col(Invoice.currency))).all()
    }


def _terms(session: Session, customer_id: str, currency: str) -> Behaviour:
    """The thresholds of the policy by which the customer is followed up, or was last."""
    latest = session.exec(
        select(FollowUpRow)
        .join(Invoice, col(Invoice.id) == col(FollowUpRow.invoice_id))
        .where(Invoice.customer_id == customer_id, Invoice.currency == currency)
        .order_by(col(FollowUpRow.closed_at).is_not(None), col(FollowUpRow.opened_at).desc())
        .limit(1)
    ).first()
    if latest is None:
        return Behaviour()
    return pinned(session, latest.policy, latest.policy_version).behaviour


def contacts(session: Session, customer_id: str) -> list[Contact]:
    """The customer's contacts, the first one first."""
    query = select(Contact).where(Contact.customer_id == customer_id).order_by(col(Contact.id))
    return list(session.exec(query).all())


def plain(contact: Contact) -> dict[str, Any]:
    """What a person or a script is told of a contact."""
    return {name: getattr(contact, name) for name in _OF_A_CONTACT}


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
    is_theirs = or_(col(Contact.email) == email, func.lower(Contact.email) == email.lower())
    return session.exec(
        select(Contact).where(Contact.customer_id == customer_id, is_theirs)
    ).first()
