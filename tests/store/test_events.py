"""What happened counts once, however often it is told, and changes what it says it changes."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from models import events
from models.decision import TaskRequest
from models.tables import Dispute, FollowUpRow, Invoice, Payment, Promise, Task, TimelineEntry
from models.vocabulary import CallResult, InvoiceStatus, TaskKind
from store import tasks, timeline
from tests.store.chase import tell
from tests.store.rows import MORNING, TUESDAY, acme, add_invoice, follow


class Books:
    """One followed-up invoice over 5,000 dollars, and what is told about it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.invoice, self.row = acme(session)

    def tell(self, event: events.Event, invoice_id: str = "INV-1") -> bool:
        return tell(self.session, event, invoice_id)

    def all(self, table: type[Any]) -> list[Any]:
        return list(self.session.exec(select(table)))

    @property
    def told(self) -> list[TimelineEntry]:
        return [one for one in timeline.entries(self.session, "INV-1") if one.kind == "event"]

    @property
    def open_tasks(self) -> list[TaskKind]:
        return sorted(task.kind for task in tasks.open_tasks(self.session))


@pytest.fixture
def books(blank: Session) -> Books:
    return Books(blank)


def payment(**more: Any) -> events.PaymentReceived:
    values = {
        "event_id": "bank-1",
        "payment_id": "P-1",
        "amount": Decimal(2000),
        "currency": "USD",
        "received_on": date(2026, 3, 9),
    }
    return events.PaymentReceived(**(values | more))


EVERY_EVENT: list[events.Event] = [
    payment(event_id="once"),
    events.PaymentReversed(event_id="once", payment_id="P-0", reversed_on=TUESDAY),
    events.PaymentFailed(event_id="once", failed_on=TUESDAY),
    events.DisputeOpened(event_id="once", code="price"),
    events.DisputeResolved(event_id="once"),
    events.PromiseMade(event_id="once", pay_on=date(2026, 3, 20)),
    events.Pause(event_id="once", until=date(2026, 3, 20)),
    events.Resume(event_id="once"),
    events.InvoiceChanged(event_id="once"),
    events.CustomerReplied(event_id="once", received_at=MORNING),
    events.CallLogged(event_id="once", result=CallResult.REACHED),
    events.ContextChanged(event_id="once"),
]


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: event.kind)
def test_an_event_told_twice_is_applied_once(books: Books, event: events.Event) -> None:
    assert books.tell(event) is True
    after_one = [row.model_dump() for row in _everything(books)]

    assert books.tell(event) is False

    assert [row.model_dump() for row in _everything(books)] == after_one
    assert [line.code for line in books.told] == [event.kind]


def _everything(books: Books) -> list[Any]:
    tables = (Invoice, FollowUpRow, Payment, Dispute, Promise, Task, TimelineEntry)
    return [row for table in tables for row in books.all(table)]


def test_an_event_id_counts_for_each_invoice_by_itself(books: Books) -> None:
    follow(books.session, add_invoice(books.session, "INV-2"))
    change = events.ContextChanged(event_id="insolvency")

    assert books.tell(change, "INV-1") is True
    assert books.tell(change, "INV-2") is True
    assert books.tell(change, "INV-2") is False


def test_a_payment_told_under_two_event_ids_is_booked_once(books: Books) -> None:
    assert books.tell(payment(event_id="bank-1")) is True
    assert books.tell(payment(event_id="webhook-9")) is True

    assert books.all(Invoice)[0].amount_open == 3000
    assert len(books.all(Payment)) == 1


def test_too_much_money_closes_the_balance_and_the_rest_is_to_be_placed(books: Books) -> None:
    books.tell(payment(amount=Decimal(5200)))

    invoice = books.all(Invoice)[0]
    assert (invoice.amount_open, invoice.status) == (0, InvoiceStatus.PAID)
    [task] = books.all(Task)
    assert (task.kind, task.why.count("200")) == (TaskKind.PLACE_MONEY, 1)


def test_money_that_went_back_waits_no_longer_to_be_placed(books: Books) -> None:
    books.tell(payment(amount=Decimal(5200)))
    assert books.open_tasks == [TaskKind.PLACE_MONEY]

    books.tell(
        events.PaymentReversed(
            event_id="back", payment_id=books.all(Payment)[0].id, reversed_on=TUESDAY
        )
    )

    assert books.open_tasks == []


def test_a_payment_told_of_two_invoices_is_booked_on_the_first_and_the_second_is_asked_about(
    books: Books,
) -> None:
    follow(books.session, add_invoice(books.session, "INV-2"))
    books.tell(payment(event_id="1"), "INV-1")
    books.tell(payment(event_id="2"), "INV-2")

    assert {one.id: one.amount_open for one in books.all(Invoice)} == {"INV-1": 3000, "INV-2": 5000}
    [task] = books.all(Task)
    assert (task.kind, task.invoice_id) == (TaskKind.PLACE_MONEY, "INV-2")
    assert "INV-1" in task.why


def test_a_reversal_opens_the_amount_again(books: Books) -> None:
    books.tell(payment(amount=Decimal(5000)))
    books.tell(events.PaymentReversed(event_id="back", payment_id="P-1", reversed_on=TUESDAY))

    invoice = books.all(Invoice)[0]
    assert (invoice.amount_open, invoice.status) == (5000, InvoiceStatus.OPEN)
    assert books.all(Payment)[0].reversed_on == TUESDAY
    assert books.open_tasks == []


def test_a_reversal_of_an_unknown_payment_is_for_finance(books: Books) -> None:
    books.tell(events.PaymentReversed(event_id="back", payment_id="P-8", reversed_on=TUESDAY))

    assert books.all(Invoice)[0].amount_open == 5000
    assert books.open_tasks == [TaskKind.FINANCE]


