"""What is known of a customer: shown, said, taken back, taken in from a file; and the contacts."""

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from commands.sayings import THINGS
from models.context import CustomerContext
from models.tables import Contact, ContextRow, Customer, Invoice, Payment
from models.vocabulary import InvoiceStatus
from store.database import Database
from tests.commands.shop import A_DAY, Shop, add_round, bill, writing
from tests.commands.terminal import Terminal

MARA = "mara@harbour.example"
TODAY = datetime.now(UTC).date()
HUBSPOT = {"DUNLIN_CRM": "hubspot", "DUNLIN_HUBSPOT_TOKEN": "t", "DUNLIN_CRM_MAPPING": "crm.toml"}
LATER = TODAY + timedelta(days=60)
HOSTILE = "Tools [red]& Dies[/red] GmbH"


@pytest.fixture
def office(nowhere: Terminal) -> Terminal:
    """A terminal whose register has ACME with one invoice, from which no server is reached."""
    assert nowhere("import", nowhere.write("ledger.csv", [bill("A", Customer=HOSTILE)])).out
    return nowhere


def known(terminal: Terminal) -> dict[str, Any]:
    """All that is known of ACME."""
    data = terminal("customer", "show", "ACME", "--json").data
    assert isinstance(data, dict)
    return data


class TestShowing:
    def test_who_nothing_is_known_of(self, office: Terminal) -> None:
        due = TODAY + timedelta(days=30)

        assert office("customer", "show", "ACME").facts == {
            "Customer": [f"{HOSTILE} (ACME)"],
            "Owner": ["nobody of their own: ar@example.com"],
            "Backup": ["nobody"],
            "Manager": ["nobody"],
            "Known": ["language en, country US"],
            "They pay": ["Too few settled invoices (0) to know how they pay. (USD)"],
            "They owe": ["5,000.00 USD not late yet, 1 invoice"],
            "Invoices": [f"A: 5,000.00 USD, due {due}, not late; not followed up"],
            "Contacts": ["ap@acme.example, ap"],
            "CRM": ["none is connected"],
            "As of": [f"{known(office)['as_of']} in America/New_York"],
        }

    def test_what_forbids_and_delays_comes_first_with_its_last_day(self, office: Terminal) -> None:
        say(office, "renewal_under_way", "--until", LATER)
        say(office, "paused_by_sales")
        say(office, "insolvent", "--until", LATER)
        say(office, "severe_tickets", 2)

        lines = office("customer", "show", "ACME").facts

        assert list(lines)[:3] == ["Customer", "Careful", "Owner"]
        assert lines["Careful"] == [
            f"insolvent until {LATER}, says staff",
            "paused by sales, says staff",
            f"renewal under way until {LATER}, says staff",
            "severe ticket, says staff",
        ]

    def test_who_looks_after_them(self, office: Terminal) -> None:
        say(office, "owner_name", "Mara Lindt")
        say(office, "owner_email", MARA, "--until", LATER)
        say(office, "backup_email", "ben@harbour.example")
        say(office, "csm_name", "Kim Yun")
        others = office.but(DUNLIN_MANAGER_EMAIL="ines@harbour.example")

        lines = others("customer", "show", "ACME").facts

        assert (lines["Owner"], lines["Backup"]) == (
            [f"Mara Lindt, {MARA} until {LATER}"],
            ["ben@harbour.example"],
        )
        assert (lines["Manager"], lines["Success"]) == (["ines@harbour.example"], ["Kim Yun"])

    def test_what_is_open_by_age_and_how_they_pay(self, office: Terminal) -> None:
        ages = {"LATE": 20, "VERY": 50, "NEW": 3, "EURO": 1}
        rows = [
            bill(name, Issued=TODAY - timedelta(days=90))
            | {"Due Date": TODAY - timedelta(days=days)}
            | {"Currency": "EUR" if name == "EURO" else "USD"}
            for name, days in ages.items()
        ]
        office("import", office.write("more.csv", rows))
        with writing(office) as session:
            for number in range(8):
                session.add(settled(f"OLD-{number}"))
                session.flush()
                session.add(payment(f"OLD-{number}"))

        data, lines = known(office), office("customer", "show", "ACME").facts

        assert [one[:12] + one[-5:] for one in lines["They pay"]] == [
            "Too few sett(EUR)",
            "Surely late:(USD)",
        ]
        assert lines["They owe"] == [
            "5,000.00 EUR 1 to 14 days late, 1 invoice",
            "5,000.00 USD not late yet, 1 invoice",
            "5,000.00 USD 1 to 14 days late, 1 invoice",
            "5,000.00 USD 15 to 45 days late, 1 invoice",
            "5,000.00 USD more than 45 days late, 1 invoice",
        ]
        assert lines["Invoices"][0].startswith("VERY: 5,000.00 USD, due ")
        assert data["open"][0] == {
            "currency": "EUR",
            "age": "early",
            "amount": "5000.0000",
            "invoices": 1,
        }
        assert [one["number"] for one in data["invoices"]] == ["VERY", "LATE", "NEW", "EURO", "A"]

    def test_many_invoices_are_summed_and_the_oldest_named(self, office: Terminal) -> None:
        many = [bill(f"M-{number:03}") for number in range(250)]
        office("import", office.write("more.csv", many))

        lines = office("customer", "show", "ACME").facts

        assert lines["They owe"] == ["1,255,000.00 USD not late yet, 251 invoices"]
        assert (len(lines["Invoices"]), lines["Invoices"][-1]) == (13, "and 239 more")
        assert len(known(office)["invoices"]) == 251

    def test_what_the_crm_said_and_when(self, office: Terminal) -> None:
        connected = office.but(**HUBSPOT)
        assert connected("customer", "show", "ACME").facts["CRM"] == [
            "hubspot has said nothing yet"
        ]
        crm_said(office, {"paused_by_sales": True, "arr": "120000.50", "health": "red"})

        lines, data = connected("customer", "show", "ACME").facts, known(connected)

        assert lines["CRM"] == ["hubspot answered on 2026-03-04 10:30 UTC"]
        assert lines["Careful"] == ["paused by sales, says hubspot"]
        assert lines["Known"] == ["arr 120000.50, health red, language en, country US"]
        assert (data["arr"], data["connected"]["answered_at"]) == (
            "120000.50",
            "2026-03-04T10:30:00Z",
        )
        assert data["said"]["paused_by_sales"] == {"value": True, "by": "hubspot", "until": None}

    def test_a_crm_that_is_away_is_said_to_be(self, office: Terminal) -> None:
        crm_said(office, {"health": "red"}, away=True)
        connected = office.but(**HUBSPOT)

        [crm] = connected("customer", "show", "ACME").facts["CRM"]

        assert crm == (
            "hubspot does not answer since 2026-03-05 08:00 UTC (503); before, it answered on "
            "2026-03-04 10:30 UTC"
        )

    def test_our_own_word_goes_before_the_crms_until_its_day(self, office: Terminal) -> None:
        connected = office.but(**HUBSPOT)
        crm_said(office, {"paused_by_sales": True})
        say(connected, "paused_by_sales", "no")
        assert known(connected)["relationship"] == []

        taken_back = say(connected, "paused_by_sales", "unsaid")

        assert taken_back.endswith("say nothing of paused by sales any more; hubspot says yes.\n")
        assert [one["by"] for one in known(connected)["relationship"]] == ["hubspot"]

    def test_it_is_data_under_stable_names(self, office: Terminal) -> None:
        data = known(office)

        assert list(data) == [
            *("id", "name", "as_of", "country", "zone", "language", "segment", "owner", "backup"),
            *("manager", "csm", "insolvent", "legal_hold", "do_not_contact", "relationship"),
            *(
                "contract_clauses",
                "strategic",
                "arr",
                "health",
                "nps",
                "renewal_on",
                "severe_tickets",
                "said",
            ),
            *("connected", "behaviour", "open", "invoices", "contacts"),
        ]
        assert data["name"] == HOSTILE
        assert list(data["contacts"][0]) == [
            *("email", "name", "role", "phone", "rejected_at", "source")
        ]

    def test_a_narrow_terminal_loses_nothing(self, office: Terminal) -> None:
        said = office.but(COLUMNS="40")("customer", "show", "ACME")

        assert max(map(len, said.out.splitlines())) <= 40
        assert "Too few settled invoices (0) to know how they pay. (USD)" in " ".join(
            said.out.split()
        )

    def test_it_is_as_of_the_follow_ups_clock(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        customer = invoice.replace("INV", "CUST")

        data = shop("customer", "show", customer, "--json").data

        assert data["as_of"] == str(A_DAY)
        assert [one["age"] for one in data["open"]] == ["late"]
        assert data["invoices"][0]["days_past_due"] == 16

    def test_a_name_will_do_unless_several_have_it(self, nowhere: Terminal) -> None:
        two = [bill(one, **{"Customer ID": one, "Customer": "Twins Inc."}) for one in ("T1", "T2")]
        umlaut = bill("B", **{"Customer ID": "B", "Customer": "ÄRZTE GmbH"})
        nowhere("import", nowhere.write("ledger.csv", [bill("A"), umlaut, *two]))

        assert nowhere("customer", "show", "acme inc.", "--json").data["id"] == "ACME"
        assert nowhere("customer", "show", "ÄRZTE GmbH", "--json").data["id"] == "B"
        assert nowhere("customer", "show", "Twins Inc.").refused(2) == (
            "Twins Inc. is the name of several; name one by its id: T1, T2\n"
        )
        for words in (("show",), ("flag", "strategic"), ("contacts",)):
            command, *more = words
            assert nowhere("customer", command, "NOPE", *more).refused(1) == (
                "There is no customer NOPE. Check the id, or import its ledger first.\n"
            )


class TestSaying:
    def test_a_flag_lapses_on_its_day(self, office: Terminal) -> None:
        assert say(office, "renewal_under_way", "--until", LATER) == (
            f"{HOSTILE}: renewal under way is yes until {LATER}.\n"
        )
        assert known(office)["relationship"] == [
            {"condition": "renewal_under_way", "by": "staff", "until": str(LATER)}
        ]
        with writing(office) as session:
            row = session.get_one(ContextRow, ("ACME", "staff"))
            yesterday = TODAY - timedelta(days=2)
            row.body = row.body | {"until": {"renewal_under_way": str(yesterday)}}
            session.add(row)

        assert known(office)["relationship"] == []

    def test_what_is_said_again_takes_the_place_of_what_was_said(self, office: Terminal) -> None:
        say(office, "renewal_under_way", "--until", LATER)
        say(office, "renewal-under-way", "yes")

        assert known(office)["relationship"][0]["until"] is None

        assert say(office, "renewal_under_way", "unsaid") == (
            f"{HOSTILE}: we say nothing of renewal under way any more; the register counts.\n"
        )
        assert known(office)["said"] == {}

    def test_it_is_data_for_scripts(self, office: Terminal) -> None:
        words = ("flag", "ACME", "arr", "120000.50", "--until", LATER, "--json")

        assert office("customer", *words).data == {
            "customer_id": "ACME",
            "what": "arr",
            "value": "120000.50",
            "until": str(LATER),
            "told": 0,
            "still_to_tell": 0,
        }

    @pytest.mark.parametrize(
        ("what", "value", "counts"),
        [
            ("paused_by_sales", "No", False),
            ("strategic", "TRUE", True),
            ("owner_email", "Mara.Lindt+ar@bücher.example", "Mara.Lindt+ar@bücher.example"),
            ("channel", "call", "call"),
            ("language", "pt-BR", "pt-BR"),
            ("renewal_on", "2026-12-31", "2026-12-31"),
            ("severe_tickets", "0", 0),
            ("nps", "-40", -40),
            ("contract_clauses", "suspension, late_fee", ["suspension", "late_fee"]),
            ("contract_clauses", "none", []),
            ("health", " red ", "red"),
        ],
    )
    def test_a_value_counts_as_it_was_meant(
        self, office: Terminal, what: str, value: str, counts: object
    ) -> None:
        assert office("customer", "flag", "ACME", what, "--", value).status == 0

        assert known(office)["said"][what]["value"] == counts

    def test_everything_that_can_be_said_can_be_read(self) -> None:
        assert THINGS.keys() == CustomerContext.model_fields.keys() - {"until", "contacts"}

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ("paused_by_sale", "Did you mean paused_by_sales? There are: paused_by_sales, "),
            ("xyz", "xyz is nothing to be said of a customer. There are: "),
            ("contacts", "contacts is nothing to be said of a customer"),
            ("paused_by_sales maybe", "paused_by_sales: 'maybe' is none; expected yes or no"),
            ("owner_email", "owner_email: needs a value; expected a mail address"),
            ("owner_email mara", "owner_email: 'mara' is none; expected a mail address"),
            ("owner_email yes", "owner_email: 'yes' is none; expected a mail address"),
            ("channel fax", "channel: 'fax' is none; expected mail or call"),
            ("language klingon", "expected a language such as de or pt-BR"),
            ("renewal_on 31.3.2026", "expected a day such as 2026-03-31"),
            ("arr 12,50", "expected an amount such as 120000.00"),
            ("arr NaN", "expected an amount such as 120000.00"),
            ("arr Infinity", "expected an amount such as 120000.00"),
            ("severe_tickets many", "expected how many are open, such as 2"),
            ("contract_clauses suspension;fee", "expected what the contract allows, such as"),
            ("nps 101", "expected a whole number from -100 to 100"),
            (f"segment {'x' * 301}", "expected some words, 300 letters at most"),
            ("strategic --until 2026-02-30", "write it as 2026-03-31"),
            ("strategic unsaid --until 2099-01-01", "--until goes with a value, not with unsaid."),
        ],
    )
    def test_what_nobody_can_mean_is_refused_before_anything_is_asked(
        self, nowhere: Terminal, words: str, says: str
    ) -> None:
        assert says in nowhere("customer", "flag", "ACME", *words.split()).refused(2)

    def test_a_day_gone_by_is_refused(self, office: Terminal) -> None:
        gone = TODAY - timedelta(days=2)

        refused = office("customer", "flag", "ACME", "strategic", "--until", gone).refused(2)

        assert refused == f"--until {gone} has passed: it is {known(office)['as_of']} there.\n"
        assert known(office)["said"] == {}

    def test_follow_ups_look_again_at_once_and_say_why(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        shop.wait_for(invoice, "sent")
        customer = invoice.replace("INV", "CUST")

        said = shop("customer", "flag", customer, "paused_by_sales", "--by", "Mara [AE]")

        assert said.out == (f"{customer} Inc.: paused by sales is yes.\n1 follow-up looks again.\n")
        shop.wait_for(invoice, "context_changed")
        texts = [line["text"] for line in shop("timeline", invoice, "--json").data]
        assert "note paused by sales yes, says Mara [AE]" in texts

    def test_without_a_server_it_is_kept_and_counts_later(self, office: Terminal) -> None:
        with closing(Database(office.env["DUNLIN_DATABASE_URL"])) as database:
            add_round(database, "A")

        said = office("customer", "flag", "ACME", "strategic")

        assert said.status == 0
        assert said.out == (
            f"{HOSTILE}: strategic is yes.\n"
            "No Temporal server answers: 1 follow-up looks at the next step.\n"
        )
        assert known(office)["strategic"] is True


class TestContacts:
    def test_one_is_added_changed_and_removed(self, office: Terminal) -> None:
        with writing(office) as session:
            [ap] = session.exec(select(Contact))
            ap.rejected_at = datetime.now(UTC)
            session.add(ap)
        words = ("--role", "cfo", "--name", "Cleo [Ash]", "--phone", "+49 30 1")

        table = office("customer", "contacts", "ACME", "--add", "cfo@acme.example", *words).out
        office("customer", "contacts", "ACME", "--add", "CFO@acme.example", "--phone", "+49 30 2")

        assert f"Contacts of {HOSTILE}" in table
        assert "Cleo [Ash]" in table
        assert f"refused {TODAY}" in table
        [ap, cfo] = office("customer", "contacts", "ACME", "--json").data
        assert cfo == {
            "email": "cfo@acme.example",
            "name": "Cleo [Ash]",
            "role": "cfo",
            "phone": "+49 30 2",
            "rejected_at": None,
            "source": "",
        }
        mended = office("customer", "contacts", "ACME", "--add", "ap@acme.example", "--json").data
        assert mended[0]["rejected_at"] is None
        left = office("customer", "contacts", "ACME", "--remove", "AP@acme.example", "--json").data
        assert [one["email"] for one in left] == ["cfo@acme.example"]

    def test_where_the_last_one_goes_it_is_said_what_follows(self, office: Terminal) -> None:
        said = office("customer", "contacts", "ACME", "--remove", "ap@acme.example")

        assert said.out == f"{HOSTILE} has no contact: letters wait until somebody adds one.\n"

    def test_follow_ups_look_again(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        customer = invoice.replace("INV", "CUST")

        said = shop("customer", "contacts", customer, "--add", "b@acme.example")
        data = shop("customer", "contacts", customer, "--add", "c@acme.example", "--json").data

        assert said.out.endswith("1 follow-up looks again.\n")
        assert len(data) == 3
        shop.wait_for(invoice, "context_changed")

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ("--add acme.example", "--add acme.example: it is not a mail address"),
            ("--role cfo", "--name, --phone and --role say more of an --add: whose are they?"),
            ("--remove a@acme.example --name Cleo", "say more of an --add"),
            ("--add a@x.example --remove A@x.example", "cannot be added and removed at once."),
            ("--add a@acme.example --role boss", "'finance_lead', 'cfo', 'escalation'"),
            ("--remove b@acme.example", "has no contact b@acme.example. There are: ap@acme."),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, office: Terminal, words: str, says: str) -> None:
        assert says in office("customer", "contacts", "ACME", *words.split()).refused(2)
        assert len(office("customer", "contacts", "ACME", "--json").data) == 1


class TestTakingIn:
    def test_a_file_says_many_things_at_once(self, office: Terminal) -> None:
        say(office, "paused_by_sales", "--until", TODAY + timedelta(days=1))
        say(office, "health", "red")
        row = {
            "Customer ID": "ACME",
            "paused-by-sales": "yes",
            "arr": "120000",
            "owner_email": MARA,
            "health": "unsaid",
            "strategic": "",
        }

        said = office("customer", "import", office.write("said.csv", [row]))

        assert said.out == "1 customer read, 1 changed.\n"
        assert {name: one["value"] for name, one in known(office)["said"].items()} == {
            "arr": "120000",
            "owner_email": MARA,
            "paused_by_sales": True,
        }
        assert known(office)["said"]["paused_by_sales"]["until"] is None

    def test_twice_the_same_changes_nothing(self, office: Terminal) -> None:
        file = office.write("said.csv", [{"customer_id": "ACME", "strategic": "yes"}])

        first, again = (office("customer", "import", file, "--json").data for _ in range(2))

        assert (first["changed"], again["changed"]) == (1, 0)
        assert again == {"customers": 1, "changed": 0, "told": 0, "still_to_tell": 0}

    def test_follow_ups_look_again_and_data_stays_data(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        rows = [{"customer_id": invoice.replace("INV", "CUST"), "health_at_risk": "yes"}]

        data = shop("customer", "import", shop.terminal.write("said.csv", rows), "--json").data

        assert data == {"customers": 1, "changed": 1, "told": 1, "still_to_tell": 0}
        shop.wait_for(invoice, "context_changed")

    @pytest.mark.parametrize(
        "text",
        ["customer_id;strategic\r\nACME;yes\r\n", "\ufeffcustomer_id\tstrategic\nACME\tyes\n"],
    )
    def test_a_spreadsheets_own_way_of_writing_is_read(self, office: Terminal, text: str) -> None:
        file = office.folder / "said.csv"
        file.write_bytes(text.encode())

        assert office("customer", "import", file).out == "1 customer read, 1 changed.\n"

    def test_a_file_with_mistakes_is_refused_whole_and_names_each(self, office: Terminal) -> None:
        office("import", office.write("more.csv", [bill("B", **{"Customer ID": "BOLT"})]))
        rows = [
            {"customer_id": "BOLT", "paused_by_sales": "yes", "nps": ""},
            {"customer_id": "ACME", "paused_by_sales": "maybe", "nps": "101"},
            {"customer_id": "", "paused_by_sales": "no", "nps": ""},
            {"customer_id": "BOLT", "paused_by_sales": "no", "nps": ""},
        ]
        file = office.write("said.csv", rows)

        assert office("customer", "import", file).refused(2).splitlines() == [
            f"{file}:3: paused_by_sales: 'maybe' is none; expected yes or no",
            f"{file}:3: nps: '101' is none; expected a whole number from -100 to 100",
            f"{file}:4: no customer_id",
            f"{file}:5: BOLT stands in line 2 already",
            "Nothing was taken in.",
        ]
        assert office("customer", "show", "BOLT", "--json").data["said"] == {}

    def test_a_customer_that_nobody_knows_is_refused_with_its_line(self, office: Terminal) -> None:
        rows = [{"customer_id": one, "strategic": "yes"} for one in ("ACME", "NOPE")]
        file = office.write("said.csv", rows)

        assert office("customer", "import", file).refused(2) == (
            f"{file}:3: there is no customer NOPE\nNothing was taken in.\n"
        )
        assert known(office)["said"] == {}

    def test_of_many_mistakes_the_first_are_told(self, office: Terminal) -> None:
        rows = [{"customer_id": f"C-{one}", "nps": "x"} for one in range(30)]

        refused = office("customer", "import", office.write("said.csv", rows)).refused(2)

        assert refused.splitlines()[-2:] == ["and 10 more", "Nothing was taken in."]

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"strategic\nyes\n", ":1: there is no column customer_id; the columns are customer_i"),
            (b"customer_id,shoe_size\nACME,9\n", ":1: 'shoe_size' is nothing to be said; the col"),
            (b"customer_id,nps,nps\nACME,9,8\n", ":1: nps twice; the columns are"),
            (b"customer_id,strategic\nACME,yes,no\n", ":2: 3 cells where the header has 2"),
            (b"customer_id,strategic\nACME\n", ":2: 1 cells where the header has 2"),
            (b"customer_id,strategic\n\n", "says nothing of any customer"),
            (b"", "has no header"),
            (b'customer_id,strategic\n"ACME,yes\n', "A quote may be missing"),
            (b"customer_id\0", "is no text file"),
            (b"PK\x03\x04", "is a spreadsheet. Save it as CSV first."),
        ],
    )
    def test_a_file_that_is_none_is_refused_with_its_place(
        self, office: Terminal, content: bytes, says: str
    ) -> None:
        file = office.folder / "said.csv"
        file.write_bytes(content)

        refused = office("customer", "import", file).refused(2)

        assert refused.startswith(f"{file}:")
        assert says in refused

    def test_a_file_that_is_not_there_is_said_not_to_be(self, nowhere: Terminal) -> None:
        assert "does not exist" in nowhere("customer", "import", Path("nowhere.csv")).refused(2)


