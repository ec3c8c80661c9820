"""How one invoice stands, how all stand, and what happened to one."""

from contextlib import closing

from store.database import Database
from tests.commands.shop import Shop, add_round, bill
from tests.commands.terminal import Terminal


def test_of_an_empty_register_it_is_said_how_to_fill_it(nowhere: Terminal) -> None:
    said = nowhere("status")

    assert (said.status, said.out) == (
        0,
        "No invoice is open. Import a ledger with: starter.py import FILE\n",
    )
    assert nowhere("status", "--json").data == {"open": [], "tasks": {}}


def test_all_are_counted_by_status_and_currency(nowhere: Terminal) -> None:
    rows = [bill("A"), bill("B"), bill("C", Currency="EUR", Amount="0.10")]
    nowhere("import", nowhere.write("ledger.csv", rows))

    said = nowhere("status")

    lines = [[cell.strip() for cell in line.split("│")] for line in said.out.splitlines()]
    assert ["", "not followed up", "2", "10,000.00", "USD", ""] in lines
    assert ["", "not followed up", "1", "0.10", "EUR", ""] in lines


def test_one_says_how_it_stands_in_a_sentence_and_as_data(shop: Shop) -> None:
    invoice = shop.follow()

    said, state = shop("status", invoice), shop.state(invoice)

    assert said.status == 0
    assert said.out.startswith(f"Invoice {invoice} is active, 5,000.00 USD open. Next step rem")
    assert " UTC.\n" in said.out
    assert (state["invoice_id"], state["status"], state["reason"]) == (
        invoice,
        "active",
        "not_yet",
    )
    assert (state["amount_open"], state["currency"], state["step"]) == (
        "5000.0000",
        "USD",
        "reminder",
    )
    assert (state["round"], state["unread_events"]) == (1, 0)
    assert state["tasks"] == []


def test_what_ended_longer_ago_than_the_server_remembers_is_told_from_the_database(
    terminal: Terminal,
) -> None:
    terminal("prepare")
    terminal("import", terminal.write("ledger.csv", [bill("OLD", Status="paid"), bill("LOST")]))
    with closing(Database(terminal.env["DUNLIN_DATABASE_URL"])) as database:
        add_round(database, "LOST")
        add_round(database, "OLD", closed=True)

    said, data = terminal("status", "OLD"), terminal("status", "OLD", "--json").data
    lost = terminal("status", "LOST")

    assert (said.status, said.out) == (
        0,
        "Invoice OLD is closed: paid. The register says it is paid.\n",
    )
    assert (data["status"], data["outcome"], data["reason"]) == ("closed", "paid", "paid")
    assert (lost.status, lost.err) == (
        1,
        "Invoice LOST has no follow-up on the Temporal server. Run: starter.py backfill\n",
    )


def test_what_waits_for_a_person_is_said_with_the_invoice_and_in_all(shop: Shop) -> None:
    invoice = shop.follow()
    shop("dispute", invoice)
    shop("resolve", invoice, "--favour", "customer")

    said, state = shop("status", invoice), shop.state(invoice)

    waiting = "Waits for somebody: finance. Dispute settled for the customer: issue a credit note."
    assert said.out.splitlines()[1:] == [waiting]
    assert [(task["kind"], task["closed_at"]) for task in state["tasks"]] == [("finance", None)]
    assert shop("status", "--json").data["tasks"]["finance"] >= 1
    assert " finance" in shop("status").out.splitlines()[-1]


def test_a_story_is_told_oldest_first(shop: Shop) -> None:
    invoice = shop.follow()
    shop("pause", invoice, "--note", "CFO asked for [a week]")

    said, lines = shop("timeline", invoice), shop("timeline", invoice, "--json").data

    assert [line["code"] for line in lines] == ["opened", "not_yet", "pause", "paused"]
    assert lines[0].keys() == {"invoice_id", "round", "at", "kind", "code", "text", "event_id"}
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert said.status == 0
    assert f"Invoice {invoice}" in said.out
    assert "note CFO asked for [a week]" in said.out
    places = [said.out.index(f" {code} ") for code in ("opened", "not_yet", "pause", "paused")]
    assert places == sorted(places)


def test_what_nothing_has_happened_to_is_said_to_have_no_story(nowhere: Terminal) -> None:
    nowhere("import", nowhere.write("ledger.csv", [bill("A")]))

    said = nowhere("timeline", "A")

    assert (said.status, said.out) == (0, "Nothing has happened to invoice A yet.\n")
    assert nowhere("timeline", "A", "--json").data == []
