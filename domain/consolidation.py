"""One letter for several invoices: which one carries it, and what it does beside being sent."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from models.decision import TouchPlan
from models.facts import Facts
from models.letter import Remark
from models.vocabulary import Action


def asked_amount(facts: Facts) -> Decimal:
    """What a letter may ask for: the open amount less its disputed part, never below 0."""
    dispute = facts.progress.dispute
    disputed = dispute.amount if dispute and dispute.amount is not None else Decimal(0)
    return max(Decimal(0), facts.invoice.amount_open - disputed)


def carrying_first(due: Iterable[tuple[Facts, TouchPlan]]) -> list[tuple[Facts, TouchPlan]]:
    """The invoices of one letter, the carrying one first: the furthest along, then the oldest,
    then the largest; the id settles the rest, so that the order never depends on chance."""
    return sorted(
        due,
        key=lambda pair: (
            -pair[1].stage.rank,
            pair[0].invoice.due_on,
            -asked_amount(pair[0]),
            pair[0].invoice.id,
        ),
    )


def joint_plan(ordered: Sequence[tuple[Facts, TouchPlan]]) -> TouchPlan:
    """The touch of the whole letter: the carrying invoice's words, everybody's actions, and what
    is to be mentioned of any."""
    carrying = ordered[0][1]
    actions: dict[Action, None] = {}
    remarks: dict[Remark, None] = {}
    for _, touch in ordered:
        actions.update(dict.fromkeys(touch.actions))
        remarks.update(dict.fromkeys(touch.remarks))
    return carrying.model_copy(update={"actions": tuple(actions), "remarks": tuple(remarks)})
