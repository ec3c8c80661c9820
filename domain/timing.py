"""Rules 8 to 10: is a step up, was the customer written to only just now, is it the hour?"""

from datetime import timedelta

from domain import send_window
from domain.case import Case
from models.decision import Decision, TaskRequest
from models.vocabulary import Channel, Disposition, Reason, Status, TaskKind, TouchOutcome

_CAP_DAYS = 30
_QUESTION = "The cadence ended without payment: plan, write-off, agency, legal, or continue?"


def cadence_over(case: Case) -> Decision | None:
    """8 · Every step is taken and nothing came: after a while somebody must decide, and decide
    again when what they decided was to go on."""
    if case.step is not None:
        return None
    progress = case.facts.progress
    last = max((done.on for done in progress.done), default=case.chase)
    if progress.disposition is Disposition.CONTINUE and progress.disposed_on is not None:
        last = max(last, progress.disposed_on)
    decide_on = last + timedelta(days=case.policy.limits.decision_after_days)
    if case.today < decide_on:
        says = "The last step was taken; waiting for its effect."
        return case.wait(Reason.CADENCE_OVER, says, until=case.morning_of(decide_on))
    says, kind = _QUESTION, TaskKind.DISPOSITION
    if progress.disposition is Disposition.PLAN:
        says, kind = "A payment plan is to be agreed with the customer.", TaskKind.AGREE_PLAN
    return case.wait(
        Reason.CADENCE_OVER,
        says,
        until=None,
        status=Status.AWAITING_DECISION,
        task=TaskRequest(kind=kind, why=says),
    )


def not_yet(case: Case) -> Decision | None:
    """8 and 9 · The step that is up was covered, or none is up yet: wait for the next one."""
    position = case.position
    if position.due is not None or position.next is None or position.next_day is None:
        return None
    day = max(position.next_day, case.facts.progress.not_before or position.next_day)
    covered = any(
        done.on == case.today and done.outcome is TouchOutcome.COVERED
        for done in case.facts.progress.done
    )
    says = f"Next step {position.next.id} on {day}."
    if covered:
        return case.wait(
            Reason.COVERED,
            f"Covered by the letter about another invoice. {says}",
            until=case.morning_of(day),
        )
    return case.wait(Reason.NOT_YET, says, until=case.morning_of(day))


def entry_spread(case: Case) -> Decision | None:
    """8 · Part of a backlog that is worked off over several days."""
    not_before = case.facts.progress.not_before
    if not_before is None or case.today >= not_before:
        return None
    says = f"Part of a backlog worked off in daily portions; its turn is {not_before}."
    return case.wait(Reason.ENTRY_SPREAD, says, until=case.morning_of(not_before))


def contacted_recently(case: Case) -> Decision | None:
    """10 · The customer was written to less than the minimum gap ago, or often enough."""
    step, contact, limits = case.position.due, case.facts.contact, case.policy.limits
    if step is None or step.channel is not Channel.MAIL:
        return None
    if contact.last_message_on is not None:
        earliest = contact.last_message_on + timedelta(days=limits.min_days_between_messages)
        if case.today < earliest:
            says = f"The customer was written to on {contact.last_message_on}."
            return case.wait(Reason.CONTACTED_RECENTLY, says, until=case.morning_of(earliest))
    horizon = case.today - timedelta(days=_CAP_DAYS)
    recent = sorted(day for day in contact.messages_30_days if day > horizon)
    if len(recent) < limits.messages_per_30_days:
        return None
    frees = recent[-limits.messages_per_30_days] + timedelta(days=_CAP_DAYS)
    says = f"The customer had {len(recent)} letters in 30 days."
    return case.wait(Reason.CONTACT_CAP, says, until=case.morning_of(frees))


def outside_window(case: Case) -> Decision | None:
    """8 · A step is up, but not at this hour or on this day."""
    zone, window = case.facts.customer.zone, case.policy.window
    if not case.calendar.is_banking_day(case.today):
        says = "Not a banking day for both sides."
        return case.wait(Reason.OUTSIDE_WINDOW, says, until=case.morning_in(1))
    opening = case.morning_of(case.today)
    if case.now < opening:
        return case.wait(Reason.OUTSIDE_WINDOW, "Up later this morning.", until=opening)
    if case.now >= send_window.closes(case.today, zone, window):
        says = "Too late in the customer's day."
        return case.wait(Reason.OUTSIDE_WINDOW, says, until=case.morning_in(1))
    return None
