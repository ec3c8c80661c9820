"""What one letter is about: the invoices of a customer that are due for a touch together."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from activities.rulebook import Rulebook
from domain.plans import is_plan_step
from models.decision import Decision, Verb
from models.tables import Draft
from models.vocabulary import Channel, DraftState
from store import drafts
from store.followed import Followed


def due_siblings(
    session: Session,
    rulebook: Rulebook,
    followed: Followed,
    decision: Decision,
    now: datetime,
    released: Sequence[str] = (),
) -> list[tuple[Followed, Decision]]:
    """The customer's other invoices that are due for what `decision` does, with their decisions:
    a letter for a letter, a draft for a draft, be it one that waits unsigned already: one signature
    is for all. A letter about an instalment is about it alone.
    """
    if decision.touch is None or is_plan_step(decision.touch.step):
        return []
    due = []
    for sibling in rulebook.siblings(session, followed, now, released):
        its = rulebook.decide(session, sibling, now)
        if decision.verb is Verb.DRAFT and _waits_unsigned(sibling):
            its = rulebook.decide(session, _without_draft(sibling), now)
        # What was signed leaves as it was signed, and not in the letter of another.
        if _joins(sibling, its, decision.verb) and not (its.acts and _is_signed(sibling)):
            due.append((sibling, its))
    return due


def signed_siblings(
    session: Session, rulebook: Rulebook, draft: Draft, now: datetime
) -> list[tuple[Followed, Decision]] | None:
    """The other invoices of a signed draft, each due for its step; None when one of them is not,
    so that the letter would say something else than was signed."""
    due = []
    for member in drafts.rows_of(session, draft):
        if member.invoice_id == draft.invoice_id:
            continue
        sibling = rulebook.find(session, member.invoice_id, now)
        if sibling is None or sibling.facts.progress.draft is None:
            return None
        # What is signed for the letter's carrier is signed for all that it is about.
        own = replace(sibling.facts.progress.draft, own=True)
        progress = replace(sibling.facts.progress, draft=own)
        its = rulebook.decide(
            session, replace(sibling, facts=replace(sibling.facts, progress=progress)), now
        )
        if not _joins(sibling, its, Verb.ACT) or its.step != member.step:
            return None
        due.append((sibling, its))
    return due


def signed_draft(session: Session, followed: Followed, step: str) -> Draft | None:
    """The draft of `step` that this invoice carries, signed and still true."""
    known = followed.facts.progress.draft
    if known is None or known.step != step or not (known.own and known.is_current):
        return None
    draft = drafts.current(session, followed.invoice.id)
    return draft if draft is not None and draft.state is DraftState.APPROVED else None


def _waits_unsigned(sibling: Followed) -> bool:
    draft = sibling.facts.progress.draft
    return draft is not None and draft.is_current and draft.state is DraftState.OPEN


def _without_draft(sibling: Followed) -> Followed:
    progress = replace(sibling.facts.progress, draft=None)
    return replace(sibling, facts=replace(sibling.facts, progress=progress))


def _is_signed(sibling: Followed) -> bool:
    draft = sibling.facts.progress.draft
    return draft is not None and draft.is_current and draft.state is DraftState.APPROVED


def _joins(sibling: Followed, its: Decision, verb: Verb) -> bool:
    touch = its.touch
    return (
        touch is not None
        and its.verb is verb
        and touch.channel is Channel.MAIL
        and not is_plan_step(touch.step)
        and not sibling.claimed
    )
