"""What people report reaches the follow-up, and each report is answered in a sentence."""

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from models.tables import Payment
from store.database import Database
from tests.commands.shop import Shop, add_round, bill
from tests.commands.terminal import Terminal

TODAY = datetime.now(UTC).date()
NEXT_WEEK = TODAY + timedelta(days=7)


def sentence(shop: Shop, *words: object) -> str:
    """What a command that worked says, apart from when."""
    said = shop(*words)
    assert (said.status, said.err) == (0, "")
    return undated(said.out)


def refusal(shop: Shop, *words: object) -> str:
    """What a command says that could not be done now, though it was rightly used."""
    said = shop(*words)
    assert (said.status, said.out) == (1, "")
    return undated(said.err)


def undated(text: str) -> str:
    """`text` without the days that depend on when and where the test is run."""
    return re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?", "DAY", text)


def test_a_pause_holds_until_it_is_resumed(shop: Shop) -> None:
    invoice = shop.follow()

    assert sentence(shop, "pause", invoice, "--note", "CFO asked") == (
        f"Invoice {invoice} is paused, 5,000.00 USD open. Paused until somebody resumes it.\n"
    )
    assert refusal(shop, "pause", invoice) == f"Invoice {invoice} is paused already.\n"
    assert sentence(shop, "resume", invoice).startswith(
        f"Invoice {invoice} is active, 5,000.00 USD open. Next step reminder on "
    )
    assert (
        refusal(shop, "resume", invoice)
        == f"Invoice {invoice} is not paused, and no promise holds it.\n"
    )


def test_a_pause_to_a_day_names_it_and_another_day_may_take_its_place(shop: Shop) -> None:
    invoice = shop.follow()
    later = NEXT_WEEK + timedelta(days=7)

    said = shop("pause", invoice, "--until", NEXT_WEEK).out
    assert f"Paused until {NEXT_WEEK}. Next look: " in said
    assert shop("pause", invoice, "--until", NEXT_WEEK).err == (
        f"Invoice {invoice} is paused already until {NEXT_WEEK}.\n"
    )
    assert f"Paused until {later}." in shop("pause", invoice, "--until", later).out


def test_a_dispute_holds_until_it_is_settled_for_us(shop: Shop) -> None:
    invoice = shop.follow()

    assert refusal(shop, "resolve", invoice) == f"Invoice {invoice} has no open dispute.\n"
    assert sentence(shop, "dispute", invoice, "--code", "price").startswith(
        f"Invoice {invoice} is disputed, 5,000.00 USD open. Disputed since DAY."
    )
    assert refusal(shop, "dispute", invoice) == (
        f"Invoice {invoice} is disputed already, since DAY.\n"
    )
    assert sentence(shop, "resolve", invoice, "--favour", "us").startswith(
        f"Invoice {invoice} is active"
    )


def test_a_dispute_about_a_part_does_not_hold_the_rest(shop: Shop) -> None:
    invoice = shop.follow()

    assert sentence(shop, "dispute", invoice, "--amount", "80.00").startswith(
        f"Invoice {invoice} is active, 5,000.00 USD open."
    )


def test_a_dispute_settled_for_the_customer_waits_for_the_credit_note(shop: Shop) -> None:
    invoice = shop.follow()
    sentence(shop, "dispute", invoice)

    said = sentence(shop, "resolve", invoice, "--favour", "customer")
    assert said.startswith(f"Invoice {invoice} is disputed")
    assert "settled for the customer already" in refusal(
        shop, "resolve", invoice, "--favour", "customer"
    )

    shop.take(bill(invoice, Amount="4000.00"))
    shop.wait_for(invoice, "invoice_changed")
    assert shop.state(invoice)["status"] == "active"


def test_a_dispute_settled_the_wrong_way_can_be_settled_again(shop: Shop) -> None:
    invoice = shop.follow()
    sentence(shop, "dispute", invoice)
    sentence(shop, "resolve", invoice, "--favour", "customer")

    said = sentence(shop, "resolve", invoice, "--favour", "us", "--note", "a slip of the hand")

    assert said.startswith(f"Invoice {invoice} is active")


