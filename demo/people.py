"""How the made-up firm's customers behave, and what staff do about it.

Every customer has a habit. What they do on a day follows from that habit, the invoice and what has
happened to it so far, and from nothing else: the same seed and the same memory give the same act.
Nobody acts at a weekend, nobody does more than one thing a day about one invoice, nobody pays more
than is open, and nothing happens to a closed invoice.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from random import Random

from demo.acts import Act, InvoiceMemory
from demo.habits import HABITS, NEVER, UNREACHED, WHEN_SUSPENDED, Habit
from demo.portfolio import Portfolio
from demo.scene import Scene, next_workday
from models.ledger import InvoiceRow

_GOLDEN = (5**0.5 - 1) / 2
_LARGE = "enterprise"
_WAIT_FOR_IT = 2


class People:
    """The customers of one ledger, each with a habit."""

    def __init__(self, habits: Mapping[str, Habit], seed: int = 7) -> None:
        """`habits` by customer id."""
        self._habits = habits
        self._seed = seed

    def habit_of(self, customer_id: str) -> Habit:
        """The customer's habit.

        Raises:
            KeyError: nobody of that id is among these people.
        """
        return self._habits[customer_id]

    def acts_on(self, day: date, invoice: InvoiceRow, memory: InvoiceMemory) -> list[Act]:
        """What happens to `invoice` on `day`, given what happened before: one act, or none.

        Letters, calls and acts of `day` itself count as not known yet, but for this: after an act
        of that day there is no second one. So it does not matter when on the day this is asked.

        Raises:
            KeyError: the invoice's customer is not among these people.
        """
        habit = self.habit_of(invoice.customer_id)
        acted_today = any(on >= day for on, _ in memory.acts)
        if memory.closed or acted_today or day < invoice.issued_on or next_workday(day) != day:
            return []
        scene = Scene(day, invoice, memory, habit, self._seed)
        act = scene.act()
        return [] if act is None else [act]


def people_of(portfolio: Portfolio, seed: int = 7) -> People:
    """The people of the made-up firm's ledger. Who is insolvent never pays; two whose contract
    allows a suspension wait for it."""
    fixed = {flags.customer_id: NEVER for flags in portfolio.flags if flags.insolvent}
    fixed |= {flags.customer_id: UNREACHED for flags in portfolio.flags if flags.bounces}
    free = [customer for customer in portfolio.customers if customer.id not in fixed]
    large = [c.id for c in free if c.segment == _LARGE or c.strategic]
    others = [c.id for c in free if c.id not in large]
    solid = [habit for habit in HABITS if habit.solid]
    cast = {**_cast(large, solid, seed), **_cast(others, HABITS, seed), **fixed}
    simple = [
        flags.customer_id
        for flags in portfolio.flags
        if flags.contract_clauses and cast[flags.customer_id].tale is None
    ]
    return People({**cast, **dict.fromkeys(simple[:_WAIT_FOR_IT], WHEN_SUSPENDED)}, seed)


def people_for(customer_ids: Iterable[str], seed: int = 7) -> People:
    """People for any ledger, of which no more is known than its customers' ids."""
    return People(_cast(sorted(set(customer_ids)), HABITS, seed), seed)


def _cast(customer_ids: Sequence[str], habits: Sequence[Habit], seed: int) -> dict[str, Habit]:
    # Multiples of the golden ratio fall evenly whatever their number: a few customers already
    # show habits in the proportion of their weights, which lots drawn one by one would not.
    start = Random(f"{seed}/habits").random()
    bounds = list(accumulate(habit.weight for habit in habits))
    return {
        customer_id: habits[bisect(bounds, (start + i * _GOLDEN) % 1 * bounds[-1])]
        for i, customer_id in enumerate(customer_ids)
    }
