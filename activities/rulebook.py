"""The rules as a worker holds them: policies, calendars and exchange rates."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from domain.banking_days import BankingCalendar, Place
from domain.decide import decide
from models.decision import DELAYING, Decision
from models.follow_up import Checked, FollowUp
from models.policy import Policy
from models.tables import FollowUpRow
from store import correspondence, follow_ups, timeline
from store.correspondence import Withdrawn
from store.facts import Followed, followed_invoice
from store.policies import PolicyFiles, pinned


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What it takes to decide about an invoice in the database."""

    files: PolicyFiles
    firm: Place
    _pinned: dict[tuple[str, int], Policy] = field(default_factory=dict)

    def calendar(self, followed: Followed) -> BankingCalendar:
        """Banking days of this customer and us."""
        customer = followed.facts.customer
        return BankingCalendar(Place(customer.country, customer.subdivision), self.firm)

    def policy(self, session: Session, row: FollowUpRow) -> Policy:
        """The policy that the follow-up is pinned to, read once: no pinned version changes."""
        version = row.policy, row.policy_version
        if version not in self._pinned:
            self._pinned[version] = pinned(session, *version)
        return self._pinned[version]

    def decide(self, session: Session, followed: Followed, now: datetime) -> Decision:
        """What to do about this invoice now."""
        policy = self.policy(session, followed.row)
        return decide(followed.facts, policy, self.calendar(followed), now)

    def look_up(self, session: Session, follow_up: FollowUp, now: datetime) -> Followed:
        """The facts of the follow-up's invoice at `now`.

        Raises:
            LookupError: the register has lost the invoice or its customer.
        """
        invoice_id, rates = follow_up.invoice_id, self.files.rates
        followed = followed_invoice(session, invoice_id, now, rates)
        if followed is None or followed.row.round < follow_up.round:
            follow_ups.open_round(session, follow_up, now)
            followed = followed_invoice(session, invoice_id, now, rates)
        if followed is None:
            raise LookupError(f"the customer of invoice {invoice_id} is not in the register")
        return followed

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
        policy, calendar = self.policy(session, row), self.calendar(followed)
        follow_ups.keep_decision(session, followed, decision, policy, calendar, now)
        return Checked(
            decision=decision,
            amount_open=followed.invoice.amount_open,
            currency=followed.invoice.currency,
            owner=followed.facts.customer.owner,
            nudge=withdrawn.others if withdrawn else (),
        )


def _is_about(decision: Decision, claimed: frozenset[str]) -> bool:
    """True while the letter that was claimed is to leave, now or at its next opportunity."""
    step = decision.touch.step if decision.touch else decision.step
    return step in claimed and (decision.acts or decision.reason in DELAYING)