def say(terminal: Terminal, *words: object) -> str:
    """Say that of ACME; returns the answer."""
    said = terminal("customer", "flag", "ACME", *words)
    assert (said.status, said.err) == (0, "")
    return said.out


def crm_said(terminal: Terminal, body: Mapping[str, object], *, away: bool = False) -> None:
    """HubSpot said that of ACME on 4 March 2026, and where it is `away` nothing since the 5th."""
    with writing(terminal) as session:
        customer = session.get_one(Customer, "ACME")
        customer.context_revision += 1
        session.add(customer)
        session.add(
            ContextRow(
                customer_id="ACME",
                source="hubspot",
                body=dict(body),
                fetched_at=datetime(2026, 3, 4, 10, 30, tzinfo=UTC),
                failing_since=datetime(2026, 3, 5, 8, tzinfo=UTC) if away else None,
                problem="503" if away else "",
            )
        )


def settled(invoice: str) -> Invoice:
    """An invoice of ACME that was due on 1 May 2025 and has been paid."""
    return Invoice(
        id=invoice,
        number=invoice,
        customer_id="ACME",
        currency="USD",
        amount=Decimal(900),
        amount_open=Decimal(0),
        issued_on=date(2025, 4, 1),
        due_on=date(2025, 5, 1),
        status=InvoiceStatus.PAID,
    )


def payment(invoice: str) -> Payment:
    """What paid it, ten days late."""
    return Payment(
        id=f"P-{invoice}",
        invoice_id=invoice,
        currency="USD",
        amount=Decimal(900),
        applied=Decimal(900),
        received_on=date(2025, 5, 11),
        recorded_at=datetime(2025, 5, 11, tzinfo=UTC),
    )
