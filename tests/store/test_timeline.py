"""An invoice's story stands in the order in which it happened, apart from everybody else's."""

from datetime import timedelta

from models import events
from models.decision import TaskRequest
from models.vocabulary import TaskKind
from store import tasks, timeline
from store.database import Database
from tests.store.chase import tell
from tests.store.rows import MORNING, TUESDAY, acme, add_invoice, follow


def test_lines_stand_in_the_order_in_which_they_were_written(any_database: Database) -> None:
    with any_database.writing() as session:
        _, row = acme(session)
        for number in range(12):
            # Business time may stand still, or be set back: the order is that of writing.
            timeline.note(session, row, MORNING - timedelta(hours=number), "note", str(number), "")
        failure = events.PaymentFailed(event_id="bank-1", failed_on=TUESDAY)
        tell(session, failure)
        timeline.note(session, row, MORNING, "note", "last", "")

    with any_database.reading() as session:
        codes = [line.code for line in timeline.entries(session, "INV-1")]
    assert codes == [
        "opened",
        *(str(number) for number in range(12)),
        "payment_failed",
        TaskKind.PAYMENT_FAILED,
        "last",
    ]


def test_each_invoice_has_a_story_of_its_own(any_database: Database) -> None:
    with any_database.writing() as session:
        _, one = acme(session)
        _, other = follow(session, add_invoice(session, "INV-2"), round=3)
        timeline.note(session, one, MORNING, "note", "of one", "")
        timeline.note(session, other, MORNING, "note", "of the other", "in words")

    with any_database.reading() as session:
        lines = timeline.entries(session, "INV-2")
        assert timeline.entries(session, "INV-9") == []
    assert [line.code for line in lines] == ["opened", "of the other"]
    assert (lines[1].round, lines[1].at, lines[1].text) == (3, MORNING, "in words")


def test_an_event_and_notes_about_it_may_share_a_moment(any_database: Database) -> None:
    with any_database.writing() as session:
        _, row = acme(session)
        assert timeline.note_event(session, row, MORNING, "pause", "", "e-1") is True
        assert timeline.note_event(session, row, MORNING, "resume", "", "e-2") is True
        assert timeline.note_event(session, row, MORNING, "pause", "", "e-1") is False
        for _ in range(2):
            timeline.note(session, row, MORNING, "note", "no event", "")

    with any_database.reading() as session:
        ids = [line.event_id for line in timeline.entries(session, "INV-1")]
    assert ids == [None, "e-1", "e-2", None, None]


def test_a_task_is_told_of_once(any_database: Database) -> None:
    with any_database.writing() as session:
        _, row = acme(session)
        for _ in range(3):
            request = TaskRequest(kind=TaskKind.FINANCE, why="place the money")
            tasks.open_task(session, row, request, MORNING)

    with any_database.reading() as session:
        assert [line.kind for line in timeline.entries(session, "INV-1")] == ["opened", "task"]
