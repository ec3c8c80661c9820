"""A person's decision counts once, or is refused with the reason and changes nothing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from activities.rulebook import Rulebook
from domain.banking_days import Place
from models import acts, events
from models.acts import InstalmentTerm
from models.context import CustomerContext
from models.decision import TaskRequest, Verb
from models.errors import Refused
from models.tables import (
    Customer,
    Draft,
    FollowUpRow,
    Instalment,
    Invoice,
    Plan,
    Promise,
    Task,
    TimelineEntry,
    Touch,
)
from models.vocabulary import (
    Disposition,
    DraftState,
    InvoiceStatus,
    Outcome,
    OwnerWord,
    PlanState,
    Reason,
    Stage,
    Status,
    TaskKind,
    TouchOutcome,
)
from store import contexts, tasks, timeline
from store.database import Database
from tests.store.chase import flag, happening, look, pay, tell
from tests.store.rows import FILES, MORNING, STAFF, TUESDAY, add_invoice, follow
from tests.store.signing import Office

MARA = "mara@harbour.example"
LATER = MORNING + timedelta(days=1)
HALVES = (
    InstalmentTerm(due_on=date(2026, 4, 1), amount=Decimal(125_000)),
    InstalmentTerm(due_on=date(2026, 5, 1), amount=Decimal(125_000)),
)


@pytest.fixture
def office(blank: Session, shared_database: Database) -> Office:
    return Office(blank, shared_database)


def everything(session: Session) -> list[dict[str, Any]]:
    session.flush()
    session.expire_all()
    tables: tuple[type[Any], ...] = (
        Invoice,
        FollowUpRow,
        Draft,
        Task,
        Plan,
        Instalment,
        Promise,
        Touch,
        TimelineEntry,
    )
    return [row.model_dump() for table in tables for row in session.exec(select(table))]


def refused(office: Office, kind: type[Any], **act: Any) -> str:
    """What the person is told; nothing is otherwise than before."""
    before = everything(office.session)
    with pytest.raises(Refused) as told:
        office.put(kind, **act)
    assert everything(office.session) == before
    assert str(told.value).startswith("Invoice INV-")
    assert str(told.value).endswith((".", "Look at it."))
    return str(told.value)


def row(office: Office) -> FollowUpRow:
    return office.session.get_one(FollowUpRow, "INV-1")


def waiting(office: Office) -> list[TaskKind]:
    return sorted(task.kind for task in tasks.open_tasks(office.session))


def queue(office: Office, kind: TaskKind = TaskKind.CALL, key: str = "call") -> Task:
    about = happening(office.session)
    tasks.open_task(
        office.session,
        about.row,
        TaskRequest(kind=kind, why="why"),
        MORNING,
        key=key,
        escalate_at=about.terms.escalate_at(kind, MORNING),
    )
    office.session.flush()
    return office.session.get_one(Task, key)


def ask_owner(office: Office, step: str = "first-notice") -> None:
    """The account owner was asked first about the letter that is up."""
    asked = row(office)
    asked.asked_step, asked.answer_by = step, LATER
    office.session.add(asked)
    queue(office, TaskKind.OWNER_FIRST, "owner")


def to_sign(office: Office) -> None:
    office.write()


def to_take_up(office: Office) -> None:
    queue(office)


def nothing(office: Office) -> None:
    del office


EVERY_ACT: list[tuple[Callable[[Office], None], type[Any], dict[str, Any]]] = [
    (to_sign, acts.ApproveMessage, {"version": 1}),
    (to_sign, acts.RejectMessage, {"version": 1, "why": "Not now."}),
    (nothing, acts.AgreePaymentPlan, {"instalments": HALVES}),
    *(
        (nothing, acts.DecideDisposition, {"choice": choice, "why": "Enough."})
        for choice in Disposition
    ),
    (to_take_up, acts.AcknowledgeCall, {"task_key": "call"}),
    (ask_owner, acts.AnswerAsOwner, {"word": OwnerWord.SOFTEN}),
]


@pytest.mark.parametrize(
    ("before", "kind", "act"),
    EVERY_ACT,
    ids=[f"{kind.__name__} {act.get('choice', '')}".strip() for _, kind, act in EVERY_ACT],
)
def test_a_decision_delivered_twice_counts_once_and_is_answered_the_same(
    office: Office, before: Callable[[Office], None], kind: type[Any], act: dict[str, Any]
) -> None:
    before(office)
    first = office.put(kind, event_id="once", **act)
    after_one = everything(office.session)

    again = office.put(kind, event_id="once", at=LATER, **act)

    assert again == first
    assert everything(office.session) == after_one
    line = timeline.event(office.session, "INV-1", "once")
    assert line is not None
    assert line.text == f"Robin Vale: {first}"


@pytest.mark.parametrize(
    ("before", "kind", "act"),
    EVERY_ACT,
    ids=[f"{kind.__name__} {act.get('choice', '')}".strip() for _, kind, act in EVERY_ACT],
)
def test_nothing_is_decided_about_what_is_not_open_any_more(
    office: Office, before: Callable[[Office], None], kind: type[Any], act: dict[str, Any]
) -> None:
    before(office)
    pay(office.session, 250_000)

    says = refused(office, kind, **act)

    assert "is not open any more." in says or "has changed since" in says


class TestSigning:
    def test_a_signed_draft_says_by_whom_and_when(self, office: Office) -> None:
        office.write()

        says = office.put(acts.ApproveMessage, version=1, note="Go on.", at=LATER)

        assert says == "Version 1 of the draft of first-notice is signed. Go on."
        draft = office.draft()
        assert draft is not None
        assert (draft.state, draft.decided_by, draft.decided_at, draft.note) == (
            DraftState.APPROVED,
            "Robin Vale",
            LATER,
            "Go on.",
        )
        assert waiting(office) == []
        assert office.check().decision.acts

    def test_it_may_be_edited_first_and_is_kept_as_it_was_written(self, office: Office) -> None:
        source = office.write().source

        office.put(
            acts.ApproveMessage,
            version=1,
            subject="INV-1, before Monday",
            source=f"It was good to meet you.\n\n{source}",
        )

        draft = office.draft()
        assert draft is not None
        assert (draft.subject, draft.edited) == ("INV-1, before Monday", True)
        assert draft.source.startswith("It was good to meet you.")
        assert "It was good to meet you." in draft.body

    def test_what_is_not_edited_stays_as_it_was(self, office: Office) -> None:
        source = office.write().source

        office.put(acts.ApproveMessage, version=1, subject="INV-1, before Monday")

        draft = office.draft()
        assert draft is not None
        assert (draft.subject, draft.source) == ("INV-1, before Monday", source)

    def test_a_person_may_not_leave_out_what_is_owed(self, office: Office) -> None:
        source = office.write().source.replace("250,000.00", "a little money")

        says = refused(office, acts.ApproveMessage, version=1, source=source)

        assert "cannot be written about like that: the letter no longer says" in says

    def test_a_person_may_not_ask_for_another_amount(self, office: Office) -> None:
        source = f"{office.write().source}\n\nAnd a fee of $75.00."

        says = refused(office, acts.ApproveMessage, version=1, source=source)

        assert "the ledger knows nothing of $75.00" in says

    def test_without_a_draft_there_is_nothing_to_sign(self, office: Office) -> None:
        for kind, more in ((acts.ApproveMessage, {}), (acts.RejectMessage, {"why": "No."})):
            says = refused(office, kind, version=1, **more)
            assert says == "Invoice INV-1 has no draft that waits for a signature."

    def test_an_old_version_is_refused_and_the_new_one_named(self, office: Office) -> None:
        office.write()
        pay(office.session, 50_000)
        office.write(at=LATER)

        says = refused(office, acts.ApproveMessage, version=1)

        assert says == "Invoice INV-1 has a newer draft: version 2, not 1. Look at it."

    def test_a_draft_that_is_out_of_date_is_refused_before_a_new_one_is_written(
        self, office: Office
    ) -> None:
        office.write()
        pay(office.session, 50_000)

        says = refused(office, acts.ApproveMessage, version=1)

        assert says == (
            "Invoice INV-1 has changed since the draft was written; a new one is being made."
        )

    def test_a_sibling_sends_whoever_decides_to_the_invoice_that_carries_it(
        self, office: Office
    ) -> None:
        office.owe("INV-2", "120000.00")
        office.write()

        says = refused(office, acts.ApproveMessage, invoice_id="INV-2", version=1)

        assert says == (
            "Invoice INV-2 is part of the draft of invoice INV-1: decide about that one."
        )

    @pytest.mark.parametrize("kind", [acts.ApproveMessage, acts.RejectMessage])
    def test_what_is_signed_is_not_decided_again(self, office: Office, kind: type[Any]) -> None:
        office.write()
        office.put(acts.ApproveMessage, version=1)

        more = {"why": "No."} if kind is acts.RejectMessage else {}
        says = refused(office, kind, version=1, **more)

        assert says == "Invoice INV-1 has a draft that is approved already."

    def test_a_rejected_step_is_not_taken_and_says_why(self, office: Office) -> None:
        office.write()

        says = office.put(acts.RejectMessage, version=1, why="I spoke with their CFO.")

        assert says == (
            "Version 1 of the draft of first-notice is rejected. I spoke with their CFO."
        )
        [touch] = office.session.exec(select(Touch))
        assert (touch.step, touch.outcome) == ("first-notice", TouchOutcome.REJECTED)
        assert waiting(office) == []


class TestPlans:
    def test_an_agreed_plan_is_kept_as_it_was_agreed(self, office: Office) -> None:
        says = office.put(acts.AgreePaymentPlan, instalments=HALVES, note="After Easter.")

        assert says == "2 instalments from 2026-04-01 to 2026-05-01, 250,000.00 in all."
        [plan] = office.session.exec(select(Plan))
        assert (plan.agreed_on, plan.agreed_at, plan.round) == (TUESDAY, MORNING, 1)
        assert (plan.agreed_by, plan.note) == ("Robin Vale", "After Easter.")
        facts = look(office.session).facts.progress.plan
        assert facts is not None
        assert [(one.number, one.due_on, one.amount) for one in facts.instalments] == [
            (1, date(2026, 4, 1), Decimal(125_000)),
            (2, date(2026, 5, 1), Decimal(125_000)),
        ]
        assert row(office).plan_id == plan.id

    @pytest.mark.parametrize(
        ("terms", "problem"),
        [
            (
                [(date(2026, 4, 1), 125_000), (date(2026, 5, 1), 124_999)],
                "The instalments add up to 249,999.00; 250,000.00 is open.",
            ),
            (
                [(date(2026, 4, 1), 125_000), (date(2026, 5, 1), "125000.01")],
                "The instalments add up to 250,000.01; 250,000.00 is open.",
            ),
            (
                [(date(2026, 4, 1), 250_000)],
                "A plan has 2 to 12 instalments; these are 1.",
            ),
            (
                [(date(2026, 3, 9), 125_000), (date(2026, 5, 1), 125_000)],
                "The first instalment is due on 2026-03-09, which has passed.",
            ),
            (
                [(date(2026, 5, 1), 125_000), (date(2026, 4, 1), 125_000)],
                "Each instalment must be due after the one before it.",
            ),
            (
                [(date(2026, 4, 1), 125_000), (date(2027, 4, 1), 125_000)],
                "The last instalment is due on 2027-04-01, more than 365 days off.",
            ),
        ],
        ids=["too little", "too much", "one alone", "too late", "in no order", "too far off"],
    )
    def test_a_plan_that_does_not_fit_is_refused(
        self, office: Office, terms: list[tuple[date, Any]], problem: str
    ) -> None:
        instalments = [InstalmentTerm(due_on=day, amount=amount) for day, amount in terms]

        says = refused(office, acts.AgreePaymentPlan, instalments=instalments)

        assert says == f"Invoice INV-1 cannot be paid by this plan. {problem}"

    def test_a_plan_is_about_what_is_open_now(self, office: Office) -> None:
        pay(office.session, 50_000)

        says = refused(office, acts.AgreePaymentPlan, instalments=HALVES)

        assert "200,000.00 is open" in says

    def test_the_plan_of_today_takes_the_place_of_that_of_yesterday(self, office: Office) -> None:
        office.put(acts.AgreePaymentPlan, instalments=HALVES)
        office.put(acts.AgreePaymentPlan, instalments=HALVES, at=LATER)

        states = [plan.state for plan in office.session.exec(select(Plan).order_by("id"))]
        assert states == [PlanState.REPLACED, PlanState.RUNNING]

    def test_a_plan_ends_what_was_asked_for_it_and_the_promise_before_it(
        self, office: Office
    ) -> None:
        queue(office, TaskKind.AGREE_PLAN, "plan")
        queue(office, TaskKind.DISPOSITION, "disposition")
        queue(office, TaskKind.CALL, "call")
        tell(office.session, events.PromiseMade(event_id="p", pay_on=date(2026, 3, 20)))

        office.put(acts.AgreePaymentPlan, instalments=HALVES)

        assert waiting(office) == []
        assert look(office.session).facts.progress.promise is None
        assert office.session.exec(select(Promise)).one().state == "replaced"


class TestDispositions:
    def test_what_is_written_off_is_asked_for_no_more(self, office: Office) -> None:
        queue(office, TaskKind.DISPOSITION, "decide")

        says = office.put(
            acts.DecideDisposition, choice=Disposition.WRITE_OFF, why="They are bankrupt."
        )

        assert says == "Decided: write off. They are bankrupt."
        invoice = office.session.get_one(Invoice, "INV-1")
        assert (invoice.status, invoice.amount_open) == (InvoiceStatus.WRITTEN_OFF, Decimal(0))
        assert waiting(office) == []
        assert office.check().decision.outcome is Outcome.WRITTEN_OFF

    def test_what_is_given_to_an_agency_is_theirs(self, office: Office) -> None:
        office.put(acts.DecideDisposition, choice=Disposition.AGENCY, why="They do not answer.")

        assert office.check().decision.outcome is Outcome.AGENCY

    def test_what_is_given_to_an_agency_takes_no_plan(self, office: Office) -> None:
        office.put(acts.DecideDisposition, choice=Disposition.AGENCY, why="no answer")

        with pytest.raises(Refused, match="was given to a collection agency"):
            office.put(acts.AgreePaymentPlan, instalments=HALVES)

    def test_what_is_given_to_the_lawyers_waits_for_them(self, office: Office) -> None:
        office.put(acts.DecideDisposition, choice=Disposition.LEGAL, why="They do not answer.")

        decision = office.check().decision
        assert (decision.reason, decision.status) == (Reason.LEGAL_ACTION, Status.PAUSED)
        assert row(office).disposed_on == TUESDAY

    def test_a_plan_is_to_be_agreed_by_whoever_decided_for_it(self, office: Office) -> None:
        queue(office, TaskKind.DISPOSITION, "decide")

        office.put(acts.DecideDisposition, choice=Disposition.PLAN, why="They are honest.")

        [task] = tasks.open_tasks(office.session)
        assert (task.kind, task.why) == (
            TaskKind.AGREE_PLAN,
            "Robin Vale decided for a payment plan: agree it with the customer.",
        )

    def test_to_go_on_is_to_speak_with_them(self, office: Office) -> None:
        office.put(acts.DecideDisposition, choice=Disposition.CONTINUE, why="They will pay.")

        [task] = tasks.open_tasks(office.session)
        assert (task.kind, task.why) == (
            TaskKind.CALL,
            "Robin Vale decided to go on: speak with the customer. They will pay.",
        )

    def test_a_decision_may_be_changed(self, office: Office) -> None:
        office.put(acts.DecideDisposition, choice=Disposition.LEGAL, why="Enough.")
        office.put(
            acts.DecideDisposition, choice=Disposition.CONTINUE, why="They called.", at=LATER
        )

        assert (row(office).disposition, row(office).disposed_on) == (
            Disposition.CONTINUE,
            LATER.date(),
        )


class TestTakingUp:
    def test_who_takes_a_task_up_is_known_and_nobody_else_is_told(self, office: Office) -> None:
        queue(office)

        says = office.put(acts.AcknowledgeCall, task_key="call", by=MARA, at=LATER)

        assert says == "Taken up: call."
        task = office.session.get_one(Task, "call")
        assert (task.acknowledged_by, task.acknowledged_at) == (MARA, LATER)
        assert (task.escalate_at, task.closed_at) == (None, None)

    @pytest.mark.parametrize(
        "kind", [TaskKind.RESOLVE_DISPUTE, TaskKind.DISPOSITION, TaskKind.AGREE_PLAN]
    )
    def test_a_decision_that_is_taken_up_stays_due(self, office: Office, kind: TaskKind) -> None:
        queue(office, kind, "decide")

        office.put(acts.AcknowledgeCall, task_key="decide", at=LATER)

        due = happening(office.session).terms.escalate_at(kind, LATER)
        assert office.session.get_one(Task, "decide").escalate_at == due

    def test_the_second_to_take_it_up_is_told_who_was_first(self, office: Office) -> None:
        queue(office)
        office.put(acts.AcknowledgeCall, task_key="call", by=MARA)

        says = refused(office, acts.AcknowledgeCall, task_key="call")

        assert says == f"Invoice INV-1 is taken up already, by {MARA}."

    def test_what_is_done_needs_nobody(self, office: Office) -> None:
        queue(office)
        tasks.close_tasks(office.session, "INV-1", MORNING, "call logged: reached")

        says = refused(office, acts.AcknowledgeCall, task_key="call")

        assert says == "Invoice INV-1 needs it no more: call logged: reached."

    def test_a_task_of_another_invoice_is_none_of_this_one(self, office: Office) -> None:
        follow(office.session, add_invoice(office.session, "INV-2"))
        queue(office)

        says = refused(office, acts.AcknowledgeCall, invoice_id="INV-2", task_key="call")

        assert says == "Invoice INV-2 has no task call."


class TestTheOwner:
    """Asked first about the first notice, until tomorrow."""

    def test_their_word_is_noted_and_their_task_done(self, office: Office) -> None:
        ask_owner(office)

        says = office.put(acts.AnswerAsOwner, word=OwnerWord.GO, note="They know.")

        assert says == "The owner says go to first-notice. They know."
        question = look(office.session).facts.progress.question
        assert question is not None
        assert (question.word, question.answer_by) == (OwnerWord.GO, LATER)
        assert waiting(office) == []

    def test_to_hold_counts_from_the_moment_it_is_said(self, office: Office) -> None:
        ask_owner(office)

        office.put(acts.AnswerAsOwner, word=OwnerWord.HOLD)

        question = look(office.session).facts.progress.question
        assert question is not None
        assert question.answer_by == MORNING

    def test_nobody_answers_what_nobody_asked(self, office: Office) -> None:
        says = refused(office, acts.AnswerAsOwner, word=OwnerWord.GO)

        assert says == "Invoice INV-1 has no letter that its owner was asked about."

    def test_an_answer_about_a_letter_that_has_left_comes_too_late(self, office: Office) -> None:
        ask_owner(office, "due-notice")
        office.session.add(
            Touch(
                key="INV-1/due-notice/1",
                invoice_id="INV-1",
                round=1,
                step="due-notice",
                stage=Stage.DUE,
                outcome=TouchOutcome.SENT,
                on=TUESDAY,
                at=MORNING,
            )
        )

        says = refused(office, acts.AnswerAsOwner, word=OwnerWord.HOLD)

        assert says == "Invoice INV-1 has left due-notice behind already."

    def test_what_the_rules_asked_is_answered_and_the_letter_is_as_they_said(
        self, any_database: Database
    ) -> None:
        """The whole way: a renewal is under way, and the invoice is late by more than two weeks."""
        late = MORNING + timedelta(days=9)
        with any_database.writing() as session:
            office = Office(session, any_database)
            session.get_one(Invoice, "INV-1").amount_open = Decimal(5_000)
            session.get_one(Customer, "ACME").owner_email = MARA
            flag(session, renewal_under_way=True)
            decision = office.check(at=late).decision
            assert decision.reason is Reason.RENEWAL_UNDER_WAY
            assert decision.ask_owner_by is not None

            office.put(acts.AnswerAsOwner, word=OwnerWord.GO, at=late, by=MARA)

            touch = office.check(at=late).decision.touch
            assert touch is not None
            assert touch.template == "second_notice"

    def test_to_look_at_the_customer_again_meanwhile_leaves_them_to_be_asked(
        self, any_database: Database
    ) -> None:
        """The connected system is asked before anything is decided: that answers nothing."""
        asks = Rulebook(FILES, Place("US"), staff=STAFF, connected="hubspot")
        late = MORNING + timedelta(days=9)
        with any_database.writing() as session:
            office = Office(session, any_database, asks)
            session.get_one(Invoice, "INV-1").amount_open = Decimal(5_000)

            def answer(at: datetime) -> None:
                said = CustomerContext(renewal_under_way=True, owner_email=MARA)
                customer = session.get_one(Customer, "ACME")
                contexts.keep(session, customer, "hubspot", said, at)
                session.flush()

            answer(late)
            assert office.check(at=late).decision.ask_owner_by is not None
            before_they_must = late + timedelta(hours=21)

            assert office.check(at=before_they_must).decision.verb is Verb.GATHER
            answer(before_they_must)
            assert office.check(at=before_they_must).decision.reason is Reason.RENEWAL_UNDER_WAY

            assert waiting(office) == [TaskKind.OWNER_FIRST]
