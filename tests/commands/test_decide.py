"""What is to become of an invoice: a disposition, a plan, an owner's word."""

from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from babel.numbers import get_currency_precision
from hypothesis import given
from hypothesis import strategies as st

from commands.decide import monthly
from models.errors import WrongUse
from store.database import Database
from tests.commands.shop import A_DAY, Shop, add_round, bill
from tests.commands.terminal import Terminal

BY = ("--by", "Ines Calder")
FIRST = A_DAY + timedelta(days=28)
CURRENCIES = st.sampled_from(["USD", "EUR", "JPY", "KWD", "CLF", "XYZ"])


class TestEqualInstalments:
    @given(
        amount=st.decimals(
            min_value=Decimal("0.0001"), max_value=Decimal(10**12), places=4, allow_nan=False
        ),
        currency=CURRENCIES,
        parts=st.integers(2, 60),
        first=st.dates(date(1990, 1, 1), date(2190, 1, 1)),
    )
    def test_they_add_up_to_the_last_digit_and_differ_by_a_unit_at_most(
        self, amount: Decimal, currency: str, parts: int, first: date
    ) -> None:
        unit = Decimal(1).scaleb(-get_currency_precision(currency))
        if amount < unit * parts:
            with pytest.raises(WrongUse, match=f"too little for --parts {parts}"):
                monthly(amount, currency, parts, first)
            return

        terms = monthly(amount, currency, parts, first)

        amounts = [one.amount for one in terms]
        assert (len(terms), sum(amounts)) == (parts, amount)
        assert max(amounts) - min(amounts) < 2 * unit
        assert all(one % unit == 0 for one in amounts[:-1])
        assert amounts[:-1] == sorted(amounts[:-1], reverse=True)

    @given(first=st.dates(date(1990, 1, 1), date(2190, 1, 1)), parts=st.integers(2, 60))
    def test_they_are_a_month_apart_on_the_same_day_or_the_last(
        self, first: date, parts: int
    ) -> None:
        days = [one.due_on for one in monthly(Decimal(600), "USD", parts, first)]

        assert days[0] == first
        for one, following in pairwise(days):
            months = (following.year - one.year) * 12 + following.month - one.month
            assert months == 1
            is_last = (following + timedelta(days=1)).month != following.month
            assert following.day == first.day or (is_last and following.day < first.day)

    @pytest.mark.parametrize(
        ("amount", "currency", "parts"),
        [
            ("5000.00", "USD", "1666.67 1666.67 1666.66"),
            ("100001", "JPY", "33334 33334 33333"),
            ("100.000", "KWD", "33.334 33.333 33.333"),
            ("0.03", "USD", "0.01 0.01 0.01"),
            ("10.005", "USD", "3.34 3.33 3.335"),
        ],
    )
    def test_the_larger_ones_come_first(self, amount: str, currency: str, parts: str) -> None:
        terms = monthly(Decimal(amount), currency, 3, FIRST)

        assert [one.amount for one in terms] == [Decimal(one) for one in parts.split()]


