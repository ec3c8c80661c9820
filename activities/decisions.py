"""What people decide: applied once, or refused with the reason."""

from dataclasses import replace

from sqlmodel import Session
from temporalio import activity

from activities.letter_desk import LetterDesk
from activities.rulebook import Rulebook
from domain.consolidation import carrying_first, joint_plan
from integrations.letters.edited import missing_facts
from integrations.letters.edited_amounts import unknown_amounts
from models.acts import ApproveMessage, RejectMessage
from models.decision import Verb
from models.errors import Refused
from models.follow_up import ActNote, Recorded
from models.tables import Draft
from models.vocabulary import InvoiceStatus
from store import acts, correspondence, drafts
from store.database import Database
from store.happening import Happening


class Decisions:
    """Decisions of people about follow-ups."""

    def __init__(self, database: Database, rulebook: Rulebook, desk: LetterDesk) -> None:
        self._database = database
        self._rulebook = rulebook
        self._desk = desk

    @activity.defn
    async def record_decision(self, note: ActNote) -> Recorded:
        """Apply a person's decision; one that does not fit the facts is refused, and says why.

        Raises:
            DatabaseUnavailable: to be retried.
        """
        try:
            return await self._database.write(lambda session: self._apply(session, note))
        except Refused as refused:
            is_open = await self._database.read(lambda session: self._is_open(session, note))
            return Recorded(is_open=is_open, refused=str(refused))

    def _apply(self, session: Session, note: ActNote) -> Recorded:
        followed = self._rulebook.look_up(session, note.follow_up, note.now)
        happening = self._rulebook.happening(session, followed, note.now)
        says = acts.was_applied(happening, note.act)
        nudge: tuple[str, ...] = ()
        if says is None:
            if isinstance(note.act, ApproveMessage):
                self._sign(happening, note.act)
            if isinstance(note.act, RejectMessage):
                nudge = drafts.others_in(session, note.follow_up.invoice_id)
            says = acts.apply_act(happening, note.act)
        is_open = followed.invoice.status is InvoiceStatus.OPEN
        return Recorded(is_open=is_open, says=says, nudge=nudge)

    def _is_open(self, session: Session, note: ActNote) -> bool:
        followed = self._rulebook.find(session, note.follow_up.invoice_id, note.now)
        return followed is not None and followed.invoice.status is InvoiceStatus.OPEN

    def _sign(self, happening: Happening, act: ApproveMessage) -> None:
        """Sign the draft of that version, edited first where the person wrote something else."""
        draft = acts.signable(happening, act.version)
        if act.subject or act.source:
            subject, source = act.subject or draft.subject, act.source or draft.source
            self._edit(happening, draft, subject, source)
        drafts.sign(happening.session, draft, happening.at, act.by, act.note)

    def _edit(self, happening: Happening, draft: Draft, subject: str, source: str) -> None:
        """Take over a person's wording, which must state the same invoices and amounts."""
        session, now = happening.session, happening.at
        due = []
        for member in drafts.rows_of(session, draft):
            followed = self._rulebook.find(session, member.invoice_id, now)
            if followed is None:
                continue
            undrafted = replace(followed.facts.progress, draft=None)
            unsigned = replace(followed, facts=replace(followed.facts, progress=undrafted))
            decision = self._rulebook.decide(session, unsigned, now)
            if decision.verb is Verb.DRAFT and decision.touch is not None:
                due.append((followed.facts, decision.touch))
        if not due:
            raise Refused(draft.invoice_id, "is not due for this letter any more.")
        ordered = carrying_first(due)
        aside = correspondence.set_aside(session, happening.invoice)
        facts = self._desk.facts(joint_plan(ordered), [one for one, _ in ordered], now, aside)
        if missing := missing_facts(facts, subject, source):
            problem = f"the letter no longer says {', '.join(missing)}"
            raise Refused(draft.invoice_id, f"cannot be written about like that: {problem}.")
        if unknown := unknown_amounts(facts, subject, source):
            problem = f"the ledger knows nothing of {', '.join(unknown)}"
            raise Refused(draft.invoice_id, f"cannot be written about like that: {problem}.")
        letter = self._desk.letters.retell(facts, subject, source)
        drafts.edit(session, draft, subject, source, letter.text)
