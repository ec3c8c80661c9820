"""What sources beside the register say of a customer: keeping it, and reading it as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError
from sqlalchemy import bindparam, func, select, update
from sqlmodel import Session, col

from domain.customer_context import STAFF, in_order, merged
from models.context import CustomerContext, KnownContact
from models.facts import ContextFreshness
from models.tables import Contact, ContextRow, Customer, FollowUpRow, table_of
from models.vocabulary import Status

# What people like to know, and no letter depends on.
_BY_THE_WAY = frozenset({"arr", "nps", "health", "csm_name", "csm_email", "renewal_on"})
_rows = table_of(ContextRow).c
_OF_CUSTOMER = select(
    _rows.source, _rows.body, _rows.fetched_at, _rows.tried_at, _rows.failing_since
).where(_rows.customer_id == bindparam("customer_id"))


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a customer beyond the register, and how fresh the connected part is."""

    context: CustomerContext
    freshness: ContextFreshness


_NOTHING = Known(CustomerContext(), ContextFreshness())


def known(session: Session, customer: Customer, connected: str, today: date) -> Known:
    """What our people and the `connected` system (empty for none) say of the customer.

    What another system said that is connected no more is left out.
    """
    if not connected and not customer.context_revision:
        return _NOTHING
    said: dict[str, CustomerContext] = {}
    freshness = ContextFreshness(connected=connected)
    for source, body, fetched_at, tried_at, failing_since in session.execute(
        _OF_CUSTOMER, {"customer_id": customer.id}
    ):
        if source in (STAFF, connected):
            said[source] = _read(body)
        if source == connected:
            freshness = ContextFreshness(connected, fetched_at, tried_at, failing_since)
    return Known(merged(in_order(said), today), freshness)


def said_by(session: Session, customer_id: str, source: str) -> CustomerContext:
    """What that source alone says of the customer."""
    row = session.get(ContextRow, (customer_id, source))
    return _read(row.body) if row else CustomerContext()


def rows_of(session: Session, customer_id: str) -> list[ContextRow]:
    """Every source's row of the customer, our own people's first."""
    query = select(ContextRow).where(col(ContextRow.customer_id) == customer_id)
    rows = session.execute(query).scalars().all()
    return sorted(rows, key=lambda row: (row.source != STAFF, row.source))


def keep(
    session: Session, customer: Customer, source: str, context: CustomerContext, at: datetime
) -> bool:
    """Take over what `source` says now; True when it differs in what letters depend on.

    Contacts it names are added to the customer's own, and those it no longer names leave again if
    nobody else brought them.
    """
    row = session.get(ContextRow, (customer.id, source)) or ContextRow(
        customer_id=customer.id, source=source
    )
    before = row.body
    row.body = context.model_dump(mode="json", exclude_none=True, exclude={"contacts"})
    row.fetched_at = row.tried_at = at
    row.failing_since, row.problem = None, ""
    session.add(row)
    changed = _what_acts(before) != _what_acts(row.body)
    if context.contacts is not None:
        changed |= _take_contacts(session, customer.id, source, context.contacts)
    if changed:
        touch(session, customer)
    return changed


def _what_acts(body: dict[str, object]) -> dict[str, object]:
    acting = {name: value for name, value in body.items() if name not in _BY_THE_WAY}
    lapsing = acting.pop("until", None)
    lapsing = lapsing if isinstance(lapsing, dict) else {}
    if until := {name: day for name, day in lapsing.items() if name not in _BY_THE_WAY}:
        acting["until"] = until
    return acting


def keep_failure(
    session: Session, customer_id: str, source: str, problem: str, at: datetime
) -> bool:
    """Note that `source` did not answer; True when it had answered the time before."""
    row = session.get(ContextRow, (customer_id, source)) or ContextRow(
        customer_id=customer_id, source=source
    )
    is_news = row.failing_since is None
    row.tried_at, row.problem = at, problem
    row.failing_since = row.failing_since or at
    session.add(row)
    return is_news


def touch(session: Session, customer: Customer) -> None:
    """Have every letter on its way to the customer looked at anew."""
    # Counted by the database: two who change something at once must both be seen.
    session.flush()
    one_more = update(Customer).where(col(Customer.id) == customer.id)
    session.execute(
        one_more.values(context_revision=col(Customer.context_revision) + 1),
        execution_options={"synchronize_session": False},
    )
    session.refresh(customer, ["context_revision"])


def running_invoices(session: Session, customer_id: str) -> list[str]:
    """The customer's invoices that are followed up, to be told that something changed."""
    query = select(col(FollowUpRow.invoice_id)).where(
        col(FollowUpRow.customer_id) == customer_id, col(FollowUpRow.status) != Status.CLOSED
    )
    return list(session.execute(query.order_by(col(FollowUpRow.invoice_id))).scalars())


def _take_contacts(
    session: Session, customer_id: str, source: str, named: Iterable[KnownContact]
) -> bool:
    query = select(Contact).where(col(Contact.customer_id) == customer_id)
    there = {one.email.casefold(): one for one in session.execute(query).scalars()}
    changed = False
    kept = set()
    for contact in named:
        address = contact.email.casefold()
        if address in kept:
            continue
        kept.add(address)
        known_one = there.get(address)
        if known_one is None:
            said = contact.model_dump()
            session.add(Contact(customer_id=customer_id, source=source, **said))
            changed = True
        elif known_one.source == source:
            for name in ("name", "phone", "role"):
                value = getattr(contact, name)
                changed |= getattr(known_one, name) != value
                setattr(known_one, name, value)
            session.add(known_one)
    for address, one in there.items():
        if one.source == source and address not in kept:
            session.delete(one)
            changed = True
    session.flush()
    return changed


def _read(body: dict[str, object]) -> CustomerContext:
    """What was kept, as far as this version understands it: a field it does not know is left."""
    try:
        return CustomerContext.model_validate(body)
    except ValidationError as wrong:
        unread = {str(error["loc"][0]) for error in wrong.errors() if error["loc"]}
        return CustomerContext.model_validate(
            {name: value for name, value in body.items() if name not in unread}
        )


def failing_count(session: Session, source: str) -> int:
    """Of how many customers `source` has not answered lately."""
    query = select(func.count()).where(
        col(ContextRow.source) == source, col(ContextRow.failing_since).is_not(None)
    )
    return int(session.execute(query).scalar_one())
