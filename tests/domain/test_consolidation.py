"""One letter for several invoices: who carries it, and what it does."""

from datetime import timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.consolidation import asked_amount, carrying_first, joint_plan
from models.decision import TouchPlan
from models.facts import DisputeFacts, Facts, Progress
from models.letter import Remark
from models.vocabulary import Action, Channel, Stage, Tone
from tests.domain.one_invoice import DUE, invoice, known
from tests.domain.strategies import often

Due = tuple[Facts, TouchPlan]


def _due(
    name: str,
    stage: Stage = Stage.EARLY,
    later: int = 0,
    amount: int = 100,
    *actions: Action,
    disputed: int = 0,
) -> Due:
    """An invoice due `later` days after the others, and its touch."""
    dispute = DisputeFacts(DUE, Decimal(disputed)) if disputed else None
    facts = known(
        invoice(id=name, amount_open=Decimal(amount), due_on=DUE + timedelta(days=later)),
        progress=Progress(dispute=dispute),
    )
    plan = TouchPlan(
        invoice_id=name,
        round=1,
        step="step",
        stage=stage,
        tone=Tone.NEUTRAL,
        channel=Channel.MAIL,
        template=f"{stage}_letter",
        actions=actions,
    )
    return facts, plan


def _order(*due: Due) -> list[str]:
    return [facts.invoice.id for facts, _ in carrying_first(due)]


def test_the_furthest_along_carries() -> None:
    assert _order(_due("A", Stage.EARLY, -30, 9_000), _due("B", Stage.FINAL)) == ["B", "A"]


def test_then_the_oldest() -> None:
    assert _order(_due("A", later=1, amount=9_000), _due("B")) == ["B", "A"]


def test_then_the_largest() -> None:
    assert _order(_due("A", amount=100), _due("B", amount=101)) == ["B", "A"]


def test_what_is_disputed_makes_no_invoice_large() -> None:
    assert _order(_due("A", amount=1_000, disputed=950), _due("B", amount=100)) == ["B", "A"]


def test_at_last_the_id() -> None:
    assert _order(_due("B"), _due("A")) == ["A", "B"]


_dues = st.lists(
    st.builds(
        _due,
        st.sampled_from("ABCDEFGH"),
        st.sampled_from(Stage),
        st.integers(0, 2),
        st.integers(1, 3),
        st.sampled_from(Action),
        disputed=st.integers(0, 2),
    ),
    min_size=1,
    unique_by=lambda due: due[0].invoice.id,
)


@given(_dues, st.randoms(use_true_random=False))
@often
def test_the_order_does_not_depend_on_who_was_found_first(due: list[Due], chance: Random) -> None:
    shuffled = list(due)
    chance.shuffle(shuffled)

    assert carrying_first(shuffled) == carrying_first(due)


@given(_dues)
@often
def test_the_letter_has_the_carrying_words_and_everybodys_actions(due: list[Due]) -> None:
    ordered = carrying_first(due)
    joint = joint_plan(ordered)

    carrying = ordered[0][1]
    assert joint == carrying.model_copy(update={"actions": joint.actions})
    assert joint.stage.rank == max(plan.stage.rank for _, plan in due)
    assert set(joint.actions) == {action for _, plan in due for action in plan.actions}
    assert len(joint.actions) == len(set(joint.actions))
    assert joint.actions[: len(carrying.actions)] == carrying.actions


def test_the_letter_mentions_once_what_is_to_be_mentioned_of_any_of_them() -> None:
    one, other = _due("A", Stage.FINAL), _due("B")
    first = one[1].model_copy(update={"remarks": (Remark.PROMISE_MISSED,)})
    second = other[1].model_copy(
        update={"remarks": (Remark.DISPUTE_SETTLED, Remark.PROMISE_MISSED)}
    )

    joint = joint_plan([(one[0], first), (other[0], second)])

    assert joint.remarks == (Remark.PROMISE_MISSED, Remark.DISPUTE_SETTLED)


def test_a_letter_warns_when_the_carrying_invoices_words_do() -> None:
    one, other = _due("A", Stage.FINAL), _due("B")
    warning = other[1].model_copy(update={"warns": True})

    assert not joint_plan([one, (other[0], warning)]).warns
    assert joint_plan([(other[0], warning), one]).warns


@pytest.mark.parametrize(
    ("amount_open", "disputed", "asked"),
    [
        ("100", None, "100"),
        ("100", "30.50", "69.50"),
        ("100", "100", "0"),
        ("100", "130", "0"),  # paid in part since
    ],
)
def test_the_disputed_part_is_not_asked_for(
    amount_open: str, disputed: str | None, asked: str
) -> None:
    dispute = DisputeFacts(DUE, None if disputed is None else Decimal(disputed))
    facts = known(invoice(amount_open=Decimal(amount_open)), progress=Progress(dispute=dispute))

    assert asked_amount(facts) == Decimal(asked)
