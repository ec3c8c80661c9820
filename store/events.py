"""Applying what happened to the facts of a follow-up."""

from functools import singledispatch

from models.events import (
    CallLogged,
    CustomerReplied,
    DisputeOpened,
    DisputeResolved,
    Event,
    InvoiceChanged,
    Pause,
    PaymentFailed,
    PaymentReceived,
    PaymentReversed,
    PromiseMade,
    Resume,
)
from models.tables import Payment
from models.vocabulary import TaskKind
from store import agreements, calls, cash, disputes, ledger, tasks, timeline
from store.happening import Happening


def apply_event(happening: Happening, event: Event) -> bool:
    """Apply `event` to the facts and the timeline; False when it was applied before."""
    is_new = timeline.note_event(
        happening.session,
        happening.row,
        happening.at,
        event.kind,
        _describe(event),
        event.event_id,
    )
    if is_new:
        _apply(event, happening)
        happening.session.add(happening.row)
    return is_new


@singledispatch
def _apply(event: Event, happening: Happening) -> None:
    """Events not named below change nothing themselves: the next decision reads what did."""


@_apply.register
def _payment_received(event: PaymentReceived, happening: Happening) -> None:
    """Book it, unless that was done when the news of it came in."""
    session, invoice = happening.session, happening.invoice
    booked = ledger.book_payment(session, invoice, event, happening.at)
    known = booked or session.get_one(Payment, event.payment_id)
    if known.invoice_id != invoice.id:
        happening.task(
            TaskKind.PLACE_MONEY,
            f"Payment {known.id} was reported for this invoice too, but is booked on "
            f"{known.invoice_id}: a payment for several invoices needs an id for each.",
            about=event.event_id,
        )
        return
    if booked is None and not known.is_news:
        says = f"Payment {known.id} was booked before; nothing has changed."
        timeline.note(session, happening.row, happening.at, "payment", "known", says)
        return
    known.is_news = False
    session.add(known)
    if known.applied < known.amount and known.reversed_on is None:
        happening.task(
            TaskKind.PLACE_MONEY,
            f"Payment {known.id} is more than was open, or in another currency: "
            f"{known.amount - known.applied:,.2f} {known.currency} are not placed.",
            about=known.id,
        )
        cash.refresh(session, invoice.customer_id, known.currency)


@_apply.register
def _payment_reversed(event: PaymentReversed, happening: Happening) -> None:
    """Take it back, unless that was done when the news of it came in."""
    session, invoice = happening.session, happening.invoice
    taken_back = ledger.reverse_payment(session, invoice, event.payment_id, event.reversed_on)
    known = taken_back or session.get(Payment, event.payment_id)
    is_told_first = known is not None and known.is_news and known.reversed_on is not None
    if known is None or known.invoice_id != invoice.id or not (taken_back or is_told_first):
        happening.task(
            TaskKind.FINANCE,
            f"A reversal names payment {event.payment_id}, which is not booked on this invoice "
            "or was reversed before.",
            about=event.event_id,
        )
        return
    known.is_news = False
    session.add(known)
    happening.row.payment_returned = True
    tasks.close_tasks(
        session,
        invoice.id,
        happening.at,
        "the money went back",
        key=happening.key(TaskKind.PLACE_MONEY, event.payment_id),
    )
    _place_the_rest(happening)
    cash.refresh(session, invoice.customer_id, known.currency)


def _place_the_rest(happening: Happening) -> None:
    """Money that came too much for this invoice, and that nobody has placed yet, is there for what
    is open again."""
    session, invoice = happening.session, happening.invoice
    for task in tasks.of_invoice(session, invoice.id):
        if task.kind is TaskKind.PLACE_MONEY:
            payment = session.get(Payment, task.key.removeprefix(happening.key(task.kind, "")))
            if payment is not None and ledger.apply_rest(session, invoice, payment):
                says = "all of it is placed on this invoice"
                tasks.close_tasks(session, invoice.id, happening.at, says, key=task.key)


@_apply.register
def _payment_failed(event: PaymentFailed, happening: Happening) -> None:
    happening.task(
        TaskKind.PAYMENT_FAILED,
        f"A payment failed on {event.failed_on}: tell the customer.",
        about=event.event_id,
    )


@_apply.register
def _dispute_opened(event: DisputeOpened, happening: Happening) -> None:
    agreements.dispute(
        happening, event.amount, event.code, event.line, event.note, event.owner, event.by
    )


@_apply.register
def _dispute_resolved(event: DisputeResolved, happening: Happening) -> None:
    agreements.resolve(happening, event.in_favour_of, event.line)


@_apply.register
def _promise_made(event: PromiseMade, happening: Happening) -> None:
    agreements.promise(
        happening, event.pay_on, event.amount, event.method, event.by, confirmed=event.confirmed
    )


@_apply.register
def _pause(event: Pause, happening: Happening) -> None:
    row = happening.row
    row.paused, row.paused_until, row.pause_note = True, event.until, event.note


@_apply.register
def _resume(event: Resume, happening: Happening) -> None:
    del event
    row = happening.row
    if row.paused:
        row.paused, row.paused_until, row.pause_note = False, None, ""
    else:
        agreements.take_back_promise(happening)


@_apply.register
def _invoice_changed(event: InvoiceChanged, happening: Happening) -> None:
    """What the register newly says may open a dispute, or be the credit note that ends one."""
    del event
    was_contested = happening.row.dispute_id is not None
    disputes.take_over_mark(happening.session, happening.row, happening.invoice, happening.at)
    if was_contested:
        agreements.credited(happening)


@_apply.register
def _customer_replied(event: CustomerReplied, happening: Happening) -> None:
    happening.task(
        TaskKind.READ_REPLY,
        f"The customer wrote on {event.received_at:%Y-%m-%d}.",
        about=event.event_id,
    )


@_apply.register
def _call_logged(event: CallLogged, happening: Happening) -> None:
    calls.log_call(happening, event)


def _describe(event: Event) -> str:
    """The event in a line: what matters of it, without what is empty."""
    said = event.model_dump(mode="json", exclude={"event_id", "kind"}, exclude_none=True)
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in said.items() if value)
