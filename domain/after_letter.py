"""What a letter changes about the facts, once it has left."""

from dataclasses import replace
from datetime import date

from models.decision import Decision
from models.facts import Facts, StepDone
from models.vocabulary import TouchOutcome


def after_letter(facts: Facts, sent: Decision, outcome: TouchOutcome, on: date) -> Facts:
    """`facts` as they are when the letter that `sent` decided has left `on` that day (the
    customer's). The position that the decision keeps is taken over, like the steps it skips."""
    progress = facts.progress
    taken = {done.step for done in progress.done}
    passed = [
        StepDone(step=step, outcome=TouchOutcome.SKIPPED, on=on)
        for step in sent.skipped
        if step not in taken
    ]
    warned = sent.touch is not None and sent.touch.warns
    letter = StepDone(step=sent.step or "", outcome=outcome, on=on, warned=warned)
    return replace(
        facts,
        progress=replace(
            progress,
            done=(*progress.done, *passed, letter),
            shift_days=sent.shift_days,
            held_step=sent.held_step,
            draft=None,
            broken_on=None,
            settled=False,
            plan_broken=False,
            kept_in_part=False,
            payment_returned=False,
        ),
        contact=replace(
            facts.contact,
            last_message_on=on,
            messages_30_days=(*facts.contact.messages_30_days, on),
        ),
    )
