from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.csv_ledger.dates import DateEvidence, Dates, readings
from models.errors import LedgerUnreadable

APRIL_6 = date(2013, 4, 6)


@pytest.mark.parametrize(
    "text",
    [
        "2013-04-06",
        "2013/04/06",
        "20130406",
        "20130406.0",
        "2013-04-06T23:30:00Z",
        "2013-04-06 00:00:00.000",
        "6-Apr-2013",
        "06 APR 13",
        "6. April 2013",
        "6 avril 2013",
        "Apr 6, 2013",
        "April 6, 2013, 5:00 PM",
        "06.04.2013",
        "6. 4. 2013",
        "06.04.13",
    ],
)
def test_a_form_that_leaves_no_choice_is_read_alike_in_both_orders(text: str) -> None:
    assert readings(text) == (APRIL_6, APRIL_6)


@pytest.mark.parametrize("text", ["4/6/2013", "04/06/13", "4-6-2013", "4/6/2013 17:05"])
def test_slashes_and_dashes_leave_the_order_open(text: str) -> None:
    assert readings(text) == (date(2013, 6, 4), APRIL_6)


@pytest.mark.parametrize(
    "text",
    [
        "31/31/2013",
        "2/30/2013",
        "2013-02-30",
        "9999-12-31",
        "soon",
        "6-Foo-2013",
        "1" * 5000,
        "²/³/2013",
    ],
)
def test_what_is_no_day_has_no_reading(text: str) -> None:
    assert readings(text) == (None, None)


@pytest.mark.parametrize(("text", "year"), [("1/1/68", 2068), ("1/1/69", 1969), ("1/1/00", 2000)])
def test_two_digits_of_a_year_mean_1969_to_2068(text: str, year: int) -> None:
    assert readings(text)[0] == date(year, 1, 1)


def test_one_date_with_a_part_above_12_decides_for_all() -> None:
    evidence = DateEvidence()
    evidence.add("DueDate", 2, "4/6/2013")
    evidence.add("DueDate", 14, "4/26/2013")

    order, why = evidence.decide(None)

    assert order == "month_first"
    assert why == "Dates are month-first: 'DueDate' in line 14 is 4/26/2013."


def test_dates_that_contradict_each_other_are_refused_naming_both_lines() -> None:
    evidence = DateEvidence()
    evidence.add("DueDate", 3, "26/4/2013")
    evidence.add("InvoiceDate", 14, "4/26/2013")

    with pytest.raises(LedgerUnreadable, match=r"line 3 is 26/4/2013.*line 14 is 4/26/2013"):
        evidence.decide(None)

    assert evidence.decide("day_first")[0] == "day_first"


def test_dates_that_nothing_decides_are_refused_until_told() -> None:
    evidence = DateEvidence()
    evidence.add("DueDate", 2, "4/6/2013")

    with pytest.raises(LedgerUnreadable, match="--day-first or --month-first"):
        evidence.decide(None)

    assert evidence.decide("day_first")[0] == "day_first"


def test_dates_alike_in_both_orders_need_no_decision() -> None:
    evidence = DateEvidence()
    evidence.add("DueDate", 2, "4/4/2013")

    assert evidence.decide(None)[1] == ""


def test_what_was_told_is_refused_when_every_deciding_date_speaks_against_it() -> None:
    evidence = DateEvidence()
    evidence.add("DueDate", 14, "4/26/2013")

    with pytest.raises(LedgerUnreadable, match="said to be day-first"):
        evidence.decide("day_first")


@pytest.mark.parametrize("text", ["", "0", "00000000", "00.00.0000", "0000-00-00", "-"])
def test_nothing_and_zeros_are_no_date_rather_than_a_wrong_one(text: str) -> None:
    assert Dates("iso")[text] is None


def test_a_form_of_its_own_is_read_by_it_alone() -> None:
    dates = Dates("%d%m%Y")

    assert dates["06042013"] == APRIL_6
    with pytest.raises(ValueError, match="is no date of the form %d%m%Y"):
        dates["2013-04-06"]


def test_a_day_count_is_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match="Format the column as a date"):
        Dates("iso")["41370"]


def test_the_iso_form_refuses_what_has_the_year_last() -> None:
    with pytest.raises(ValueError, match="is no ISO date"):
        Dates("iso")["06.04.2013"]


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)), st.sampled_from("/-"))
def test_every_day_reads_back_in_the_order_it_was_written(day: date, mark: str) -> None:
    assert Dates("day_first")[f"{day.day}{mark}{day.month}{mark}{day.year}"] == day
    assert Dates("month_first")[f"{day.month:02}{mark}{day.day:02}{mark}{day.year % 100:02}"] == day
    assert Dates("iso")[day.isoformat()] == day
