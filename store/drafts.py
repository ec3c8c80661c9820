"""Drafts: letters that wait for a person's signature, in versions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from domain.consolidation import asked_amount
from models.facts import DraftFacts, Facts
from models.letter import Envelope
from models.tables import Draft, DraftMember, FollowUpRow, Invoice, table_of
from models.vocabulary import DraftState, TaskKind
from store import standing, tasks, timeline

_WAITING = (DraftState.OPEN, DraftState.APPROVED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open draft, and the invoice that carries it."""

    draft: Draft
    number: str
    invoices: int


def draft_facts(session: Session, row: FollowUpRow) -> DraftFacts | None:
    """The draft that this invoice is part of, and whether all that it states still holds."""
    draft = session.get(Draft, row.draft_id) if row.draft_id is not None else None
    if draft is None:
        return None
    member = session.get_one(DraftMember, (draft.id, row.invoice_id))
    return DraftFacts(
        step=member.step,
        version=draft.version,
        state=draft.state,
        is_current=_still_holds(session, draft),
        own=draft.invoice_id == row.invoice_id,
    )


def _still_holds(session: Session, draft: Draft) -> bool:
    now = standing.of_invoices(session, members(session, draft))
    return draft.state in _WAITING and _plain(now) == draft.seen


def members(session: Session, draft: Draft) -> list[str]:
    """The invoices that the draft is about."""
    return [one.invoice_id for one in rows_of(session, draft)]


def rows_of(session: Session, draft: Draft) -> list[DraftMember]:
    """The invoices that the draft is about, each with the step it takes."""
    query = select(DraftMember).where(col(DraftMember.draft_id) == draft.id)
    return list(session.execute(query).scalars())


def request(
    session: Session,
    row: FollowUpRow,
    steps: Sequence[tuple[str, str]],
    facts: Sequence[Facts],
    envelope: Envelope,
    key: str,
    why: str,
    now: datetime,
) -> Draft:
    """Put a draft before a person: of the letter that takes `steps` (invoice, step) if it is
    signed. Drafts that any of these invoices waited for before are void."""
    invoice_ids = [invoice_id for invoice_id, _ in steps]
    for earlier in _waiting_for(session, invoice_ids):
        void(session, earlier, now, "The facts have changed.")
    letter = envelope.letter
    draft = Draft(
        key=key,
        version=1 + _versions(session, row.invoice_id),
        invoice_id=row.invoice_id,
        customer_id=row.customer_id,
        step=dict(steps)[row.invoice_id],
        state=DraftState.OPEN,
        reason=why,
        template=letter.template_version,
        language=envelope.language,
        recipient=envelope.to,
        cc=list(envelope.cc),
        subject=letter.subject,
        source=letter.source,
        body=letter.text,
        total=sum((asked_amount(one) for one in facts), Decimal(0)),
        currency=facts[0].invoice.currency,
        seen=_plain(standing.of_invoices(session, invoice_ids)),
        requested_at=now,
    )
    session.add(draft)
    session.flush()
    assert draft.id is not None  # noqa: S101  (the database has just given it one)
    session.add_all(
        DraftMember(draft_id=draft.id, invoice_id=invoice_id, step=step)
        for invoice_id, step in steps
    )
    _point(session, invoice_ids, draft.id)
    says = f"Version {draft.version} of the draft of {draft.step} waits for a signature."
    for invoice_id in invoice_ids:
        timeline.note(session, session.get_one(FollowUpRow, invoice_id), now, "draft", "open", says)
    return draft


def void(session: Session, draft: Draft, now: datetime, why: str) -> None:
    """The draft can be signed no more: what it states is no longer so."""
    draft.state, draft.decided_at, draft.note = DraftState.VOID, now, why
    session.add(draft)
    invoice_ids = members(session, draft)
    _point(session, invoice_ids, None)
    says = f"Version {draft.version} of the draft of {draft.step} is void. {why}"
    tasks.close_tasks(session, draft.invoice_id, now, "void", kind=TaskKind.APPROVE)
    for invoice_id in invoice_ids:
        row = session.get_one(FollowUpRow, invoice_id)
        timeline.note(session, row, now, "draft", DraftState.VOID, says)


def give_up(session: Session, invoice_id: str, now: datetime) -> tuple[str, ...]:
    """The draft that this invoice is part of states what is no longer so; returns the other
    invoices that wait for it."""
    draft = current(session, invoice_id)
    others = others_in(session, invoice_id)
    if draft is not None:
        void(session, draft, now, "The facts have changed.")
    return others


def others_in(session: Session, invoice_id: str) -> tuple[str, ...]:
    """The other invoices of the draft that this one is part of."""
    draft = current(session, invoice_id)
    there = members(session, draft) if draft is not None else []
    return tuple(one for one in there if one != invoice_id)


