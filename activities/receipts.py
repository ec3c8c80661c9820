"""Letters that ask for nothing: thanks, and word that the service runs again."""

from functools import partial

from sqlmodel import Session
from temporalio import activity

from activities.letter_desk import LetterDesk
from activities.rulebook import Rulebook
from domain.letter_writing import recipient
from integrations.mail.transport import AcceptanceUnknown, MailTransport
from models.decision import TouchPlan
from models.errors import AddressRejected, MailRefused
from models.follow_up import ReceiptOrder
from models.letter import Envelope
from models.vocabulary import Channel, Stage, Tone
from store import correspondence, receipts, timeline
from store.database import Database

_NAMES = {"service_restored": "service-restored", "thank_you": "thank-you"}


class Receipts:
    """Letters to customers who owe nothing any more. They leave at any hour, once."""

    def __init__(
        self, database: Database, rulebook: Rulebook, desk: LetterDesk, mail: MailTransport
    ) -> None:
        self._database = database
        self._rulebook = rulebook
        self._desk = desk
        self._mail = mail

    @activity.defn
    async def send_receipt(self, order: ReceiptOrder) -> None:
        """Send the letter unless it has left before, or nobody can be written to.

        Raises:
            MailUnavailable, DatabaseUnavailable: to be retried, under the same Message-ID.
            ApplicationError: type `TemplateInvalid`, not retryable: the letter cannot be written.
        """
        envelope = await self._database.write(partial(self._begin, order=order))
        if envelope is None:
            return
        try:
            await self._mail.send(envelope)
        except AcceptanceUnknown:
            raise
        except (AddressRejected, MailRefused) as refused:
            await self._database.write(
                partial(self._end, order=order, envelope=envelope, problem=str(refused))
            )
        else:
            await self._database.write(
                partial(self._end, order=order, envelope=envelope, problem="")
            )

    def _begin(self, session: Session, order: ReceiptOrder) -> Envelope | None:
        followed = self._rulebook.find(session, order.follow_up.invoice_id, order.now)
        key = _key(order)
        if followed is None or receipts.has_left(session, key):
            return None
        customer = followed.facts.customer
        if customer.do_not_contact or customer.insolvent or customer.legal_hold:
            return None  # not even with good news
        if recipient(customer) is None:
            return None
        plan = _plan(order)
        thread = correspondence.references(session, followed.invoice, key)
        envelope = self._desk.write(plan, [followed.facts], key, thread, order.now)
        receipts.begin(session, followed, plan, key, order.now)
        return envelope

    def _end(self, session: Session, order: ReceiptOrder, envelope: Envelope, problem: str) -> None:
        followed = self._rulebook.find(session, order.follow_up.invoice_id, order.now)
        receipts.end(session, _key(order), envelope, None if problem else order.now)
        says = f"{order.template} was not sent: {problem}" if problem else f"{order.template} sent."
        if followed is not None:
            timeline.note(session, followed.row, order.now, "receipt", order.template, says)


def _key(order: ReceiptOrder) -> str:
    follow_up = order.follow_up
    return f"{follow_up.invoice_id}/{_NAMES[order.template]}/{follow_up.round}"


def _plan(order: ReceiptOrder) -> TouchPlan:
    return TouchPlan(
        invoice_id=order.follow_up.invoice_id,
        round=order.follow_up.round,
        step=_NAMES[order.template],
        stage=Stage.PRE_DUE,
        tone=Tone.FRIENDLY,
        channel=Channel.MAIL,
        template=order.template,
    )
