"""Drafts are listed, read as they would leave, signed, edited and refused."""

from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.tables import Draft, DraftMember, FollowUpRow
from models.vocabulary import DraftState
from store.database import Database
from tests.commands.shop import Shop, add_round, bill, writing
from tests.commands.terminal import Terminal

BY = ("--by", "Robin Vale")
LARGE = "250000.00"  # above what the policy sends unsigned
NOW = datetime.now(UTC)


def drafted(shop: Shop) -> str:
    """A new invoice whose letter waits for a signature."""
    invoice = shop.follow_on(Amount=LARGE)
    shop.wait_until(invoice, "awaiting_approval")
    return invoice


def edited(shop: Shop, invoice: str, old: str, new: str) -> Path:
    """The letter of the invoice's draft in a file, with `new` for `old`."""
    letter = shop.terminal.folder / f"{invoice}.md"
    source = shop("approvals", invoice, "--source").out
    assert old in source
    letter.write_text(source.replace(old, new), encoding="utf-8")
    return letter


def drafts_of_two(terminal: Terminal) -> None:
    """A-1 and A-2 of ACME in one draft that A-1 carries, on no server."""
    terminal("import", terminal.write("ledger.csv", [bill("A-1"), bill("A-2")]))
    with closing(Database(terminal.env["DUNLIN_DATABASE_URL"])) as database:
        for invoice in ("A-1", "A-2"):
            add_round(database, invoice)
    with writing(terminal) as session:
        draft = Draft(
            key="A-1/reminder/1",
            version=3,
            invoice_id="A-1",
            customer_id="ACME",
            step="reminder",
            state=DraftState.OPEN,
            reason="The letter reminder needs a signature: [the amount] is large.",
            recipient="ap@acme.example",
            cc=["cfo@acme.example"],
            subject="Invoices A-1 and A-2",
            source="Dear **Sam**",
            body="Dear Sam\n",
            total=Decimal(10_000),
            currency="USD",
            requested_at=NOW,
        )
        session.add(draft)
        session.flush()
        assert draft.id is not None
        for invoice in ("A-1", "A-2"):
            session.add(DraftMember(draft_id=draft.id, invoice_id=invoice, step="reminder"))
            session.get_one(FollowUpRow, invoice).draft_id = draft.id


class TestReading:
    def test_nothing_waits(self, nowhere: Terminal) -> None:
        assert nowhere("approvals").out == "No draft waits for a signature.\n"
        assert nowhere("approvals", "--json").data == []

    def test_a_list_says_what_for_whom_and_why(self, nowhere: Terminal) -> None:
        drafts_of_two(nowhere)

        said = nowhere("approvals")

        lines = [line.split("│")[1:-1] for line in said.out.splitlines() if "│" in line]
        assert [[cell.strip() for cell in line] for line in lines] == [
            [
                *("A-1 +1", "3", "Acme Inc.", "10,000.00 USD"),
                "The letter reminder needs a signature: [the amount] is large.",
            ],
            ["", f"{NOW:%Y-%m-%d}", "ap@acme.example", "", ""],
        ]

    def test_one_is_shown_as_it_would_leave(self, nowhere: Terminal) -> None:
        drafts_of_two(nowhere)

        *letter, since = nowhere("approvals", "A-2").out.splitlines()

        assert letter == [
            "To:      ap@acme.example",
            "Copies:  cfo@acme.example",
            "Subject: Invoices A-1 and A-2",
            "",
            "Dear Sam",
            "",
            "—",
            "The letter reminder needs a signature: [the amount] is large. It is about A-1, A-2.",
        ]
        assert since == (
            f"Version 3 waits since {NOW:%Y-%m-%d %H:%M} UTC. Sign it: starter.py approve A-1 "
            "--version 3 --by …"
        )
        assert nowhere("approvals", "A-1", "--source").out == "Dear **Sam**\n"

    def test_it_is_data_under_stable_names(self, nowhere: Terminal) -> None:
        drafts_of_two(nowhere)

        one, [listed] = (nowhere("approvals", *words, "--json").data for words in (["A-2"], []))

        assert one == listed
        assert list(one)[:6] == ["numbers", "key", "version", "invoice_id", "customer_id", "step"]
        assert (one["numbers"], one["total"], one["currency"], one["state"]) == (
            ["A-1", "A-2"],
            "10000.0000",
            "USD",
            "open",
        )
        assert not {"id", "seen"} & one.keys()

    def test_what_has_no_draft_is_said_to_have_none(self, nowhere: Terminal) -> None:
        drafts_of_two(nowhere)
        nowhere("import", nowhere.write("more.csv", [bill("B")]))
        with closing(Database(nowhere.env["DUNLIN_DATABASE_URL"])) as database:
            add_round(database, "B")

        assert nowhere("approvals", "B").refused(1) == (
            "Invoice B has no draft that waits for a signature.\n"
        )
        assert "not in the register" in nowhere("approvals", "C").refused(1)
        assert "name its invoice" in nowhere("approvals", "--source").refused(2)


