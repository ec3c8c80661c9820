"""The demo's live view and its last page."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from demo.figures import Figures, Promptness
from domain.receivables import Standing
from models.vocabulary import Stage, Tier

_STAGES = tuple(Stage)


def page(day: date, lived: int, of: int, now: Figures) -> RenderableType:
    """The view of one day: where receivables stand, and what has been done about them."""
    heading = Text.assemble((f"{day:%A, %d %B %Y}", "bold"), f"   business day {lived} of {of}   ")
    return Panel(
        Group(
            heading,
            ProgressBar(total=of, completed=lived, width=72),
            _side_by_side(_open(now), _done(now), _holds(now)),
        ),
        title="Dunlin",
        title_align="left",
        width=112,
    )


def line(day: date, lived: int, of: int, now: Figures) -> str:
    """The same in one line, for a log."""
    return (
        f"{day}  business day {lived:>2} of {of}  open {_number(now)}  "
        f"messages {now.letters.total()}  calls {now.calls}  payments {now.payments}  "
        f"disputes {now.disputes}  promises {now.promises.total()}"
    )


def _side_by_side(*tables: RenderableType) -> RenderableType:
    grid = Table.grid(padding=(0, 4))
    grid.add_row(*tables)
    return grid


def _number(now: Figures) -> int:
    return sum(counter.total() for counter in now.open_by_tier.values())


def _open(now: Figures) -> RenderableType:
    table = Table(title="Open by tier", title_justify="left", box=None, pad_edge=False)
    table.add_column("tier")
    table.add_column("invoices", justify="right")
    table.add_column("amount", justify="right")
    for one in Tier:
        amounts = [
            f"{amount:,.0f} {currency}"
            for (where, currency), amount in sorted(now.open_amounts.items())
            if where is one
        ]
        table.add_row(one, str(now.open_by_tier[one].total()), "\n".join(amounts) or "0")
    return table


def _done(now: Figures) -> RenderableType:
    table = Table(title="So far", title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("", justify="right")
    table.add_row("follow-ups", str(now.followed))
    table.add_row("closed", str(now.closed))
    table.add_row("messages", str(now.letters.total()))
    for stage in _STAGES:
        table.add_row(f"  {stage}", str(now.letters[stage]))
    table.add_row("calls", str(now.calls))
    table.add_row("payments", str(now.payments))
    table.add_row("disputes", str(now.disputes))
    table.add_row("promises", str(now.promises.total()))
    return table


def _holds(now: Figures) -> RenderableType:
    table = Table(title="Held at some time", title_justify="left", box=None, pad_edge=False)
    table.add_column("why")
    table.add_column("invoices", justify="right")
    for reason, number in now.held.most_common():
        table.add_row(reason.replace("_", " "), str(number))
    return table


def summary(
    now: Figures,
    people: Counter[str],
    before: dict[str, Standing],
    after: dict[str, Standing],
    prompt: Promptness,
) -> RenderableType:
    """The last page: what the quarter came to."""
    return Group(
        _money(now, before, after),
        _side_by_side(_done(now), _holds(now), _promises(now.promises), _people(people)),
        Text(
            f"{prompt.paid} invoices were paid while followed up; {prompt.closed} of their "
            f"follow-ups are closed; {prompt.after} messages left after the payment."
        ),
    )


def _money(now: Figures, before: dict[str, Standing], after: dict[str, Standing]) -> RenderableType:
    table = Table(title="Receivables", title_justify="left")
    for heading in (
        "currency",
        "open at start",
        "open at end",
        "collected",
        "DSO start",
        "DSO end",
    ):
        table.add_column(heading, justify="left" if heading == "currency" else "right")
    for currency in sorted(set(before) | set(after)):
        table.add_row(
            currency,
            _amount(before.get(currency)),
            _amount(after.get(currency)),
            f"{now.collected.get(currency, Decimal(0)):,.2f}",
            _days(before.get(currency)),
            _days(after.get(currency)),
        )
    return table


def _amount(standing: Standing | None) -> str:
    return f"{standing.open:,.2f}" if standing else "0.00"


def _days(standing: Standing | None) -> str:
    return f"{standing.dso:.1f}" if standing and standing.dso is not None else "none"


def _promises(states: Counter[str]) -> RenderableType:
    table = Table(title="Promises", title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("", justify="right")
    for state, number in sorted(states.items()):
        table.add_row(state, str(number))
    return table


def _people(done: Counter[str]) -> RenderableType:
    table = Table(title="People", title_justify="left", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("", justify="right")
    for what, number in done.items():
        table.add_row(what, str(number))
    return table


def where_to_look(rows: Iterable[tuple[str, str]]) -> RenderableType:
    """Addresses and files, one to a line."""
    table = Table(title="Where to look", title_justify="left", box=None, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("", overflow="fold")
    for what, where in rows:
        table.add_row(what, where)
    return table
