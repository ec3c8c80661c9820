"""Where letters are written: from decided touches and facts to an envelope ready to leave."""

from collections.abc import Sequence
from datetime import datetime

from temporalio.exceptions import ApplicationError

from domain import letter_writing
from domain.letter_writing import Stationery
from integrations.letters.letters import Letters
from models.decision import TouchPlan
from models.errors import TemplateInvalid
from models.facts import Facts
from models.letter import Envelope, LetterFacts


class LetterDesk:
    """The firm's letters on the firm's stationery."""

    def __init__(self, letters: Letters, stationery: Stationery) -> None:
        self.letters = letters
        self.stationery = stationery

    def facts(
        self,
        plan: TouchPlan,
        members: Sequence[Facts],
        now: datetime,
        set_aside: tuple[str, ...] = (),
    ) -> LetterFacts:
        """What the letter may say. `set_aside` are the numbers of invoices left out of it."""
        return letter_writing.letter_facts(plan, members, now, self.stationery, set_aside)

    def write(
        self,
        plan: TouchPlan,
        members: Sequence[Facts],
        key: str,
        references: tuple[str, ...],
        now: datetime,
        *,
        set_aside: tuple[str, ...] = (),
        edited: tuple[str, str] | None = None,
    ) -> Envelope:
        """The letter of `plan` about `members`, under the name that `key` gives it.

        `edited` are the subject and the Markdown that a person wrote in its place.

        Raises:
            ApplicationError: type `TemplateInvalid`, not retryable: the letter cannot be written.
        """
        facts = self.facts(plan, members, now, set_aside)
        try:
            letter = self.letters.retell(facts, *edited) if edited else self.letters.render(facts)
        except TemplateInvalid as invalid:
            raise ApplicationError(
                str(invalid), type="TemplateInvalid", non_retryable=True
            ) from invalid
        customer, firm = members[0].customer, self.stationery.firm
        return letter_writing.envelope(plan, customer, letter, key, references, now, firm)
