"""The two roads by which a provider's object comes: in an event, and read over HTTP."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from models.billing import News, ObjectChanged, ObjectKind
from tests.registers.conftest import Open
from tests.registers.fake_stripe import FakeStripe
from tests.registers.firm import Firm, read_all
from tests.webhooks.telling import told

_SOON = timedelta(minutes=1)


async def by_webhook(firm: Firm, body: Any) -> list[News]:
    """What a request tells; what it only names is asked for, as the intake does."""
    found: list[News] = []
    for one in told(firm.source.name, body):
        found += await firm.source.fetch(one) if isinstance(one, ObjectChanged) else (one,)
    return found


async def by_list_of_events(open_at: Open, event: dict[str, Any], **books: Any) -> list[News]:
    """What the same event of Stripe's tells a minute later where it is read from the list."""
    firm = await stripe_with(open_at, event, **books)
    at = datetime.fromtimestamp(event["created"], UTC)
    return await read_all(firm.source, at - _SOON)


async def stripe_with(open_at: Open, event: dict[str, Any], **books: Any) -> Firm:
    """Stripe a minute after an event, with these objects in its lists."""
    firm = await open_at("stripe", books=FakeStripe(things={"events": [event], **books}))
    firm.books.time.now = datetime.fromtimestamp(event["created"], UTC) + _SOON
    return firm


async def after_a_long_silence(firm: Firm) -> list[News]:
    """What Stripe's lists tell when there are no events any more."""
    assert isinstance(firm.books, FakeStripe)
    firm.books.things.pop("events", None)
    since = firm.books.time.now
    firm.books.time.pass_by(days=40)
    return await read_all(firm.source, since)


async def by_asking(firm: Firm, kind: ObjectKind, object_id: str) -> list[News]:
    """What an object tells when it is asked for, now and a year later: the same."""
    changed = ObjectChanged(object=kind, id=object_id, happened_at=firm.books.time.now)
    news = [*await firm.source.fetch(changed)]
    firm.books.time.pass_by(days=365)
    later = [*await firm.source.fetch(changed)]
    assert _money(later) == _money(news)
    return news


def _money(news: Iterable[News]) -> list[News]:
    """News of what moved; a card is stated as of the reading."""
    return [one for one in news if one.kind.startswith(("payment", "charge", "contest"))]
