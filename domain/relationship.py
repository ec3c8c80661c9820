"""Rule 11: a delicate relationship may hold a step, soften it, or have its owner asked first."""

from datetime import timedelta

from domain.case import Case
from models.decision import Decision, TaskRequest
from models.policy import Handling, Step
from models.vocabulary import OwnerWord, Reason, TaskKind

_LOOK_AGAIN_DAYS = 7
_STRONGEST_FIRST = (Handling.HOLD, Handling.OWNER_FIRST, Handling.SOFTEN)


def handling(case: Case) -> tuple[Handling, Reason | None]:
    """What the policy's matrix makes of the conditions that apply, the strongest of them."""
    asked_for = {
        case.policy.relationship.get(condition, {}).get(case.tier, Handling.SEND): condition
        for condition in sorted(case.facts.customer.delicate, reverse=True)
    }
    for way in _STRONGEST_FIRST:
        if way in asked_for:
            return way, asked_for[way]
    return Handling.SEND, None


def settled_handling(case: Case, step: Step) -> tuple[Handling, Reason | None]:
    """As `handling`, once an owner who had to be asked about `step` has answered, or let their time
    pass.

    Their `go` sends the letter as it is; silence softens it.
    """
    way, condition = handling(case)
    question = case.facts.progress.question
    if way is Handling.OWNER_FIRST and question and question.step == step.id:
        way = Handling.SEND if question.word is OwnerWord.GO else Handling.SOFTEN
    return way, condition


def delicate(case: Case) -> Decision | None:
    """11 · A delicate relationship: hold, or the owner decides first."""
    way, condition = handling(case)
    if condition is None or way is Handling.SOFTEN:
        return None
    says = f"Held for the relationship: {condition.replace('_', ' ')}."
    if way is Handling.HOLD:
        return case.wait(condition, says, until=case.look_again(_LOOK_AGAIN_DAYS))
    return _owner_first(case, condition, says)


def _owner_first(case: Case, condition: Reason, says: str) -> Decision | None:
    """Ask the owner and wait for their word; None once the letter may leave, perhaps softened."""
    step, question, terms = case.position.due, case.facts.progress.question, case.policy.owner_first
    if step is None or case.on_plan:
        return None  # what was agreed with the customer presses nobody
    # An answer is about one letter; the word `hold` about the days it was given for.
    if question is None or question.step != step.id:
        return _ask(case, condition, says)
    if question.word is OwnerWord.HOLD:
        over = question.answer_by + timedelta(days=terms.hold_days)
        if case.now >= over:
            return _ask(case, condition, says)
        return case.wait(condition, f"{says} The owner said to hold.", until=over)
    if question.word is None and case.now < question.answer_by:
        says = f"{says} The owner decides first, by {question.answer_by:%Y-%m-%d %H:%M} UTC."
        return case.wait(condition, says, until=question.answer_by)
    return None


def _ask(case: Case, condition: Reason, says: str) -> Decision:
    day = case.calendar.after(case.today, case.policy.owner_first.answer_days)
    answer_by = case.morning_of(day)
    step = case.position.due
    why = f"{says} Say go, soften or hold by {answer_by:%Y-%m-%d %H:%M} UTC; silence softens."
    task = TaskRequest(kind=TaskKind.OWNER_FIRST, why=why, step=step.id if step else "")
    return case.wait(condition, why, until=answer_by, task=task, ask_owner_by=answer_by)
