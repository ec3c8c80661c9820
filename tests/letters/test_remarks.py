"""What came before a letter is said after the greeting, and accuses nobody."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from babel.dates import format_date

from integrations.letters import Letters
from integrations.letters.sample import WRITTEN_ON, sample_facts, sample_letters
from models.letter import Remark
from tests.letters.shipped import ASKING, DEMANDS, LANGUAGES, NAMES, every, prose

SAID = {
    "en": {
        Remark.DISPUTE_SETTLED: "stands as billed.",
        Remark.PROMISE_MISSED: "has not reached us so far. Could you please look into it?",
        Remark.PARTIAL_PROMISE: "The rest is still open.",
        Remark.PAYMENT_RETURNED: "was returned by the bank.",
        Remark.PLAN_ENDED: "could not be continued, so the rest of the amount is due in full.",
    },
    "de": {
        Remark.DISPUTE_SETTLED: "bleibt wie gestellt bestehen.",
        Remark.PROMISE_MISSED: "nicht bei uns eingegangen. Würden Sie bitte nachsehen,",
        Remark.PARTIAL_PROMISE: "Der übrige Betrag ist noch offen.",
        Remark.PAYMENT_RETURNED: "hat die Bank zurückgegeben.",
        Remark.PLAN_ENDED: "Der übrige Betrag ist daher in voller Höhe zu zahlen.",
    },
    "fr": {
        Remark.DISPUTE_SETTLED: "est maintenue telle qu\u2019elle a été établie.",
        Remark.PROMISE_MISSED: "ne nous est pas encore parvenu. Pourriez-vous voir",
        Remark.PARTIAL_PROMISE: "Le solde reste à régler.",
        Remark.PAYMENT_RETURNED: "a été retourné par la banque.",
        Remark.PLAN_ENDED: "le solde est donc exigible en totalité.",
    },
}


def paragraphs(text: str) -> list[str]:
    return [prose(paragraph) for paragraph in text.split("\n\n")]


@every(ASKING)
def test_each_remark_is_the_first_thing_after_the_greeting(
    letters: Letters, language: str, name: str
) -> None:
    plain = paragraphs(letters.render(sample_facts(name, language)).text)
    for remark, words in SAID[language].items():
        facts = replace(sample_facts(name, language), remarks=(remark,))
        greeting, said, *rest = paragraphs(letters.render(facts).text)
        assert words in said, remark
        assert greeting == plain[0]
        assert rest[0].lower() == plain[1].lower()
        assert rest[1:] == plain[2:]


@every(ASKING)
def test_remarks_stack_one_below_the_other(letters: Letters, language: str, name: str) -> None:
    facts = dict(sample_letters(name, language))["every remark"]
    said = paragraphs(letters.render(facts).text)[1 : 1 + len(Remark)]
    for words in SAID[language].values():
        assert len([each for each in said if words in each]) == 1
    backwards = replace(facts, remarks=facts.remarks[::-1])
    assert letters.render(backwards) == letters.render(facts)


@every(sorted(set(NAMES) - set(ASKING)))
def test_a_letter_that_asks_for_nothing_makes_no_remark(
    letters: Letters, language: str, name: str
) -> None:
    facts = sample_facts(name, language)
    assert letters.render(replace(facts, remarks=tuple(Remark))) == letters.render(facts)


@pytest.mark.parametrize("remarks", [tuple(Remark), *((remark,) for remark in Remark)])
@pytest.mark.parametrize("name", ASKING)
def test_in_german_only_the_first_sentence_after_the_greeting_begins_small(
    letters: Letters, remarks: tuple[Remark, ...], name: str
) -> None:
    text = letters.render(replace(sample_facts(name, "de"), remarks=remarks)).text
    assert not [line for line in paragraphs(text)[2:] if line[0].islower()]


@pytest.mark.parametrize(
    ("remark", "days"), [(Remark.PROMISE_MISSED, -7), (Remark.PARTIAL_PROMISE, 7)]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_names_its_day_missed_once_it_has_passed_and_announced_while_it_is_ahead(
    letters: Letters, language: str, remark: Remark, days: int
) -> None:
    facts = replace(sample_facts("final_notice", language), remarks=(remark,))
    unknown = letters.render(facts).text
    on = {day: WRITTEN_ON + timedelta(days=day) for day in (-days, days)}
    assert letters.render(replace(facts, promised_on=on[-days])).text == unknown
    told = paragraphs(letters.render(replace(facts, promised_on=on[days])).text)[1]
    before = {"en": "for", "de": "für den", "fr": "pour le"}[language]
    assert f"{before} {format_date(on[days], 'long', locale=language)}" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_for_today_is_not_missed_yet(letters: Letters, language: str) -> None:
    facts = replace(sample_facts("final_notice", language), promised_on=WRITTEN_ON)
    today = format_date(WRITTEN_ON, "long", locale=language)
    told = {
        remark: paragraphs(letters.render(replace(facts, remarks=(remark,))).text)[1]
        for remark in (Remark.PROMISE_MISSED, Remark.PARTIAL_PROMISE)
    }
    assert [remark for remark in told if today in told[remark]] == [Remark.PARTIAL_PROMISE]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_remark_blames_nobody(letters: Letters, language: str) -> None:
    facts = dict(sample_letters("final_notice", language))["every remark on many invoices"]
    said = " ".join(paragraphs(letters.render(facts).text)[1 : 1 + len(Remark)])
    assert {
        "en": "we mean no reproach",
        "de": "nicht als Vorwurf gemeint",
        "fr": "en rien un reproche",
    }[language] in said
    blame = r"fail|broke|neglect|versäum|gebrochen|Verzug|manqu|défaut|faute"
    assert not re.search(blame, said)


@every(DEMANDS)
def test_invoices_that_are_being_clarified_are_named_as_left_out(
    letters: Letters, language: str, name: str
) -> None:
    kinds = dict(sample_letters(name, language))
    one, others = (
        prose(letters.render(kinds[kind]).text)
        for kind in ("another invoice left out", "others left out")
    )
    sentences = {
        "en": ("Invoice INV-1060 is not part", "Invoices INV-1060, INV-1061, and INV-1062 are not"),
        "de": (
            "Die Rechnung INV-1060 ist nicht",
            "Rechnungen INV-1060, INV-1061 und INV-1062 sind",
        ),
        "fr": ("La facture INV-1060 ne fait pas", "Les factures INV-1060, INV-1061 et INV-1062 ne"),
    }[language]
    assert sentences[0] in one
    assert sentences[1] in others
    assert letters.render(replace(kinds["no names"], set_aside=("\u200b", ""))) == (
        letters.render(kinds["no names"])
    )
