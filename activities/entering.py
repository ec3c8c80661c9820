"""How open invoices enter: under which policy, and on which day of a backlog."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from activities.rulebook import Rulebook
from domain import backlog
from domain.banking_days import BankingCalendar, Place
from domain.case import Case
from models.follow_up import FollowUp
from models.scan import Page
from store import policies
from store.entries import Entry, entries


@dataclass(frozen=True, slots=True)
class Entering:
    """An invoice about to be followed up, and the follow-up to start for it."""

    entry: Entry
    case: Case
    follow_up: FollowUp


def plan_entries(session: Session, rulebook: Rulebook, page: Page, limit: int) -> list[Entering]:
    """The follow-ups that `page` would start, `limit` at most; `page.portions` is filled in."""
    files = rulebook.files
    found = entries(session, page.after, limit, files.rates, files.segments)
    versions = {name: policies.pin(session, files, name) for name in {one.policy for one in found}}
    planned = []
    for entry in found:
        case = _case(entry, rulebook, page.now)
        follow_up = FollowUp(
            invoice_id=entry.invoice.id,
            customer_id=entry.customer.id,
            due_on=entry.invoice.due_on,
            policy=entry.policy,
            policy_version=versions[entry.policy],
            round=entry.round,
            not_before=backlog.first_day(case, page.portions),
            clock=page.clock,
        )
        planned.append(Entering(entry=entry, case=case, follow_up=follow_up))
    return planned


def _case(entry: Entry, rulebook: Rulebook, now: datetime) -> Case:
    payer = Place(entry.customer.country, entry.customer.subdivision)
    calendar = BankingCalendar(payer, rulebook.firm)
    return Case.of(entry.facts, rulebook.files.policies[entry.policy], calendar, now)
