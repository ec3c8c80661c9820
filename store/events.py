"""Applying what happened to the facts of a follow-up."""

from functools import singledispatch

from sqlmodel import Session

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
from models.tables import Invoice, Payment
from models.vocabulary import TaskKind
from store import agreements, calls, cash, disputes, ledger, tasks, timeline
from store.cash import naming
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
    known = booked or _known(session, invoice, event.payment_id)
    if known is None:
        says = f"Payment {event.payment_id} came in by another road; nothing has changed."
        timeline.note(session, happening.row, happening.at, "payment", "known", says)
    elif known.invoice_id != invoice.id:
        happening.task(
            TaskKind.PLACE_MONEY,
            f"Payment {known.id} was reported for this invoice too, but is booked on "
            f"{known.invoice_id}: a payment for several invoices needs an id for each.",
            about=event.event_id,
        )
    elif booked is None and not known.is_news:
        says = f"Payment {known.id} was booked before; nothing has changed."
        timeline.note(session, happening.row, happening.at, "payment", "known", says)
    else:
        known.is_news = False
        session.add(known)
        # Of money that came in by itself the rest is the receipt's, and waits in the review.
        if booked is not None and known.applied < known.amount:
            happening.task(
                TaskKind.PLACE_MONEY,
                f"Payment {known.id} is more than was open, or in another currency: "
                f"{known.amount - known.applied:,.2f} {known.currency} are not placed.",
                about=known.id,
            )
        _recount(happening, known)


def _known(session: Session, invoice: Invoice, payment_id: str) -> Payment | None:
    """The payment of that id, or what of the money of that name stands on this invoice."""
    payment = session.get(Payment, payment_id)
    if payment is None:
        receipts = naming.known(session, [payment_id])
        of_it = (one for receipt in receipts for one in cash.payments_of(session, receipt))
        payment = next((one for one in of_it if one.invoice_id == invoice.id), None)
    return payment


def _recount(happening: Happening, payment: Payment) -> None:
    """What is applied of the invoice's other money may have changed with it."""
    session, invoice = happening.session, happening.invoice
    cash.recount_invoice(session, invoice)
    if payment.receipt_key is None:
        cash.refresh(session, invoice.customer_id, payment.currency)


@_apply.register
def _payment_reversed(event: PaymentReversed, happening: Happening) -> None:
    """Take it back, unless that was done when the news of it came in."""
    session, invoice = happening.session, happening.invoice
    known = _known(session, invoice, event.payment_id)
    if known is not None and known.receipt_key is not None and known.invoice_id == invoice.id:
        happening.row.payment_returned = known.reversed_on is not None
        known.is_news = False
        session.add(known)
        return
    taken_back = ledger.reverse_payment(session, invoice, event.payment_id, event.reversed_on)
    if taken_back is None:
        happening.task(
            TaskKind.FINANCE,
            f"A reversal names payment {event.payment_id}, which is not booked on this invoice "
            "or was reversed before.",
            about=event.event_id,
        )
        return
    happening.row.payment_returned = True
    tasks.close_tasks(
        session,
        invoice.id,
        happening.at,
        "the money went back",
        key=happening.key(TaskKind.PLACE_MONEY, event.payment_id),
    )
    _recount(happening, taken_back)
    _close_what_is_placed(happening)


def _close_what_is_placed(happening: Happening) -> None:
    """Money that came too much for this invoice is there for what is open again."""
    session, invoice = happening.session, happening.invoice
    for task in tasks.of_invoice(session, invoice.id):
        if task.kind is TaskKind.PLACE_MONEY:
            payment = session.get(Payment, task.key.removeprefix(happening.key(task.kind, "")))
            if payment is not None and payment.applied == payment.amount:
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
