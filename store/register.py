"""The register in our database: taking a ledger in, and finding what its follow-ups must hear."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Self, TypeVar

from sqlmodel import Session, col, select, update

from domain.places import usual_language, usual_zone
from models.events import PaymentReceived
from models.ledger import ContactRow, CustomerRow, InvoiceRow, PaymentRow
from models.tables import Contact, Customer, FollowUpRow, Invoice
from models.vocabulary import InvoiceStatus, Reason, Status
from store import contexts, ledger

_CUSTOMER_SAYS = (
    "name",
    "country",
    "zone",
    "language",
    "segment",
    "owner_name",
    "owner_email",
)
_INVOICE_SAYS = ("number", "currency", "issued_on", "due_on")
_INVOICE_MAY_SAY = ("purchase_order", "terms", "payment_link")


# PostgreSQL takes at most 65,535 parameters in a statement, SQLite half as many.
_CHUNK = 10_000

_Row = TypeVar("_Row", Customer, Invoice)


@dataclass
class Taken:
    """What taking rows in has changed.

    `orphans` name a customer or invoice that is not there. `moved` are invoices left as they were
    because their rows name another customer than before. `unplaced` are payments, booked, of which
    money was too much or in another currency.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    orphans: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)

    def __iadd__(self, other: Self) -> Self:
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.orphans += other.orphans
        self.moved += other.moved
        self.unplaced += other.unplaced
        return self


def add_customers(session: Session, rows: Iterable[CustomerRow]) -> set[str]:
    """Add the customers that are not there yet; returns their ids. Others stay as they are."""
    latest = {row.id: row for row in rows}
    there = {one.id for one in _by_id(session, Customer, latest)}
    for customer_id in latest.keys() - there:
        session.add(_new_customer(latest[customer_id]))
    session.flush()
    return latest.keys() - there


def take_customers(
    session: Session, rows: Iterable[CustomerRow], added: Container[str] = frozenset()
) -> Taken:
    """Add or update customers. What a row leaves empty stays as it is.

    Those just `added` count as new, whatever their later rows say.
    """
    taken = Taken()
    latest = {row.id: row for row in rows}
    new = add_customers(session, latest.values())
    for known in _by_id(session, Customer, latest):
        is_new = known.id in new or known.id in added
        counted = Taken() if is_new else taken
        if _apply(known, _customer_changes(known, latest[known.id]), counted):
            _look_again(session, known)
        taken.new += is_new
        session.add(known)
    session.flush()
    return taken


def _customer_changes(known: Customer, row: CustomerRow) -> dict[str, object]:
    said = {name: value for name in _CUSTOMER_SAYS if (value := getattr(row, name))}
    changes = _implied_by_country(known, row.country) | said
    if row.tags:
        changes["tags"] = list(row.tags)
    if row.strategic or row.strategic_is_said:
        changes["strategic"] = row.strategic
    return changes


def _implied_by_country(known: Customer, country: str) -> dict[str, object]:
    """Zone and language of the country that now comes, as far as they were the old one's."""
    if not country or country == known.country:
        return {}
    implied: dict[str, object] = {}
    if known.zone == usual_zone(known.country):
        implied["zone"] = usual_zone(country)
    if known.language == usual_language(known.country):
        implied["language"] = usual_language(country)
    return implied


def _new_customer(row: CustomerRow) -> Customer:
    return Customer(
        id=row.id,
        name=row.name or row.id,
        country=row.country,
        zone=row.zone or usual_zone(row.country),
        language=row.language or usual_language(row.country),
        segment=row.segment,
        tags=list(row.tags),
        strategic=row.strategic,
        owner=row.owner_email.partition("@")[0] or row.owner_name,
        owner_name=row.owner_name,
        owner_email=row.owner_email,
    )


