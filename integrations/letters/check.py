"""Whether a folder of letters serves the policies that lean on it."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from integrations.letters.letters import Letters
from integrations.letters.sample import sample_letters
from models.errors import TemplateInvalid
from models.policy import Policy


def check_templates(
    folder: Path, policies: Iterable[tuple[str, Policy]]
) -> tuple[TemplateInvalid, ...]:
    """Every problem found, none raised; empty when all letters can go out.

    `policies` are pairs of where a policy comes from, for the error's sentence, and the policy.
    Each letter that a policy names must exist in every language that has a folder, regions aside,
    and every letter there is must render with made-up facts of every kind.
    """
    try:
        letters = Letters(folder)
    except TemplateInvalid as wrong:
        return (wrong,)
    found = (*_missing(letters, named_templates(policies)), *_broken(letters))
    # A part that is wrong breaks every letter that includes it; once is enough to hear of it.
    return tuple({(problem.path, _problem(problem)): problem for problem in found}.values())


def named_templates(policies: Iterable[tuple[str, Policy]]) -> dict[str, str]:
    """The letters that policies name, each with the first policy and step that does."""
    named: dict[str, str] = {}
    for source, policy in policies:
        for step in policy.steps:
            soft = step.soft_template if step.template else None
            for name in filter(None, (step.template, soft, step.template_without_clause)):
                named.setdefault(name, f"{source}, step {step.id}")
    return named


def _missing(letters: Letters, named: dict[str, str]) -> Iterator[TemplateInvalid]:
    for language in letters.languages:
        if "-" in language or "_" in language:
            continue
        present = letters.names(language)
        for name in sorted(set(named) - set(present)):
            path = letters.folder / language / f"{name}.md"
            yield TemplateInvalid(path, f"is missing; {named[name]} names it")


def _broken(letters: Letters) -> Iterator[TemplateInvalid]:
    for language in letters.languages:
        for name in letters.names(language):
            if problem := _first_problem(letters, name, language):
                yield problem


def _first_problem(letters: Letters, name: str, language: str) -> TemplateInvalid | None:
    for kind, facts in sample_letters(name, language):
        try:
            letter = letters.render(facts)
        except TemplateInvalid as wrong:
            return TemplateInvalid(wrong.path, f"{_problem(wrong)} ({kind})")
        if not letter.subject:
            path = letters.folder / language / f"{name}.md"
            return TemplateInvalid(path, f"its subject comes out empty ({kind})")
    return None


def _problem(wrong: TemplateInvalid) -> str:
    return str(wrong).removeprefix(f"{wrong.path}: ")
