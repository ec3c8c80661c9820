"""The call queue, the brief of a call, taking one up, and how it went."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from models.tables import Contact, Dispute, FollowUpRow, Instalment, Plan, Task
from models.vocabulary import Reason, Role, TaskKind
from store.database import Database
from tests.commands.shop import A_DAY, LATE, Shop, add_round, bill, writing
from tests.commands.terminal import Terminal

MARA = "mara@harbour.example"
HOSTILE = "Tools [red]& Dies[/red] :fire: GmbH"
NOW = datetime.now(UTC)
TODAY = NOW.date()


def queued(terminal: Terminal, *calls: tuple[str, int], **task: Any) -> None:
    """Invoices of ACME that are followed up, each with a call of that priority, on no server."""
    ledger = [bill(invoice, Customer=HOSTILE) for invoice, _ in calls]
    assert terminal("import", terminal.write("ledger.csv", ledger)).status == 0
    with closing(Database(terminal.env["DUNLIN_DATABASE_URL"])) as database:
        for invoice, _ in calls:
            add_round(database, invoice)
    with writing(terminal) as session:
        for invoice, priority in calls:
            add_call(session, invoice, "ACME", priority, **task)


def add_call(session: Session, invoice: str, customer: str, priority: int, **task: Any) -> None:
    """A call about the invoice, Mara's, to be taken up within eight hours."""
    more: dict[str, Any] = {"owner": MARA, "escalate_at": NOW + timedelta(hours=8)} | task
    session.add(
        Task(
            key=f"{invoice}/call",
            invoice_id=invoice,
            customer_id=customer,
            kind=TaskKind.CALL,
            why=f"Call accounts payable about {invoice}.",
            priority=Decimal(priority),
            opened_at=NOW,
            **more,
        )
    )


class TestTheQueue:
    def test_is_empty(self, nowhere: Terminal) -> None:
        assert nowhere("calls").out == "No call waits.\n"
        assert nowhere("calls", "--owner", MARA).out == f"No call waits for {MARA}.\n"
        assert nowhere("calls", "--json").data == []

    def test_begins_with_what_presses_most_whatever_their_order(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10), ("B", 30), ("C", 20))

        said, data = nowhere("calls"), nowhere("calls", "--json").data

        places = [said.out.index(f"about {invoice}.") for invoice in ("B", "C", "A")]
        assert places == sorted(places)
        assert [one["number"] for one in data] == ["B", "C", "A"]

    def test_names_who_it_waits_for_and_until_when(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10))

        said = nowhere("calls").out

        assert f" {MARA} " in said
        assert f" take it up by {NOW + timedelta(hours=8):%Y-%m-%d %H:%M} " in said

    @pytest.mark.parametrize(
        ("task", "says"),
        [
            ({"owner": ""}, " staff "),
            ({"escalated": 2}, "overdue; the next one is told on "),
            ({"escalate_at": None}, "not taken up"),
            ({"acknowledged_at": NOW, "acknowledged_by": "Ben"}, "taken up by Ben"),
            ({"attempts": 1, "not_before": NOW}, "no answer in 1 try; again from "),
            ({"attempts": 2, "not_before": NOW}, "no answer in 2 tries; again from "),
        ],
    )
    def test_says_how_far_each_has_come(
        self, nowhere: Terminal, task: dict[str, object], says: str
    ) -> None:
        queued(nowhere, ("A", 10), **task)

        assert says in nowhere("calls").out

    def test_is_cut_where_it_is_long_and_says_so(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10), ("B", 30))

        assert nowhere("calls", "--most", 1).out.endswith(
            "There are more than these 1: --most shows them.\n"
        )
        assert len(nowhere("calls", "--most", 1, "--json").data) == 1
        assert "more" not in nowhere("calls", "--most", 2).out

    def test_is_of_one_owner_where_that_is_asked(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10))

        assert len(nowhere("calls", "--owner", MARA, "--json").data) == 1
        assert nowhere("calls", "--owner", "ben@harbour.example", "--json").data == []

        assert nowhere("calls", "--owner", "staff", "--json").data == []

    def test_leaves_out_what_must_not_be_called_about_now_and_says_so(
        self, nowhere: Terminal
    ) -> None:
        queued(nowhere, ("A", 10), ("B", 30))
        with writing(nowhere) as session:
            row = session.get_one(FollowUpRow, "B")
            row.reason, row.says = Reason.PROMISED, "Promised for 2026-03-20 by wire."

        said = nowhere("calls").out

        assert "about A." in said
        assert "about B." not in said
        assert said.endswith(
            "1 call is not to be made while the invoice is paused, contested, promised or the "
            "like.\n"
        )
        assert "Promised for 2026-03-20 by wire." in nowhere("calls", "B").out

    def test_shows_a_customers_name_as_it_is(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10))

        assert HOSTILE in nowhere("calls").out
        assert HOSTILE in nowhere("calls", "A").out

    def test_loses_nothing_on_a_narrow_terminal(self, nowhere: Terminal) -> None:
        queued(nowhere, ("INV-2026-000123", 412_500))

        said = nowhere.but(COLUMNS="60")("calls")

        assert "…" not in said.out
        assert max(map(len, said.out.splitlines())) <= 60
        rows = [line.split("│")[1:-1] for line in said.out.splitlines() if "│" in line]
        columns = zip(*rows, strict=True)
        cells = ["".join(part.strip() for part in column) for column in columns]
        assert cells[0] == "INV-2026-000123"
        assert cells[3].replace(" ", "") == "CallaccountspayableaboutINV-2026-000123."
        assert cells[4] == "412,500"


