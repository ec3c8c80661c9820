"""While no worker is at work nothing is lost, and it is said that nobody has taken it up."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

import commands.office
import commands.tell
from integrations.temporal import follow_ups
from tests.commands.conftest import a_namespace
from tests.commands.shop import Shop, bill
from tests.commands.terminal import Said, Terminal, at_work

PAID, UNPAID = "INV-PAID", "INV-UNPAID"


@pytest.fixture(scope="module")
async def variables(dev_server: WorkflowEnvironment) -> dict[str, str]:
    return await a_namespace(dev_server)


@pytest.fixture(scope="module")
def idle(variables: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A shop whose worker has stopped, with two invoices that are followed up."""
    terminal = Terminal(tmp_path_factory.mktemp("idle"), **variables)
    assert terminal("prepare").status == 0
    with at_work(terminal) as worker:
        shop = Shop(terminal, worker)
        shop.take(bill(PAID), bill(UNPAID))
        shop.begin(PAID, UNPAID)
    return shop


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waiting for nobody need not take as long here as it does for people."""
    monkeypatch.setattr(commands.tell, "_PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(follow_ups, "_ANSWER_WITHIN", timedelta(seconds=2))
    monkeypatch.setattr(follow_ups, "_DECIDED_WITHIN", timedelta(seconds=2))
    monkeypatch.setattr(commands.office, "_PATIENCE_SECONDS", 1.0)


def within(seconds: float, command: Callable[[], Said]) -> Said:
    """What the command says, provided that nobody has to wait longer."""
    began = time.monotonic()
    said = command()
    assert time.monotonic() - began < seconds, said
    return said


def test_an_event_is_noted_and_waits_for_a_worker(idle: Shop) -> None:
    said = within(15, lambda: idle("pay", UNPAID, "--amount", "1200"))

    assert (said.status, said.err) == (0, "")
    assert said.out == f"Noted for invoice {UNPAID}; no worker has taken it up yet.\n"
    with at_work(idle.terminal) as worker:
        shop = Shop(idle.terminal, worker)
        shop.wait_for(UNPAID, "payment_received")
        assert shop.state(UNPAID)["amount_open"] == "3800.0000"


def test_a_question_that_nobody_answers_says_so(idle: Shop) -> None:
    said = within(15, lambda: idle("status", UNPAID))

    assert (said.status, said.out) == (1, "")
    assert "worker" in said.err
    assert "Temporal server does not answer" not in said.err


def test_a_decision_that_nobody_answers_says_how_to_see_whether_it_counts(idle: Shop) -> None:
    words = ("legal", "--by", "Ines Calder", "--why", "they have the money")

    said = within(15, lambda: idle("decide", UNPAID, *words))

    assert said.refused(1) == (
        f"No worker answers for invoice {UNPAID}. Run: make worker. Once one runs, see with "
        f"`starter.py timeline {UNPAID}` whether the decision counts; if not, say it again.\n"
    )


def test_a_customer_is_shown_and_what_is_said_of_them_kept(idle: Shop) -> None:
    shown = within(15, lambda: idle("customer", "show", "ACME"))
    said = within(15, lambda: idle("customer", "flag", "ACME", "strategic"))

    assert (shown.status, said.status) == (0, 0)
    assert said.out.endswith("2 follow-ups look again.\n")
    assert idle("customer", "show", "ACME", "--json").data["strategic"] is True


def test_a_payment_of_what_an_import_has_settled_is_refused_in_a_sentence(idle: Shop) -> None:
    idle.take(bill(PAID, Status="paid"))

    said = within(15, lambda: idle("pay", PAID))

    assert said.status == 1
    assert "Traceback" not in said.err
    assert f"Invoice {PAID} " in said.err
