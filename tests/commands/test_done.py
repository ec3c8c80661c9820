"""A task that nothing else ends is finished by hand, also after the follow-up has ended."""

from contextlib import closing
from datetime import UTC, datetime

from models.decision import TaskRequest
from models.tables import FollowUpRow, Task
from models.vocabulary import TaskKind
from store import tasks, timeline
from store.database import Database
from tests.commands.shop import add_round, bill
from tests.commands.terminal import Terminal

BY = ("--by", "Robin Vale")


def _tasks(terminal: Terminal, *kinds: TaskKind, closed: bool = False) -> None:
    assert terminal("import", terminal.write("ledger.csv", [bill("A-1")])).status == 0
    with closing(Database(terminal.env["DUNLIN_DATABASE_URL"])) as database:
        add_round(database, "A-1", closed=closed)
        with database.writing() as session:
            row = session.get_one(FollowUpRow, "A-1")
            for kind in kinds:
                tasks.open_task(session, row, TaskRequest(kind=kind, why="why"), datetime.now(UTC))


def _left(terminal: Terminal) -> list[TaskKind]:
    with (
        closing(Database(terminal.env["DUNLIN_DATABASE_URL"])) as database,
        database.reading() as session,
    ):
        return [one.kind for one in tasks.of_invoice(session, "A-1")]


def test_money_placed_after_the_end_is_off_the_list(terminal: Terminal) -> None:
    _tasks(terminal, TaskKind.PLACE_MONEY, closed=True)

    said = terminal("done", "A-1", *BY, "--note", "placed on A-2")

    assert (said.status, said.out) == (0, "Done: place money of invoice A-1.\n")
    assert _left(terminal) == []
    with (
        closing(Database(terminal.env["DUNLIN_DATABASE_URL"])) as database,
        database.reading() as session,
    ):
        last = timeline.entries(session, "A-1")[-1]
        kept = session.get_one(Task, "A-1/place_money/1")
    assert last.text == "Robin Vale finished the task place money. placed on A-2"
    assert (kept.closed_because, kept.escalate_at) == ("done by Robin Vale", None)


def test_of_several_one_is_named(terminal: Terminal) -> None:
    _tasks(terminal, TaskKind.PLACE_MONEY, TaskKind.READ_REPLY)

    unsaid = terminal("done", "A-1", *BY)
    assert unsaid.status == 2
    assert "A-1/read_reply/1" in unsaid.err

    assert terminal("done", "A-1", *BY, "--task", "A-1/read_reply/1").status == 0
    assert _left(terminal) == [TaskKind.PLACE_MONEY]


def test_what_has_a_command_of_its_own_is_left_to_it(terminal: Terminal) -> None:
    _tasks(terminal, TaskKind.CALL)

    said = terminal("done", "A-1", *BY)

    assert said.status == 1
    assert "has no such task to finish by hand" in said.err
    assert _left(terminal) == [TaskKind.CALL]
