"""docs/charging.md lists the codes and the schedule as they are in code."""

from itertools import chain

import pytest

from domain.charging import SCHEDULES, Limit, Scheme
from integrations.charging import gocardless_answers, stripe, stripe_declines
from tests.docs.pages import pages, rows, section, words

_PAGE = "docs/charging.md"


@pytest.mark.parametrize(
    ("provider", "codes"),
    [("Stripe", stripe_declines.MAY_PASS), ("GoCardless", gocardless_answers.MAY_PASS)],
)
def test_every_code_that_may_pass_is_listed(provider: str, codes: frozenset[str]) -> None:
    _, _, after = section(_PAGE, "What a no means").partition("| may be tried again |")
    [row] = [
        row
        for row in rows("| may be tried again |" + after.partition("Every other")[0])
        if row[0].startswith(provider)
    ]

    assert {*words(row[1])} == codes


def test_every_state_of_gocardless_is_listed() -> None:
    listed = {
        row[0].strip("`"): {*words(row[1])} for row in rows(section(_PAGE, "What a no means"))
    }
    plain = {one: state for one, state in gocardless_answers.STATES.items() if state != "declined"}

    assert all(one in listed[state] or state == "cancelled" for one, state in plain.items())


def test_what_advice_forbids_and_puts_off_is_listed() -> None:
    text = section(_PAGE, "What a no means")
    _, _, after = text.partition("| advice |")
    advised, forbids, delays = rows("| advice |" + after)

    assert {*words(advised[0])} == {"advice_code", *stripe_declines._ADVISED_AGAINST}
    assert {*words(forbids[0])} == {"network_advice_code", *stripe_declines._NETWORK_FORBIDS}
    assert words(delays[0])[1:] == [*stripe_declines._NETWORK_DELAYS]
    assert ", ".join(map(str, stripe_declines._NETWORK_DELAYS.values())) in delays[1]


def test_what_ends_a_mandate_is_listed() -> None:
    assert {*words(section(_PAGE, "What a no means"))} >= gocardless_answers.MEANS_GONE


def test_the_schedule_is_the_one_in_code() -> None:
    listed = rows(section(_PAGE, "When it is tried again"))

    assert listed == [
        [
            f"`{scheme}`",
            ", ".join(map(str, rule.waits)),
            str(len(rule.waits) + 1),
            f"{rule.days} days after the first",
        ]
        for scheme, rule in SCHEDULES.items()
    ]


def test_a_cards_limits_and_the_pinned_version_are_named() -> None:
    assert SCHEDULES[Scheme.CARD].limits == (Limit(3, 1), Limit(7, 30))
    assert "3 attempts a day and 7 in 30 days" in pages()[_PAGE]
    assert f"`{stripe.API_VERSION}`" in pages()[_PAGE]


def test_a_scheme_is_listed_for_every_rule() -> None:
    assert {*chain(SCHEDULES)} == {*Scheme}
