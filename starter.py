"""The command line: starts, feeds and inspects follow-ups. `starter.py --help` lists it all."""

import sys
from importlib import import_module
from importlib.util import find_spec

import typer
from temporalio.service import RPCError

from models.errors import DunlinError, WrongUse

# Each command's function is imported when it is first needed, so that help comes at once.
COMMANDS = {
    "demo": ("demo.command", "demo"),
    "prepare": ("commands.doctor", "prepare"),
    "doctor": ("commands.doctor", "doctor"),
    "import": ("commands.take_in", "take_in"),
    "backfill": ("commands.backfill", "backfill"),
    "schedule": ("commands.backfill", "schedule"),
    "status": ("commands.show", "status"),
    "timeline": ("commands.show", "show_timeline"),
    "pay": ("commands.events", "pay"),
    "reverse": ("commands.events", "reverse"),
    "dispute": ("commands.events", "dispute"),
    "resolve": ("commands.events", "resolve"),
    "promise": ("commands.events", "promise"),
    "pause": ("commands.events", "pause"),
    "resume": ("commands.events", "resume"),
    "calls": ("commands.calls", "calls"),
    "acknowledge": ("commands.calls", "acknowledge"),
    "log-call": ("commands.log_call", "log_call"),
    "done": ("commands.done", "done"),
    "approvals": ("commands.approvals", "approvals"),
    "approve": ("commands.approvals", "approve"),
    "reject": ("commands.approvals", "reject"),
    "owner": ("commands.decide", "owner"),
    "decide": ("commands.decide", "decide"),
    "plan": ("commands.decide", "plan"),
    "customer": ("commands.customer", "customer"),
    "reconcile": ("commands.reconcile", "reconcile"),
    "review": ("commands.review", "review"),
    "simulate": ("commands.simulate", "simulate"),
}


def build_app(wanted: str | None = None) -> typer.Typer:
    """The command line; with `wanted`, only that command is loaded."""
    app = typer.Typer(
        name="starter.py",
        help="Dunlin: every open invoice followed up until it is paid.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def _group() -> None:
        """Keep subcommands even where a single one is loaded."""

    for name in [wanted] if wanted in COMMANDS else COMMANDS:
        module, function = COMMANDS[name]
        if find_spec(module.partition(".")[0]):  # the demo is left out of the container image
            command = getattr(import_module(module), function)
            if isinstance(command, typer.Typer):
                app.add_typer(command, name=name)
            else:
                app.command(name)(command)
    return app


def main() -> int:
    """Run one command: 0 when it did its work, 1 when that failed, 2 when it was used wrongly."""
    wanted = next((word for word in sys.argv[1:] if not word.startswith("-")), None)
    try:
        build_app(wanted)()
    except WrongUse as wrong:
        return _ends_with(wrong, 2)
    except DunlinError as failed:
        return _ends_with(failed, 1)
    except RPCError as failed:
        return _ends_with(f"The Temporal server does not answer: {failed.message}", 1)
    return 0


def _ends_with(says: object, status: int) -> int:
    sys.stderr.write(f"{says}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
