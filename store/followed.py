"""An invoice that is followed up, as its facts and rows were read."""

from dataclasses import dataclass

from models.context import CustomerContext
from models.facts import Facts
from models.tables import Customer, FollowUpRow, Invoice


@dataclass(frozen=True, slots=True)
class Followed:
    """An invoice that is followed up: its facts and rows. `context` is what is known of the
    customer beyond the register; `claimed` are the steps whose letter it has claimed and that has
    not left."""

    facts: Facts
    row: FollowUpRow
    invoice: Invoice
    customer: Customer
    context: CustomerContext
    claimed: frozenset[str]

    def has_taken(self, step: str) -> bool:
        """True when this round needs no touch for `step` any more."""
        return any(done.step == step for done in self.facts.progress.done)
