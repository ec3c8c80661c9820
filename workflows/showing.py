"""What the Temporal UI shows of a follow-up: search attributes and a few readable lines."""

from datetime import datetime

from temporalio import workflow

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
    if checked.decision.acts:
        return before
    if before is None or _attributes(before) != _attributes(checked):
        decision = checked.decision
        workflow.upsert_search_attributes(
            [
                search_attributes.FOLLOW_UP_STATUS.value_set(decision.status),
                search_attributes.STAGE.value_set(decision.stage)
                if decision.stage
                else search_attributes.STAGE.value_unset(),
                search_attributes.AMOUNT_OPEN.value_set(float(checked.amount_open)),
                search_attributes.NEXT_TOUCH_AT.value_set(decision.at)
                if decision.at
                else search_attributes.NEXT_TOUCH_AT.value_unset(),
            ]
        )
    return checked


def state(follow_up: FollowUp, checked: Checked | None, unread: int) -> FollowUpState:
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
        unread_events=unread,
        outcome=decision.outcome,
        clock=follow_up.clock,
    )


def sleeping_until(checked: Checked, at: datetime) -> str:
    """The timer's summary: what it waits for."""
    decision = checked.decision
    return f"{decision.step or 'looks again'} · {decision.reason} · {at:%Y-%m-%d %H:%M} UTC"


def _attributes(checked: Checked) -> tuple[object, ...]:
    decision = checked.decision
    return decision.status, decision.stage, decision.at, checked.amount_open


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
