"""What a country tells of a customer whose record says no more."""

from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global

from domain.places import usual_language, usual_zone

_TERRITORIES = sorted(set(get_global("zone_territories").values()))


@pytest.mark.parametrize(
    ("country", "zone"),
    [
        ("US", "America/New_York"),
        ("AU", "Australia/Sydney"),
        ("BR", "America/Sao_Paulo"),
        ("DE", "Europe/Berlin"),
        ("ES", "Europe/Madrid"),
        ("NZ", "Pacific/Auckland"),
        ("RU", "Europe/Moscow"),
        ("SA", "Asia/Riyadh"),
        ("IL", "Asia/Jerusalem"),
        ("IN", "Asia/Kolkata"),
        ("JP", "Asia/Tokyo"),
        ("EC", "America/Guayaquil"),
        ("CH", "Europe/Zurich"),
    ],
)
def test_firms_keep_the_zone_of_most_firms_of_their_country(country: str, zone: str) -> None:
    assert usual_zone(country) == zone


@pytest.mark.parametrize("country", ["", "XX", "us", "USA"])
def test_an_unknown_country_keeps_world_time_and_reads_english(country: str) -> None:
    assert usual_zone(country) == "UTC"
    assert usual_language(country) == "en"


@pytest.mark.parametrize("country", _TERRITORIES)
def test_every_country_has_a_zone_that_exists(country: str) -> None:
    assert ZoneInfo(usual_zone(country)).key == usual_zone(country)


@pytest.mark.parametrize(
    ("country", "language"),
    [
        ("DE", "de"),
        ("AT", "de"),
        ("CH", "de"),
        ("FR", "fr"),
        ("BE", "nl"),
        ("CA", "en"),
        ("IE", "en"),
        ("ZA", "en"),
        ("IL", "he"),
        ("SA", "ar"),
        ("JP", "ja"),
    ],
)
def test_letters_are_in_the_language_most_spoken(country: str, language: str) -> None:
    assert usual_language(country) == language
