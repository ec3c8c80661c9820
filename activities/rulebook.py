"""The rules as a worker holds them: policies, calendars, exchange rates, and our own hours."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlmodel import Session

from domain.banking_days import BankingCalendar, Place
from domain.decide import decide
from domain.office_hours import OfficeHours
from domain.terms import Terms
from models.decision import DELAYING, Decision, Verb
from models.follow_up import Checked, FollowUp
from models.policy import Policy
from models.tables import FollowUpRow
from store import correspondence, drafts, follow_ups, letters_written, timeline
from store.correspondence import Withdrawn
from store.facts import awake_siblings, followed_invoice
from store.followed import Followed
from store.happening import Happening
from store.policies import PolicyFiles, pinned


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What it takes to decide about an invoice in the database.

    `zone` is our own time zone, `staff` the mail address of the receivables staff, `connected` the
    name of the system that knows more of customers (empty for none).
    """

    files: PolicyFiles
    firm: Place
    zone: str = "UTC"
    staff: str = ""
    connected: str = ""
    _pinned: dict[tuple[str, int], Policy] = field(default_factory=dict)

    @property
    def office(self) -> OfficeHours:
        """When our own people are at work."""
        return OfficeHours(self.firm, self.zone)

    def policy(self, session: Session, row: FollowUpRow) -> Policy:
        """The policy that the follow-up is pinned to, read once: no pinned version changes."""
        version = row.policy, row.policy_version
        if version not in self._pinned:
            self._pinned[version] = pinned(session, *version)
        return self._pinned[version]

    def terms(self, session: Session, followed: Followed) -> Terms:
        """By what this follow-up is treated."""
        customer = followed.facts.customer
        calendar = BankingCalendar(Place(customer.country, customer.subdivision), self.firm)
        return Terms(self.policy(session, followed.row), calendar, self.office)

    def happening(self, session: Session, followed: Followed, now: datetime) -> Happening:
        """Something about to happen to this follow-up."""
        return Happening(
            session=session,
            followed=followed,
            terms=self.terms(session, followed),
            rates=self.files.rates,
            at=now,
            staff=self.staff,
        )

    def decide(self, session: Session, followed: Followed, now: datetime) -> Decision:
        """What to do about this invoice now."""
        terms = self.terms(session, followed)
        facts, most = followed.facts, terms.policy.approval.first_messages
        if most:
            row = followed.row
            written = letters_written.under(session, row.policy, row.policy_version, most)
            facts = replace(facts, contact=replace(facts.contact, messages_under_policy=written))
        return decide(facts, terms.policy, terms.calendar, now)

    def look_up(self, session: Session, follow_up: FollowUp, now: datetime) -> Followed:
        """The facts of the follow-up's invoice at `now`.

        Raises:
            LookupError: the register has lost the invoice or its customer.
        """
        followed = self.find(session, follow_up.invoice_id, now)
        if followed is None or followed.row.round < follow_up.round:
            follow_ups.open_round(session, follow_up, now)
            followed = self.find(session, follow_up.invoice_id, now)
        if followed is None:
            raise LookupError(
                f"the customer of invoice {follow_up.invoice_id} is not in the register"
            )
        return followed

    def find(self, session: Session, invoice_id: str, now: datetime) -> Followed | None:
        """The facts of a followed-up invoice at `now`, or None."""
        return followed_invoice(session, invoice_id, now, self.files.rates, self.connected)

    def siblings(
        self, session: Session, followed: Followed, now: datetime, released: Sequence[str] = ()
    ) -> list[Followed]:
        """The customer's other follow-ups in the same currency that have something to do now."""
        rates, connected = self.files.rates, self.connected
        return awake_siblings(session, followed.invoice, now, rates, released, connected)

    def check(self, session: Session, follow_up: FollowUp, now: datetime) -> Checked:
        """Read the facts, decide, and write the decision down, in the caller's transaction."""
        followed = self.look_up(session, follow_up, now)
        decision = self.decide(session, followed, now)
        return self.keep(session, followed, decision, now)

    def keep(
        self,
        session: Session,
        followed: Followed,
        decision: Decision,
        now: datetime,
        withdrawn: Withdrawn | None = None,
    ) -> Checked:
        """Write `decision` down. One that is not about the letter claimed earlier gives that up."""
        row = followed.row
        if withdrawn is None and followed.claimed and not _is_about(decision, followed.claimed):
            withdrawn = correspondence.withdraw(session, row.invoice_id)
        if withdrawn is not None and withdrawn.attempts:
            says = "A letter may have left before its sending was interrupted; it is not repeated."
            timeline.note(session, row, now, "touch", "unknown", says)
        nudge = withdrawn.others if withdrawn else ()
        if _voids_its_draft(followed, decision):
            nudge = (*nudge, *drafts.give_up(session, row.invoice_id, now))
        follow_ups.keep_decision(session, followed, decision, self.terms(session, followed), now)
        return Checked(
            decision=decision,
            amount_open=followed.invoice.amount_open,
            currency=followed.invoice.currency,
            owner=followed.facts.customer.owner,
            draft=_draft_to_sign(followed, decision),
            nudge=nudge,
        )


def _is_about(decision: Decision, claimed: frozenset[str]) -> bool:
    """True while the letter that was claimed is to leave, now or at its next opportunity."""
    step = decision.touch.step if decision.touch else decision.step
    return step in claimed and (decision.acts or decision.reason in DELAYING)


def _voids_its_draft(followed: Followed, decision: Decision) -> bool:
    """True when the draft states what is no longer so, or is of a step that is not up any more, and
    no new one is about to replace it."""
    draft = followed.facts.progress.draft
    if draft is None or decision.verb is Verb.DRAFT:
        return False
    return not draft.is_current or draft.step != decision.step


def _draft_to_sign(followed: Followed, decision: Decision) -> int | None:
    draft = followed.facts.progress.draft
    if draft is None or decision.closes or _voids_its_draft(followed, decision):
        return None
    return draft.version if draft.own and draft.is_current else None