class TestAPlan:
    def test_of_equal_parts_is_told_one_by_one(self, shop: Shop) -> None:
        invoice = shop.follow_on(Amount="5000.01")
        words = ("--parts", 3, "--first", f"{A_DAY.year}-03-31", *BY)

        said = shop("plan", invoice, *words)

        year = A_DAY.year
        assert said.out.splitlines() == [
            f"3 instalments from {year}-03-31 to {year}-05-31, 5,000.01 in all.",
            f"{year}-03-31  1,666.67 USD",
            f"{year}-04-30  1,666.67 USD",
            f"{year}-05-31  1,666.67 USD",
        ]
        shop.wait_until(invoice, "on_plan")

    def test_in_yen_has_no_smaller_parts_than_a_yen(self, shop: Shop) -> None:
        invoice = shop.follow_on(Amount="100001", Currency="JPY", Country="JP")

        data = shop("plan", invoice, "--parts", 3, "--first", FIRST, *BY, "--json").data

        assert data["act"]["kind"] == "agree_payment_plan"
        assert [one["amount"] for one in data["act"]["instalments"]] == ["33334", "33334", "33333"]

    def test_of_single_instalments_is_agreed(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        later = FIRST + timedelta(days=10)
        words = ("--instalment", f"{FIRST}=1000.50", "--instalment", f"{later}=3999.50")

        assert shop("plan", invoice, *words, *BY).out.splitlines() == [
            f"2 instalments from {FIRST} to {later}, 5,000.00 in all.",
            f"{FIRST}  1,000.50 USD",
            f"{later}  3,999.50 USD",
        ]

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (
                ("--instalment", f"{FIRST}=400", "--instalment", f"{FIRST + timedelta(9)}=500"),
                "The instalments add up to 900.00; 5,000.00 is open.",
            ),
            (
                ("--instalment", f"{FIRST}=2500", "--instalment", f"{FIRST}=2500"),
                "Each instalment must be due after the one before it.",
            ),
            (("--instalment", f"{FIRST}=5000"), "A plan has 2 to 12 instalments; these are 1."),
            (("--parts", 2, "--first", A_DAY - timedelta(1)), "which has passed."),
            (("--parts", 60, "--first", FIRST), "A plan has 2 to 12 instalments; these are 60."),
        ],
    )
    def test_that_does_not_fit_is_refused_with_the_reason(
        self, shop: Shop, words: tuple[object, ...], says: str
    ) -> None:
        invoice = shop.follow_on()

        refused = shop("plan", invoice, *words, *BY).refused(1)

        assert refused.startswith(f"Invoice {invoice} cannot be paid by this plan. ")
        assert says in refused

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ("", "Say either --instalment 2026-04-01=400.00 for each, or --parts 3 --first"),
            ("--parts 3", "Say either"),
            ("--first 2026-04-01", "Say either"),
            ("--parts 3 --first 2026-04-01 --instalment 2026-04-01=5", "Say either"),
            ("--first 2026-04-01 --instalment 2026-04-01=5", "Say either"),
            ("--parts 1 --first 2026-04-01", "--parts"),
            ("--parts 61 --first 2026-04-01", "--parts"),
            ("--parts 3 --first 2026-04-31", "write it as 2026-03-31"),
            ("--instalment 2026-04-01", "'2026-04-01': write it as 2026-04-01=400.00"),
            ("--instalment 2026-04-31=5", "write it as 2026-04-01=400.00"),
            ("--instalment 2026-04-01=12,50", "write it as 2026-04-01=400.00"),
            ("--instalment 2026-04-01=-5", "write it as 2026-04-01=400.00"),
            ("--instalment 2026-04-01=NaN", "write it as 2026-04-01=400.00"),
            ("--instalment 2026-04-01=0.00001", "write it as 2026-04-01=400.00"),
            ("--instalment =", "write it as 2026-04-01=400.00"),
        ],
    )
    def test_that_says_too_little_or_too_much_is_refused_before_anything_is_asked(
        self, nowhere: Terminal, words: str, says: str
    ) -> None:
        assert says in nowhere("plan", "A", *BY, *words.split()).refused(2)

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            ("--parts 3 --first 2199-12-31", "--first: lies after 2199-12-31"),
            ("--parts 3 --first 9999-12-31", "--first: lies after 2199-12-31"),
            ("--parts 3 --first 1989-12-31", "--first: lies before 1990-01-01"),
            (" ".join(["--instalment 2026-04-01=5"] * 61), "--instalment: is given more than 60"),
            ("--parts 60 --first 2026-04-01", "0.59 USD is too little for --parts 60."),
        ],
    )
    def test_that_no_calendar_or_purse_has_is_refused(
        self, nowhere: Terminal, words: str, says: str
    ) -> None:
        nowhere("import", nowhere.write("ledger.csv", [bill("A", Amount="0.59")]))
        with closing(Database(nowhere.env["DUNLIN_DATABASE_URL"])) as database:
            add_round(database, "A")

        assert says in nowhere("plan", "A", *BY, *words.split()).refused(2)


