"""A request is the provider's, fresh and in form, or it is refused; what is taken is kept once."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from models.tables import InboundEvent
from store.database import Database
from tests.postgres import PostgresServer
from tests.web.conftest import nobody
from tests.web.serving import OLD_SECRET, Caller, serving
from tests.webhooks.signing import whsec
from web.webhooks import LARGEST


async def kept(database: Database) -> list[InboundEvent]:
    def read(session: Session) -> list[InboundEvent]:
        return list(session.exec(select(InboundEvent)))

    return await database.read(read)


async def test_what_is_signed_is_kept_as_it_came(caller: Caller, database: Database) -> None:
    answer = await caller.pay("INV-1", "20.00", event_id="evt_a")

    assert (answer.status_code, answer.content) == (200, b"")
    [event] = await kept(database)
    assert (event.source, event.event_id, event.kind) == ("generic", "evt_a", "payment.succeeded")
    assert '"INV-1"' in event.body


async def test_the_same_event_five_times_at_once_is_kept_once(
    caller: Caller, database: Database
) -> None:
    answers = await asyncio.gather(
        *(caller.pay("INV-1", "20.00", "P-1", "evt_a") for _ in range(5))
    )

    assert [one.status_code for one in answers] == [200] * 5
    assert len(await kept(database)) == 1


async def test_either_of_two_secrets_will_do(caller: Caller) -> None:
    answer = await caller.send("invoice.voided", {"invoice": "INV-1"}, secret=OLD_SECRET)

    assert answer.status_code == 200


async def test_who_signs_wrongly_is_told_nothing_but_no(caller: Caller, database: Database) -> None:
    answer = await caller.send("invoice.voided", {"invoice": "INV-1"}, secret=whsec("x"))

    assert (answer.status_code, answer.json()) == (401, {"error": "unauthorized"})
    assert await kept(database) == []


async def test_without_a_signature_nothing_is_taken(caller: Caller) -> None:
    answer = await caller.client.post("/webhooks/generic", json={})

    assert answer.status_code == 401


async def test_what_was_signed_long_ago_is_refused(caller: Caller) -> None:
    old = datetime.now(UTC) - timedelta(minutes=6)

    answer = await caller.send("invoice.voided", {"invoice": "INV-1"}, signed_at=old)

    assert (answer.status_code, answer.json()) == (400, {"error": "bad_request"})


async def test_what_is_no_event_is_refused(caller: Caller, database: Database) -> None:
    for body in ("", "[]", "{}", "nonsense", '{"type": 7}', "[" * 10_000):
        assert (await caller.post(body)).status_code == 400, body
    assert await kept(database) == []


async def test_what_is_too_large_is_not_even_read(caller: Caller) -> None:
    answer = await caller.post("x" * (LARGEST + 1))

    assert answer.status_code == 413


async def test_a_source_that_is_not_set_up_is_unknown(caller: Caller) -> None:
    answer = await caller.client.post("/webhooks/xero", content=b"{}")

    assert answer.status_code == 404


async def test_a_burst_of_bad_ones_is_slowed_down_and_a_good_one_among_them_is_taken(
    caller: Caller,
) -> None:
    bad = [(await caller.client.post("/webhooks/generic", json={})) for _ in range(25)]

    assert [one.status_code for one in bad] == [401] * 20 + [429] * 5
    assert int(bad[-1].headers["retry-after"]) > 0
    assert (await caller.pay("INV-1", "20.00")).status_code == 200


async def test_while_the_database_is_away_it_says_so_and_the_retry_works(
    postgres: PostgresServer,
) -> None:
    database = Database(postgres.url(postgres.create(migrated=True)))
    async with serving(database, nobody) as caller:
        assert (await caller.pay("INV-1", "20.00", "P-1", "evt_a")).status_code == 200
        with postgres.away():
            away = await caller.pay("INV-1", "30.00", "P-2", "evt_b")
            ready = await caller.client.get("/health/ready")
            alive = await caller.client.get("/health/live")

        retried = await caller.pay("INV-1", "30.00", "P-2", "evt_b")

        assert (away.status_code, away.json()) == (503, {"error": "unavailable"})
        assert int(away.headers["retry-after"]) > 0
        assert (ready.status_code, alive.status_code) == (503, 200)
        assert retried.status_code == 200
        assert len(await kept(database)) == 2
    database.close()


async def test_nothing_answers_that_is_not_in_the_description(caller: Caller) -> None:
    described = (await caller.client.get("/openapi.json")).json()

    assert set(described["paths"]) == {"/webhooks/{source}", "/health/live", "/health/ready"}
    assert (await caller.client.get("/docs")).status_code == 404
    assert (await caller.client.get("/webhooks/generic")).status_code == 405
