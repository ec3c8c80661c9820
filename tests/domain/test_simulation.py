"""Small ledgers, worked out by hand; the days are those of March 2026, which begins on a Sunday."""

from collections import Counter
from datetime import date, timedelta

from domain.past_ledger import PastInvoice
from domain.simulation import Course
from models.vocabulary import Action, Reason, Stage
from tests.domain.past import a_policy, letters, lived, owed, step

DUE = date(2026, 3, 2)  # a Monday; with a banking day of grace the chase begins on Tuesday the 3rd


def march(day: int) -> date:
    return date(2026, 3, day)


def test_an_invoice_nobody_pays_gets_every_step_on_its_day() -> None:
    course = lived(owed("A", DUE))

    assert letters(course) == [
        (date(2026, 2, 27), "A reminder"),  # three days before Tuesday is a Saturday: Friday
        (march(3), "A due"),
        (march(10), "A first"),
        (march(17), "A second"),
        (date(2026, 4, 2), "A final"),
    ]
    assert [sent.stage for sent in course.letters] == [
        Stage.PRE_DUE,
        Stage.DUE,
        Stage.EARLY,
        Stage.EARLY,
        Stage.FINAL,
    ]
    assert [(call.on, call.invoice_id) for call in course.calls] == [(march(17), "A")]
    assert course.held == {Reason.CADENCE_OVER: 1}
    assert course.last == date(2026, 4, 16)  # fourteen days later somebody has to decide


def test_a_payment_arrives_before_the_letter_of_its_day() -> None:
    course = lived(owed("A", DUE, (march(10), "500.00")))

    assert [what for _, what in letters(course)] == ["A reminder", "A due"]
    assert course.last == march(10)


def test_an_invoice_paid_on_the_day_of_its_first_letter_was_never_written_about() -> None:
    reminded = date(2026, 2, 27)
    course = lived(
        owed("A", DUE, (reminded, "500.00"), customer="EARLY"),
        owed("B", DUE, (reminded + timedelta(days=1), "500.00"), customer="LATER"),
        owed("C", DUE, customer="NEVER"),
    )

    assert course.paid_before_contact == 1
    assert {sent.customer_id for sent in course.letters if sent.on == reminded} == {
        "LATER",
        "NEVER",
    }


def test_an_invoice_paid_before_it_was_issued_ends_on_its_first_day() -> None:
    course = lived(owed("A", DUE, (date(2026, 1, 2), "500.00")))

    assert (course.letters, course.paid_before_contact) == ((), 1)


def test_invoices_due_together_share_a_letter() -> None:
    course = lived(
        owed("A", DUE, (march(4), "500.00")),
        owed("B", DUE, (march(4), "900.00"), amount="900.00"),
        owed("C", DUE, (march(4), "500.00"), customer="OTHER"),
    )

    acme = [entry for entry in letters(course) if "C" not in entry[1]]
    # Equal in stage and age, the larger one carries the letter.
    assert acme == [
        (date(2026, 2, 27), "B reminder, A reminder"),
        (march(3), "B due, A due"),
    ]
    assert (course.letters_alone, len(course.letters)) == (6, 4)
    assert course.most_a_day == 1


def test_a_letter_about_one_invoice_puts_the_others_off_until_the_gap_is_over() -> None:
    course = lived(owed("A", DUE), owed("B", date(2026, 3, 4)))

    assert letters(course) == [
        (date(2026, 2, 27), "A reminder"),
        (march(2), "B reminder"),
        (march(5), "A due, B due"),  # A waited from the 3rd; the older one carries
        (march(10), "A first"),
        (march(13), "B first"),  # up on the 12th
        (march(17), "A second"),
        (march(20), "B second"),  # up on the 19th
        (date(2026, 4, 2), "A final"),
        (date(2026, 4, 6), "B final"),  # the 4th is a Saturday
    ]


def test_the_furthest_along_sets_the_stage_of_the_letter() -> None:
    course = lived(owed("B", date(2026, 4, 1)), owed("A", DUE))

    assert (date(2026, 4, 2), "A final, B due") in letters(course)
    assert Counter(sent.stage for sent in course.letters)[Stage.FINAL] == 2


def test_each_currency_has_a_letter_of_its_own() -> None:
    settled = (date(2026, 2, 28), "500.00")
    course = lived(owed("A", DUE, settled), owed("B", DUE, settled, currency="EUR"))

    assert sorted((sent.on, sent.currency) for sent in course.letters) == [
        (date(2026, 2, 27), "EUR"),
        (date(2026, 2, 27), "USD"),
    ]
    assert course.most_a_day == 1


def test_the_customer_hears_no_more_often_than_the_cap_allows() -> None:
    invoices = [owed(f"I{n}", DUE + timedelta(days=4 * n)) for n in range(10)]

    course = lived(*invoices, policy=a_policy(gap=1, most_in_30_days=4))

    days = [sent.on for sent in course.letters]
    assert all(
        later - day >= timedelta(days=30) for day, later in zip(days, days[4:], strict=False)
    )


def test_who_enters_late_takes_the_step_of_that_day_alone() -> None:
    course = lived(owed("A", DUE), first=date(2026, 4, 13))

    assert letters(course) == [(date(2026, 4, 13), "A final")]
    assert course.skipped_steps == 4
    assert course.first == date(2026, 4, 13)


def test_steps_passed_over_in_a_shared_letter_count_as_well() -> None:
    course = lived(owed("A", DUE), owed("B", DUE, amount="10.00"), first=date(2026, 4, 13))

    assert letters(course) == [(date(2026, 4, 13), "A final, B final")]
    assert course.skipped_steps == 8