def take_contacts(session: Session, rows: Iterable[ContactRow]) -> Taken:
    """Add or update contacts, known by customer and address, in capitals or not.

    Follow-ups that wait for an address or a signature are to be told: their invoices count as
    changed.
    """
    taken = Taken()
    latest = {(row.customer_id, row.email.casefold()): row for row in rows}
    parents = {one.id: one for one in _by_id(session, Customer, {row[0] for row in latest})}
    there = {
        (one.customer_id, one.email.casefold()): one
        for chunk in _chunks(parents)
        for one in session.exec(select(Contact).where(col(Contact.customer_id).in_(chunk)))
    }
    for key, row in latest.items():
        if row.customer_id not in parents:
            taken.orphans.append(row.customer_id)
            continue
        known = there.get(key)
        if known is None:
            session.add(
                Contact(
                    customer_id=row.customer_id,
                    email=row.email,
                    name=row.name,
                    phone=row.phone,
                    role=row.role,
                )
            )
            _look_again(session, parents[row.customer_id])
            taken.new += 1
            continue
        if _apply(known, {"name": row.name, "phone": row.phone, "role": row.role}, taken):
            _look_again(session, parents[row.customer_id])
        known.source = ""  # the register names them too: no other source may take them away
        session.add(known)
    session.flush()
    return taken


def _look_again(session: Session, customer: Customer) -> None:
    """What was written, or waits, for this customer may be for somebody else by now."""
    contexts.touch(session, customer)
    waiting = select(col(FollowUpRow.invoice_id)).where(
        FollowUpRow.customer_id == customer.id,
        col(FollowUpRow.reason).in_((Reason.NO_ADDRESS, Reason.NEEDS_APPROVAL)),
    )
    session.exec(
        update(Invoice)
        .where(col(Invoice.id).in_(waiting))
        .values(revision=col(Invoice.revision) + 1)
    )


def take_invoices(
    session: Session,
    rows: Iterable[InvoiceRow],
    *,
    source: str = "",
    as_of: datetime | None = None,
) -> Taken:
    """Add or update invoices; each change raises the invoice's revision.

    What was said as of a moment before what is known changes nothing. A balance
    counts when the register states a new one, and never beyond what the payments booked here leave
    open. A row that names another customer than before is not taken: the follow-up runs under the
    customer it began with.
    """
    taken = Taken()
    latest = {row.id: row for row in rows}
    there = {one.id: one for one in _by_id(session, Invoice, latest)}
    customers = {row.customer_id for row in latest.values()}
    parents = {one.id for one in _by_id(session, Customer, customers)}
    for row in latest.values():
        if row.customer_id not in parents:
            taken.orphans.append(row.id)
            continue
        known = there.get(row.id)
        if known is None:
            _new_invoice(session, row, source, as_of)
            taken.new += 1
        elif _is_outdated(session, known, row, as_of):
            is_news = ledger.restate(session, known, row, source=source, as_of=as_of)
            known.revision += is_news
            taken.changed += is_news
            taken.unchanged += not is_news
        elif known.customer_id != row.customer_id:
            taken.moved.append(row.id)
        else:
            is_news = _update_invoice(session, known, row, source, as_of)
            taken.changed += is_news
            taken.unchanged += not is_news
    session.flush()
    return taken


def _is_outdated(session: Session, known: Invoice, row: InvoiceRow, as_of: datetime | None) -> bool:
    if as_of is None:
        return False
    ledger.lock(session, known)
    return ledger.is_outdated(known, row.status, as_of)


def _update_invoice(
    session: Session, known: Invoice, row: InvoiceRow, source: str, as_of: datetime | None
) -> bool:
    changes: dict[str, object] = {name: getattr(row, name) for name in _INVOICE_SAYS}
    changes |= {name: value for name in _INVOICE_MAY_SAY if (value := getattr(row, name))}
    is_news = ledger.restate(session, known, row, source=source, as_of=as_of)
    is_news |= _apply(known, changes, Taken())
    known.revision += is_news
    session.add(known)
    return is_news


def _new_invoice(session: Session, row: InvoiceRow, source: str, as_of: datetime | None) -> None:
    invoice = Invoice(
        id=row.id,
        number=row.number,
        customer_id=row.customer_id,
        currency=row.currency,
        amount=row.amount,
        amount_open=row.amount,
        issued_on=row.issued_on,
        due_on=row.due_on,
        status=InvoiceStatus.OPEN,
        purchase_order=row.purchase_order,
        terms=row.terms,
        payment_link=row.payment_link,
    )
    session.add(invoice)
    ledger.restate(session, invoice, row, source=source, as_of=as_of)


