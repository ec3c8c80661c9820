"""A firm in a test: real workflows on a real server with a clock that skips, a real database, and
an outbox that can be looked into."""

import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.crew import Connections, Crew
from activities.rulebook import Rulebook
from domain.banking_days import Place
from domain.customer_context import STAFF as STAFF_SOURCE
from domain.letter_writing import Stationery
from integrations.alerts.mail import MailAlerts
from integrations.crm.source import ContextSource
from integrations.letters.letters import Letters
from integrations.service.switch import ServiceSwitch
from integrations.temporal.follow_ups import FollowUps
from integrations.temporal.intake import start_intake
from integrations.temporal.rounds import start_rounds
from integrations.webhooks.configured import translate
from models import events
from models.clock import Clock
from models.follow_up import FollowUp, FollowUpState
from models.intake import IntakeOrder, intake_queue
from models.ledger import InvoiceRow
from models.letter import Firm
from models.rounds import RoundsOrder
from models.tables import (
    Contact,
    Customer,
    Draft,
    Invoice,
    Message,
    Payment,
    Task,
    TimelineEntry,
    Touch,
)
from models.vocabulary import InvoiceStatus, Method, Outcome, TouchOutcome
from store import contexts, policies, register, timeline
from store.database import Database
from store.escalation import Superiors
from store.policies import PolicyFiles
from tests.fake_outbox import FakeOutbox
from worker import workflow_runner
from workflows.intake import Intake
from workflows.invoice_follow_up import InvoiceFollowUp
from workflows.register_scan import RegisterScan
from workflows.staff_rounds import StaffRounds

ROOT = Path(__file__).parent.parent
FIRM = Firm(
    name="Harbour Supplies",
    address="1 Quay Street, Boston",
    sender_name="Robin Vale",
    sender_email="ar@harbour.example",
    reply_to="ar@harbour.example",
)
STAFF = "staff@harbour.example"
BACKUP = "backup@harbour.example"
MANAGER = "manager@harbour.example"
LEADERS = "leaders@harbour.example"


