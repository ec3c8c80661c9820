"""Payment plans in the database."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from models.facts import InstalmentFacts, PlanFacts
from models.tables import FollowUpRow, Instalment, Payment, Plan, table_of
from models.vocabulary import PlanState

_payments = table_of(Payment).c
_PAID_SINCE = select(func.sum(_payments.applied)).where(
    _payments.invoice_id == bindparam("invoice_id"),
    _payments.recorded_at >= bindparam("since"),
    _payments.reversed_on.is_(None),
)


def paid_since(session: Session, invoice_id: str, since: datetime) -> Decimal:
    """What was booked on the invoice since then, less what was taken back."""
    bound = {"invoice_id": invoice_id, "since": since}
    return session.execute(_PAID_SINCE, bound).scalar_one() or Decimal(0)


def plan_facts(session: Session, row: FollowUpRow, owed: Decimal) -> PlanFacts | None:
    """The plan that this follow-up runs by, of whose debt `owed` is open now."""
    plan = session.get(Plan, row.plan_id) if row.plan_id is not None else None
    if plan is None or plan.id is None:
        return None
    agreed = tuple(instalments(session, plan.id))
    # A register that tells of balances alone tells of payments and credit notes alike.
    gone = sum((one.amount for one in agreed), Decimal(0)) - owed
    return PlanFacts(
        id=plan.id,
        agreed_on=plan.agreed_on,
        instalments=agreed,
        paid_since=max(gone, paid_since(session, row.invoice_id, plan.agreed_at)),
    )


def instalments(session: Session, plan_id: int) -> list[InstalmentFacts]:
    """The plan's instalments, the first one first."""
    query = select(Instalment).where(col(Instalment.plan_id) == plan_id)
    found = session.execute(query.order_by(col(Instalment.number))).scalars()
    return [InstalmentFacts(one.number, one.due_on, one.amount) for one in found]


def agree(
    session: Session,
    row: FollowUpRow,
    agreed: Sequence[InstalmentFacts],
    at: datetime,
    today: date,
    by: str,
    note: str,
) -> Plan:
    """Run by this plan from now on; one that ran before is replaced."""
    end(session, row, PlanState.REPLACED)
    plan = Plan(
        invoice_id=row.invoice_id,
        round=row.round,
        agreed_at=at,
        agreed_on=today,
        agreed_by=by,
        note=note,
    )
    session.add(plan)
    session.flush()
    assert plan.id is not None  # noqa: S101  (the database has just given it one)
    session.add_all(
        Instalment(plan_id=plan.id, number=one.number, due_on=one.due_on, amount=one.amount)
        for one in agreed
    )
    row.plan_id, row.plan_broken = plan.id, False
    session.add(row)
    session.flush()
    return plan


def end(session: Session, row: FollowUpRow, state: PlanState) -> None:
    """The plan, if there is one, runs no longer."""
    plan = session.get(Plan, row.plan_id) if row.plan_id is not None else None
    if plan is not None:
        plan.state = state
        session.add(plan)
    row.plan_id = None
    session.add(row)
