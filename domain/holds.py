"""Rules 1 to 7: is there anything to chase, and may it be chased now at all?"""

from datetime import timedelta
from decimal import Decimal

from domain import cadence, charging, plans
from domain.case import Case
from models.decision import Decision, TaskRequest, Verb
from models.vocabulary import Disposition, InvoiceStatus, Outcome, Reason, Status, TaskKind

_LOOK_AGAIN_DAYS = 7
_TENTH = Decimal("0.1")
_ENDED = {
    InvoiceStatus.PAID: (Reason.PAID, Outcome.PAID, "Nothing is open any more."),
    InvoiceStatus.CREDITED: (Reason.CREDITED, Outcome.CREDITED, "It was credited."),
    InvoiceStatus.VOIDED: (Reason.VOIDED, Outcome.VOIDED, "It was voided."),
    InvoiceStatus.WRITTEN_OFF: (Reason.WRITTEN_OFF, Outcome.WRITTEN_OFF, "It was written off."),
}

# Nothing is owed any more. What was given up or given away is owed all the same.
_SETTLES = frozenset({Outcome.PAID, Outcome.CREDITED, Outcome.VOIDED, Outcome.MERGED})


def nothing_open(case: Case) -> Decision | None:
    """1 · Paid, credited, voided or written off: close."""
    invoice = case.facts.invoice
    if invoice.status in _ENDED:
        reason, outcome, says = _ENDED[invoice.status]
    elif invoice.amount_open <= 0:
        reason, outcome, says = Reason.PAID, Outcome.PAID, "Nothing is open any more."
    else:
        return None
    return _close(case, reason, outcome, says)


def _close(case: Case, reason: Reason, outcome: Outcome, says: str) -> Decision:
    return Decision(
        verb=Verb.CLOSE,
        reason=reason,
        says=says,
        status=Status.CLOSED,
        outcome=outcome,
        restores_service=case.facts.progress.suspended and outcome in _SETTLES,
    )


def off_limits(case: Case) -> Decision | None:
    """2 · Insolvency, legal hold, do-not-contact: hold, and finance is told."""
    customer = case.facts.customer
    for applies, reason, says in (
        (customer.insolvent, Reason.INSOLVENCY, "The customer is insolvent: file the claim."),
        (customer.legal_hold, Reason.LEGAL_HOLD, "The customer is on legal hold."),
        (customer.do_not_contact, Reason.DO_NOT_CONTACT, "The customer must not be contacted."),
    ):
        if applies:
            task = TaskRequest(kind=TaskKind.FINANCE, why=says)
            # Nobody signals that the flag was lifted.
            return case.wait(reason, says, until=case.morning_in(_LOOK_AGAIN_DAYS), task=task)
    return None


def disposed(case: Case) -> Decision | None:
    """2 · Somebody decided that it is not ours to chase any more: an agency, or the lawyers."""
    chosen, on = case.facts.progress.disposition, case.facts.progress.disposed_on
    if chosen is Disposition.AGENCY:
        says = f"Given to a collection agency on {on}."
        return _close(case, Reason.AGENCY, Outcome.AGENCY, says)
    if chosen is Disposition.LEGAL:
        says = f"Given to our lawyers on {on}; nothing leaves from here."
        return case.wait(Reason.LEGAL_ACTION, says, until=None, status=Status.PAUSED)
    return None


def paused(case: Case) -> Decision | None:
    """3 · Paused by staff: wait for the date, or for somebody to resume it."""
    pause = case.facts.progress.pause
    if pause is None or (pause.until is not None and pause.until <= case.today):
        return None
    until = case.morning_of(pause.until) if pause.until else None
    says = f"Paused until {pause.until}." if pause.until else "Paused until somebody resumes it."
    return case.wait(Reason.PAUSED, says, until=until, status=Status.PAUSED)


def disputed(case: Case) -> Decision | None:
    """4 · Disputed whole: wait. A task asks for an answer, and more urgently once it is overdue.

    A dispute about a part holds that part only: `Case.asked` leaves it out.
    """
    dispute = case.facts.progress.dispute
    if dispute is None or (dispute.amount is not None and case.asked > 0):
        return None
    if dispute.awaits_credit:
        says = "Settled for the customer; it goes on once the register shows the credit note."
        return case.wait(Reason.DISPUTED, says, until=None, status=Status.DISPUTED)
    answer_by = dispute.opened_on + timedelta(days=case.policy.limits.dispute_days)
    says = f"Disputed since {dispute.opened_on}."
    if case.today < answer_by:
        until = case.morning_of(answer_by)
        return case.wait(Reason.DISPUTED, says, until=until, status=Status.DISPUTED)
    why = f"The dispute of {dispute.opened_on} is still not resolved."
    task = TaskRequest(kind=TaskKind.RESOLVE_DISPUTE, why=why)
    return case.wait(Reason.DISPUTED, says, until=None, status=Status.DISPUTED, task=task)