class TestSigning:
    def test_a_signed_draft_leaves(self, shop: Shop) -> None:
        invoice = drafted(shop)

        said = shop("approve", invoice, "--version", 1, *BY)

        assert said.out == "Version 1 of the draft of second-notice is signed.\n"
        shop.wait_for(invoice, "sent")
        assert shop("approvals", invoice).refused(1) == (
            f"Invoice {invoice} has no draft that waits for a signature.\n"
        )

    def test_another_version_than_the_one_that_waits_is_refused(self, shop: Shop) -> None:
        invoice = drafted(shop)

        for words in (("approve",), ("reject", "--why", "no")):
            command, *more = words
            assert shop(command, invoice, "--version", 7, *BY, *more).refused(1) == (
                f"Invoice {invoice} has another draft by now: version 1, not 7.\n"
            )

    def test_an_edited_letter_leaves_as_it_was_edited(self, shop: Shop) -> None:
        invoice = drafted(shop)
        letter = edited(shop, invoice, "Dear ", "It was good to meet you.\n\nDear ")
        subject = f"{invoice}, before Monday"

        said = shop("approve", invoice, *BY, "--letter", letter, "--subject", subject, "--json")

        assert said.status == 0, said.err
        assert said.data["says"] == "Version 1 of the draft of second-notice is signed."
        assert (said.data["act"]["subject"], said.data["act"]["version"]) == (subject, 1)
        shop.wait_for(invoice, "sent")
        left = [path.read_text("utf-8") for path in outbox(shop)]
        assert any("It was good to meet you." in letter and invoice in letter for letter in left)

    def test_a_changed_amount_is_refused_and_what_is_missing_is_named(self, shop: Shop) -> None:
        invoice = drafted(shop)
        letter = edited(shop, invoice, "250,000.00", "25,000.00")

        refused = shop("approve", invoice, *BY, "--letter", letter).refused(1)

        assert refused == (
            f"Invoice {invoice} cannot be written about like that: the letter no longer says "
            "$250,000.00.\n"
        )
        assert shop("approvals", invoice, "--json").data["state"] == "open"

    def test_an_amount_that_nobody_owes_is_refused(self, shop: Shop) -> None:
        invoice = drafted(shop)
        letter = edited(shop, invoice, "Yours sincerely", "A fee of $40.00 is due.\n\nYours")

        refused = shop("approve", invoice, *BY, "--letter", letter).refused(1)

        assert "the ledger knows nothing of $40.00" in refused

    def test_a_draft_is_decided_about_on_the_invoice_that_carries_it(
        self, nowhere: Terminal
    ) -> None:
        drafts_of_two(nowhere)

        for words in (("approve",), ("approve", "--version", 3), ("reject", "--why", "no")):
            command, *more = words
            assert nowhere(command, "A-2", *BY, *more).refused(1) == (
                "Invoice A-2 is part of the draft of invoice A-1: decide about that one.\n"
            )

    def test_a_letter_as_another_editor_saves_it_is_read(
        self, shop: Shop, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        invoice = drafted(shop)
        letter = shop.terminal.folder / f"{invoice}.md"
        source = shop("approvals", invoice, "--source").out
        letter.write_bytes(source.replace("\n", "\r\n").encode("utf-8-sig"))

        assert shop("approve", invoice, *BY, "--letter", letter).status == 0

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"\xff\xfe", "cannot be read as UTF-8 text"),
            (b" \n", "is empty. Without --letter the draft is signed as it is."),
        ],
    )
    def test_a_letter_that_is_none_is_refused_with_its_place(
        self, nowhere: Terminal, content: bytes, says: str
    ) -> None:
        letter = nowhere.folder / "letter.md"
        letter.write_bytes(content)

        refused = nowhere("approve", "A-1", *BY, "--letter", letter).refused(2)

        assert refused.startswith(f"{letter}: ")
        assert says in refused

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("approve",), "Missing option '--by'"),
            (("approve", "--by", ""), "'--by': it must not be empty"),
            (("approve", "--version", "0", *BY), "--version"),
            (("approve", "--letter", "nowhere.md", *BY), "'nowhere.md' does not exist"),
            (("reject", *BY), "Missing option '--why'"),
            (("reject", "--why", " ", *BY), "'--why': it must not be empty"),
        ],
    )
    def test_what_is_missing_is_named(
        self, nowhere: Terminal, words: tuple[Any, ...], says: str
    ) -> None:
        command, *more = words

        assert says in nowhere(command, "A-1", *more).refused(2)

    def test_a_letter_that_is_too_long_is_refused(self, nowhere: Terminal) -> None:
        drafts_of_two(nowhere)
        letter = nowhere.folder / "letter.md"
        letter.write_text("x" * 50_001)

        refused = nowhere("approve", "A-1", *BY, "--letter", letter).refused(2)

        assert refused == "--letter: is longer than 50000 characters\n"


def test_a_refused_draft_does_not_leave_and_says_why(shop: Shop) -> None:
    invoice = drafted(shop)

    said = shop("reject", invoice, *BY, "--why", "I spoke with [their] CFO")

    assert said.out == (
        "Version 1 of the draft of second-notice is rejected. I spoke with [their] CFO\n"
    )
    shop.wait_for(invoice, "rejected")
    assert "sent" not in shop.story(invoice)


def outbox(shop: Shop) -> list[Path]:
    """Every letter that has left."""
    return [path for path in (shop.terminal.folder / "outbox").rglob("*") if path.is_file()]
