"""What the Temporal UI shows of a follow-up: search attributes and a few readable lines."""

from datetime import UTC, datetime, time
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from models import search_attributes
    from models.follow_up import Checked, FollowUp, FollowUpState
    from models.vocabulary import Status


def publish(follow_up: FollowUp, checked: Checked, before: Checked | None) -> Checked | None:
    """Show `checked`, and return what the search attributes say from now on.

    They are written only where they differ from `before`, and not for what is about to be done:
    it will be shown as done in a moment.
    """
    workflow.set_current_details(_details(follow_up, checked))
    if checked.decision.is_passing:
        return before
    if before is None:
        workflow.upsert_search_attributes([*_lasting(follow_up), *_current(checked)])
    elif _attributes(before) != _attributes(checked):
        workflow.upsert_search_attributes(_current(checked))
    return checked


def as_state(follow_up: FollowUp, checked: Checked | None, unread: int) -> FollowUpState:
    """The answer to the query `state`."""
    if checked is None:
        return FollowUpState(
            invoice_id=follow_up.invoice_id,
            round=follow_up.round,
            status=Status.ACTIVE,
            says="Just started.",
            unread_events=unread,
            clock=follow_up.clock,
        )
    decision = checked.decision
    return FollowUpState(
        invoice_id=follow_up.invoice_id,
        round=follow_up.round,
        status=decision.status,
        stage=decision.stage,
        step=decision.step,
        next_at=decision.at,
        reason=decision.reason,
        says=decision.says,
        amount_open=checked.amount_open,
        currency=checked.currency,
        draft=checked.draft,
        unread_events=unread,
        outcome=decision.outcome,
        clock=follow_up.clock,
    )


def sleeping_until(checked: Checked, at: datetime) -> str:
    """The timer's summary: what it waits for."""
    decision = checked.decision
    return f"{decision.step or 'looks again'} · {decision.reason} · {at:%Y-%m-%d %H:%M} UTC"


def _lasting(follow_up: FollowUp) -> list[SearchAttributeUpdate[Any]]:
    due = datetime.combine(follow_up.due_on, time(), tzinfo=UTC)
    return [
        search_attributes.CUSTOMER_ID.value_set(follow_up.customer_id),
        search_attributes.DUE_DATE.value_set(due),
    ]


def _current(checked: Checked) -> list[SearchAttributeUpdate[Any]]:
    decision, owner = checked.decision, checked.owner
    stage, at = search_attributes.STAGE, search_attributes.NEXT_TOUCH_AT
    return [
        search_attributes.FOLLOW_UP_STATUS.value_set(decision.status),
        search_attributes.AMOUNT_OPEN.value_set(float(checked.amount_open)),
        stage.value_set(decision.stage) if decision.stage else stage.value_unset(),
        at.value_set(decision.at) if decision.at else at.value_unset(),
        *([search_attributes.ACCOUNT_OWNER.value_set(owner)] if owner else []),
    ]


def _attributes(checked: Checked) -> tuple[object, ...]:
    decision = checked.decision
    return decision.status, decision.stage, decision.at, checked.amount_open, checked.owner


def _details(follow_up: FollowUp, checked: Checked) -> str:
    decision = checked.decision
    when = f"{decision.at:%Y-%m-%d %H:%M} UTC" if decision.at else "when something happens"
    return "\n".join(
        (
            f"**{decision.status}** · round {follow_up.round} · due {follow_up.due_on}",
            f"- open: {checked.amount_open} {checked.currency}",
            f"- stage: {decision.stage or 'none'}, step: {decision.step or 'none'}",
            f"- next: {when}",
            f"- why: {decision.says} (`{decision.reason}`)",
        )
    )
