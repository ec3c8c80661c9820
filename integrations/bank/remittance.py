"""Texts that were cut into pieces of a fixed width, put together again."""

from collections.abc import Iterable


def joined(pieces: Iterable[str], width: int) -> str:
    """The pieces as one text, single spaces between words.

    A piece that fills its width was cut there, perhaps inside a word, and is joined as it is; one
    that is shorter ended there, or lost a space at its end. A full piece that ended by chance on a
    word's end runs into the next; the pieces are kept beside the text for that.
    """
    text = ""
    full = True
    for piece in pieces:
        text += piece if full else f" {piece}"
        full = len(piece) >= width
    return " ".join(text.split())


def kept(pieces: Iterable[str]) -> tuple[str, ...]:
    """The pieces without surrounding spaces, those that are not empty; none when there is just one,
    which says no more than the text."""
    tidy = tuple(tidied for piece in pieces if (tidied := " ".join(piece.split())))
    return tidy if len(tidy) > 1 else ()


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text that is not empty once, in order."""
    return tuple(dict.fromkeys(text for text in texts if text))


def account_of(text: str) -> str:
    """An account number or IBAN without the spaces that people read it by."""
    plain = "".join(text.split()).upper()
    is_iban = plain[:2].isalpha() and plain[2:4].isdigit() and 15 <= len(plain) <= 34
    return plain if is_iban else " ".join(text.split())
