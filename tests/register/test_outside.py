"""A billing system as the register: read to its end, and taken up where it was left."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select
from temporalio.exceptions import ApplicationError

from activities.kept_tokens import KeptTokens
from activities.register_pages import RegisterPages
from integrations.registers.tokens import Tokens
from models.billing import News, ObjectChanged, RegisterPage
from models.errors import PeerRefused, PeerUnavailable, SettingInvalid
from models.scan import OutsidePage, OutsideRead
from models.tables import Invoice, RegisterMark
from store.database import Database
from store.sealing import Seal
from tests.store.test_news import NOON, paid, stated

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)
KEY = "k" * 32


class BillingSystem:
    """One that has these pages, and is away for as many calls as `trouble` says."""

    name = "stripe"

    def __init__(self, *pages: Sequence[News]) -> None:
        self.pages = pages
        self.asked: list[tuple[datetime | None, str]] = []
        self.trouble: list[Exception] = []

    async def page(self, since: datetime | None, cursor: str) -> RegisterPage:
        self.asked.append((since, cursor))
        if self.trouble:
            raise self.trouble.pop(0)
        number = int(cursor or "0")
        is_last = number == len(self.pages) - 1
        return RegisterPage(
            news=tuple(self.pages[number]),
            next="" if is_last else str(number + 1),
            since=NOON if is_last else None,
        )

    async def fetch(self, changed: ObjectChanged) -> Sequence[News]:
        raise AssertionError(f"nobody asks for {changed.id}")

    async def close(self) -> None:
        return


async def read(database: Database, system: BillingSystem | None) -> list[OutsideRead]:
    """As the scan reads it: page after page, the same again after trouble."""
    pages = RegisterPages(database, system)
    found: list[OutsideRead] = []
    page = OutsidePage(now=NOW)
    while True:
        try:
            one = await pages.read_page(page)
        except ApplicationError as error:
            if error.non_retryable:
                raise
            continue
        found.append(one)
        if not one.next:
            return found
        page = page.model_copy(update={"cursor": one.next, "since": one.since})


async def opens(database: Database) -> dict[str, Decimal]:
    def look(session: Session) -> dict[str, Decimal]:
        return {one.id: one.amount_open for one in session.exec(select(Invoice))}

    return await database.read(look)


async def test_without_one_there_is_nothing_to_read(database: Database) -> None:
    assert await read(database, None) == [OutsideRead()]


async def test_it_is_read_to_its_end_and_a_page_that_failed_is_asked_for_again(
    database: Database,
) -> None:
    system = BillingSystem(
        [stated(0, "100")], [stated(0, "100", invoice_id="in_2")], [paid(5, "40")]
    )
    system.trouble = [PeerUnavailable("Stripe", "503", timedelta(seconds=1))]

    await read(database, system)

    assert await opens(database) == {"in_1": Decimal(60), "in_2": Decimal(100)}
    assert [cursor for _, cursor in system.asked] == ["", "", "1", "2"]


async def test_the_next_time_it_is_read_from_where_it_was_left(database: Database) -> None:
    await read(database, BillingSystem([stated(0, "100")]))
    again = BillingSystem([])

    await read(database, again)

    assert again.asked == [(NOON, "")]


async def test_what_no_webhook_has_told_is_counted_as_missed(database: Database) -> None:
    first = await read(database, BillingSystem([stated(0, "100")]))
    again = await read(database, BillingSystem([stated(0, "100"), paid(5, "40")]))
    nothing = await read(database, BillingSystem([stated(0, "100"), paid(5, "40")]))

    assert [one.missed for one in (*first, *again, *nothing)] == [0, 1, 0]


async def test_a_reading_that_broke_off_begins_again_where_the_last_whole_one_ended(
    database: Database,
) -> None:
    system = BillingSystem([stated(0, "100")], [])
    pages = RegisterPages(database, system)
    await pages.read_page(OutsidePage(now=NOW))

    await pages.read_page(OutsidePage(now=NOW))

    assert [since for since, _ in system.asked] == [None, None]


async def test_one_that_refuses_is_not_asked_again(database: Database) -> None:
    system = BillingSystem([])
    system.trouble = [PeerRefused("Stripe", "401")]

    with pytest.raises(ApplicationError, match="Stripe refuses: 401") as refused:
        await read(database, system)

    assert refused.value.non_retryable


class TestTokens:
    def keeper(self, database: Database, first: str = "one", key: str = KEY) -> KeptTokens:
        return KeptTokens(database, Seal(key), "xero", first)

    async def test_what_was_kept_last_counts(self, database: Database) -> None:
        renewed = Tokens("two", "access", NOW)
        assert await self.keeper(database).load() == Tokens("one")

        await self.keeper(database).keep(renewed)

        assert await self.keeper(database).load() == renewed

    async def test_one_that_was_set_anew_counts_instead(self, database: Database) -> None:
        await self.keeper(database).keep(Tokens("two"))

        assert await self.keeper(database, first="new").load() == Tokens("new")

    async def test_nothing_of_it_can_be_read_in_the_database(self, database: Database) -> None:
        await self.keeper(database).keep(Tokens("secret-refresh", "secret-access"))

        [mark] = await database.read(lambda session: list(session.exec(select(RegisterMark))))
        assert "secret" not in mark.tokens

    async def test_another_key_is_refused(self, database: Database) -> None:
        await self.keeper(database).keep(Tokens("two"))

        with pytest.raises(SettingInvalid, match="DUNLIN_SECRET_KEY"):
            await self.keeper(database, key="x" * 32).load()

    def test_a_short_key_is_refused(self) -> None:
        with pytest.raises(SettingInvalid, match="openssl rand"):
            Seal("short")
