"""Which of a customer's invoices one payment is for: a search with bounds."""

from collections.abc import Sequence
from decimal import Decimal

from models.matching import OpenItem

_MOST_ITEMS = 60
_MOST_STEPS = 20_000


def adding_up(
    items: Sequence[OpenItem], amount: Decimal, most: int = 5
) -> list[tuple[OpenItem, ...]]:
    """The sets of two or more invoices whose open amounts are `amount` together; at most `most`,
    those with the fewest and oldest invoices first.

    The search looks at the oldest 60 and gives up after 20,000 steps with what it has found.
    """
    oldest = sorted(items, key=lambda one: (one.due_on, one.invoice_id))[:_MOST_ITEMS]
    usable = [one for one in oldest if 0 < one.open <= amount]
    # What all from here on are together: a branch that cannot reach the amount is left at once.
    reach = [Decimal(0)] * (len(usable) + 1)
    for index in range(len(usable) - 1, -1, -1):
        reach[index] = reach[index + 1] + usable[index].open
    found: list[tuple[OpenItem, ...]] = []
    steps = 0
    stack: list[tuple[int, Decimal, tuple[OpenItem, ...]]] = [(0, amount, ())]
    while stack and steps < _MOST_STEPS and len(found) <= most * 4:
        steps += 1
        index, left, chosen = stack.pop()
        if left == 0:
            if len(chosen) > 1:
                found.append(chosen)
            continue
        if index == len(usable) or reach[index] < left:
            continue
        item = usable[index]
        stack.append((index + 1, left, chosen))
        if item.open <= left:
            stack.append((index + 1, left - item.open, (*chosen, item)))
    found.sort(key=lambda chosen: (len(chosen), [one.due_on for one in chosen]))
    return found[:most]
