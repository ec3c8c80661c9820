"""A backfill says what it would do, does it once, and never floods."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from temporalio.client import Client

from models.tables import Customer, Message
from models.vocabulary import Stage
from store.database import Database
from tests.commands.shop import Shop, bill
from tests.commands.terminal import ROOT, Terminal, at_work

TODAY = datetime.now(UTC).date()


def overdue(invoice: str, days: int, **more: object) -> dict[str, object]:
    """An invoice over a thousand dollars, due so many days ago."""
    due = TODAY - timedelta(days=days)
    values = {"Issued": due - timedelta(days=30), "Due Date": due, "Amount": "1000.00"}
    return bill(invoice, **(values | more))


def of(customer: str, **more: object) -> dict[str, object]:
    return {
        "Customer ID": customer,
        "Customer": customer.title(),
        "Email": f"ap@{customer.lower()}.example",
    } | more


def letter_to(customer: str) -> Message:
    """A letter too near to this week's turns, whichever of its days are holidays."""
    return Message(
        key=f"earlier/{customer}",
        customer_id=customer,
        currency="USD",
        day=TODAY + timedelta(days=7),
        stage=Stage.EARLY,
        total=Decimal(1),
        claimed_by="ANOTHER",
        claimed_at=datetime.now(UTC),
    )


def test_a_dry_run_says_what_would_start_and_starts_nothing(nowhere: Terminal) -> None:
    rows = [
        bill("NEW"),
        overdue("WEEK", 9),
        overdue("MONTH", 40, **of("BOLT")),
        overdue("EUROS", 40, **of("BOLT"), Currency="EUR"),
        overdue("ANCIENT", 400, **of("CORD")),
        overdue("SETTLED", 40, Status="paid"),
    ]
    nowhere("import", nowhere.write("ledger.csv", rows))

    first = nowhere("backfill", "--dry-run", "--json")
    again = nowhere("backfill", "--dry-run", "--json")
    in_words = nowhere("backfill", "--dry-run")

    assert first.status == 0
    assert first.data["would_start"] == 5
    assert first.data["by_step"]["reminder"] == 1
    assert sum(first.data["by_step"].values()) == 5
    days = {date.fromisoformat(day): count for day, count in first.data["letters_by_day"].items()}
    assert sum(days.values()) == 5  # BOLT gets one a currency, ACME one now and one in a month
    assert min(days) >= TODAY
    assert again.data == first.data
    assert in_words.out.startswith("5 follow-ups would start; none was started.\n")
    assert "First letters by day" in in_words.out
    assert nowhere("status", "--json").data["open"] == [
        {"status": "not_followed_up", "currency": "EUR", "invoices": 1, "open": "1000.0000"},
        {"status": "not_followed_up", "currency": "USD", "invoices": 4, "open": "8000.0000"},
    ]


def test_a_dry_run_counts_no_letter_that_would_not_leave(nowhere: Terminal) -> None:
    shutil.copytree(ROOT / "policies", nowhere.folder / "policies")
    policy = nowhere.folder / "policies" / "standard.toml"
    call = '\n[[steps]]\nid = "call"\noffset = 200\nstage = "critical"\nchannel = "call"\n'
    policy.write_text(policy.read_text(encoding="utf-8") + call, encoding="utf-8")
    rows = [
        overdue("LETTER", 9, **of("A")),
        overdue("SAME-LETTER", 9, **of("A")),
        overdue("MUTE", 9, **of("B", Email="")),
        overdue("CONTESTED", 9, **of("C"), Status="disputed"),
        overdue("LARGE", 9, **of("D"), Amount="150000.00"),
        overdue("BROKE", 9, **of("E")),
        overdue("WRITTEN", 9, **of("F")),
        overdue("CALL", 230, **of("G")),
    ]
    careful = nowhere.but(DUNLIN_POLICIES=str(nowhere.folder / "policies"))
    careful("import", careful.write("ledger.csv", rows))
    with (
        closing(Database(careful.env["DUNLIN_DATABASE_URL"])) as database,
        database.writing() as session,
    ):
        session.get_one(Customer, "E").insolvent = True
        session.add(letter_to("F"))

    forecast = careful("backfill", "--dry-run", "--json").data
    said = careful("backfill", "--dry-run")

    assert sum(forecast["letters_by_day"].values()) == 1
    assert forecast["calls"] == 1
    assert forecast["waits"] == {
        "no_address": 1,
        "disputed": 1,
        "needs_approval": 1,
        "insolvency": 1,
        "contacted_recently": 1,
    }
    assert "No letter when their turn comes" in said.out
    assert "the step is a call" in said.out
    assert "needs approval" in said.out


