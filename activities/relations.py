"""What a connected system knows of a customer: asked once for all their invoices, and kept."""

import asyncio
from collections import defaultdict
from datetime import timedelta
from functools import partial

from sqlmodel import Session
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.rulebook import Rulebook
from integrations.crm.source import ContextSource
from models.context import CustomerContext
from models.decision import Verb
from models.errors import PeerRefused, PeerUnavailable
from models.follow_up import Checked, Question
from models.tables import ContextRow, Customer
from store import contexts, timeline
from store.database import Database

# A busy system may be asked again within the activity, when it says that it will not be for long.
_WORTH_WAITING = timedelta(minutes=2)
_ATTEMPTS = 2


class Relations:
    """The connected system, and what it says."""

    def __init__(
        self, database: Database, rulebook: Rulebook, source: ContextSource | None
    ) -> None:
        self._database = database
        self._rulebook = rulebook
        self._source = source
        # Invoices of one customer wake together: the first asks, and the others read its answer.
        self._asking: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @activity.defn
    async def gather_context(self, question: Question) -> Checked:
        """Ask what is known of the customer, unless somebody just has, and decide on it.

        When the system does not answer, what was last known counts, and the timeline says so.

        Raises:
            DatabaseUnavailable: to be retried.
            ApplicationError: type `Busy`, to be retried after the delay that the system asked for.
        """
        async with self._asking[question.follow_up.customer_id]:
            if self._source is not None and await self._database.read(
                partial(self._is_wanted, question)
            ):
                await self._ask(self._source, question)
        return await self._database.write(
            lambda session: self._rulebook.check(session, question.follow_up, question.now)
        )

    async def _ask(self, source: ContextSource, question: Question) -> None:
        try:
            context = await source.fetch(question.follow_up.customer_id)
        except PeerUnavailable as away:
            _ask_later(away)
            await self._database.write(partial(self._failed, question, str(away)))
        except PeerRefused as refused:
            await self._database.write(partial(self._failed, question, str(refused)))
        else:
            await self._database.write(partial(self._keep, question, context))

    def _is_wanted(self, question: Question, session: Session) -> bool:
        """False when a sibling's follow-up has just asked."""
        followed = self._rulebook.find(session, question.follow_up.invoice_id, question.now)
        if followed is None:
            return False
        return self._rulebook.decide(session, followed, question.now).verb is Verb.GATHER

    def _keep(self, question: Question, context: CustomerContext | None, session: Session) -> None:
        customer = session.get_one(Customer, question.follow_up.customer_id)
        name = self._source.name if self._source else ""
        contexts.keep(session, customer, name, context or CustomerContext(), question.now)

    def _failed(self, question: Question, problem: str, session: Session) -> None:
        name = self._source.name if self._source else ""
        customer_id = question.follow_up.customer_id
        contexts.keep_failure(session, customer_id, name, problem, question.now)
        row = self._rulebook.look_up(session, question.follow_up, question.now).row
        known = session.get_one(ContextRow, (customer_id, name)).fetched_at
        since = f"what it said on {known:%Y-%m-%d} counts" if known else "nothing was known before"
        says = f"{name} did not answer ({problem}); {since}."
        timeline.note(session, row, question.now, "context", "unavailable", says)


def _ask_later(away: PeerUnavailable) -> None:
    """Have the activity tried again soon where the system said how soon."""
    if not activity.in_activity() or away.retry_after is None:
        return
    if activity.info().attempt < _ATTEMPTS and away.retry_after <= _WORTH_WAITING:
        raise ApplicationError(str(away), type="Busy", next_retry_delay=away.retry_after) from away
