"""Language tags as customers have them, and what each falls back to."""

import re

LAST_RESORT = "en"
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")


def is_tag(text: str) -> bool:
    """Whether `text` looks like a language tag: `de`, `de-AT`, `de_CH`."""
    return bool(_TAG.fullmatch(text))


def plain_tag(language: str) -> str:
    """`language` in lower case with hyphens; English where it is no tag at all."""
    return language.replace("_", "-").lower() if is_tag(language) else LAST_RESORT


def base(tag: str) -> str:
    """The language of a plain tag, without its region."""
    return tag.partition("-")[0]


def fallbacks(language: str) -> tuple[str, ...]:
    """Region, language and English, in the order in which letters are looked for."""
    tag = plain_tag(language)
    return tuple(dict.fromkeys((tag, base(tag), LAST_RESORT)))