def take_payments(session: Session, rows: Iterable[PaymentRow], at: datetime) -> Taken:
    """Book payments that are not booked yet, and raise their invoices' revisions.

    A row names its invoice by id, or by number where only one invoice has that number. Of one that
    settles its invoice only what is still open is booked.
    """
    taken = Taken()
    rows = list(rows)
    there = _named(session, {row.invoice_id for row in rows})
    for row in rows:
        invoice = there.get(row.invoice_id)
        if invoice is None:
            taken.orphans.append(row.id)
            continue
        is_new = _take_payment(session, invoice, row, at, taken)
        taken.new += is_new
        taken.unchanged += not is_new
        invoice.revision += is_new
    session.flush()
    return taken


def _take_payment(
    session: Session, invoice: Invoice, row: PaymentRow, at: datetime, taken: Taken
) -> bool:
    payment = PaymentReceived(
        event_id=row.id,
        payment_id=row.id,
        amount=row.amount,
        currency=row.currency,
        received_on=row.received_on,
        method=row.method,
        source="ledger",
    )
    if row.settles:
        return ledger.call_settled(session, invoice, payment, at)
    booked = ledger.book_payment(session, invoice, payment, at)
    if booked is not None and booked.applied < booked.amount:
        taken.unplaced.append(booked.id)
    return booked is not None


def named(session: Session, names: Sequence[str]) -> Invoice | None:
    """The invoice that goes by the first of these names, an id or a number of one invoice only,
    that anything goes by."""
    found = _named(session, set(names))
    return next((found[name] for name in names if name in found), None)


def _named(session: Session, names: set[str]) -> dict[str, Invoice]:
    by_id = {one.id: one for one in _by_id(session, Invoice, names)}
    by_number: dict[str, list[Invoice]] = {}
    for chunk in _chunks(names - by_id.keys()):
        for one in session.exec(select(Invoice).where(col(Invoice.number).in_(chunk))):
            by_number.setdefault(one.number, []).append(one)
    return by_id | {number: same[0] for number, same in by_number.items() if len(same) == 1}


def mark_disputed(session: Session, invoice_ids: Iterable[str]) -> None:
    """Note that these invoices came as contested; their follow-ups begin with a dispute.

    The revision of those that were not marked before is raised, for follow-ups that run already.
    """
    for chunk in _chunks(invoice_ids):
        session.exec(
            update(Invoice)
            .where(col(Invoice.id).in_(chunk), col(Invoice.disputed).is_(False))
            .values(disputed=True, revision=col(Invoice.revision) + 1)
        )


def _by_id(session: Session, table: type[_Row], ids: Iterable[str]) -> list[_Row]:
    return [
        one
        for chunk in _chunks(ids)
        for one in session.exec(select(table).where(col(table.id).in_(chunk)))
    ]


def _chunks(ids: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(ids)
    while chunk := list(islice(remaining, _CHUNK)):
        yield chunk


def _apply(known: object, changes: dict[str, object], taken: Taken) -> bool:
    news = {name: value for name, value in changes.items() if getattr(known, name) != value}
    for name, value in news.items():
        setattr(known, name, value)
    taken.changed += bool(news)
    taken.unchanged += not news
    return bool(news)


def untold(session: Session, after: str, limit: int) -> Sequence[tuple[Invoice, FollowUpRow]]:
    """Invoices that changed since their running follow-up last looked, by id, beyond `after`."""
    return session.exec(
        select(Invoice, FollowUpRow)
        .join(FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id))
        .where(
            col(FollowUpRow.status) != Status.CLOSED,
            col(FollowUpRow.seen_revision) < col(Invoice.revision),
            col(Invoice.id) > after,
        )
        .order_by(col(Invoice.id))
        .limit(limit)
    ).all()