class Harness:
    """One firm; its first day is `begins`, at 06:00 UTC."""

    def __init__(
        self, env: WorkflowEnvironment, database: Database, clock: Clock, country: str = "US"
    ) -> None:
        self.env = env
        self.client: Client = env.client
        self.database = database
        self.clock = clock
        self.outbox = FakeOutbox()
        self.country = country
        self.task_queue = f"test-{uuid.uuid4()}"
        self.files = PolicyFiles(ROOT / "policies", "USD")
        self.follow_ups = FollowUps(env.client, self.task_queue)
        self.letters = Letters(ROOT / "templates")
        self.connect()
        self._worker: Worker | None = None
        self._intake: Worker | None = None
        self._events = 0

    def connect(
        self, context: ContextSource | None = None, service: ServiceSwitch | None = None
    ) -> None:
        """Connect these beside the mail server; before the worker starts."""
        self.rulebook = Rulebook(
            self.files,
            Place(self.country),
            zone="America/New_York",
            staff=STAFF,
            connected=context.name if context else "",
        )
        channel = MailAlerts(self.outbox, FIRM)
        self.crew = Crew.of(
            self.database,
            self.rulebook,
            self.letters,
            self.outbox,
            Stationery(FIRM),
            self.follow_ups,
            Connections(channel, context, service),
            Superiors(STAFF, BACKUP, MANAGER),
            LEADERS,
            translate,
        )

    async def start_rounds(self, every: timedelta = timedelta(hours=1)) -> None:
        """Have the rounds among our own people go on."""
        order = RoundsOrder(clock=self.clock, every=every)
        await start_rounds(self.client, self.task_queue, order)

    async def start_worker(self, **options: Any) -> None:
        """Let work be done."""
        self._worker = Worker(
            self.client,
            task_queue=self.task_queue,
            workflows=[InvoiceFollowUp, RegisterScan, StaffRounds],
            activities=self.crew.activities,
            workflow_runner=workflow_runner(),
            **options,
        )
        await self._worker.__aenter__()

    async def start_intake(self, every: timedelta = timedelta(days=1)) -> None:
        """Have what comes in read, and told to the follow-ups."""
        await start_intake(self.client, self.task_queue, IntakeOrder(clock=self.clock, every=every))
        self._intake = Worker(
            self.client,
            task_queue=intake_queue(self.task_queue),
            workflows=[Intake],
            activities=self.crew.for_the_intake,
            workflow_runner=workflow_runner(),
        )
        await self._intake.__aenter__()

    async def stop_intake(self) -> None:
        """Nobody reads what comes in until `start_intake`."""
        if self._intake is not None:
            await self._intake.__aexit__(None, None, None)
            self._intake = None

    async def stop_worker(self) -> None:
        """Nobody works until `start_worker`."""
        if self._worker is not None:
            await self._worker.__aexit__(None, None, None)
            self._worker = None

    async def now(self) -> datetime:
        """Business time."""
        return self.clock.business(await self.env.get_current_time())

    async def add_customer(
        self, customer_id: str = "ACME", email: str = "ap@acme.example", **more: Any
    ) -> Customer:
        """A customer with one contact at accounts payable."""
        values = {
            "name": f"{customer_id.title()} Inc.",
            "country": "US",
            "zone": "America/New_York",
        }
        customer = Customer(id=customer_id, **(values | more))
        contacts = [Contact(customer_id=customer_id, email=email, name="Sam Lee")] if email else []

        def add(session: Any) -> None:
            session.add(customer)
            session.flush()
            session.add_all(contacts)

        await self.database.write(add)
        return customer

    async def add_invoice(
        self,
        invoice_id: str = "INV-1",
        amount: str = "5000.00",
        due: date = date(2026, 3, 2),
        customer_id: str = "ACME",
        currency: str = "USD",
        **more: Any,
    ) -> Invoice:
        """An open invoice, not followed up yet."""
        invoice = Invoice(
            id=invoice_id,
            number=invoice_id,
            customer_id=customer_id,
            currency=currency,
            amount=Decimal(amount),
            amount_open=Decimal(amount),
            issued_on=due - timedelta(days=30),
            due_on=due,
            status=InvoiceStatus.OPEN,
            **more,
        )
        await self.database.write(lambda session: session.add(invoice))
        return invoice

    async def follow_up(self, invoice: Invoice, policy: str = "standard", **more: Any) -> FollowUp:
        """Start the invoice's follow-up."""
        version = await self.database.write(lambda s: policies.pin(s, self.files, policy))
        follow_up = FollowUp(
            invoice_id=invoice.id,
            customer_id=invoice.customer_id,
            due_on=invoice.due_on,
            policy=policy,
            policy_version=version,
            clock=self.clock,
            **more,
        )
        await self.follow_ups.start(follow_up)
        return follow_up

    async def pass_days(self, days: float) -> None:
        """Let that much time go by."""
        await self._sleep(timedelta(days=days) / self.clock.rate)

    async def pass_until(self, day: date, hour: int = 23) -> None:
        """Let time go by until that hour (UTC) of `day`."""
        target = datetime.combine(day, time(hour), tzinfo=UTC)
        await self._sleep((target - await self.now()) / self.clock.rate)

    async def _sleep(self, duration: timedelta) -> None:
        if not self.env.supports_time_skipping:
            await self.env.sleep(duration)
            return
        # The clock stands still while anybody works: a busy day takes longer than the default.
        request = SleepRequest()
        request.duration.FromTimedelta(max(timedelta(0), duration))
        await self.client.test_service.unlock_time_skipping_with_sleep(
            request, timeout=timedelta(minutes=5)
        )

    def event_id(self) -> str:
        """A new id, as a sender would choose."""
        self._events += 1
        return f"test-{self._events}-{uuid.uuid4()}"

    async def pay(self, invoice_id: str = "INV-1", amount: str = "5000.00", **more: Any) -> str:
        """Signal a payment; returns its id."""
        values = {
            "event_id": self.event_id(),
            "payment_id": f"P-{self.event_id()}",
            "amount": Decimal(amount),
            "currency": "USD",
            "received_on": (await self.now()).date(),
            "method": Method.WIRE,
        }
        payment = events.PaymentReceived(**(values | more))
        await self.follow_ups.tell(invoice_id, payment)
        return payment.payment_id

    async def credit(self, invoice: Invoice, left: str) -> None:
        """The register says that so much of it is owed by now, and the follow-up hears of it."""
        row = InvoiceRow(
            id=invoice.id,
            number=invoice.number,
            customer_id=invoice.customer_id,
            currency=invoice.currency,
            amount=invoice.amount,
            amount_open=Decimal(left),
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
        )
        await self.database.write(lambda session: register.take_invoices(session, [row]))
        await self.tell(events.InvoiceChanged, invoice.id)

    async def tell(self, kind: type[Any], invoice_id: str = "INV-1", **values: Any) -> None:
        """Signal any event."""
        await self.follow_ups.tell(invoice_id, kind(event_id=self.event_id(), **values))

    async def decide(self, kind: type[Any], invoice_id: str = "INV-1", **values: Any) -> str:
        """Put a person's decision, and return what came of it."""
        act = kind(**({"event_id": self.event_id(), "by": "Robin Vale"} | values))
        return (await self.follow_ups.decide(invoice_id, act)).says

    async def flag(self, customer_id: str = "ACME", **said: Any) -> None:
        """Our people say something of a customer, and the follow-ups look again."""
        now = await self.now()

        def keep(session: Session) -> list[str]:
            customer = session.get_one(Customer, customer_id)
            known = contexts.said_by(session, customer_id, STAFF_SOURCE)
            contexts.keep(session, customer, STAFF_SOURCE, known.model_copy(update=said), now)
            return contexts.running_invoices(session, customer_id)

        for invoice_id in await self.database.write(keep):
            await self.tell(events.ContextChanged, invoice_id)

    async def has_paid(
        self, days_late: Sequence[int], customer_id: str = "ACME", until: date = date(2026, 1, 31)
    ) -> None:
        """Invoices of the past, each paid so many days after its due date, the latest last."""

        def add(session: Session) -> None:
            for number, late in enumerate(reversed(days_late)):
                due = until - timedelta(days=30 * number + late)
                invoice = Invoice(
                    id=f"OLD-{customer_id}-{number}",
                    number=f"OLD-{number}",
                    customer_id=customer_id,
                    currency="USD",
                    amount=Decimal(900),
                    amount_open=Decimal(0),
                    issued_on=due - timedelta(days=30),
                    due_on=due,
                    status=InvoiceStatus.PAID,
                )
                paid_on = due + timedelta(days=late)
                session.add(invoice)
                session.flush()
                session.add(
                    Payment(
                        id=f"paid/{invoice.id}",
                        invoice_id=invoice.id,
                        currency="USD",
                        amount=Decimal(900),
                        applied=Decimal(900),
                        received_on=paid_on,
                        recorded_at=datetime.combine(paid_on, time(12), tzinfo=UTC),
                    )
                )

        await self.database.write(add)

    async def told(self, recipient: str) -> list[str]:
        """The subjects of what one of our own people was told, in order."""
        return [one.letter.subject for one in self.outbox.alerts if one.to == recipient]

    async def told_of_the_day(self, recipient: str) -> list[str]:
        """Of those, the ones that gather the alerts of a day."""
        return [one for one in await self.told(recipient) if " for 20" in one]

    async def drafts(self, invoice_id: str = "INV-1") -> list[Draft]:
        """Every version of the invoice's drafts, the first one first."""
        rows: Sequence[Draft] = await self.rows(Draft, invoice_id=invoice_id)
        return sorted(rows, key=lambda row: (row.requested_at, row.version))

    async def state(self, invoice_id: str = "INV-1") -> FollowUpState:
        return await self.follow_ups.state(invoice_id)

    @property
    def sent(self) -> list[str]:
        """The steps whose letters left, in order: those of the carrying invoices."""
        return [one.message_id.split("/")[1] for one in self.outbox.sent]

    @property
    def sent_on(self) -> list[date]:
        return [one.dated.date() for one in self.outbox.sent]

    async def rows(self, table: type[Any], **where: Any) -> Sequence[Any]:
        """Rows of `table` where columns equal these."""

        def read(session: Any) -> Sequence[Any]:
            conditions = [col(getattr(table, name)) == value for name, value in where.items()]
            return list(session.exec(select(table).where(*conditions)))

        return await self.database.read(read)

    async def touches(self, invoice_id: str = "INV-1") -> list[tuple[str, TouchOutcome]]:
        rows = await self.rows(Touch, invoice_id=invoice_id)
        return [(row.step, row.outcome) for row in sorted(rows, key=lambda row: row.at)]

    async def tasks(self, invoice_id: str = "INV-1") -> list[Task]:
        return [task for task in await self.rows(Task, invoice_id=invoice_id) if not task.closed_at]

    async def messages(self) -> Sequence[Message]:
        return await self.rows(Message)

    async def lines(self, invoice_id: str = "INV-1") -> Sequence[TimelineEntry]:
        """The timeline, in order."""
        return await self.database.read(lambda s: timeline.entries(s, invoice_id))

    async def story(self, invoice_id: str = "INV-1") -> list[str]:
        """The timeline's codes, in order."""
        return [line.code for line in await self.lines(invoice_id)]

    async def outcome(self, invoice_id: str = "INV-1") -> Outcome:
        """Wait until the follow-up has ended; returns how."""
        handle = self.client.get_workflow_handle(f"invoice/{invoice_id}", result_type=Outcome)
        ended: Outcome = await handle.result()
        return ended


def starts_on(begins: date, real_now: datetime, seconds_a_day: float = 86_400) -> Clock:
    """A clock by which it is 06:00 UTC of `begins` at `real_now`."""
    return Clock(
        real_start=real_now,
        business_start=datetime.combine(begins, time(6), tzinfo=UTC),
        rate=86_400 / seconds_a_day,
        slack=timedelta(0) if seconds_a_day > 60 else timedelta(seconds=2),
    )


@asynccontextmanager
async def a_firm(
    env: WorkflowEnvironment,
    database: Database,
    begins: date,
    country: str = "US",
    seconds_a_day: float = 86_400,
) -> AsyncIterator[Harness]:
    """A firm at work from 06:00 UTC of `begins`."""
    clock = starts_on(begins, await env.get_current_time(), seconds_a_day)
    firm = Harness(env, database, clock, country)
    await firm.start_worker()
    try:
        yield firm
    finally:
        await firm.stop_intake()
        await firm.stop_worker()