class TestTheBrief:
    def test_says_whom_to_call_when_and_what_to_ask(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        customer = invoice.replace("INV", "CUST")
        shop.wait_for(invoice, "call")
        for words in (("cfo", "--name", "Cleo Ash"), ("ap", "--name", "Sam Lee")):
            mail, phone = f"{words[0]}@{customer}.example", "+1 617 555 0100"
            shop("customer", "contacts", customer, "--add", mail, "--phone", phone)
            shop("customer", "contacts", customer, "--add", mail, "--role", *words)

        known = shop("calls", invoice).facts

        assert list(known) == [
            *("Call", "Why", "Whom", "When", "Ask", "Offer", "They owe", "They pay", "So far"),
            *("Whose", "Task"),
        ]
        assert known["Call"] == [f"{customer} Inc. about invoice {invoice}"]
        assert known["Whom"] == [
            f"Sam Lee, accounts payable, +1 617 555 0100, ap@{customer}.example",
            f"Cleo Ash, CFO, +1 617 555 0100, cfo@{customer}.example",
        ]
        assert known["Ask"] == [
            f"When will 5,000.00 USD on invoice {invoice} be paid, and by what?"
        ]
        assert known["They owe"] == ["5,000.00 USD 15 to 45 days late, 1 invoice"]
        assert known["So far"] == [f"{A_DAY} second-notice: letter en/second_notice@2 sent."]

    def test_counts_by_the_clock_of_the_follow_up(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        shop.wait_for(invoice, "call")

        said, data = shop("calls", invoice), shop("calls", invoice, "--json").data

        [when] = said.facts["When"]
        assert when.startswith(
            f"Thursday {A_DAY}, 09:00 to 17:00 in America/New_York (14:00 to 22:00 UTC); "
            "there it is Thursday, 11:"
        )
        assert data["brief"]["hours"] == [f"{A_DAY}T14:00:00Z", f"{A_DAY}T22:00:00Z"]
        assert data["brief"]["owed"] == [["USD", "late", "5000.0000", 1]]
        [listed] = [one for one in shop("calls", "--json").data if one["number"] == invoice]
        assert listed == data

    def test_counts_by_the_real_clock_where_no_server_can_say(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10))

        data = nowhere("calls", "A", "--json").data

        opens = datetime.fromisoformat(data["brief"]["hours"][0])
        assert timedelta(days=-1) < opens - NOW < timedelta(days=7)

    def test_is_data_under_stable_names(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10))

        data = nowhere("calls", "A", "--json").data

        assert list(data)[:9] == [
            *("number", "key", "invoice_id", "customer_id", "kind", "why", "what", "owner"),
            "priority",
        ]
        assert (data["priority"], data["closed_at"]) == ("10.0000", None)
        assert list(data["brief"]) == [
            *("customer", "number", "callees", "hours", "zone", "owed", "story", "behaviour"),
            *("promises", "disputes", "relationship", "ask", "offers"),
        ]

    def test_begins_with_what_to_beware_of(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10))
        nowhere("customer", "flag", "ACME", "renewal_under_way")
        nowhere("customer", "flag", "ACME", "do_not_contact")

        known = nowhere("calls", "A").facts

        assert known["Careful"] == ["do not contact", "renewal under way"]
        assert known["Ask"] == ["Nothing: they are not to be contacted."]
        assert list(known).index("Careful") < list(known).index("Whom")

    def test_of_what_is_contested_asks_what_is_wrong_and_offers_nothing(
        self, nowhere: Terminal
    ) -> None:
        queued(nowhere, ("A", 10))
        with writing(nowhere) as session:
            dispute = Dispute(invoice_id="A", opened_on=TODAY, code="price")
            session.add(dispute)
            session.flush()
            session.get_one(FollowUpRow, "A").dispute_id = dispute.id

        known = nowhere("calls", "A").facts

        assert known["Careful"] == [
            f"Contested since {TODAY}: all of it (price). Do not ask for that."
        ]
        assert known["Ask"] == ["What is wrong with invoice A, and what would settle it?"]
        assert "Offer" not in known

    @pytest.mark.parametrize(
        ("first", "ask"),
        [
            (-30, "When will 2,000.00 USD, missed under the plan for invoice A, be paid?"),
            (30, "Will the next instalment for invoice A be paid in time?"),
        ],
    )
    def test_under_a_plan_asks_for_no_more_than_was_missed(
        self, nowhere: Terminal, first: int, ask: str
    ) -> None:
        queued(nowhere, ("A", 10))
        due = TODAY + timedelta(days=first)
        with writing(nowhere) as session:
            agreed = TODAY - timedelta(days=60)
            plan = Plan(invoice_id="A", round=1, agreed_at=NOW, agreed_on=agreed)
            session.add(plan)
            session.flush()
            assert plan.id is not None
            terms = ((due, 2000), (due + timedelta(days=365), 3000))
            for number, (day, amount) in enumerate(terms, start=1):
                session.add(
                    Instalment(plan_id=plan.id, number=number, due_on=day, amount=Decimal(amount))
                )
            session.get_one(FollowUpRow, "A").plan_id = plan.id

        known = nowhere("calls", "A").facts

        assert known["Ask"] == [ask]
        assert known["Promises"] == [
            f"Agreed on {agreed}: 2 instalments; number 1 is due on {due}, 2,000.00 USD of it open."
        ]
        assert "Offer" not in known

    def test_on_a_day_off_names_the_next_day_on_which_they_work(self, shop: Shop) -> None:
        saturday = A_DAY + timedelta(days=2)
        invoice = shop.follow_on(saturday)
        with writing(shop.terminal) as session:
            add_call(session, invoice, invoice.replace("INV", "CUST"), 10)

        data = shop("calls", invoice, "--json").data

        assert data["brief"]["hours"][0] == f"{saturday + timedelta(days=2)}T14:00:00Z"

    def test_tells_what_happened_and_leaves_out_what_did_not(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        shop.wait_for(invoice, "call")
        shop("acknowledge", invoice, "--by", MARA)
        shop("dispute", invoice, "--amount", "80", "--code", "price", "--note", "word " * 200)

        told = shop("calls", invoice).facts["So far"]

        said = " ".join(told)
        assert "second-notice: letter en/second_notice@2 sent." in said
        assert f"{A_DAY} dispute opened: amount 80, code price, note word word" in said
        assert "passed over" not in said
        assert "Taken up" not in said
        assert said.endswith("word …")
        assert len(said) < 400

    def test_says_where_nobody_is_known(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10))
        nowhere("customer", "contacts", "ACME", "--remove", "ap@acme.example")

        assert nowhere("calls", "A").facts["Whom"] == [
            "nobody is known; add: starter.py customer contacts ACME --add"
        ]

    def test_puts_first_who_has_a_number(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10), what="call_finance")
        with writing(nowhere) as session:
            for role in (Role.AP, Role.CFO):
                mail = f"{role}2@acme.example"
                session.add(Contact(customer_id="ACME", email=mail, phone="+1", role=role))

        assert [one.split(",")[0] for one in nowhere("calls", "A").facts["Whom"]] == [
            "CFO",
            "accounts payable",
            "accounts payable",
        ]

    def test_names_the_other_calls_of_the_invoice(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10))
        with writing(nowhere) as session:
            first = session.get_one(Task, "A/call")
            session.add(Task(**(first.model_dump() | {"key": "A/other", "priority": Decimal(1)})))

        assert nowhere("calls", "A").facts["Others"] == ["A/other"]

    def test_is_refused_where_no_call_waits(self, nowhere: Terminal) -> None:
        queued(nowhere, ("A", 10), closed_at=NOW)

        assert nowhere("calls", "A").refused(1) == "Invoice A has no call that waits.\n"
        assert nowhere("calls", "B").refused(1).startswith("Invoice B is not in the register.")

    def test_is_refused_for_what_is_closed(self, terminal: Terminal) -> None:
        terminal("import", terminal.write("ledger.csv", [bill("OLD", Status="paid"), bill("NEW")]))
        with closing(Database(terminal.env["DUNLIN_DATABASE_URL"])) as database:
            add_round(database, "OLD", closed=True)

        for words in (("calls",), ("acknowledge", "--by", MARA), ("approvals",)):
            command, *options = words
            assert f"is closed since {NOW:%Y-%m-%d}: paid." in terminal(
                command, "OLD", *options
            ).refused(1)
            assert "is not followed up yet" in terminal(command, "NEW", *options).refused(1)