def test_a_failed_payment_and_a_reply_are_put_before_a_person(books: Books) -> None:
    books.tell(events.PaymentFailed(event_id="1", failed_on=TUESDAY))
    books.tell(events.CustomerReplied(event_id="2", received_at=datetime(2026, 3, 9, tzinfo=UTC)))

    assert books.open_tasks == [TaskKind.PAYMENT_FAILED, TaskKind.READ_REPLY]


def test_a_dispute_holds_until_it_is_settled_for_us(books: Books) -> None:
    books.tell(
        events.DisputeOpened(event_id="1", amount=Decimal(80), code="price", note="wrong", by="Kim")
    )
    [dispute] = books.all(Dispute)
    assert books.all(FollowUpRow)[0].dispute_id == dispute.id
    assert (dispute.amount, dispute.code, dispute.opened_by) == (80, "price", "Kim")
    assert (dispute.opened_on, dispute.resolved_on) == (TUESDAY, None)

    books.tell(events.DisputeResolved(event_id="2", in_favour_of="us"))

    [dispute] = books.all(Dispute)
    assert books.all(FollowUpRow)[0].dispute_id is None
    assert (dispute.resolved_on, dispute.in_favour_of) == (TUESDAY, "us")


def test_a_dispute_settled_for_the_customer_holds_until_the_credit_note(books: Books) -> None:
    books.tell(events.DisputeOpened(event_id="1"))
    books.tell(events.DisputeResolved(event_id="2", in_favour_of="customer"))
    assert books.all(FollowUpRow)[0].dispute_id is not None
    assert books.open_tasks == [TaskKind.FINANCE]

    books.invoice.purchase_order = "PO-9"
    books.tell(events.InvoiceChanged(event_id="register/INV-1/2"))
    assert books.all(FollowUpRow)[0].dispute_id is not None  # that was no credit note

    books.invoice.amount -= Decimal(100)
    books.tell(events.InvoiceChanged(event_id="register/INV-1/3"))

    assert books.all(FollowUpRow)[0].dispute_id is None


def test_a_mark_in_the_register_opens_a_dispute_once(books: Books) -> None:
    books.invoice.disputed = True
    books.tell(events.InvoiceChanged(event_id="register/INV-1/2"))
    assert books.all(FollowUpRow)[0].dispute_id is not None

    books.tell(events.DisputeResolved(event_id="2", in_favour_of="us"))
    books.tell(events.InvoiceChanged(event_id="register/INV-1/3"))

    assert books.all(FollowUpRow)[0].dispute_id is None


def test_a_change_of_the_invoice_does_not_end_a_dispute_that_is_not_settled(books: Books) -> None:
    books.tell(events.DisputeOpened(event_id="1"))
    books.tell(events.InvoiceChanged(event_id="register/INV-1/2"))

    assert books.all(FollowUpRow)[0].dispute_id is not None


def test_a_second_promise_takes_the_place_of_the_first(books: Books) -> None:
    books.tell(events.PromiseMade(event_id="1", pay_on=date(2026, 3, 13)))
    books.tell(events.PromiseMade(event_id="2", pay_on=date(2026, 3, 20), amount=Decimal(900)))

    first, second = sorted(books.all(Promise), key=lambda promise: promise.pay_on)
    assert (first.state, second.state) == ("replaced", "open")
    assert books.all(FollowUpRow)[0].promise_id == second.id
    assert (second.amount, second.made_at) == (900, MORNING)


def test_a_pause_holds_until_it_is_resumed(books: Books) -> None:
    books.tell(events.Pause(event_id="1", until=date(2026, 3, 20), note="CFO asked"))
    [row] = books.all(FollowUpRow)
    assert (row.paused, row.paused_until, row.pause_note) == (True, date(2026, 3, 20), "CFO asked")

    books.tell(events.Resume(event_id="2"))
    [row] = books.all(FollowUpRow)
    assert (row.paused, row.paused_until, row.pause_note) == (False, None, "")


def test_a_logged_call_closes_the_call_it_names_or_all(books: Books) -> None:
    def queue_calls() -> None:
        for key in ("call-1", "call-2"):
            tasks.open_task(
                books.session,
                books.session.get_one(FollowUpRow, "INV-1"),
                TaskRequest(kind=TaskKind.CALL, why="ring"),
                MORNING,
                key=key,
            )

    queue_calls()
    books.tell(events.CallLogged(event_id="1", task_key="call-1", result=CallResult.REACHED))
    assert [task.key for task in tasks.open_tasks(books.session)] == ["call-2"]

    queue_calls()
    books.tell(events.CallLogged(event_id="2", result=CallResult.REACHED))
    assert books.open_tasks == []


def test_the_line_of_an_event_says_what_matters_of_it(books: Books) -> None:
    books.tell(payment())

    [line] = books.told
    assert "amount 2000" in line.text
    assert "received on 2026-03-09" in line.text
    assert "bank-1" not in line.text


def test_a_mark_that_outlives_its_dispute_opens_no_other(books: Books) -> None:
    books.tell(events.DisputeOpened(event_id="d", code="price"))
    books.invoice.disputed = True
    books.tell(events.DisputeResolved(event_id="r", in_favour_of="us"))

    books.tell(events.InvoiceChanged(event_id="c"))

    assert books.all(FollowUpRow)[0].dispute_id is None
    assert len(books.all(Dispute)) == 1


def test_a_payment_that_went_back_is_for_the_next_letter_to_mention(books: Books) -> None:
    books.tell(payment())
    assert not books.all(FollowUpRow)[0].payment_returned

    books.tell(events.PaymentReversed(event_id="r", payment_id="P-1", reversed_on=TUESDAY))

    assert books.all(FollowUpRow)[0].payment_returned
