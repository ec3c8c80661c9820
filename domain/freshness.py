"""Rule 11, before anything else of it: is what is known of the customer fresh enough to act on?"""

from datetime import timedelta

from domain.case import Case
from domain.send_window import local_day
from models.decision import Decision, Verb
from models.vocabulary import Reason, Stage, Tone

# A system that does not answer is asked again after this long, and not by every invoice at once.
RETRY_AFTER = timedelta(hours=1)


def gather_context(case: Case) -> Decision | None:
    """11 · A step is up and what the connected system said is old: ask it first."""
    known = case.facts.customer.context
    if not known.connected or case.position.due is None:
        return None
    if known.fetched_at is not None and case.now - known.fetched_at < case.max_context_age:
        return None
    if known.tried_at is not None and case.now - known.tried_at < RETRY_AFTER:
        return None
    waiting = case.wait(Reason.GATHER_CONTEXT, f"Asking {known.connected}.", until=case.now)
    return waiting.model_copy(update={"verb": Verb.GATHER, "next_letter": None})


def context_unavailable(case: Case) -> Decision | None:
    """11 · The connected system is away: what presses waits for it, up to a bound."""
    known, step = case.facts.customer.context, case.position.due
    if not known.connected or known.failing_since is None or step is None:
        return None
    if step.tone not in (Tone.FIRM, Tone.FINAL) and step.stage.rank < Stage.LATE.rank:
        return None
    if known.fetched_at is not None and case.now - known.fetched_at < case.max_context_age:
        return None
    since = local_day(known.failing_since, case.facts.customer.zone)
    if case.today >= case.calendar.after(since, case.policy.context.blind_days):
        return None
    says = (
        f"{known.connected} has not answered since {since}; {step.id} waits rather than go blind."
    )
    return case.wait(Reason.CONTEXT_UNAVAILABLE, says, until=case.now + RETRY_AFTER)
