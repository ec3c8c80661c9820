"""Open invoices that nobody follows up yet."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlmodel import Session, col

from domain.exchange import Rates
from domain.segmentation import policy_for
from models.facts import Facts
from models.segments import InvoiceProfile, Segments
from models.tables import Customer, FollowUpRow, Invoice
from models.vocabulary import InvoiceStatus, Outcome, Status
from store.facts import customer_facts, invoice_facts

_MAY_COME_BACK = (Outcome.PAID, Outcome.CREDITED, Outcome.VOIDED)

Cursor = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """An open invoice about to be followed up, in which round and under which policy."""

    invoice: Invoice
    customer: Customer
    facts: Facts
    policy: str
    round: int

    @property
    def cursor(self) -> Cursor:
        """Where it stands in the order in which entries are read."""
        return self.invoice.customer_id, self.invoice.currency, self.invoice.id


def entries(
    session: Session, after: Cursor, limit: int, rates: Rates, segments: Segments
) -> list[Entry]:
    """The next entries in the order of customer, currency and invoice.

    An invoice whose round ended with its payment, credit or voiding and that is open again enters
    a new round; what was written off or given to an agency stays where it is.
    """
    place = tuple_(col(Invoice.customer_id), col(Invoice.currency), col(Invoice.id))
    beyond = tuple_(*(literal(part) for part in after))
    rows = session.execute(
        select(Invoice, Customer, FollowUpRow)
        .join(Customer, col(Customer.id) == col(Invoice.customer_id))
        .outerjoin(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(
            _not_followed_up(),
            place > beyond,
        )
        .order_by(col(Invoice.customer_id), col(Invoice.currency), col(Invoice.id))
        .limit(limit)
    ).all()
    return [_entry(invoice, customer, row, rates, segments) for invoice, customer, row in rows]


def _not_followed_up() -> ColumnElement[bool]:
    return and_(
        col(Invoice.status) == InvoiceStatus.OPEN,
        or_(
            col(FollowUpRow.invoice_id).is_(None),
            and_(
                col(FollowUpRow.status) == Status.CLOSED,
                col(FollowUpRow.outcome).in_(_MAY_COME_BACK),
            ),
        ),
    )


def entry_count(session: Session) -> int:
    """How many entries there are."""
    counting = (
        select(func.count(col(Invoice.id)))
        .outerjoin(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(_not_followed_up())
    )
    return int(session.execute(counting).scalar_one())


def _entry(
    invoice: Invoice,
    customer: Customer,
    row: FollowUpRow | None,
    rates: Rates,
    segments: Segments,
) -> Entry:
    facts = Facts(
        invoice=invoice_facts(invoice, customer, rates), customer=customer_facts(customer)
    )
    profile = InvoiceProfile(
        segment=customer.segment,
        country=customer.country,
        currency=invoice.currency,
        tags=frozenset(customer.tags),
        strategic=customer.strategic,
        base_amount=rates.in_base(invoice.amount, invoice.currency),
    )
    return Entry(
        invoice=invoice,
        customer=customer,
        facts=facts,
        policy=policy_for(profile, segments),
        round=row.round + 1 if row else 1,
    )


def planned_letters(session: Session, today: date) -> dict[str, dict[date, int]]:
    """How many first letters of an earlier backlog wait for which day, by policy."""
    letters = (
        select(
            col(FollowUpRow.policy),
            col(FollowUpRow.not_before),
            col(FollowUpRow.customer_id),
            col(Invoice.currency),
        )
        .join(Invoice, col(Invoice.id) == col(FollowUpRow.invoice_id))
        .where(col(FollowUpRow.not_before) >= today, col(FollowUpRow.status) != Status.CLOSED)
        .distinct()
        .subquery()
    )
    rows = session.execute(
        select(letters.c.policy, letters.c.not_before, func.count()).group_by(
            letters.c.policy, letters.c.not_before
        )
    ).all()
    planned: dict[str, dict[date, int]] = defaultdict(dict)
    for policy, day, letters in rows:
        planned[policy][day] = letters
    return dict(planned)


def running_ids(session: Session, after: str, limit: int) -> Sequence[str]:
    """Invoices whose follow-up is not closed, by id, beyond `after`."""
    return (
        session.execute(
            select(col(FollowUpRow.invoice_id))
            .where(col(FollowUpRow.status) != Status.CLOSED, col(FollowUpRow.invoice_id) > after)
            .order_by(col(FollowUpRow.invoice_id))
            .limit(limit)
        )
        .scalars()
        .all()
    )


def running_count(session: Session) -> int:
    """How many follow-ups are not closed."""
    counting = select(func.count(col(FollowUpRow.invoice_id)))
    running = counting.where(col(FollowUpRow.status) != Status.CLOSED)
    return int(session.execute(running).scalar_one())
