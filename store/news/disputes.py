"""What customers contest with us, as a system tells it."""

from models import billing, events
from models.tables import FollowUpRow
from models.vocabulary import Status
from store import register, tellings
from store.news.applying import Applying, apply_one


@apply_one.register
def _dispute_stated(news: billing.DisputeStated, applying: Applying) -> None:
    session = applying.session
    invoice = register.named(session, news.invoice)
    if invoice is None:
        applying.awaits.extend(news.invoice)
        return
    row = session.get(FollowUpRow, invoice.id)
    if row is None or row.status is Status.CLOSED:
        invoice.disputed = news.is_open  # its follow-up begins with what the register marks
        session.add(invoice)
    told: events.Event
    if news.is_open:
        told = events.DisputeOpened(
            event_id=news.dispute_id,
            amount=news.amount,
            code=news.code,
            line=news.line,
            note=news.note,
        )
    else:
        told = events.DisputeResolved(
            event_id=f"{news.dispute_id}/closed",
            in_favour_of=news.in_favour_of,
            line=news.line,
            note=news.note,
        )
    tellings.tell(session, invoice, told, applying.at)
    applying.made_news = True
