"""The customer's service: suspended after a warning, and restored as soon as the reason is gone."""

from datetime import datetime
from functools import partial

from sqlmodel import Session
from temporalio import activity

from activities.rulebook import Rulebook
from domain import wording
from domain.case import Case
from integrations.service.switch import ServiceSwitch
from models.decision import TaskRequest
from models.errors import PeerRefused
from models.follow_up import Checked, Question, TouchOrder
from models.service import ServiceAct, ServiceOrder
from models.vocabulary import InvoiceStatus, TaskKind
from store import suspensions, tasks, timeline
from store.database import Database
from store.followed import Followed


class Service:
    """The system that runs the service, told by signed webhooks. Without one a person is asked."""

    def __init__(
        self, database: Database, rulebook: Rulebook, switch: ServiceSwitch | None
    ) -> None:
        self._database = database
        self._rulebook = rulebook
        self._switch = switch

    @activity.defn
    async def suspend_service(self, order: TouchOrder) -> None:
        """Have the service suspended for the touch's invoice, once, if that is still allowed.

        Raises:
            PeerUnavailable, DatabaseUnavailable: to be retried.
        """
        intended = await self._database.write(partial(self._intend, order=order))
        if intended is None:
            return
        if self._switch is None:
            await self._database.write(partial(self._ask_a_person, order=order, problem=""))
            return
        try:
            await self._switch.tell(intended)
        except PeerRefused as refused:
            problem = str(refused)
            await self._database.write(partial(self._ask_a_person, order=order, problem=problem))

    @activity.defn
    async def restore_service(self, question: Question) -> Checked:
        """Have the service restored that was suspended for this invoice, unless another invoice of
        the customer keeps it suspended; what to do next.

        Raises:
            PeerUnavailable, DatabaseUnavailable: to be retried.
        """
        order, problem = await self._database.read(partial(self._restoring, question=question))
        if order is not None and not problem and self._switch is not None:
            try:
                await self._switch.tell(order)
            except PeerRefused as refused:
                problem = str(refused)
        return await self._database.write(
            partial(self._restored, question=question, order=order, problem=problem)
        )

    def _intend(self, session: Session, order: TouchOrder) -> ServiceOrder | None:
        """Note that it is to be suspended, before anybody is told: whatever comes then, it will be
        restored. None when it is not to be."""
        followed = self._rulebook.find(session, order.touch.invoice_id, order.now)
        key = f"{order.touch.key}/{ServiceAct.SUSPEND}"
        if followed is None or not self._is_allowed(session, followed, order):
            return None
        if suspensions.begin(session, followed.row, key, order.now):
            says = "The service is to be suspended."
            timeline.note(session, followed.row, order.now, "service", ServiceAct.SUSPEND, says)
        return ServiceOrder(
            key=key,
            act=ServiceAct.SUSPEND,
            customer_id=followed.invoice.customer_id,
            invoice_ids=(followed.invoice.id,),
            why=f"Invoice {followed.invoice.number} is overdue.",
            at=order.now,
        )

    def _is_allowed(self, session: Session, followed: Followed, order: TouchOrder) -> bool:
        terms = self._rulebook.terms(session, followed)
        case = Case.of(followed.facts, terms.policy, terms.calendar, order.now)
        is_open = followed.invoice.status is InvoiceStatus.OPEN
        return is_open and wording.may_suspend(case, terms.policy.step(order.touch.step))

    def _ask_a_person(self, session: Session, order: TouchOrder, problem: str) -> None:
        followed = self._rulebook.find(session, order.touch.invoice_id, order.now)
        if followed is not None:
            kind, key = TaskKind.SUSPEND_SERVICE, order.touch.key
            self._open_task(session, followed, kind, key, order.now, problem)

    def _open_task(
        self,
        session: Session,
        followed: Followed,
        kind: TaskKind,
        about: str,
        now: datetime,
        problem: str,
    ) -> None:
        verb = kind.partition("_")[0].capitalize()
        why = f"{verb} the service of {followed.facts.customer.name}. {problem}".strip()
        tasks.open_task(
            session,
            followed.row,
            TaskRequest(kind=kind, why=why),
            now,
            key=f"{about}/{kind}",
            priority=followed.row.priority,
            escalate_at=self._rulebook.terms(session, followed).escalate_at(kind, now),
        )

    def _restoring(self, session: Session, question: Question) -> tuple[ServiceOrder | None, str]:
        """What to ask of the service, and why only a person may: nothing while another invoice
        that is chased keeps it suspended."""
        followed = self._rulebook.look_up(session, question.follow_up, question.now)
        invoice = followed.invoice
        own = suspensions.running(session, invoice.id)
        if not own or suspensions.kept_by(session, invoice, given_up=False):
            return None, ""
        given_up = ", ".join(suspensions.kept_by(session, invoice, given_up=True))
        problem = f"Invoice {given_up} was given up while it kept it suspended." if given_up else ""
        order = ServiceOrder(
            key=f"{own[-1].key}/{ServiceAct.RESTORE}",
            act=ServiceAct.RESTORE,
            customer_id=invoice.customer_id,
            invoice_ids=(invoice.id,),
            why=self._rulebook.decide(session, followed, question.now).says,
            at=question.now,
        )
        return order, problem

    def _restored(
        self, session: Session, question: Question, order: ServiceOrder | None, problem: str
    ) -> Checked:
        followed = self._rulebook.look_up(session, question.follow_up, question.now)
        says = "The service is to run again."
        if order is None:
            says = "Another invoice of the customer keeps the service suspended."
        suspensions.end(session, followed.row, question.now, says)
        timeline.note(session, followed.row, question.now, "service", ServiceAct.RESTORE, says)
        undone = TaskKind.SUSPEND_SERVICE
        tasks.close_tasks(session, followed.invoice.id, question.now, "to run again", kind=undone)
        is_told = order is not None and not problem and self._switch is not None
        if order is not None and not is_told:
            kind = TaskKind.RESTORE_SERVICE
            self._open_task(session, followed, kind, order.key, question.now, problem)
        checked = self._rulebook.check(session, question.follow_up, question.now)
        return checked.model_copy(update={"service_runs": is_told})
