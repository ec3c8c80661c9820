"""One question to `decide`, with what every rule needs worked out once."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Self

from domain import cadence, plans, send_window
from domain.ageing import days_past_due, tier
from domain.banking_days import BankingCalendar
from domain.consolidation import asked_amount
from models.decision import (
    BEFORE_A_LETTER,
    DELAYING,
    HOLDING,
    RESTORING,
    Decision,
    TaskRequest,
    Verb,
)
from models.facts import Facts
from models.policy import Policy, Step
from models.vocabulary import Channel, Reason, Status, Tier


@dataclass(frozen=True, slots=True)
class Case:
    """Facts, policy, calendar and the moment, with `today` in the customer's zone.

    `asked` is what may be asked for: the open amount less its disputed part, in the invoice's
    currency; `base_asked` the same in the firm's base currency, None when no rate is known. While
    a payment plan runs the position is the plan's; `plan_ended` once too much of it was missed.
    """

    facts: Facts
    policy: Policy
    calendar: BankingCalendar
    now: datetime
    today: date
    chase: date
    shift_days: int
    position: cadence.Position
    plan_ended: bool
    asked: Decimal
    base_asked: Decimal | None

    @classmethod
    def of(cls, facts: Facts, policy: Policy, calendar: BankingCalendar, now: datetime) -> Self:
        """The case at `now` (aware)."""
        today = send_window.local_day(now, facts.customer.zone)
        chase = cadence.chase_date(facts.invoice.due_on, calendar, policy.grace)
        due, plan = facts.invoice.due_on, facts.progress.plan
        ended = plan is not None and plans.is_broken(plan, facts.progress, calendar, policy, today)
        is_over = ended or (plan is not None and plans.is_paid(plan))
        # Once a plan is over the chase goes on where the invoice's age puts it.
        progress = (
            replace(facts.progress, held_step=None, shift_days=0) if is_over else facts.progress
        )
        place = (policy, due, chase, calendar, progress, today)
        position = (
            plans.plan_position(plan, facts.progress, calendar, policy, today)
            if plan and not is_over
            else cadence.position(*place)
        )
        asked = asked_amount(facts)
        return cls(
            facts=facts,
            policy=policy,
            calendar=calendar,
            now=now,
            today=today,
            chase=chase,
            shift_days=cadence.resumption(*place)[0],
            position=position,
            plan_ended=ended,
            asked=asked,
            base_asked=_in_base(facts, asked),
        )

    @property
    def days_late(self) -> int:
        return days_past_due(self.facts.invoice.due_on, self.today)

    @property
    def tier(self) -> Tier:
        return tier(self.days_late)

    @property
    def on_plan(self) -> bool:
        """True while a payment plan stands in for the cadence."""
        plan = self.facts.progress.plan
        return plan is not None and not self.plan_ended and not plans.is_paid(plan)

    @property
    def kept_so_far(self) -> tuple[str | None, int]:
        """The held step and the shift until now; a plan that is over has forgotten both."""
        progress = self.facts.progress
        if progress.plan is not None and not self.on_plan:
            return None, 0
        return progress.held_step, progress.shift_days

    @property
    def broken_promise_of(self) -> date | None:
        """The day that a promise was for which has not been kept, and that no letter has mentioned
        yet."""
        promise, progress = self.facts.progress.promise, self.facts.progress
        if promise is not None:
            verdict = cadence.promise_verdict(promise, self.calendar, self.policy.grace, self.today)
            if verdict is cadence.PromiseVerdict.BROKEN:
                return promise.pay_on
        return progress.broken_on

    @property
    def step(self) -> Step | None:
        """The step that is up, or the next one to come."""
        return self.position.due or self.position.next

    def reaches(self, threshold: Decimal | None) -> bool:
        """True when what is asked for is at least `threshold` of base currency.

        An amount that cannot be converted reaches every threshold: no large invoice may go
        unnoticed because an exchange rate is missing.
        """
        if threshold is None:
            return False
        return self.base_asked is None or self.base_asked >= threshold

    def morning_of(self, day: date) -> datetime:
        """This customer's moment on `day`, or on the next banking day after it."""
        return send_window.opens(
            self.calendar.on_or_after(day),
            self.facts.customer.zone,
            self.policy.window,
            self.facts.customer.id,
        )

    def morning_in(self, days: int) -> datetime:
        """This customer's moment on the first banking day at least `days` from today."""
        return self.morning_of(self.today + timedelta(days=days))

    def look_again(self, days: int) -> datetime:
        """When to look again at what nobody signals: after `days`, or the next banking day where a
        connected system can be asked."""
        return self.morning_in(1 if self.facts.customer.context.connected else days)

    @property
    def max_context_age(self) -> timedelta:
        """How old what a connected system said may be."""
        return timedelta(hours=self.policy.context.max_age_hours)

    def wait(
        self,
        reason: Reason,
        says: str,
        *,
        until: datetime | None,
        status: Status | None = None,
        task: TaskRequest | None = None,
        ask_owner_by: datetime | None = None,
    ) -> Decision:
        """A decision to do nothing until then (None: until something happens)."""
        step = self.step
        held_step, shift_days = self._kept_position(reason)
        return Decision(
            verb=Verb.WAIT,
            reason=reason,
            says=says,
            status=status or (Status.ON_PLAN if self.on_plan else Status.ACTIVE),
            at=until,
            next_letter=self._next_letter(reason) if until else None,
            step=held_step or (step.id if step else None),
            stage=step.stage if step else None,
            task=task,
            ask_owner_by=ask_owner_by,
            restores_service=self._restores(reason),
            shift_days=shift_days,
            held_step=held_step,
        )

    def _restores(self, reason: Reason) -> bool:
        progress, dispute = self.facts.progress, self.facts.progress.dispute
        contested = dispute is not None and (dispute.amount is None or self.asked <= 0)
        return progress.suspended and (reason in RESTORING or self.on_plan or contested)

    def _next_letter(self, reason: Reason) -> str | None:
        if self.facts.customer.context.connected:
            return None  # it is asked before the letter is: the letter would only come back
        is_letter = self.step is not None and self.step.channel is Channel.MAIL
        return self.step.id if self.step and is_letter and reason in BEFORE_A_LETTER else None

    def _kept_position(self, reason: Reason) -> tuple[str | None, int]:
        """The held step and the shift to keep while waiting for `reason`.

        The cadence moves once, when the step that was held is taken or is no longer up; until
        then nothing depends on how often anybody asked meanwhile.
        """
        held_step, shift_days = self.kept_so_far
        if reason in HOLDING:
            return (self.step.id if self.step else held_step), shift_days
        if reason in DELAYING:
            return held_step, shift_days
        return None, self.shift_days


def _in_base(facts: Facts, asked: Decimal) -> Decimal | None:
    base_open, amount_open = facts.invoice.base_open, facts.invoice.amount_open
    if base_open is None or amount_open == 0:
        return base_open
    return base_open * asked / amount_open
