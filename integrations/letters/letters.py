"""From a letter's facts to the letter."""

import re
import traceback
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from integrations.letters.formats import Formats, formats_for
from integrations.letters.html_part import html_document
from integrations.letters.ledger_text import single_line
from integrations.letters.plain_text import plain_text
from integrations.letters.shelf import Compiled, Shelf
from integrations.letters.skeleton import skeleton
from integrations.letters.slots import Slots, blanks
from integrations.letters.view import view
from models.errors import TemplateInvalid
from models.letter import Letter, LetterFacts

LAST_RESORT = "en"
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
# `{%  %}` and values that are empty leave runs of spaces between words; indents are left alone.
_SPACES = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")


class Letters:
    """The letters in a folder laid out as `{language}/{name}.md`, safe to share between threads.

    Files are read when first needed and kept; a changed letter counts from the next start.
    """

    def __init__(self, folder: Path) -> None:
        """Look at what languages `folder` has.

        Raises:
            TemplateInvalid: there is no such folder, or it has no English, the last resort.
        """
        self.folder = folder
        found = _language_folders(folder)
        if LAST_RESORT not in found:
            raise TemplateInvalid(folder, f"must be a folder with letters in {LAST_RESORT}/")
        self._shelves = {
            tag: Shelf((path, *([found[base]] if (base := _base(tag)) != tag else [])))
            for tag, path in found.items()
            if _base(tag) in found
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a folder, sorted, as the folders are called."""
        return tuple(sorted(shelf.language for shelf in self._shelves.values()))

    def names(self, language: str) -> tuple[str, ...]:
        """The letters in exactly that language's folder, sorted; none for an unknown language."""
        shelf = self._shelves.get(_plain(language))
        return shelf.names if shelf else ()

    def render(self, facts: LetterFacts) -> Letter:
        """The letter that says `facts`, which hold one invoice at least.

        A region falls back to its language and any language to English (`de-AT`, `de`, `en`);
        amounts and days follow the region as long as the language is its own.

        Raises:
            TemplateInvalid: no such letter, or it cannot be rendered; names file and line.
        """
        shelf, letter = self._find(facts.template, facts.language)
        formats = _formats(facts.language, shelf.language)
        slots = Slots()
        names = view(facts, shelf.words, formats, slots)
        try:
            subject = blanks(letter.subject.render(names)).fill(slots.values)
            shape = skeleton(_SPACES.sub(" ", letter.body.render(names)))
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as wrong:
            raise _explained(wrong, letter, self.folder) from wrong
        subject = single_line(subject)
        return Letter(
            subject=subject,
            text=plain_text(shape.blocks, slots.values),
            html=html_document(
                shape.html,
                slots.values,
                title=subject,
                sender=single_line(facts.firm.name),
                lang=formats.tag,
            ),
            template_version=letter.version,
        )

    def _find(self, name: str, language: str) -> tuple[Shelf, Compiled]:
        if _NAME.fullmatch(name):
            tag = _plain(language)
            for candidate in (tag, _base(tag), LAST_RESORT):
                shelf = self._shelves.get(candidate)
                if shelf and (letter := shelf.letter(name)):
                    return shelf, letter
        raise TemplateInvalid(self.folder / LAST_RESORT / f"{name}.md", "there is no such letter")


def _language_folders(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {
        _plain(path.name): path
        for path in sorted(folder.iterdir())
        if path.is_dir() and _TAG.fullmatch(path.name)
    }


def _plain(language: str) -> str:
    return language.replace("_", "-").lower() if _TAG.fullmatch(language) else LAST_RESORT


def _base(tag: str) -> str:
    return tag.partition("-")[0]


def _formats(wanted: str, language: str) -> Formats:
    tag = _plain(wanted)
    otherwise = _base(_plain(language))
    return formats_for(tag if _base(tag) == otherwise else otherwise, otherwise)


def _explained(wrong: Exception, letter: Compiled, folder: Path) -> TemplateInvalid:
    """The error with the innermost place in a template, which may be a part."""
    if isinstance(wrong, TemplateSyntaxError) and wrong.filename:
        return TemplateInvalid(wrong.filename, f"line {wrong.lineno}: {wrong.message}")
    problem = str(wrong) or type(wrong).__name__
    if isinstance(wrong, TemplateNotFound):
        problem = f"includes {wrong.name}, which is not there"
    for frame, line in reversed(list(traceback.walk_tb(wrong.__traceback__))):
        if frame.f_code.co_filename.startswith(str(folder)):
            return TemplateInvalid(frame.f_code.co_filename, f"line {line}: {problem}")
    return TemplateInvalid(letter.path, problem)