class TestADisposition:
    def test_a_write_off_ends_it(self, shop: Shop) -> None:
        invoice = shop.follow_on()

        said = shop("decide", invoice, "write_off", *BY, "--why", "below the [cost] of suing")

        assert said.out == "Decided: write off. below the [cost] of suing\n"
        shop.wait_for(invoice, "written_off")
        for words in (("decide", invoice, "agency", "--why", "x"), ("owner", invoice, "go")):
            assert f"Invoice {invoice} is closed" in shop(*words, *BY).refused(1)

    def test_a_plan_is_to_be_agreed_and_agreeing_it_is_the_end_of_that(self, shop: Shop) -> None:
        invoice = shop.follow_on()

        said = shop("decide", invoice, "plan", *BY, "--why", "they asked", "--json")

        assert said.data["says"] == "Decided: plan. they asked"
        assert said.data["act"]["choice"] == "plan"
        assert "agree_plan" in [one["kind"] for one in shop.state(invoice)["tasks"]]
        shop("plan", invoice, "--parts", 2, "--first", FIRST, *BY)
        assert "agree_plan" not in [one["kind"] for one in shop.state(invoice)["tasks"]]

    def test_the_same_event_id_counts_once(self, shop: Shop) -> None:
        invoice = shop.follow_on()
        words = ("plan", *BY, "--why", "they asked", "--event-id", f"decide/{invoice}", "--json")

        first, again = (shop("decide", invoice, *words).data for _ in range(2))

        assert first == again
        assert shop.story(invoice).count("decide_disposition") == 1

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("burn", *BY, "--why", "x"), "'write_off', 'agency', 'legal', 'continue'"),
            (("agency", *BY), "Missing option '--why'"),
            (("agency", *BY, "--why", ""), "'--why': it must not be empty"),
            (("agency", "--why", "x"), "Missing option '--by'"),
        ],
    )
    def test_what_is_missing_is_named(
        self, nowhere: Terminal, words: tuple[str, ...], says: str
    ) -> None:
        assert says in nowhere("decide", "A", *words).refused(2)

    @pytest.mark.parametrize(
        ("words", "says"),
        [
            (("--by", "x" * 201, "--why", "x"), "--by: is longer than 200 characters\n"),
            ((*BY, "--why", "x" * 2001), "--why: is longer than 2000 characters\n"),
            (
                (*BY, "--why", "x", "--event-id", "x" * 201),
                "--event-id: is longer than 200 characters\n",
            ),
        ],
    )
    def test_what_is_too_long_is_refused(
        self, nowhere: Terminal, words: tuple[str, ...], says: str
    ) -> None:
        nowhere("import", nowhere.write("ledger.csv", [bill("A")]))
        with closing(Database(nowhere.env["DUNLIN_DATABASE_URL"])) as database:
            add_round(database, "A")

        assert nowhere("decide", "A", "agency", *words).refused(2) == says


class TestAnOwnersWord:
    def test_the_owner_who_was_asked_softens_the_letter(self, shop: Shop) -> None:
        invoice = asked_first(shop)

        said = shop("owner", invoice, "soften", "--by", "mara@harbour.example", "--note", "renewal")

        assert said.out == "The owner says soften to second-notice. renewal\n"
        shop.wait_for(invoice, "sent")
        assert "owner_first" not in [one["kind"] for one in shop.state(invoice)["tasks"]]

    def test_the_owners_hold_holds(self, shop: Shop) -> None:
        invoice = asked_first(shop)

        said = shop("owner", invoice, "hold", "--by", "mara@harbour.example", "--json")

        assert (said.data["says"], said.data["act"]["word"]) == (
            "The owner says hold to second-notice.",
            "hold",
        )
        assert "sent" not in shop.story(invoice)

    def test_a_word_nobody_asked_for_is_refused(self, shop: Shop) -> None:
        invoice = shop.follow_on()

        assert shop("owner", invoice, "go", *BY).refused(1) == (
            f"Invoice {invoice} has no letter that its owner was asked about.\n"
        )
        assert "'go', 'soften', 'hold'" in shop("owner", invoice, "maybe", *BY).refused(2)


def asked_first(shop: Shop) -> str:
    """A new invoice of a customer whose renewal is under way: its owner is asked about the
    letter."""
    invoice = shop.follow_on(flag="renewal_under_way")
    shop.wait_for(invoice, "owner_first")
    return invoice


@pytest.mark.parametrize(
    "words",
    [
        ("acknowledge",),
        ("approve", "--version", "1"),
        ("reject", "--version", "1", "--why", "x"),
        ("owner", "go"),
        ("decide", "legal", "--why", "x"),
        ("plan", "--parts", "2", "--first", FIRST),
    ],
)
def test_a_decision_needs_an_invoice_that_is_followed_and_a_server(
    nowhere: Terminal, words: tuple[str, ...]
) -> None:
    nowhere("import", nowhere.write("ledger.csv", [bill("A"), bill("B")]))
    with closing(Database(nowhere.env["DUNLIN_DATABASE_URL"])) as database:
        add_round(database, "A")
    command, *more = words

    assert "Invoice C is not in the register." in nowhere(command, "C", *more, *BY).refused(1)
    assert "Invoice B is not followed up yet" in nowhere(command, "B", *more, *BY).refused(1)
    if command != "acknowledge":  # it has no task
        assert nowhere(command, "A", *more, *BY).refused(1) == (
            "No Temporal server answers at 127.0.0.1:1. Start one, or set TEMPORAL_ADDRESS.\n"
        )
