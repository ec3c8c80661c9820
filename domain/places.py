"""What a country alone tells of a customer whose record says no more."""

from functools import lru_cache

from babel.core import get_global
from babel.languages import get_official_languages

# Where a country has several zones: the one that most of its firms keep.
_BUSIEST_ZONE = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NL": "Europe/Amsterdam",
    "NZ": "Pacific/Auckland",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
}


@lru_cache(maxsize=512)
def usual_zone(country: str) -> str:
    """The time zone of a country (ISO 3166 alpha-2), or UTC when it is not known."""
    if country in _BUSIEST_ZONE:
        return _BUSIEST_ZONE[country]
    zones = sorted(
        zone for zone, place in get_global("zone_territories").items() if place == country
    )
    return zones[0] if zones else "UTC"


@lru_cache(maxsize=512)
def usual_language(country: str) -> str:
    """The language most spoken officially in a country, or English when it is not known."""
    languages = get_official_languages(country) if country else ()
    return languages[0] if languages else "en"