def test_a_promise_holds_until_the_money_can_have_arrived(shop: Shop) -> None:
    invoice = shop.follow()

    said = shop("promise", invoice, "--on", NEXT_WEEK, "--method", "cheque").out

    assert said.startswith(f"Invoice {invoice} is promised, 5,000.00 USD open.")
    assert f"Promised for {NEXT_WEEK} by cheque" in said


def test_a_part_payment_lowers_what_is_open(shop: Shop) -> None:
    invoice = shop.follow()

    said = sentence(shop, "pay", invoice, "--amount", "1,250.50", "--method", "sepa")

    assert said.startswith(f"Invoice {invoice} is active, 3,749.50 USD open.")


def test_a_payment_of_everything_closes_and_its_taking_back_opens_a_new_round(
    shop: Shop,
) -> None:
    invoice = shop.follow()

    assert sentence(shop, "pay", invoice) == (
        f"Invoice {invoice} is closed: paid. Nothing is open any more.\n"
    )
    for command in ("pay", "pause", "resume", "dispute", "resolve"):
        assert refusal(shop, command, invoice) == (
            f"Invoice {invoice} is closed since DAY: paid.\n"
        )
    assert refusal(shop, "promise", invoice, "--on", NEXT_WEEK) == (
        f"Invoice {invoice} is closed since DAY: paid.\n"
    )

    said = shop("reverse", invoice, "--note", "returned debit", "--json")
    assert said.data["applied"] is True
    assert (said.data["state"]["round"], said.data["state"]["amount_open"]) == (2, "5000.0000")
    assert shop.story(invoice)[-3:] == ["reopened", "payment_reversed", "not_yet"]
    assert refusal(shop, "reverse", invoice) == (
        f"Invoice {invoice} has no such payment that could be taken back.\n"
    )


def test_what_was_chased_under_a_policy_that_is_gone_says_what_to_put_back(
    terminal: Terminal,
) -> None:
    terminal("prepare")
    terminal("import", terminal.write("ledger.csv", [bill("OLD", Status="paid")]))
    with closing(Database(terminal.env["DUNLIN_DATABASE_URL"])) as database:
        add_round(database, "OLD", closed=True, policy="bygone")
        with database.writing() as session:
            session.add(paid("OLD"))

    said = terminal("reverse", "OLD")

    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("Invoice OLD was followed up under policy bygone, and its new round")
    assert said.err.endswith("/bygone.toml back first.\n")


def paid(invoice: str) -> Payment:
    """All of an invoice, booked today."""
    return Payment(
        id=f"P-{invoice}",
        invoice_id=invoice,
        currency="USD",
        amount=Decimal(5000),
        applied=Decimal(5000),
        received_on=TODAY,
        recorded_at=datetime.now(UTC),
    )


def test_a_payment_is_taken_back_by_its_id(shop: Shop) -> None:
    invoice = shop.follow()
    first, second = f"{invoice}-first", f"{invoice}-second"
    sentence(shop, "pay", invoice, "--amount", "1000", "--payment-id", first)
    sentence(shop, "pay", invoice, "--amount", "500", "--payment-id", second)

    assert "has no such payment" in refusal(shop, "reverse", invoice, "--payment-id", "nonsense")
    assert "4,500.00 USD open" in sentence(shop, "reverse", invoice, "--payment-id", first)
    assert "has no such payment" in refusal(shop, "reverse", invoice, "--payment-id", first)
    assert "5,000.00 USD open" in sentence(shop, "reverse", invoice)


def test_an_event_id_sent_twice_counts_once(shop: Shop) -> None:
    invoice = shop.follow()
    words = ("pay", invoice, "--amount", "1000", "--event-id", f"bank/{invoice}", "--json")

    first, again = shop(*words), shop(*words)

    assert first.data["event_id"] == again.data["event_id"] == f"bank/{invoice}"
    assert (first.data["applied"], again.data["applied"]) == (True, True)
    assert again.data["state"]["amount_open"] == "4000.0000"
    assert shop.story(invoice).count("payment_received") == 1


