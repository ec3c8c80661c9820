"""Money that came in: kept once, placed on invoices, taken back, given back.

What is known of a receipt are facts: what its system told, what a rule or a person decided, what
went back. Where it stands follows from them (`arrange`), whatever the order in which they came. At
every step `amount = placed + gone + refunded + rest`, and what is placed stands as payments.
"""

from store.cash.arranging import arrange
from store.cash.facts import (
    gone,
    lock,
    of_payment,
    payments_of,
    refunds_of,
    reversals_of,
    shares_of,
)
from store.cash.waiting import recount, recount_invoice, refresh

__all__ = [
    "arrange",
    "gone",
    "lock",
    "of_payment",
    "payments_of",
    "recount",
    "recount_invoice",
    "refresh",
    "refunds_of",
    "reversals_of",
    "shares_of",
]
