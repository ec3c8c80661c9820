"""At the end of the cadence somebody decides, and is reminded until they do."""

from datetime import date

import pytest

from models import acts
from models.tables import Invoice
from models.vocabulary import Disposition, InvoiceStatus, Outcome, Reason, Status, TaskKind
from tests.harness import Harness


async def _undecided(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 1, 5)), policy="long_tail")
    await firm.pass_until(date(2026, 3, 20))
    assert (await firm.state()).status is Status.AWAITING_DECISION


async def test_it_is_asked_for_until_it_is_decided(firm: Harness) -> None:
    await firm.start_rounds()
    await _undecided(firm)

    await firm.pass_until(date(2026, 4, 20))

    told = [one.to for one in firm.outbox.alerts if "disposition" in one.letter.text]
    assert {who.partition("@")[0] for who in told} >= {"backup", "manager"}
    assert len(told) > 5


@pytest.mark.parametrize(
    ("choice", "outcome"),
    [(Disposition.WRITE_OFF, Outcome.WRITTEN_OFF), (Disposition.AGENCY, Outcome.AGENCY)],
)
async def test_a_decision_that_ends_it_ends_it(
    firm: Harness, choice: Disposition, outcome: Outcome
) -> None:
    await _undecided(firm)

    await firm.decide(acts.DecideDisposition, choice=choice, why="below the cost of suing")

    assert await firm.outcome() is outcome
    assert await firm.tasks() == []
    if choice is Disposition.WRITE_OFF:
        [invoice] = await firm.rows(Invoice)
        assert invoice.status is InvoiceStatus.WRITTEN_OFF
    assert any("below the cost of suing" in line.text for line in await firm.lines())


async def test_what_goes_to_the_lawyers_is_left_to_them(firm: Harness) -> None:
    await _undecided(firm)
    sent = list(firm.sent)

    await firm.decide(acts.DecideDisposition, choice=Disposition.LEGAL, why="they have the money")
    await firm.pass_days(60)

    assert (await firm.state()).reason is Reason.LEGAL_ACTION
    assert firm.sent == sent


async def test_going_on_asks_again_after_a_while(firm: Harness) -> None:
    await _undecided(firm)

    await firm.decide(acts.DecideDisposition, choice=Disposition.CONTINUE, why="they will pay")
    await firm.pass_days(0.1)
    assert (await firm.state()).status is Status.ACTIVE
    assert [one.kind for one in await firm.tasks()] == [TaskKind.CALL]

    await firm.pass_days(20)
    assert (await firm.state()).status is Status.AWAITING_DECISION


async def test_a_payment_ends_it_whatever_was_decided(firm: Harness) -> None:
    await _undecided(firm)
    await firm.decide(acts.DecideDisposition, choice=Disposition.LEGAL, why="they have the money")

    await firm.pay()

    assert await firm.outcome() is Outcome.PAID
