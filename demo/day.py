"""One day of the demo: who acts, what the billing system issues, what staff do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import singledispatch
from itertools import count

from sqlmodel import Session, col, select

from demo import instalments
from demo.acts import Act, Dispute, InvoiceMemory, Pause, Pay, Promise, Resolve, Resume
from demo.staff import Staff
from demo.town import Town
from demo.worlds import World, lowered
from integrations.temporal.follow_ups import FollowUps
from integrations.temporal.schedule import SCHEDULE_ID
from models import events
from models.errors import FollowUpClosed
from models.ledger import InvoiceRow, PaymentRow
from models.tables import Customer, FollowUpRow, Invoice, Message, Task, Touch
from models.vocabulary import TaskKind, TouchOutcome
from store import register

_STAFF = "Robin Vale"
_REACHED = (TouchOutcome.SENT, TouchOutcome.COVERED)


@dataclass
class Story:
    """What has happened so far that no table says: acts, and acts that have to wait because the
    invoice is not followed up yet."""

    acts: dict[str, list[tuple[date, Act]]] = field(default_factory=dict)
    waiting: list[tuple[InvoiceRow, Act, date]] = field(default_factory=list)
    ignored: int = 0


class Days:
    """Lives the world's days in the town, through the doors that a real firm would use: the
    register, its scan, and signals."""

    def __init__(self, town: Town, world: World, follow_ups: FollowUps) -> None:
        self._town = town
        self._world = world
        self._follow_ups = follow_ups
        self._numbers = count(1)
        self._staff = Staff(town, world, follow_ups)
        self.story = Story()

    def found_the_firm(self) -> None:
        """Put customers, contacts and the invoices of the first day into the register."""
        world = self._world
        flags = {one.customer_id: one for one in world.flags}
        with self._town.database.writing() as session:
            register.take_customers(session, world.customers)
            for customer in session.exec(select(Customer)).all():
                if (flag := flags.get(customer.id)) is not None:
                    customer.subdivision = flag.subdivision
                    customer.contract_clauses = list(flag.contract_clauses)
                    customer.insolvent = flag.insolvent
                    session.add(customer)
            register.take_contacts(session, world.contacts)
            known = [one for one in world.invoices if one.issued_on <= world.begins]
            register.take_invoices(session, [*known, *(row for row, _ in world.past)])
            paid = [_past_payment(row, on) for row, on in world.past]
            at = datetime.combine(world.begins, datetime.min.time(), tzinfo=UTC)
            register.take_payments(session, paid, at)

    async def morning(self, day: date) -> None:
        """What customers, banks and staff do before business hours."""
        for invoice, act, since in self._take_waiting():
            await self._happens(invoice, act, since)
        for invoice, act in self._world.acts_on(day, self._memories()):
            self.story.acts.setdefault(invoice.id, []).append((day, act))
            await self._happens(invoice, act, day)
        await self._pay_instalments(day)
        await self._staff.morning(day)
        await self._mend_contacts()

    async def opening(self, day: date) -> int:
        """The billing system issues the day's invoices, and the register is scanned; returns how
        many were issued."""
        issued = [one for one in self._world.invoices if one.issued_on == day]
        if day > self._world.begins:
            with self._town.database.writing() as session:
                register.take_invoices(session, issued)
        await self._town.client.get_schedule_handle(SCHEDULE_ID).trigger()
        return len(issued)

    def _take_waiting(self) -> list[tuple[InvoiceRow, Act, date]]:
        waiting, self.story.waiting = self.story.waiting, []
        return waiting

    async def _happens(self, invoice: InvoiceRow, act: Act, day: date) -> None:
        event = _event(act, invoice, day, f"demo/{next(self._numbers)}")
        try:
            await self._follow_ups.tell(invoice.id, event)
        except FollowUpClosed:
            with self._town.database.reading() as session:
                is_followed = session.get(FollowUpRow, invoice.id) is not None
            if is_followed:
                self.story.ignored += 1
            else:
                self.story.waiting.append((invoice, act, day))
            return
        if isinstance(act, Resolve) and act.credit:
            with self._town.database.writing() as session:
                known = session.get_one(Invoice, invoice.id)
                row = lowered(invoice, invoice.amount - known.amount + act.credit)
                register.take_invoices(session, [row])
            change = events.InvoiceChanged(event_id=f"credit/{next(self._numbers)}")
            await self._follow_ups.tell(invoice.id, change)

    async def _pay_instalments(self, day: date) -> None:
        """Customers on a payment plan pay as they do."""
        with self._town.database.reading() as session:
            coming = list(instalments.due(session, day))
        for invoice, pay in coming:
            event = _pay(pay, invoice, day, f"demo/{next(self._numbers)}")
            try:
                await self._follow_ups.tell(invoice.id, event)
            except FollowUpClosed:
                self.story.ignored += 1

    async def _mend_contacts(self) -> None:
        """Staff find the right address of customers whose letters bounced."""
        with self._town.database.writing() as session:
            stuck = session.exec(
                select(Task.customer_id).where(
                    Task.kind == TaskKind.FIX_CONTACT, col(Task.closed_at).is_(None)
                )
            ).all()
            mended = [self._world.mended[one] for one in set(stuck) if one in self._world.mended]
            register.take_contacts(session, mended)
            changed = [invoice for invoice, _ in register.untold(session, "", 1000)]
        for invoice in changed if mended else ():
            change = events.InvoiceChanged(event_id=f"mended/{invoice.id}/{invoice.revision}")
            try:
                await self._follow_ups.tell(invoice.id, change)
            except FollowUpClosed:
                self.story.ignored += 1

    def _memories(self) -> Mapping[str, InvoiceMemory]:
        with self._town.database.reading() as session:
            letters = _letters(session)
            rows = session.exec(
                select(Invoice, FollowUpRow).join(
                    FollowUpRow, col(FollowUpRow.invoice_id) == col(Invoice.id)
                )
            ).all()
        return {
            invoice.id: InvoiceMemory(
                amount_open=invoice.amount_open,
                letters=tuple(letters.get(invoice.id, ())),
                calls=tuple(self._staff.calls.get(invoice.id, ())),
                acts=tuple(self.story.acts.get(invoice.id, ())),
                status=row.status,
            )
            for invoice, row in rows
            if row.plan_id is None  # who is on a plan pays by it
        }


def _past_payment(row: InvoiceRow, on: date) -> PaymentRow:
    return PaymentRow(
        id=f"past/{row.id}",
        invoice_id=row.id,
        currency=row.currency,
        amount=row.amount,
        received_on=on,
    )


def _letters(session: Session) -> dict[str, list[tuple[str, date]]]:
    found: dict[str, list[tuple[str, date]]] = {}
    touches = session.exec(
        select(col(Touch.invoice_id), col(Touch.step), col(Touch.on))
        .join(Message, col(Message.key) == col(Touch.message_key))
        .where(col(Touch.outcome).in_(_REACHED), col(Message.sent_at).is_not(None))
    )
    for invoice_id, step, on in touches:
        found.setdefault(invoice_id, []).append((step, on))
    return found


@singledispatch
def _event(act: Act, invoice: InvoiceRow, day: date, event_id: str) -> events.Event:
    raise TypeError(f"nobody knows what to do about {act!r}")


@_event.register
def _pay(act: Pay, invoice: InvoiceRow | Invoice, day: date, event_id: str) -> events.Event:
    return events.PaymentReceived(
        event_id=event_id,
        payment_id=event_id,
        amount=act.amount,
        currency=invoice.currency,
        received_on=day,
        method=act.method,
        source="bank",
    )


@_event.register
def _dispute(act: Dispute, invoice: InvoiceRow, day: date, event_id: str) -> events.Event:
    del invoice, day
    return events.DisputeOpened(
        event_id=event_id, amount=act.amount, code=act.code, note=act.note, by="customer"
    )


@_event.register
def _resolve(act: Resolve, invoice: InvoiceRow, day: date, event_id: str) -> events.Event:
    del invoice, day
    return events.DisputeResolved(event_id=event_id, in_favour_of=act.in_favour_of, by=_STAFF)


@_event.register
def _promise(act: Promise, invoice: InvoiceRow, day: date, event_id: str) -> events.Event:
    del invoice, day
    return events.PromiseMade(
        event_id=event_id, pay_on=act.pay_on, amount=act.amount, method=act.method, by="customer"
    )


@_event.register
def _pause(act: Pause, invoice: InvoiceRow, day: date, event_id: str) -> events.Event:
    del invoice, day
    return events.Pause(event_id=event_id, until=act.until, note=act.note, by=_STAFF)


@_event.register
def _resume(act: Resume, invoice: InvoiceRow, day: date, event_id: str) -> events.Event:
    del invoice, day
    return events.Resume(event_id=event_id, note=act.note, by=_STAFF)
