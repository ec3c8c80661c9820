"""The rules as a worker holds them: policies, calendars and exchange rates."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from domain.banking_days import BankingCalendar, Place
from domain.decide import decide
from domain.send_window import local_day
from models.decision import Decision
from models.follow_up import Checked, FollowUp
from models.policy import Policy
from models.tables import Customer, FollowUpRow
from store import correspondence, follow_ups, timeline
from store.correspondence import Withdrawn
from store.facts import Followed, followed_invoice
from store.policies import PolicyFiles, pinned


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What it takes to decide about an invoice in the database."""

    files: PolicyFiles
    firm: Place

    def calendar(self, followed: Followed) -> BankingCalendar:
        """Banking days of this customer and us."""
        customer = followed.facts.customer
        return BankingCalendar(Place(customer.country, customer.subdivision), self.firm)

    def policy(self, session: Session, row: FollowUpRow) -> Policy:
        """The policy that the follow-up is pinned to."""
        return pinned(session, row.policy, row.policy_version)

    def decide(self, session: Session, followed: Followed, now: datetime) -> Decision:
        """What to do about this invoice now."""
        policy = self.policy(session, followed.row)
        return decide(followed.facts, policy, self.calendar(followed), now)

    def look_up(self, session: Session, follow_up: FollowUp, now: datetime) -> Followed:
        """The facts of the follow-up's invoice at `now`.

        Raises:
            LookupError: the register has lost the invoice or its customer.
        """
        follow_ups.open_round(session, follow_up, now)
        customer = session.get(Customer, follow_up.customer_id)
        if customer is None:
            raise LookupError(f"customer {follow_up.customer_id} is not in the register")
        today = local_day(now, customer.zone)
        followed = followed_invoice(session, follow_up.invoice_id, today, self.files.rates)
        if followed is None:
            raise LookupError(f"invoice {follow_up.invoice_id} is not in the register")
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
        """Write `decision` down. One that will not send gives up a letter claimed earlier."""
        row = followed.row
        if withdrawn is None and followed.has_claim and (decision.closes or decision.holds):
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
            owner=followed.facts.customer.owner_name,
            nudge=withdrawn.others if withdrawn else (),
        )
