"""What sales and support know of some of the made-up firm's customers, and when they learn it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from demo.worlds import World

# From which day on, for how many days, and what is said; dealt out to customers in their order.
_TALES: tuple[tuple[int, int, dict[str, Any]], ...] = (
    (3, 70, {"renewal_under_way": True}),
    (12, 80, {"expansion_under_way": True}),
    (3, 90, {"health_at_risk": True}),
    (5, 21, {"paused_by_sales": True}),
    (8, 60, {"severe_tickets": 1}),
    (15, 35, {"legal_hold": True}),
    (20, 25, {"do_not_contact": True}),
)
_OVER: dict[str, Any] = {"severe_tickets": 0}
_EVERY = 2
_LARGE = ("enterprise", "trade")


class Relationships:
    """Every second of the larger customers has something going on for a while. `unplaced` is one
    whose money nobody could place at first."""

    def __init__(self, world: World) -> None:
        self._begins = world.begins
        large = (customer for customer in world.customers if customer.segment in _LARGE)
        made_up = [customer.id for customer in large] if world.flags else []
        chosen = made_up[::_EVERY]
        self.unplaced = made_up[-1] if made_up else ""
        self._tales = [
            (customer_id, *_TALES[index % len(_TALES)]) for index, customer_id in enumerate(chosen)
        ]

    def on(self, day: date) -> Iterator[tuple[str, dict[str, Any]]]:
        """What is said on `day` of whom: that it has begun, or that it is over."""
        for customer_id, first, lasts, said in self._tales:
            begins = _workday(self._begins + timedelta(days=first))
            if day == begins:
                yield customer_id, said
            elif day == _workday(begins + timedelta(days=lasts)):
                yield customer_id, {name: _OVER.get(name, False) for name in said}


def _workday(day: date) -> date:
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day
