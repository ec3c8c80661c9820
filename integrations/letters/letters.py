"""From a letter's facts to the letter."""

import re
import traceback
from dataclasses import dataclass
from pathlib import Path

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from integrations.letters.formats import Formats, formats_for
from integrations.letters.html_part import html_document
from integrations.letters.languages import LAST_RESORT, base, fallbacks, is_tag, plain_tag
from integrations.letters.ledger_text import several_lines, single_line
from integrations.letters.plain_text import plain_text
from integrations.letters.shelf import Compiled, Shelf
from integrations.letters.skeleton import Skeleton, edited_skeleton, skeleton
from integrations.letters.slots import Slots, blanks
from integrations.letters.source import filled_source
from integrations.letters.view import view
from models.errors import TemplateInvalid
from models.letter import Letter, LetterFacts

EDITED = "+edited"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
# `{%  %}` and values that are empty leave runs of spaces between words; indents are left alone.
_SPACES = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")

_GAPS = re.compile(r"\n(?:[ \t]*\n)+")


@dataclass(frozen=True, slots=True)
class _Filled:
    """A template filled with its facts: Markdown with marks, and the values they stand for."""

    version: str
    subject: str
    markdown: str
    shape: Skeleton
    values: list[str]
    lang: str


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
            tag: Shelf((path, *([found[own]] if (own := base(tag)) != tag else [])))
            for tag, path in found.items()
            if base(tag) in found
        }

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that have a folder, sorted, as the folders are called."""
        return tuple(sorted(shelf.language for shelf in self._shelves.values()))

    def names(self, language: str) -> tuple[str, ...]:
        """The letters in exactly that language's folder, sorted; none for an unknown language."""
        shelf = self._shelves.get(plain_tag(language))
        return shelf.names if shelf else ()

    def render(self, facts: LetterFacts) -> Letter:
        """The letter that says `facts`, which hold one invoice at least.

        A region falls back to its language and any language to English (`de-AT`, `de`, `en`);
        amounts and days follow the region as long as the language is its own.

        Raises:
            TemplateInvalid: no such letter, or it cannot be rendered; names file and line.
        """
        told = self._filled(facts)
        return Letter(
            subject=told.subject,
            text=plain_text(told.shape.blocks, told.values),
            html=html_document(
                told.shape.html,
                told.values,
                title=told.subject,
                sender=single_line(facts.firm.name),
                lang=told.lang,
            ),
            template_version=told.version,
            source=filled_source(told.markdown, told.values),
        )

    def retell(self, facts: LetterFacts, subject: str, source: str) -> Letter:
        """The letter that `render` gives for `facts`, in the words that a person made of it.

        `source` is Markdown and nothing more: Jinja and HTML in it are shown as they are written,
        and what leads anywhere but to an http(s) address is no link.

        Raises:
            TemplateInvalid: as `render` does.
        """
        told = self._filled(facts)
        subject, source = single_line(subject), several_lines(source).strip("\n")
        shape = edited_skeleton(source)
        return Letter(
            subject=subject,
            text=plain_text(shape.blocks, [], whole=told.values),
            html=html_document(
                shape.html, [], title=subject, sender=single_line(facts.firm.name), lang=told.lang
            ),
            template_version=told.version + EDITED,
            source=source,
        )

    def _filled(self, facts: LetterFacts) -> _Filled:
        shelf, letter = self._find(facts.template, facts.language)
        formats = _formats(facts.language, shelf.language)
        slots = Slots()
        names = view(facts, shelf.words, formats, slots)
        try:
            subject = blanks(letter.subject.render(names)).fill(slots.values)
            markdown = _tidy(letter.body.render(names))
            shape = skeleton(markdown)
        except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as wrong:
            raise _explained(wrong, letter, self.folder) from wrong
        return _Filled(
            version=letter.version,
            subject=single_line(subject),
            markdown=markdown,
            shape=shape,
            values=slots.values,
            lang=formats.tag,
        )

    def _find(self, name: str, language: str) -> tuple[Shelf, Compiled]:
        if _NAME.fullmatch(name):
            for candidate in fallbacks(language):
                shelf = self._shelves.get(candidate)
                if shelf and (letter := shelf.letter(name)):
                    return shelf, letter
        raise TemplateInvalid(self.folder / LAST_RESORT / f"{name}.md", "there is no such letter")


def _tidy(markdown: str) -> str:
    """As a person would have typed it: single spaces between words, one empty line at most."""
    return _GAPS.sub("\n\n", _SPACES.sub(" ", markdown)).strip("\n")


def _language_folders(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        return {}
    return {
        plain_tag(path.name): path
        for path in sorted(folder.iterdir())
        if path.is_dir() and is_tag(path.name)
    }


def _formats(wanted: str, language: str) -> Formats:
    tag = plain_tag(wanted)
    otherwise = base(plain_tag(language))
    return formats_for(tag if base(tag) == otherwise else otherwise, otherwise)


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
