"""What has become of what was agreed: promises kept or broken, plans paid to their end or not."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session

from domain import cadence, plans
from domain.send_window import local_day
from domain.terms import Terms
from models.decision import Decision, TaskRequest
from models.tables import FollowUpRow, Promise, table_of
from models.vocabulary import Disposition, Outcome, PlanState, Reason, TaskKind
from store import plans as kept_plans
from store import tasks, timeline
from store.followed import Followed

_rounds = table_of(FollowUpRow)
_MENTIONED = (
    _rounds.update()
    .where(_rounds.c.invoice_id.in_(bindparam("invoice_ids", expanding=True)))
    .values(
        broken_on=None,
        dispute_settled=False,
        plan_broken=False,
        kept_in_part=False,
        payment_returned=False,
    )
)
_BEFORE_PROMISES = frozenset(
    {
        Reason.INSOLVENCY,
        Reason.LEGAL_HOLD,
        Reason.DO_NOT_CONTACT,
        Reason.LEGAL_ACTION,
        Reason.PAUSED,
        Reason.DISPUTED,
    }
)

_BEFORE_PLANS = _BEFORE_PROMISES | {Reason.PROMISED}


def settle_promise(
    session: Session, followed: Followed, decision: Decision, terms: Terms, now: datetime
) -> None:
    """Note a promise that `decision` found kept or broken; what holds before it leaves it open."""
    promise = followed.facts.progress.promise
    if promise is None or decision.reason in _BEFORE_PROMISES:
        return
    today = local_day(now, followed.facts.customer.zone)
    verdict = cadence.promise_verdict(promise, terms.calendar, terms.policy.grace, today)
    if decision.closes and decision.outcome is Outcome.PAID:
        verdict = cadence.PromiseVerdict.KEPT
    if verdict is cadence.PromiseVerdict.OPEN:
        return
    row = followed.row
    kept = session.get_one(Promise, row.promise_id)
    kept.state = verdict
    session.add(kept)
    row.promise_id = None
    if verdict is cadence.PromiseVerdict.BROKEN:
        row.broken_promises += 1
        row.broken_on = promise.pay_on
    elif not decision.closes:
        row.kept_in_part = True
    session.flush()
    says = f"The promise to pay on {promise.pay_on} was {verdict}."
    timeline.note(session, row, now, "promise", f"promise_{verdict}", says)


def settle_plan(
    session: Session, followed: Followed, decision: Decision, terms: Terms, now: datetime
) -> None:
    """Note a plan that was paid to its end, or that has ended for what was missed: then a person
    is to speak with the customer."""
    facts, row = followed.facts, followed.row
    plan = facts.progress.plan
    if plan is None:
        return
    if decision.reason in _BEFORE_PLANS and not plans.is_paid(plan):
        return  # a plan is broken by what is missed while nothing stands in its way
    if decision.closes or plans.is_paid(plan):
        is_kept = not decision.closes or decision.outcome in (Outcome.PAID, Outcome.CREDITED)
        kept_plans.end(session, row, PlanState.KEPT if is_kept else PlanState.BROKEN)
        return
    today = local_day(now, facts.customer.zone)
    if not plans.is_broken(plan, facts.progress, terms.calendar, terms.policy, today):
        return
    kept_plans.end(session, row, PlanState.BROKEN)
    row.plan_broken = True
    if row.disposition is Disposition.PLAN:
        row.disposition = None  # what it was decided for has not worked
    session.flush()
    missed = plans.missed(plan, facts.progress, terms.calendar, terms.policy, today)
    many = "an instalment was" if missed == 1 else f"{missed} instalments were"
    says = f"The payment plan of {plan.agreed_on} has ended: {many} missed."
    timeline.note(session, row, now, "plan", PlanState.BROKEN, says)
    tasks.open_task(
        session,
        row,
        TaskRequest(kind=TaskKind.CALL, why=says),
        now,
        key=f"{row.invoice_id}/{TaskKind.CALL}/plan-{plan.id}",
        owner=facts.customer.owner_email,
        priority=row.priority,
        escalate_at=terms.escalate_at(TaskKind.CALL, now),
    )


def mentioned(session: Session, invoice_ids: Sequence[str]) -> None:
    """A letter about these invoices has said what the next one had to mention."""
    session.execute(_MENTIONED, {"invoice_ids": list(invoice_ids)})
