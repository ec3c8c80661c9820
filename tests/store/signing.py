"""Letters that wait for a signature, and the people who decide about them."""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from activities.decisions import Decisions
from activities.drafting import Drafting
from activities.letter_desk import LetterDesk
from activities.rulebook import Rulebook
from domain.letter_writing import Stationery
from integrations.letters.letters import Letters
from models.follow_up import ActNote, Checked, Question
from models.letter import Firm
from models.tables import Draft
from store import drafts
from store.database import Database
from tests.store.chase import follow_up_of
from tests.store.rows import MORNING, RULEBOOK, add_customer, add_invoice, follow

ROBIN = "Robin Vale"
_TEMPLATES = Path(__file__).parent.parent.parent / "templates"
_FIRM = Firm(
    name="Harbour Supplies",
    address="1 Quay Street, Boston",
    sender_name=ROBIN,
    sender_email="ar@harbour.example",
    reply_to="ar@harbour.example",
)
DESK = LetterDesk(Letters(_TEMPLATES), Stationery(_FIRM))


class Office:
    """ACME owes INV-1, so much that every letter about it needs a signature."""

    def __init__(self, session: Session, database: Database, rulebook: Rulebook = RULEBOOK) -> None:
        self.session = session
        self.rulebook = rulebook
        self._drafting = Drafting(database, rulebook, DESK)
        self._decisions = Decisions(database, rulebook, DESK)
        self._acts = 0
        add_customer(session)
        self.owe("INV-1")

    def owe(self, invoice_id: str, amount: str = "250000.00", **more: Any) -> None:
        """Another invoice of ACME's that is followed up; on Tuesday its first notice is up."""
        policy = more.pop("policy", "standard")
        follow(self.session, add_invoice(self.session, invoice_id, amount, **more), policy)
        self.check(invoice_id)

    def check(self, invoice_id: str = "INV-1", at: datetime = MORNING) -> Checked:
        """Decide about the invoice, as its workflow asks for."""
        follow_up = follow_up_of(self.session, invoice_id)
        checked = self.rulebook.check(self.session, follow_up, at)
        self._settle()
        return checked

    def write(self, invoice_id: str = "INV-1", at: datetime = MORNING) -> Draft:
        """Have the draft written that the invoice's follow-up asks for."""
        self.ask(invoice_id, at)
        draft = self.draft(invoice_id)
        assert draft is not None
        return draft

    def ask(self, invoice_id: str = "INV-1", at: datetime = MORNING) -> Checked:
        """Have a draft written if the invoice's follow-up still asks for one."""
        question = Question(follow_up=follow_up_of(self.session, invoice_id), now=at)
        checked = self._drafting._draft(self.session, question)
        self._settle()
        return checked

    def draft(self, invoice_id: str = "INV-1") -> Draft | None:
        """The draft that the invoice is part of."""
        return drafts.current(self.session, invoice_id)

    def put(
        self, kind: type[Any], invoice_id: str = "INV-1", at: datetime = MORNING, **more: Any
    ) -> str:
        """A person decides; what came of it."""
        self._acts += 1
        act = kind(**({"event_id": f"act-{self._acts}", "by": ROBIN} | more))
        note = ActNote(follow_up=follow_up_of(self.session, invoice_id), act=act, now=at)
        recorded = self._decisions._apply(self.session, note)
        self._settle()
        return recorded.says

    def _settle(self) -> None:
        self.session.flush()
        self.session.expire_all()
