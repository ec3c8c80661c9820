"""A service that stands still is known to, for which invoice, until it runs again."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from activities.service import Service
from models.decision import Decision, TaskRequest, Verb
from models.follow_up import Question
from models.service import ServiceAct
from models.tables import Customer, FollowUpRow, Suspension
from models.vocabulary import Outcome, Reason, Status, TaskKind
from store import follow_ups, suspensions, tasks
from store.database import Database
from tests.store.chase import check, follow_up_of, look, pay
from tests.store.rows import MORNING, RULEBOOK, acme, add_customer, add_invoice, follow

LATER = MORNING + timedelta(days=3)
KEY = "INV-1/service-pause/1/suspend"


@pytest.fixture
def session(blank: Session) -> Session:
    acme(blank)
    follow(blank, add_invoice(blank, "INV-2"))
    return blank


def row(session: Session, invoice_id: str = "INV-1") -> FollowUpRow:
    return session.get_one(FollowUpRow, invoice_id)


def test_what_is_suspended_for_an_invoice_is_a_fact_about_it(session: Session) -> None:
    assert suspensions.begin(session, row(session), KEY, MORNING) is True

    assert look(session).facts.progress.suspended is True
    assert look(session, "INV-2").facts.progress.suspended is False
    [running] = suspensions.running(session, "INV-1")
    assert (running.key, running.customer_id, running.suspended_at) == (KEY, "ACME", MORNING)
    assert running.restored_at is None


def test_a_suspension_begins_once(session: Session) -> None:
    suspensions.begin(session, row(session), KEY, MORNING)

    assert suspensions.begin(session, row(session), KEY, LATER) is False

    assert session.get_one(Suspension, KEY).suspended_at == MORNING


def test_one_that_has_ended_does_not_begin_again_by_itself(session: Session) -> None:
    """An activity that is tried again after everything was settled changes nothing."""
    suspensions.begin(session, row(session), KEY, MORNING)
    suspensions.end(session, row(session), LATER, "paid")

    assert suspensions.begin(session, row(session), KEY, LATER) is False

    assert look(session).facts.progress.suspended is False
    assert list(suspensions.running(session, "INV-1")) == []


def test_one_that_has_ended_says_when_and_why(session: Session) -> None:
    suspensions.begin(session, row(session), KEY, MORNING)

    suspensions.end(session, row(session), LATER, "Nothing is open any more.")

    ended = session.get_one(Suspension, KEY)
    assert (ended.restored_at, ended.restored_because) == (LATER, "Nothing is open any more.")
    assert look(session).facts.progress.suspended is False


def test_to_end_what_does_not_stand_still_changes_nothing(session: Session) -> None:
    suspensions.end(session, row(session), LATER, "paid")

    assert session.exec(select(Suspension)).all() == []


def test_another_invoice_of_the_customer_keeps_the_service_suspended(session: Session) -> None:
    add_customer(session, "BOLT")
    follow(session, add_invoice(session, "B-1", customer_id="BOLT"))
    for invoice_id in ("INV-1", "INV-2", "B-1"):
        suspensions.begin(session, row(session, invoice_id), f"{invoice_id}/suspend", MORNING)

    invoice = look(session).invoice
    assert suspensions.kept_by(session, invoice, given_up=False) == ["INV-2"]
    assert suspensions.kept_by(session, invoice, given_up=True) == []

    row(session, "INV-2").status = Status.CLOSED
    assert suspensions.kept_by(session, invoice, given_up=False) == []
    assert suspensions.kept_by(session, invoice, given_up=True) == ["INV-2"]

    suspensions.end(session, row(session, "INV-2"), LATER, "paid")
    assert suspensions.kept_by(session, invoice, given_up=True) == []
    assert look(session).facts.progress.suspended is True


def test_several_for_one_invoice_end_together(session: Session) -> None:
    for number in range(2):
        at = MORNING + timedelta(days=number)
        suspensions.begin(session, row(session), f"{KEY}/{number}", at)
    assert [one.key for one in suspensions.running(session, "INV-1")] == [f"{KEY}/0", f"{KEY}/1"]

    suspensions.end(session, row(session), LATER, "paid")

    assert list(suspensions.running(session, "INV-1")) == []


def test_a_service_that_a_person_is_to_restore_is_still_to_be_restored_once_it_is_paid(
    any_database: Database,
) -> None:
    """Nobody else would do it: the customer has paid and stands still."""
    by_hand = Service(any_database, RULEBOOK, switch=None)
    with any_database.writing() as session:
        acme(session)
        suspensions.begin(session, row(session), KEY, MORNING)
        pay(session, 5000)
        assert check(session).restores_service

        question = Question(follow_up=follow_up_of(session), now=LATER)
        order, _ = by_hand._restoring(session, question)
        assert order is not None
        assert order.act is ServiceAct.RESTORE
        decision = by_hand._restored(session, question, order, "").decision
        follow_ups.close(session, row(session), decision, LATER)

        session.expire_all()
        assert decision.outcome is Outcome.PAID
        [task] = tasks.open_tasks(session)
        assert task.kind is TaskKind.RESTORE_SERVICE
        assert session.get_one(Customer, "ACME").name in task.why


def test_a_service_that_nobody_has_suspended_yet_need_not_be_once_it_is_paid(
    session: Session,
) -> None:
    asked = TaskRequest(kind=TaskKind.SUSPEND_SERVICE, why="Suspend the service of Acme Inc.")
    tasks.open_task(session, row(session), asked, MORNING)
    paid = Decision(
        verb=Verb.CLOSE,
        reason=Reason.PAID,
        says="It is paid.",
        status=Status.CLOSED,
        outcome=Outcome.PAID,
    )

    follow_ups.close(session, row(session), paid, LATER)

    assert tasks.open_tasks(session) == []