def sign(session: Session, draft: Draft, now: datetime, by: str, note: str) -> None:
    """A person approved it as it is."""
    draft.state, draft.decided_at, draft.decided_by = DraftState.APPROVED, now, by
    draft.note = note
    session.add(draft)


def edit(session: Session, draft: Draft, subject: str, source: str, body: str) -> None:
    """A person wrote it anew, before signing."""
    draft.subject, draft.source, draft.body, draft.edited = subject, source, body, True
    session.add(draft)


def reject(session: Session, draft: Draft, now: datetime, by: str, why: str) -> list[str]:
    """A person said no; returns the invoices that it was about."""
    draft.state, draft.decided_at, draft.decided_by = DraftState.REJECTED, now, by
    draft.note = why
    session.add(draft)
    invoice_ids = members(session, draft)
    _point(session, invoice_ids, None)
    return invoice_ids


def left(session: Session, invoice_ids: Sequence[str], key: str, now: datetime) -> tuple[str, ...]:
    """The letter left: if it was a draft, that is what was sent, and nobody waits for it more.

    Returns the other invoices that waited for drafts which are void with this.
    """
    others: list[str] = []
    query = update(Draft).where(col(Draft.key) == key, col(Draft.state) == DraftState.APPROVED)
    session.execute(query.values(state=DraftState.SENT))
    for unsigned in _waiting_for(session, invoice_ids):
        if unsigned.state is DraftState.OPEN:
            others += members(session, unsigned)
            void(session, unsigned, now, "The letter left without a signature.")
    for invoice_id in invoice_ids:
        tasks.close_tasks(session, invoice_id, now, "sent", kind=TaskKind.APPROVE)
    _point(session, list(invoice_ids), None)
    return tuple(sorted(set(others).difference(invoice_ids)))


def unsigned_beside(session: Session, invoice: Invoice) -> tuple[str, ...]:
    """The customer's other invoices in the same currency that wait for a signature."""
    query = (
        select(col(FollowUpRow.invoice_id))
        .join(Draft, col(Draft.id) == col(FollowUpRow.draft_id))
        .join(Invoice, col(Invoice.id) == col(FollowUpRow.invoice_id))
        .where(
            col(Draft.state) == DraftState.OPEN,
            col(FollowUpRow.customer_id) == invoice.customer_id,
            col(FollowUpRow.invoice_id) != invoice.id,
            col(Invoice.currency) == invoice.currency,
        )
    )
    return tuple(session.execute(query.order_by(col(FollowUpRow.invoice_id))).scalars())


def current(session: Session, invoice_id: str) -> Draft | None:
    """The draft that this invoice is part of, whichever invoice carries it."""
    row = session.get(FollowUpRow, invoice_id)
    return session.get(Draft, row.draft_id) if row and row.draft_id is not None else None


def waiting(session: Session) -> list[Waiting]:
    """Every draft that waits for a signature, the oldest first."""
    rounds = table_of(DraftMember).c
    counted = select(rounds.draft_id, func.count().label("many")).group_by(rounds.draft_id)
    many = counted.subquery()
    rows = session.execute(
        select(Draft, col(Invoice.number), many.c.many)
        .join(Invoice, col(Invoice.id) == col(Draft.invoice_id))
        .join(many, many.c.draft_id == col(Draft.id))
        .where(col(Draft.state) == DraftState.OPEN)
        .order_by(col(Draft.requested_at), col(Draft.id))
    ).all()
    return [Waiting(draft, number, count) for draft, number, count in rows]


def _waiting_for(session: Session, invoice_ids: Sequence[str]) -> list[Draft]:
    pointed = select(col(FollowUpRow.draft_id)).where(col(FollowUpRow.invoice_id).in_(invoice_ids))
    query = select(Draft).where(col(Draft.id).in_(pointed), col(Draft.state).in_(_WAITING))
    return list(session.execute(query).scalars())


def _versions(session: Session, invoice_id: str) -> int:
    """The latest version that anybody can have read: no two drafts of an invoice share one."""
    query = select(func.max(col(Draft.version))).where(col(Draft.invoice_id) == invoice_id)
    return session.execute(query).scalar_one() or 0


def _point(session: Session, invoice_ids: Sequence[str], draft_id: int | None) -> None:
    query = update(FollowUpRow).where(col(FollowUpRow.invoice_id).in_(invoice_ids))
    session.execute(query.values(draft_id=draft_id))


def _plain(rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    """As JSON keeps them."""
    return [
        [one if isinstance(one, bool | int | type(None)) else str(one) for one in row]
        for row in rows
    ]
