"""Ids as a file gives them: always text, leading zeros kept."""

import re

_SHORTENED = re.compile(r"[0-9](?:[.,][0-9]+)?[eE]\+[0-9]+")
_LONGEST = 180


class Ids:
    """Cleans ids. `strip` is cut off their end when they have it."""

    def __init__(self, strip: str) -> None:
        self._strip = strip
        self._cut = -len(strip) or None
        self.spreadsheet_like = ""

    def clean(self, text: str) -> str:
        """The id in `text`; "" when there is none.

        Raises:
            ValueError: it cannot be an id; the sentence names the remedy.
        """
        if self._strip and text.endswith(self._strip):
            text = text[: self._cut]
        elif text.endswith(".0"):
            self.spreadsheet_like = self.spreadsheet_like or text
        if len(text) > _LONGEST or not text.isprintable():
            raise ValueError(f"is no id. Use at most {_LONGEST} characters in one line.")
        if "+" in text and _SHORTENED.fullmatch(text):
            raise ValueError(
                "was shortened by a spreadsheet. Format the column as text and export it again."
            )
        return text
