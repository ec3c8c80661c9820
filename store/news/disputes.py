"""What customers contest with us, as a system tells it."""

from models import billing, events
from models.tables import DisputeTold, FollowUpRow
from models.vocabulary import Status
from store import tellings
from store.news.applying import Applying, apply_one, invoice_named


@apply_one.register
def _dispute_stated(news: billing.DisputeStated, applying: Applying) -> None:
    session = applying.session
    invoice = invoice_named(session, applying.source, news.invoice)
    if invoice is None:
        applying.awaits.extend(news.invoice)
        return
    known = session.get(DisputeTold, (applying.source, news.dispute_id))
    if known is not None and known.told_at >= news.happened_at:
        return
    told = known or DisputeTold(
        source=applying.source, id=news.dispute_id, told_at=news.happened_at
    )
    told.told_at = news.happened_at
    session.add(told)
    row = session.get(FollowUpRow, invoice.id)
    if row is None or row.status is Status.CLOSED:
        invoice.disputed = news.is_open  # its follow-up begins with what the register marks
        session.add(invoice)
    said: events.Event
    if news.is_open:
        said = events.DisputeOpened(
            event_id=news.dispute_id,
            amount=news.amount,
            code=news.code,
            line=news.line,
            note=news.note,
        )
    else:
        said = events.DisputeResolved(
            event_id=f"{news.dispute_id[:190]}/closed",
            in_favour_of=news.in_favour_of,
            line=news.line,
            note=news.note,
        )
    tellings.tell(session, invoice, said, applying.at)
    applying.made_news += 1
