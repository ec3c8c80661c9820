"""A service is suspended after a warning, and runs again as soon as the reason is gone."""

from datetime import date

import pytest

from models import acts, events
from models.acts import InstalmentTerm
from models.errors import PeerUnavailable
from models.service import ServiceAct, ServiceOrder
from models.tables import Suspension
from models.vocabulary import Outcome, TaskKind
from tests.harness import Harness

THE_PAUSE = date(2026, 4, 6)  # 45 days after 19 February: a holiday, and a day of grace


class Switchboard:
    """The system that runs the service; `away` when it does not answer."""

    def __init__(self) -> None:
        self.orders: list[ServiceOrder] = []
        self.away = False

    async def tell(self, order: ServiceOrder) -> None:
        if self.away:
            raise PeerUnavailable("The service webhook", "503")
        self.orders.append(order)

    async def close(self) -> None:
        """Nothing to let go of."""

    @property
    def acts(self) -> list[ServiceAct]:
        return [order.act for order in self.orders]


@pytest.fixture
async def service(firm: Harness) -> Switchboard:
    board = Switchboard()
    await firm.stop_worker()
    firm.connect(service=board)
    await firm.start_worker()
    return board


async def _warned(firm: Harness, clauses: tuple[str, ...] = ("suspension",)) -> None:
    await firm.add_customer(contract_clauses=list(clauses))
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)), policy="saas")


async def test_suspended_on_day_45_and_paid_the_same_evening_it_runs_again_with_thanks(
    firm: Harness, service: Switchboard
) -> None:
    await _warned(firm)
    await firm.pass_until(THE_PAUSE, hour=20)
    assert "pause-warning" in firm.sent
    assert service.acts == [ServiceAct.SUSPEND]

    await firm.pay()

    assert await firm.outcome() is Outcome.PAID
    assert service.acts == [ServiceAct.SUSPEND, ServiceAct.RESTORE]
    receipt = firm.outbox.sent[-1].letter
    assert receipt.template_version.startswith("en/service_restored@")
    [kept] = await firm.rows(Suspension)
    assert kept.restored_at is not None
    assert (kept.restored_at - service.orders[1].at).total_seconds() < 60


async def test_without_the_clause_nothing_is_threatened_or_suspended(
    firm: Harness, service: Switchboard
) -> None:
    await _warned(firm, clauses=())

    await firm.pass_until(date(2026, 4, 20))

    assert service.acts == []
    assert not any("pause_warning" in one.letter.template_version for one in firm.outbox.sent)


async def test_a_dispute_restores_it_and_while_it_lasts_nothing_is_suspended(
    firm: Harness, service: Switchboard
) -> None:
    await _warned(firm)
    await firm.pass_until(THE_PAUSE)

    await firm.tell(events.DisputeOpened, code="quality")
    await firm.pass_days(0.1)

    assert service.acts == [ServiceAct.SUSPEND, ServiceAct.RESTORE]


async def test_an_account_that_the_matrix_protects_is_never_suspended(
    firm: Harness, service: Switchboard
) -> None:
    await _warned(firm)
    await firm.pass_until(date(2026, 4, 1))

    await firm.flag(expansion_under_way=True)
    await firm.pass_until(date(2026, 4, 20))

    assert service.acts == []


async def test_a_plan_restores_it(firm: Harness, service: Switchboard) -> None:
    await _warned(firm)
    await firm.pass_until(THE_PAUSE)

    terms = (
        InstalmentTerm(due_on=date(2026, 4, 20), amount=2500),
        InstalmentTerm(due_on=date(2026, 5, 20), amount=2500),
    )
    await firm.decide(acts.AgreePaymentPlan, instalments=terms)
    await firm.pass_days(2)

    assert service.acts == [ServiceAct.SUSPEND, ServiceAct.RESTORE]


async def test_a_webhook_that_is_away_is_told_later_and_told_once(
    firm: Harness, service: Switchboard
) -> None:
    await _warned(firm)
    service.away = True
    await firm.pass_until(THE_PAUSE, hour=20)
    assert service.acts == []

    service.away = False
    await firm.pass_days(0.2)

    assert service.acts == [ServiceAct.SUSPEND]


async def test_one_invoice_paid_of_two_leaves_the_service_suspended(
    firm: Harness, service: Switchboard
) -> None:
    await _warned(firm)
    second = await firm.add_invoice("INV-2", due=date(2026, 2, 9))
    await firm.follow_up(second, policy="saas")
    await firm.pass_until(date(2026, 4, 10))
    suspended = [one.invoice_id for one in await firm.rows(Suspension)]
    assert len(suspended) == 2

    await firm.pay("INV-1")
    assert await firm.outcome("INV-1") is Outcome.PAID
    assert ServiceAct.RESTORE not in service.acts
    letters = [one.letter.template_version for one in firm.outbox.sent]
    assert not any("service_restored" in one for one in letters)

    await firm.pay("INV-2")
    assert await firm.outcome("INV-2") is Outcome.PAID
    assert service.acts[-1] is ServiceAct.RESTORE


async def test_without_a_webhook_a_person_is_asked(firm: Harness) -> None:
    await _warned(firm)

    await firm.pass_until(THE_PAUSE)

    assert TaskKind.SUSPEND_SERVICE in [one.kind for one in await firm.tasks()]


async def test_where_the_other_invoice_was_given_up_a_person_decides(
    firm: Harness, service: Switchboard
) -> None:
    await _warned(firm)
    second = await firm.add_invoice("INV-2", due=date(2026, 2, 9))
    await firm.follow_up(second, policy="saas")
    await firm.pass_until(date(2026, 4, 10))
    await firm.decide(acts.DecideDisposition, choice="write_off", why="too small to sue")
    assert await firm.outcome() is Outcome.WRITTEN_OFF

    await firm.pay("INV-2")
    await firm.outcome("INV-2")

    assert ServiceAct.RESTORE not in service.acts
    [task] = await firm.tasks("INV-2")
    assert task.kind is TaskKind.RESTORE_SERVICE
    assert "INV-1 was given up" in task.why


async def test_who_must_not_be_contacted_hears_no_good_news_either(
    firm: Harness, service: Switchboard
) -> None:
    await _warned(firm)
    await firm.pass_until(THE_PAUSE, hour=20)
    before = len(firm.outbox.sent)
    await firm.flag(do_not_contact=True)

    await firm.pay()
    await firm.outcome()

    assert service.acts[-1] is ServiceAct.RESTORE
    assert len(firm.outbox.sent) == before


async def test_nobody_suspends_by_hand_whom_a_promise_lets_go_on(firm: Harness) -> None:
    await _warned(firm)
    await firm.pass_until(THE_PAUSE, hour=20)
    assert TaskKind.SUSPEND_SERVICE in {task.kind for task in await firm.tasks()}

    await firm.tell(events.PromiseMade, pay_on=date(2026, 4, 20))
    await firm.pass_days(0.1)

    assert TaskKind.SUSPEND_SERVICE not in {task.kind for task in await firm.tasks()}