def test_a_backlog_is_worked_off_in_daily_portions() -> None:
    backlog = [owed(f"I{n}", DUE, customer=f"C{n}") for n in range(3)]

    course = lived(*backlog, policy=a_policy(a_day=1), first=date(2026, 4, 10))

    friday, monday, tuesday = date(2026, 4, 10), date(2026, 4, 13), date(2026, 4, 14)
    assert [sent.on for sent in course.letters] == [friday, monday, tuesday]


def test_only_what_was_open_in_the_period_is_followed_up() -> None:
    course = lived(
        owed("before", DUE, (march(9), "500.00")),
        owed("on the first day", DUE, (march(10), "500.00")),
        owed("within", DUE),
        owed("after", date(2026, 4, 20)),
        first=march(10),
        last=march(20),
    )

    assert [chase.invoice.id for chase in course.chases] == ["on the first day", "within"]
    assert course.paid_before_contact == 1
    assert [day for day, _ in letters(course)] == [march(10), march(17)]
    assert (course.first, course.last) == (march(10), march(20))


def test_a_payment_in_part_goes_on_with_what_is_left() -> None:
    course = lived(owed("A", DUE, (march(4), "499.50")), policy=a_policy(small_balance=1))

    assert [what for _, what in letters(course)] == ["A reminder", "A due"]
    assert course.held == {Reason.SMALL_BALANCE: 1}


def test_a_draft_that_nobody_signs_holds_the_chase_until_less_is_owed() -> None:
    course = lived(
        owed("A", DUE, (march(12), "400.00")),
        owed("B", DUE, customer="OTHER"),
        policy=a_policy(approval_above=200),
    )

    assert course.held[Reason.NEEDS_APPROVAL] == 2
    # The reminder is too late by then; what comes after it begins, and keeps its distances.
    assert letters(course)[:2] == [(march(12), "A due"), (march(19), "A first")]


def test_a_call_alone_is_no_letter() -> None:
    steps = (
        step(0, Stage.DUE, "ring", Action.CALL_AP_CONTACT, mail=False),
        step(7, Stage.EARLY, "first"),
    )
    course = lived(owed("A", DUE, (march(9), "500.00")), policy=a_policy(steps))

    assert [(call.on, call.action) for call in course.calls] == [(march(3), Action.CALL_AP_CONTACT)]
    assert (course.letters, course.paid_before_contact) == ((), 1)


def _always_so_late(days: int, *, before: date, many: int = 6) -> list[PastInvoice]:
    """Invoices due every four weeks up to `before`, each paid so many days late."""
    dues = [before - timedelta(days=28 * n) for n in range(many, 0, -1)]
    return [
        owed(f"P{n}", due, (due + timedelta(days=days), "500.00")) for n, due in enumerate(dues)
    ]


def test_who_has_always_paid_late_but_surely_is_not_pressed_before_their_day() -> None:
    course = lived(*_always_so_late(20, before=DUE), owed("A", DUE))

    assert [entry for entry in letters(course) if entry[1].startswith("A")] == [
        (march(30), "A due"),  # 20 days and a week of patience end on Sunday the 29th
        (date(2026, 4, 6), "A first"),
        (date(2026, 4, 13), "A second"),
        (date(2026, 4, 29), "A final"),
    ]
    assert course.held[Reason.RELIABLE_LATE_PAYER] == 1


def test_what_was_paid_before_the_period_tells_how_they_pay_within_it() -> None:
    past = _always_so_late(20, before=date(2026, 2, 2))

    known = lived(*past, owed("A", DUE), first=march(1))
    unknown = lived(owed("A", DUE), first=march(1))

    assert letters(known)[0] == (march(30), "A due")
    assert letters(unknown)[0] == (march(2), "A reminder")


def test_five_invoices_tell_nothing_yet() -> None:
    course = lived(*_always_so_late(20, before=DUE, many=5), owed("A", DUE))

    assert (march(3), "A due") in letters(course)


def test_an_invoice_paid_in_advance_tells_how_they_pay_as_well() -> None:
    """It makes a sixth: they pay 20 days late, give or take nothing between the quartiles."""
    issued = DUE - timedelta(days=30)
    past = [*_always_so_late(20, before=DUE, many=5), owed("P9", DUE, (issued, "500.00"))]

    assert (march(30), "A due") in letters(lived(*past, owed("A", DUE)))


def test_small_invoices_are_not_worth_a_call() -> None:
    assert lived(owed("A", DUE), policy=a_policy(call_above=501)).calls == ()


def test_a_shared_letter_asks_for_one_call() -> None:
    course = lived(owed("A", DUE), owed("B", DUE))

    assert [call.on for call in course.calls] == [march(17)]


def test_an_empty_ledger_has_no_course() -> None:
    course = lived(first=march(1), last=march(31))

    assert (course.chases, course.letters, course.most_a_day) == ((), (), 0)


def test_the_order_of_the_rows_changes_nothing() -> None:
    rows = [
        owed("A", DUE, (march(12), "500.00")),
        owed("B", date(2026, 3, 4)),
        owed("C", date(2026, 3, 4), currency="EUR"),
        owed("D", DUE, customer="OTHER"),
    ]

    def told(course: Course) -> Counter[object]:
        return Counter((sent.on, sent.customer_id, sent.touches) for sent in course.letters)

    assert told(lived(*rows)) == told(lived(*reversed(rows)))
