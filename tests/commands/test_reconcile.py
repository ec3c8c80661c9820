"""Statements at the terminal: read, kept once, placed where certain, decided where not."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import select

from models.tables import CashReceipt, Invoice, PayerAlias
from models.vocabulary import CashState, InvoiceStatus
from tests.commands.shop import Shop, bill, writing
from tests.commands.terminal import Terminal

_NUMBERS = count(1)
TODAY = datetime.now(UTC).date()


def camt(*entries: str) -> str:
    """A statement in dollars."""
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr/>'
        "<Stmt><Id>S1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>USD</Ccy></Acct>"
        + "".join(entries)
        + "</Stmt></BkToCstmrStmt></Document>"
    )


def paid(amount: str, text: str, name: str = "", sign: str = "CRDT", ref: str = "") -> str:
    """A movement of today."""
    party = f"<RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties>" if name else ""
    return (
        f'<Ntry><Amt Ccy="USD">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{TODAY}</Dt></BookgDt>"
        f"<AcctSvcrRef>{ref or f'R{next(_NUMBERS)}'}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls>{party}<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def statement(terminal: Terminal, *entries: str) -> Path:
    path = terminal.folder / f"statement-{next(_NUMBERS)}.xml"
    path.write_text(camt(*entries), encoding="utf-8")
    return path


@pytest.fixture
def ledger(nowhere: Terminal) -> Terminal:
    """Three invoices over 5,000 dollars each, and no Temporal server."""
    rows = [
        bill("INV-1001"),
        bill("INV-1002", Amount="750.00"),
        bill("INV-1003", **{"Customer ID": "BOLT", "Customer": "Bolt Ltd", "Email": "b@b.example"}),
    ]
    assert nowhere("import", nowhere.write("ledger.csv", rows)).status == 0
    return nowhere


def open_of(terminal: Terminal, number: str) -> str:
    with writing(terminal) as session:
        return f"{session.get_one(Invoice, number).amount_open:.2f}"


class TestReading:
    def test_a_dry_run_shows_the_entries_and_needs_no_database(self, nowhere: Terminal) -> None:
        (nowhere.folder / "dunlin.db").unlink()
        file = statement(
            nowhere, paid("12.50", "INV-1", "Acme Inc."), paid("3", "rent", sign="DBIT")
        )

        said = nowhere("reconcile", file, "--dry-run", "--json")

        [read] = said.data["files"]
        entries = read["statements"][0]["entries"]
        assert [(one["amount"], one["is_credit"]) for one in entries] == [
            ("12.50", True),
            ("3", False),
        ]
        assert entries[0]["remittance"] == "INV-1"
        assert entries[0]["payer_name"] == "Acme Inc."
        assert not (nowhere.folder / "dunlin.db").exists()

    def test_a_person_reads_them_too(self, nowhere: Terminal) -> None:
        said = nowhere("reconcile", statement(nowhere, paid("12.50", "INV-1")), "--dry-run")

        assert said.status == 0
        assert "12.50" in said.out
        assert "INV-1" in said.out

    def test_a_broken_file_is_refused_whole_and_the_next_one_is_taken(
        self, ledger: Terminal
    ) -> None:
        broken = ledger.folder / "broken.xml"
        broken.write_text(camt(paid("5000", "INV-1001"))[:-40], encoding="utf-8")

        said = ledger("reconcile", broken, statement(ledger, paid("750", "INV-1002")), "--json")

        assert said.status == 1
        assert "broken.xml" in said.data["files"][0]["problem"]
        assert open_of(ledger, "INV-1001") == "5000.00"
        assert open_of(ledger, "INV-1002") == "0.00"

    def test_what_misses_its_balance_is_shown_and_applied_only_when_told_to(
        self, ledger: Terminal
    ) -> None:
        def balance(kind: str, amount: str) -> str:
            return (
                f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
                f'<Amt Ccy="USD">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
                f"<Dt><Dt>{TODAY}</Dt></Dt></Bal>"
            )

        file = statement(
            ledger, balance("OPBD", "0"), balance("CLBD", "999"), paid("750", "INV-1002")
        )

        shown = ledger("reconcile", file, "--dry-run", "--json")
        refused = ledger("reconcile", file, "--json")
        taken = ledger("reconcile", file, "--accept-unbalanced", "--json")

        assert shown.status == 0
        assert "249" in shown.data["files"][0]["warnings"][0]
        assert refused.status == 1
        assert taken.data["placed"]["certain"] == 1


class TestPlacing:
    def test_what_is_certain_is_placed(self, ledger: Terminal) -> None:
        file = statement(ledger, paid("5750", "your invoices INV 1001 and 1002, INV-1002"))

        said = ledger("reconcile", file, "--json")

        assert said.data["placed"] == {
            "certain": 1,
            "proposed": 0,
            "unknown": 0,
            "set_aside": 0,
        }
        assert open_of(ledger, "INV-1001") == open_of(ledger, "INV-1002") == "0.00"
        assert said.data["told"] is False

    def test_the_same_statement_twice_and_one_that_overlaps_count_once(
        self, ledger: Terminal
    ) -> None:
        first = paid("1000", "INV-1001", ref="A")
        file = statement(ledger, first)
        ledger("reconcile", file)

        again = ledger("reconcile", file, "--json")
        overlapping = statement(ledger, first, paid("500", "INV-1001", ref="B"))
        more = ledger("reconcile", overlapping, "--json")

        assert (again.data["files"][0]["new"], again.data["files"][0]["known"]) == (0, 1)
        assert again.data["files"][0]["is_known_file"]
        assert (more.data["files"][0]["new"], more.data["files"][0]["known"]) == (1, 1)
        assert open_of(ledger, "INV-1001") == "3500.00"

    def test_short_by_a_fee_closes_it(self, ledger: Terminal) -> None:
        ledger("reconcile", statement(ledger, paid("735", "INV-1002")))

        with writing(ledger) as session:
            assert session.get_one(Invoice, "INV-1002").status is InvoiceStatus.PAID

    def test_a_payment_that_comes_back_opens_it_again(self, ledger: Terminal) -> None:
        ledger("reconcile", statement(ledger, paid("735", "INV-1002", "Acme Inc.", ref="A")))
        back = paid("735", "INV-1002", "Acme Inc.", "DBIT", "B").replace(
            "<Sts>", "<RvslInd>true</RvslInd><Sts>"
        )

        said = ledger("reconcile", statement(ledger, back), "--json")

        assert said.status == 0, said.err
        assert said.data["files"][0]["undone"] == 1
        assert open_of(ledger, "INV-1002") == "750.00"

    def test_a_hundred_in_one_file(self, ledger: Terminal) -> None:
        file = statement(ledger, *(paid("10", f"INV-1001 part {n}") for n in range(100)))

        said = ledger("reconcile", file, "--json")

        assert said.data["placed"]["certain"] == 100
        assert open_of(ledger, "INV-1001") == "4000.00"


class TestReviewing:
    @pytest.fixture
    def unsure(self, ledger: Terminal) -> Terminal:
        """Money under a like name, over the amount of an invoice."""
        ledger("reconcile", statement(ledger, paid("750", "thank you", "ACME INC", ref="U")))
        return ledger

    def key(self, terminal: Terminal) -> str:
        [one] = terminal("review", "--json").data
        return str(one["key"]).removeprefix("bank/")[:8]

    def test_what_is_not_certain_waits_with_a_proposal(self, unsure: Terminal) -> None:
        assert open_of(unsure, "INV-1002") == "750.00"
        listed = unsure("review")
        shown = unsure("review", self.key(unsure))

        assert "750.00 USD" in listed.out
        assert "ACME INC" in listed.out
        assert "pay INV-1002 750.00 (closes it)" in shown.out

    def test_taking_the_proposal_places_it_and_learns_the_payer(self, unsure: Terminal) -> None:
        said = unsure("review", self.key(unsure), "--take", 1, "--by", "Robin Vale")

        assert said.status == 0, said.err
        assert open_of(unsure, "INV-1002") == "0.00"
        unsure("reconcile", statement(unsure, paid("5000", "again", "Acme Inc.", ref="V")))
        assert open_of(unsure, "INV-1001") == "0.00"

    def test_a_person_may_place_it_otherwise(self, unsure: Terminal) -> None:
        key = self.key(unsure)

        unsure("review", key, "--place", "INV-1001=700", "--by", "Robin Vale", "--no-learn")

        assert open_of(unsure, "INV-1001") == "4300.00"
        assert unsure("review", key, "--json").data["rest"] == "50.0000"
        with writing(unsure) as session:
            assert session.exec(select(PayerAlias)).all() == []

    def test_what_was_placed_wrongly_is_taken_back_exactly(self, unsure: Terminal) -> None:
        key = self.key(unsure)
        unsure("review", key, "--take", 1, "--by", "Robin Vale")

        unsure("review", key, "--undo", "--by", "Robin Vale")
        assert open_of(unsure, "INV-1002") == "750.00"

        unsure("review", key, "--place", "INV-1001=750", "--by", "Robin Vale")
        assert open_of(unsure, "INV-1001") == "4250.00"

    def test_it_may_stay_with_a_customer_or_be_nobodys(self, unsure: Terminal) -> None:
        key = self.key(unsure)

        left = unsure("review", key, "--on-account", "BOLT", "--by", "Robin Vale", "--json")
        assert (left.data["state"], left.data["customer_id"]) == ("on_account", "BOLT")
        unsure("review", key, "--undo", "--by", "Robin Vale")
        aside = unsure("review", key, "--set-aside", "--by", "Robin Vale", "--json")

        assert aside.data["state"] == CashState.SET_ASIDE
        assert unsure("review", "--json").data == []

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (["--take", "1"], "who decides"),
            (["--take", "9", "--by", "R"], "1 proposals"),
            (["--take", "1", "--undo", "--by", "R"], "one way at a time"),
            (["--place", "INV-1001", "--by", "R"], "INVOICE=AMOUNT"),
            (["--place", "INV-1001=800", "--by", "R"], "are left to place"),
            (["--on-account", "NOBODY", "--by", "R"], "no customer NOBODY"),
        ],
    )
    def test_what_cannot_be_is_refused_with_the_remedy(
        self, unsure: Terminal, words: list[str], says: str
    ) -> None:
        said = unsure("review", self.key(unsure), *words)

        assert said.status in (1, 2)
        assert says in said.err
        assert open_of(unsure, "INV-1002") == "750.00"

    def test_an_unknown_key_is_refused(self, unsure: Terminal) -> None:
        assert "List it with" in unsure("review", "nonsense").refused(1)


def test_the_follow_ups_of_what_was_paid_end(shop: Shop) -> None:
    invoice = shop.follow()

    said = shop("reconcile", statement(shop.terminal, paid("5000", invoice)), "--json")

    assert said.data["told"] is True
    shop.wait_until(invoice, "closed")
    assert "payment_received" in shop.story(invoice)


def test_days_are_those_of_the_bank(ledger: Terminal) -> None:
    ledger("reconcile", statement(ledger, paid("10", "INV-1001")))

    with writing(ledger) as session:
        [receipt] = session.exec(select(CashReceipt)).all()
        assert receipt.received_on == TODAY
        assert receipt.received_on - timedelta(days=1) < TODAY
