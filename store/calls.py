"""How a call went, and what follows from it."""

from models.events import CallLogged
from models.tables import Task
from models.vocabulary import CallResult, TaskKind
from store import agreements, alerts, tasks, timeline
from store.happening import Happening


def log_call(happening: Happening, call: CallLogged) -> None:
    """Apply a call's result. A call that nobody answered is to be made again, a few times."""
    task = _task(happening, call.task_key)
    if call.result is CallResult.NO_ANSWER:
        if task is not None:
            _again(happening, task)
        return
    tasks.close_tasks(
        happening.session,
        happening.row.invoice_id,
        happening.at,
        f"call logged: {call.result}",
        kind=TaskKind.CALL,
        key=call.task_key or None,
    )
    if call.result in _FOLLOWS:
        _FOLLOWS[call.result](happening, call)


def _task(happening: Happening, key: str) -> Task | None:
    if key:
        task = happening.session.get(Task, key)
        waits = task is not None and task.closed_at is None and task.kind is TaskKind.CALL
        return task if task and waits and task.invoice_id == happening.row.invoice_id else None
    open_ones = tasks.of_invoice(happening.session, happening.row.invoice_id)
    return next((one for one in open_ones if one.kind is TaskKind.CALL), None)


def _again(happening: Happening, task: Task) -> None:
    terms = happening.terms
    if task.not_before is not None and happening.at < task.not_before:
        says = f"Nobody answered again; it counts once until {task.not_before:%Y-%m-%d %H:%M} UTC."
        timeline.note(happening.session, happening.row, happening.at, "task", "call_again", says)
        return
    task.attempts += 1
    most = terms.policy.calls.attempts
    if task.attempts >= most:
        tasks.close_tasks(
            happening.session,
            happening.row.invoice_id,
            happening.at,
            f"nobody answered {task.attempts} times",
            key=task.key,
        )
        why = f"Nobody answered {task.attempts} calls: find another contact, or another way."
        happening.task(TaskKind.FIX_CONTACT, why, about=f"unreached-{task.key}")
        return
    task.not_before = terms.office.next_day(happening.at, terms.policy.calls.retry_days)
    # It has been taken up; nobody else need be told until the next attempt is overdue.
    task.escalate_at = terms.escalate_at(TaskKind.CALL, task.not_before)
    happening.session.add(task)
    says = f"Nobody answered; call again from {task.not_before:%Y-%m-%d %H:%M} UTC."
    timeline.note(happening.session, happening.row, happening.at, "task", "call_again", says)


def _promised(happening: Happening, call: CallLogged) -> None:
    if call.pay_on is not None:
        agreements.promise(happening, call.pay_on, call.amount, call.method, call.by)


def _disputed(happening: Happening, call: CallLogged) -> None:
    agreements.dispute(happening, call.amount, call.code, "", call.note, "", call.by)


def _wrong_contact(happening: Happening, call: CallLogged) -> None:
    why = f"The contact is the wrong one: find out whom to call. {call.note}".strip()
    happening.task(TaskKind.FIX_CONTACT, why, about=call.event_id)


def _says_paid(happening: Happening, call: CallLogged) -> None:
    """Ask for proof and look for the money; meanwhile nobody is asked for it again."""
    days = happening.terms.policy.calls.says_paid_days
    until = happening.terms.calendar.after(happening.today, days)
    row = happening.row
    if not row.paused or (row.paused_until is not None and row.paused_until < until):
        row.paused, row.paused_until = True, until
        row.pause_note = "the customer says they have paid"
    why = f"The customer says they have paid: ask for proof and look for it. {call.note}".strip()
    happening.task(TaskKind.FIND_PAYMENT, why, about=call.event_id)


def _refuses(happening: Happening, call: CallLogged) -> None:
    why = f"The customer refuses to pay: decide what is to become of it. {call.note}".strip()
    happening.task(TaskKind.DISPOSITION, why, about=call.event_id)
    alerts.raise_alert(
        happening.session,
        happening.row,
        key=f"{happening.row.invoice_id}/refuses/{call.event_id}",
        kind="refuses",
        recipient=happening.owner,
        text=f"{alerts.about(happening.session, happening.row)}: they refuse to pay.",
        detail=f"{call.note} Decide: starter.py decide {happening.invoice.id}".strip(),
        at=happening.at,
        urgent=True,
    )


def _plan_wanted(happening: Happening, call: CallLogged) -> None:
    why = f"The customer asks for a payment plan. {call.note}".strip()
    happening.task(TaskKind.AGREE_PLAN, why, about=call.event_id)


_FOLLOWS = {
    CallResult.PROMISED: _promised,
    CallResult.DISPUTED: _disputed,
    CallResult.WRONG_CONTACT: _wrong_contact,
    CallResult.SAYS_PAID: _says_paid,
    CallResult.REFUSES: _refuses,
    CallResult.PLAN_WANTED: _plan_wanted,
}
