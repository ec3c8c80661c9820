"""Working a backlog off in daily portions: late entry never floods."""

from datetime import date

from domain import send_window
from domain.case import Case
from models.scan import Portions


def first_day(case: Case, portions: Portions) -> date | None:
    """The first day on which this invoice may be touched, noted in `portions`.

    None when its first step is still to come and needs no delay. Invoices must come ordered by
    customer and currency, since one letter covers all that a customer owes.
    """
    if case.position.due is None:
        return None
    invoice, customer = case.facts.invoice, case.facts.customer
    debtor = (customer.id, invoice.currency)
    if debtor != portions.debtor or portions.turn is None:
        portions.debtor, portions.turn = debtor, _next_free_day(case, portions)
    return portions.turn


def _next_free_day(case: Case, portions: Portions) -> date:
    days = portions.planned.setdefault(case.policy.name, {})
    zone, window = case.facts.customer.zone, case.policy.window
    day = case.calendar.on_or_after(case.today)
    if case.now >= send_window.closes(day, zone, window):
        day = case.calendar.after(day)
    while days.get(day, 0) >= case.policy.limits.first_day_messages:
        day = case.calendar.after(day)
    days[day] = days.get(day, 0) + 1
    return day
