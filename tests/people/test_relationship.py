"""The relationship holds, softens, or has its owner asked, up to the last hour."""

from datetime import date

from models import acts
from models.vocabulary import OwnerWord, Reason, TaskKind
from tests.harness import Harness

MARA = "mara@harbour.example"


async def test_sales_pauses_collections_an_hour_before_a_letter_and_nothing_leaves(
    firm: Harness,
) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 23)))
    await firm.pass_until(date(2026, 3, 3), hour=13)  # the first notice is up at 15:26
    assert firm.sent == ["reminder", "due-notice"]

    await firm.flag(paused_by_sales=True)
    await firm.pass_until(date(2026, 3, 6))

    assert firm.sent == ["reminder", "due-notice"]
    assert (await firm.state()).reason is Reason.PAUSED_BY_SALES
    assert "paused_by_sales" in await firm.story()


async def test_when_sales_is_done_the_chase_goes_on_at_the_same_step(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 23)))
    await firm.pass_until(date(2026, 3, 3), hour=13)
    await firm.flag(paused_by_sales=True)
    await firm.pass_until(date(2026, 3, 10), hour=12)

    await firm.flag(paused_by_sales=False)
    await firm.pass_until(date(2026, 3, 10))

    assert firm.sent == ["reminder", "due-notice", "first-notice"]


async def test_a_key_account_at_risk_has_its_owner_asked_and_then_gets_soft_words(
    firm: Harness,
) -> None:
    await firm.add_customer(owner_email=MARA, strategic=True)
    await firm.flag(health_at_risk=True)
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)), policy="saas")
    await firm.start_rounds()
    await firm.pass_until(
        date(2026, 3, 5), hour=18
    )  # 15 days after the 18th: a holiday, and a day of grace

    state = await firm.state()
    assert (state.reason, state.step) == (Reason.HEALTH_AT_RISK, "firm-notice")
    assert firm.sent[-1] != "firm-notice"
    [asked] = [one for one in await firm.tasks() if one.kind is TaskKind.OWNER_FIRST]
    assert asked.owner == MARA
    assert any("asked first" in one for one in await firm.told(MARA))

    await firm.pass_until(date(2026, 3, 6))  # a business day has gone by without a word

    letter = firm.outbox.sent[-1].letter
    assert firm.sent[-1] == "firm-notice"
    assert letter.template_version.startswith("en/gentle_reminder@")
    assert "health at risk" in " ".join(await _says(firm))


async def test_the_owners_go_sends_the_letter_as_it_is(firm: Harness) -> None:
    await firm.add_customer(owner_email=MARA)
    await firm.flag(health_at_risk=True)
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)), policy="saas")
    await firm.pass_until(date(2026, 3, 5), hour=18)

    says = await firm.decide(acts.AnswerAsOwner, word=OwnerWord.GO)
    await firm.pass_until(date(2026, 3, 6))

    assert says == "The owner says go to firm-notice."
    assert firm.sent[-1] == "firm-notice"
    assert firm.outbox.sent[-1].letter.template_version.startswith("en/firm_notice@")


async def test_the_owners_hold_holds_for_a_week_and_then_they_are_asked_again(
    firm: Harness,
) -> None:
    await firm.add_customer(owner_email=MARA)
    await firm.flag(health_at_risk=True)
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 16)), policy="saas")
    await firm.pass_until(date(2026, 3, 5), hour=18)
    await firm.decide(acts.AnswerAsOwner, word=OwnerWord.HOLD)
    before = list(firm.sent)
    assert [one for one in await firm.tasks() if one.kind is TaskKind.OWNER_FIRST] == []

    await firm.pass_until(date(2026, 3, 12), hour=12)
    assert firm.sent == before

    await firm.pass_until(date(2026, 3, 12))
    assert firm.sent == before
    assert [one.kind for one in await firm.tasks() if one.kind is TaskKind.OWNER_FIRST]


async def test_an_insolvent_customer_hears_nothing_and_finance_has_a_task(firm: Harness) -> None:
    await firm.add_customer()
    await firm.follow_up(await firm.add_invoice(due=date(2026, 2, 23)))
    await firm.pass_until(date(2026, 2, 21))

    await firm.flag(insolvent=True)
    await firm.pass_until(date(2026, 3, 30))

    assert firm.sent == ["reminder"]
    assert (await firm.state()).reason is Reason.INSOLVENCY
    assert [task.kind for task in await firm.tasks()] == [TaskKind.FINANCE]


async def _says(firm: Harness) -> list[str]:
    return [line.text for line in await firm.lines()]
