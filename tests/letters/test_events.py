"""Letters that something beside a policy's step sends: a failed payment, a service on or off."""

import pytest

from integrations.letters import Letters
from integrations.letters.sample import sample_facts, sample_letters
from tests.letters.page import Page
from tests.letters.shipped import LANGUAGES, money, prose


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failed_payment_is_told_without_reproach(letters: Letters, language: str) -> None:
    text = prose(letters.render(sample_facts("payment_failed", language)).text)
    assert {"de": "nicht als Vorwurf", "en": "no reproach", "fr": "en rien un reproche"}[
        language
    ] in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_a_failed_payment_there_is_a_way_to_update_the_details(
    letters: Letters, language: str
) -> None:
    kinds = dict(sample_letters("payment_failed", language))
    update = {"de": "Zahlungsdaten", "en": "payment details", "fr": "moyen de paiement"}[language]
    answer = {"de": "antworten Sie", "en": "reply to this", "fr": "répondre à ce"}[language]
    linked = letters.render(kinds["12 days past due"])
    assert Page(linked.html).links == ["https://pay.example.com/INV-1042"]
    bare = prose(letters.render(kinds["no link, no purchase order"]).text)
    assert update in prose(linked.text)
    assert update in bare
    assert answer in bare
    assert answer not in prose(linked.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_suspension_is_told_as_a_fact_with_the_way_back(letters: Letters, language: str) -> None:
    facts = dict(sample_letters("service_suspended", language))["many invoices"]
    letter = letters.render(facts)
    fact = {"de": "Dienst ist ausgesetzt", "en": "service is suspended", "fr": "est suspendu"}
    back = {"de": "wieder aufgenommen", "en": "to be restored", "fr": "rétablir le service"}
    paid = {"de": "über {}", "en": "payment of {}", "fr": "règlement de {}"}[language]
    assert fact[language] in letter.subject
    assert fact[language] in prose(letter.text)
    assert back[language] in prose(letter.text)
    overdue = facts.total_asked / 2
    assert paid.format(money(overdue, facts)) in prose(letter.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_restored_service_is_thanked_for_whatever_is_still_open(
    letters: Letters, language: str
) -> None:
    kinds = dict(sample_letters("service_restored", language))
    thanks = {"de": "vielen Dank", "en": "Thank you", "fr": "remercions"}[language]
    for kind in ("settled", "one of two settled", "12 days past due"):
        letter = letters.render(kinds[kind])
        assert thanks in letter.text
        assert ("<table" in letter.html) == (kind != "settled")
        assert (money(kinds[kind].carrying.amount, kinds[kind]) in letter.text) == (
            "settled" in kind
        )