def test_a_backlog_is_planned_in_daily_portions(nowhere: Terminal) -> None:
    shutil.copytree(ROOT / "policies", nowhere.folder / "policies")
    policy = nowhere.folder / "policies" / "standard.toml"
    text = policy.read_text(encoding="utf-8")
    policy.write_text(text.replace("first_day_messages = 50", "first_day_messages = 2"))
    careful = nowhere.but(DUNLIN_POLICIES=str(nowhere.folder / "policies"))
    rows = [
        overdue(f"{customer}-{number}", 9 + number, **of(customer))
        for customer in ("A", "B", "C", "D", "E")
        for number in range(3)
    ]
    careful("import", careful.write("ledger.csv", rows))

    forecast = careful("backfill", "--dry-run", "--json").data

    assert forecast["would_start"] == 15
    assert sorted(forecast["letters_by_day"].values()) == [1, 2, 2]


def test_nothing_open_is_nothing_to_start(nowhere: Terminal) -> None:
    said = nowhere("backfill", "--dry-run")

    assert (said.status, said.out) == (0, "0 follow-ups would start; none was started.\n")


def test_everything_open_is_started_once(shop: Shop) -> None:
    invoices = [f"BF-{number}" for number in range(3)]
    shop.take(*(bill(invoice) for invoice in invoices), bill("BF-PAID", Status="paid"))

    first = shop("backfill")
    for invoice in invoices:
        shop.wait_for(invoice, "not_yet")
    again = shop("backfill", "--json")

    assert first.status == 0
    assert first.out.startswith("Started 3 follow-ups")
    assert again.data == {"started": 0, "changed": 0, "closed": 0, "lost": 0, "missed": 0}
    for invoice in invoices:
        assert shop.story(invoice) == ["opened", "not_yet"]
    assert shop.story("BF-PAID") == []


def test_what_was_started_and_no_worker_took_up_yet_is_not_counted_again(
    terminal: Terminal,
) -> None:
    terminal("prepare")
    terminal("import", terminal.write("ledger.csv", [bill("A"), bill("B")]))

    first = terminal("backfill", "--json")
    again = terminal("backfill", "--json")

    assert first.data["started"] == 2
    assert again.data["started"] == 0


async def test_what_was_terminated_before_its_first_look_is_started_again(
    terminal: Terminal,
) -> None:
    await asyncio.to_thread(terminal, "prepare")
    ledger = terminal.write("ledger.csv", [bill("A"), bill("B")])
    await asyncio.to_thread(terminal, "import", ledger)
    await asyncio.to_thread(terminal, "backfill")
    client = await Client.connect(
        terminal.env["TEMPORAL_ADDRESS"], namespace=terminal.env["TEMPORAL_NAMESPACE"]
    )

    await client.get_workflow_handle("invoice/A").terminate("a slip of the hand")
    said = await asyncio.to_thread(terminal, "backfill", "--json")

    assert said.data["started"] == 1


def test_what_the_server_has_lost_is_started_again(terminal: Terminal, shop: Shop) -> None:
    invoice = shop.follow()
    # What the shop's database knows, beside a namespace that knows nothing of what ran elsewhere.
    assert terminal("prepare").status == 0
    with (
        closing(sqlite3.connect(shop.terminal.folder / "dunlin.db")) as known,
        closing(sqlite3.connect(terminal.folder / "dunlin.db")) as copied,
    ):
        known.backup(copied)

    lost = terminal("backfill", "--json").data["lost"]

    assert lost >= 1
    with at_work(terminal) as worker:
        moved = Shop(terminal, worker)
        said = moved("pause", invoice)
        assert said.out.startswith(f"Invoice {invoice} is paused")
        assert moved.story(invoice) == [*shop.story(invoice), "pause", "paused"]