class TestTakingUp:
    def test_a_call_is_taken_up_once(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        shop.wait_for(invoice, "call")

        said = shop("acknowledge", invoice, "--by", MARA)

        assert said.out == (
            "Taken up: call.\n"
            f"Call accounts payable: invoice {invoice}, 5,000.00 USD open, 16 days past due, at "
            f"second-notice.\nIts brief: starter.py calls {invoice}\n"
        )
        assert shop("calls", invoice).facts["Whose"] == [f"staff: taken up by {MARA} (UTC)"]
        assert shop("acknowledge", invoice, "--by", "Ben").refused(1) == (
            f"Invoice {invoice} has no task that nobody has taken up.\n"
        )
        [task] = shop.state(invoice)["tasks"]
        assert shop("acknowledge", invoice, "--by", "Ben", "--task", task["key"]).refused(1) == (
            f"Invoice {invoice} is taken up already, by {MARA}.\n"
        )

    def test_a_task_that_is_none_is_refused_with_those_that_are(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        shop.wait_for(invoice, "call")
        [task] = shop.state(invoice)["tasks"]

        refused = shop("acknowledge", invoice, "--by", MARA, "--task", "nonsense").refused(1)

        assert refused == f"Invoice {invoice} has no open task nonsense. Open are: {task['key']}.\n"

    def test_the_same_event_id_is_answered_alike(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        shop.wait_for(invoice, "call")
        [task] = shop.state(invoice)["tasks"]
        words = ("--by", MARA, "--task", task["key"], "--event-id", f"take/{invoice}", "--json")

        first, again = (shop("acknowledge", invoice, *words).data for _ in range(2))

        assert first == again
        assert first["says"] == "Taken up: call."
        assert first["act"] == {"by": MARA, "kind": "acknowledge_call", "task_key": task["key"]}

    def test_who_takes_it_up_is_named(self, nowhere: Terminal) -> None:
        assert "--by" in nowhere("acknowledge", "A").refused(2)
        assert "it must not be empty" in nowhere("acknowledge", "A", "--by", "  ").refused(2)


class TestHowItWent:
    def test_a_promise_holds_and_the_call_is_done(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        shop.wait_for(invoice, "call")
        day = A_DAY + timedelta(days=14)

        said = shop("log-call", invoice, "--result", "promised", "--on", day, "--by", "Robin Vale")

        assert said.status == 0, said.err
        assert said.out.startswith(f"Invoice {invoice} is promised, 5,000.00 USD open.")
        assert f"Promised for {day} by wire" in said.out
        assert shop("calls", invoice).refused(1) == f"Invoice {invoice} has no call that waits.\n"

    def test_no_answer_is_tried_again(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        shop.wait_for(invoice, "call")
        [task] = shop.state(invoice)["tasks"]

        shop("log-call", invoice, "--result", "no_answer", "--task", task["key"])

        [whose] = shop("calls", invoice).facts["Whose"]
        assert whose.startswith(
            f"staff: no answer in 1 try; again from {A_DAY + timedelta(days=1)}"
        )

    def test_a_dispute_holds(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        words = ("--result", "disputed", "--amount", "1,200.00", "--code", "price")

        shop("log-call", invoice, *words)

        [task] = [one for one in shop.state(invoice)["tasks"] if one["kind"] == "resolve_dispute"]
        assert task["why"] == "The customer contests 1,200.00 USD (price): settle it."

    def test_a_call_that_does_not_wait_is_refused(self, shop: Shop) -> None:
        invoice = shop.follow_on()

        refused = shop("log-call", invoice, "--result", "reached", "--task", "nonsense").refused(1)

        assert refused == f"Invoice {invoice} has no call nonsense that waits.\n"

    def test_a_promise_for_a_day_gone_by_is_refused(self, shop: Shop) -> None:
        words = ("--result", "promised", "--on", LATE)

        assert shop("log-call", shop.follow_on(), *words).refused(2) == (
            f"--on {LATE} has gone by: a promise is for a day to come.\n"
        )

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ("--result promised", "A promise needs the day it is for: --on 2026-03-06"),
            ("--result reached --on 2026-03-06", "--on goes with --result promised, not reached."),
            ("--result refuses --method wire", "--method goes with --result promised"),
            ("--result says_paid --amount 5", "--amount goes with --result promised or disputed"),
            (
                "--result promised --on 2026-03-06 --code price",
                "--code goes with --result disputed",
            ),
            ("--result promised --on 31.3.2026", "write it as 2026-03-31"),
            ("--result disputed --amount 12,50", "write it as 1234.56"),
            ("--result hung_up", "'no_answer'"),
            ("", "Missing option '--result'"),
        ],
    )
    def test_what_does_not_go_together_is_refused_before_anything_is_asked(
        self, nowhere: Terminal, words: str, says: str
    ) -> None:
        assert says in nowhere("log-call", "INV-1", *words.split()).refused(2)
