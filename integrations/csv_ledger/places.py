"""Countries, languages and time zones by code or by name in English, German or French."""

import unicodedata
from functools import cache
from typing import Literal
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_NAMED_IN = ("en", "de", "fr")
_NO_COUNTRY = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_NO_LANGUAGE = frozenset({"mul", "root", "und", "zxx"})
_EVERYDAY = {"england": "GB", "great britain": "GB", "holland": "NL", "america": "US"}


def _plain(name: str) -> str:
    spread = unicodedata.normalize("NFKD", name.casefold())
    kept = "".join(
        sign if sign.isalnum() else " " for sign in spread if not unicodedata.combining(sign)
    )
    return " ".join(kept.split())


def _names(language: str, of: Literal["languages", "territories"]) -> dict[str, str]:
    try:
        names = getattr(Locale(language), of)
    except UnknownLocaleError:
        return {}
    return {str(code): str(name) for code, name in names.items()}


@cache
def _countries() -> dict[str, str]:
    names = dict(_EVERYDAY)
    codes = {code for code in _names("en", "territories") if len(code) == 2 and code.isalpha()}
    for alias, codes_now in get_global("territory_aliases").items():
        # A number may be a telephone's or a program's own country code: see country_code.
        if alias.isalpha() and len(codes_now) == 1:
            names[alias.casefold()] = codes_now[0]
    for language in _NAMED_IN:
        for code, name in _names(language, "territories").items():
            if code in codes:
                names.setdefault(_plain(name), code)
    names |= {code.casefold(): code for code in codes}
    return {name: code for name, code in names.items() if code not in _NO_COUNTRY}


@cache
def _languages() -> dict[str, str]:
    codes = {code for code in _names("en", "languages") if "_" not in code} - _NO_LANGUAGE
    aliases = get_global("language_aliases").items()
    names = {alias: code for alias, code in aliases if alias.isalpha() and code in codes}
    for language in (*_NAMED_IN, *(code for code in codes if len(code) == 2)):
        for code, name in _names(language, "languages").items():
            if code in codes and (language in _NAMED_IN or code == language):
                names.setdefault(_plain(name), code)
    return names | {code: code for code in codes}


@cache
def _zones() -> dict[str, str]:
    return {zone.casefold(): zone for zone in available_timezones()}


def country_code(text: str) -> str:
    """The ISO 3166 alpha-2 code of a country given by alpha-2, alpha-3 or name; "" when unknown.

    Numbers are unknown: files hold telephone codes and systems' own numbers where one would expect
    ISO's, and one may coincide with another country's.
    """
    return _countries().get(_plain(text), "")


def language_code(text: str) -> str:
    """The ISO 639 code of a language given by code, locale (`de-CH`) or name; "" when unknown."""
    plain = _plain(text)
    known = _languages().get(plain)
    if known is None and len(plain.split(" ")[0]) in {2, 3}:
        known = _languages().get(plain.split(" ", maxsplit=1)[0])
    return known or ""


def zone_name(text: str) -> str:
    """The IANA name of a time zone in its usual capitals; "" when unknown."""
    return _zones().get(text.strip().casefold(), "")