def test_one_payment_under_two_event_ids_is_booked_once(shop: Shop) -> None:
    invoice = shop.follow()
    words = ("pay", invoice, "--amount", "1000", "--payment-id", f"P-{invoice}")

    sentence(shop, *words)

    assert "4,000.00 USD open" in sentence(shop, *words)


def test_what_is_unknown_or_not_begun_is_said_to_be(shop: Shop) -> None:
    invoice = "EV-NOT-BEGUN"
    shop.take(bill(invoice))

    unknown = "Invoice EV-NONE is not in the register. Check the number, or import its ledger"
    assert refusal(shop, "pay", "EV-NONE").startswith(unknown)
    assert refusal(shop, "status", "EV-NONE").startswith(unknown)
    assert refusal(shop, "timeline", "EV-NONE").startswith(unknown)
    not_begun = f"Invoice {invoice} is not followed up yet, or no worker has looked at it. "
    assert refusal(shop, "pause", invoice).startswith(not_begun)
    assert refusal(shop, "reverse", invoice).startswith(not_begun)
    shop.begin(invoice)


def test_an_invoice_is_named_by_its_number_unless_several_have_it(shop: Shop) -> None:
    rows = [
        bill(id_) | {"Invoice ID": id_, "Invoice Number": number}
        for id_, number in (("EV-A", "7001"), ("EV-B", "7002"), ("EV-C", "7002"))
    ]
    for row in rows:
        del row["Invoice"]
    shop.take(*rows)
    shop.begin("EV-A", "EV-B", "EV-C")

    assert sentence(shop, "pause", "7001").startswith("Invoice EV-A is paused")
    assert refusal(shop, "pause", "7002") == (
        "Invoice 7002 is the number of several; name one by its id: EV-B, EV-C\n"
    )


@pytest.mark.parametrize("option", ["--event-id", "--payment-id"])
def test_an_id_that_is_too_long_is_refused(shop: Shop, option: str) -> None:
    said = shop("pay", shop.follow(), option, "x" * 201)

    assert said.status == 2
    assert option in said.err
    assert "Traceback" not in said.err


def test_a_note_that_is_too_long_is_refused(shop: Shop) -> None:
    said = shop("pause", shop.follow(), "--note", "x" * 2001)

    assert said.status == 2
    assert "--note" in said.err
    assert "Traceback" not in said.err


def test_the_program_itself_reports_as_the_command_does(shop: Shop) -> None:
    invoice = shop.follow()

    done = shop.terminal.program("pay", invoice, "--amount", "1", "--json")
    refused = shop.terminal.program("resume", invoice)

    assert (done.status, done.data["state"]["amount_open"]) == (0, "4999.0000")
    assert (refused.status, refused.err) == (
        1,
        f"Invoice {invoice} is not paused, and no promise holds it.\n",
    )


def test_what_was_paid_too_much_is_said_and_is_to_be_placed(shop: Shop) -> None:
    invoice = shop.follow()

    assert sentence(shop, "pay", invoice, "--amount", "5200").endswith(
        "is more than was open, or in another currency: 200.00 USD are not placed.\n"
    )


def test_a_payment_that_is_booked_elsewhere_is_said_to_be(shop: Shop) -> None:
    first, second = shop.follow(), shop.follow()
    shop("pay", first, "--amount", "10", "--payment-id", f"bank/{first}")

    assert sentence(
        shop, "pay", second, "--amount", "10", "--payment-id", f"bank/{first}"
    ).endswith("a payment for several invoices needs an id for each.\n")


def test_what_is_still_to_come_or_has_gone_by_is_refused(shop: Shop) -> None:
    invoice = shop.follow()
    gone = NEXT_WEEK - timedelta(days=30)

    assert shop("pay", invoice, "--on", NEXT_WEEK).refused(2) == (
        f"--on {NEXT_WEEK} is still to come: report a payment once the money is there.\n"
    )
    assert shop("pause", invoice, "--until", gone).refused(2) == (
        f"--until {gone} has gone by: the chase would go on at once.\n"
    )