def promised(case: Case) -> Decision | None:
    """5 · Promised: wait until the money can have arrived."""
    promise, grace = case.facts.progress.promise, case.policy.grace
    if promise is None:
        return None
    verdict = cadence.promise_verdict(promise, case.calendar, grace, case.today)
    if verdict is not cadence.PromiseVerdict.OPEN:
        return None
    day = cadence.promise_day(promise, case.calendar, grace)
    says = f"Promised for {promise.pay_on} by {promise.method}; it may take until {day} to arrive."
    return case.wait(Reason.PROMISED, says, until=case.morning_of(day), status=Status.PROMISED)


def on_plan(case: Case) -> Decision | None:
    """6 · On a payment plan: its instalments are the due dates, and its letters the steps."""
    plan, position = case.facts.progress.plan, case.position
    if plan is None or not case.on_plan or position.due is not None:
        return None
    coming = next(one for one, rest in plans.open_amounts(plan) if rest > 0)
    look_on = plans.last_day(plan, case.calendar, case.policy)
    if position.next_day is not None:
        look_on = min(look_on, position.next_day)
    says = (
        f"On a payment plan; instalment {coming.number} of {len(plan.instalments)} "
        f"is due on {coming.due_on}."
    )
    until = case.morning_of(look_on)
    return case.wait(Reason.ON_PLAN, says, until=until, status=Status.ON_PLAN)


def money_on_its_way(case: Case) -> Decision | None:
    """7 · Money of the customer is here and not placed, or on its way."""
    return _unplaced(case) or _travelling(case)


def _unplaced(case: Case) -> Decision | None:
    """Money that nobody has placed yet holds what it covers, and what it is a tenth of: a letter
    would ask for as much too much. Money left on account by a person holds only what it covers."""
    customer, asked = case.facts.customer, _due_now(case)
    if customer.unapplied_cash >= asked * _TENTH:
        why = "Money of this customer is not placed yet and may be for this invoice."
    elif customer.credit_on_account >= asked:
        why = "This customer has credit on account that would cover this invoice."
    else:
        return None
    task = TaskRequest(kind=TaskKind.FINANCE, why=why)
    return case.wait(Reason.UNAPPLIED_CASH, why, until=case.morning_in(2), task=task)


def _travelling(case: Case) -> Decision | None:
    """A payment that was begun holds what it covers until it can have arrived; then a person is
    asked to find it, and it still holds: nobody knows that it has failed."""
    invoice, asked = case.facts.invoice, _due_now(case)
    if case.facts.customer.cash_in_transit >= asked:
        says = "The bank shows the money travelling."
        return case.wait(Reason.PAYMENT_IN_TRANSIT, says, until=case.morning_in(2))
    if invoice.under_way < asked or invoice.under_way_since is None:
        return None
    clearing = case.policy.grace.clearing_days.get(invoice.under_way_by, 0)
    day = charging.deadline(invoice.under_way_by, invoice.under_way_since, clearing, case.calendar)
    says = f"A payment has been under way since {invoice.under_way_since}."
    if case.today < day:
        return case.wait(Reason.PAYMENT_IN_TRANSIT, says, until=case.morning_of(day))
    why = f"{says} It should have arrived, or failed, by {day}."
    task = TaskRequest(kind=TaskKind.FIND_PAYMENT, why=why)
    return case.wait(Reason.PAYMENT_IN_TRANSIT, why, until=case.morning_in(7), task=task)


def _due_now(case: Case) -> Decimal:
    """What money has to cover: all that is asked for, or on a plan the instalment that is next."""
    plan = case.facts.progress.plan
    if plan is None or not case.on_plan:
        return case.asked
    return min(case.asked, next(rest for _, rest in plans.open_amounts(plan) if rest > 0))


def small_balance(case: Case) -> Decision | None:
    """7 · What is left is not worth a letter."""
    if case.reaches(case.policy.thresholds.small_balance):
        return None
    return case.wait(Reason.SMALL_BALANCE, "What is left is too small to ask for.", until=None)
