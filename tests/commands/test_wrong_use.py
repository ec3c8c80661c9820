"""Who uses the command line wrongly is told what and how, with exit status 2 and no traceback."""

import pytest

from tests.commands.terminal import Terminal


def refused(terminal: Terminal, *words: object) -> str:
    """What a wrong call is told."""
    said = terminal(*words)
    assert said.status == 2, said.err
    assert said.out == ""
    assert "Traceback" not in said.err
    return said.err


@pytest.mark.parametrize(
    ("amount", "says"),
    [
        ("12,50 EUR", "is no amount"),
        ("abc", "is no amount"),
        ("0", "than 0"),
        ("-5", "than 0"),
        ("Infinity", "amount"),
        ("NaN", "amount"),
        ("0.00001", "amount"),
        ("1e400", "amount"),
        ("99999999999999999999", "amount"),
    ],
)
@pytest.mark.parametrize("words", [("pay",), ("dispute",), ("promise", "--on", "2026-03-06")])
def test_an_amount_that_is_none_is_refused_before_anything_is_asked(
    nowhere: Terminal, words: tuple[str, ...], amount: str, says: str
) -> None:
    told = refused(nowhere, *words, "INV-1", f"--amount={amount}")

    assert "--amount" in told
    assert says in told


@pytest.mark.parametrize("day", ["31.3.2026", "2026-02-30", "tomorrow", "06/03/2026", ""])
@pytest.mark.parametrize(
    ("command", "option"),
    [("pay", "--on"), ("reverse", "--on"), ("promise", "--on"), ("pause", "--until")],
)
def test_a_day_that_is_none_is_refused_with_an_example(
    nowhere: Terminal, command: str, option: str, day: str
) -> None:
    told = refused(nowhere, command, "INV-1", f"{option}={day}")

    assert option in told
    assert "2026-03-31" in told


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["promise", "INV-1"], "--on 2026-03-06"),
        (["pay"], "Missing argument 'INVOICE'"),
        (["pay", "INV-1", "--method", "barter"], "--method"),
        (["resolve", "INV-1", "--favour", "nobody"], "'us', 'customer'"),
        (["schedule", "--pause", "--unpause"], "exclude each other"),
        (["import", "no-such-file.csv"], "does not exist"),
        (["chase"], "No such command 'chase'"),
        (["pause", "INV-1", "--forever"], "--forever"),
    ],
)
def test_a_command_used_wrongly_says_what_it_wants(
    nowhere: Terminal, words: list[str], says: str
) -> None:
    assert says in refused(nowhere, *words)


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("DUNLIN_DATABASE_URL", "mysql://root@localhost/x", "expected sqlite:///FILE"),
        ("DUNLIN_DATABASE_URL", "postgresql://dunlin@localhost:port/x", "expected"),
        ("DUNLIN_FIRM_ZONE", "Mars/Olympus", "expected a time zone"),
        ("DUNLIN_FIRM_COUNTRY", "usa", "ISO code"),
        ("DUNLIN_BASE_CURRENCY", "dollars", "ISO code"),
        ("DUNLIN_SMTP_PORT", "submission", "integer"),
        ("DUNLIN_SCAN_HOUR", "24", "less than or equal to 23"),
        ("DUNLIN_LOG_FORMAT", "xml", "console"),
        ("DUNLIN_SMTP_SECURITY", "ssl", "starttls"),
    ],
)
def test_a_wrong_setting_is_named(nowhere: Terminal, variable: str, value: str, says: str) -> None:
    told = refused(nowhere.but(**{variable: value}), "status")

    assert told.startswith(f"{variable}: ")
    assert says in told
    assert len(told.splitlines()) == 1


def test_a_password_without_a_name_names_the_missing_variable(nowhere: Terminal) -> None:
    told = refused(nowhere.but(DUNLIN_SMTP_PASSWORD="s3cret"), "status")

    assert told == "DUNLIN_SMTP_USERNAME: is needed with a password\n"


def test_an_empty_variable_counts_as_unset(nowhere: Terminal) -> None:
    assert nowhere.but(DUNLIN_FIRM_ZONE="", DUNLIN_SMTP_PORT="")("status").status == 0


def test_the_worker_names_a_wrong_setting_too(nowhere: Terminal) -> None:
    said = nowhere.but(DUNLIN_DRAIN_SECONDS="soon").program(name="worker.py")

    assert said.status == 2
    assert said.err.startswith("DUNLIN_DRAIN_SECONDS: ")


def test_a_temporal_profile_that_is_wrong_is_said_to_be(nowhere: Terminal) -> None:
    profile = nowhere.folder / "temporal.toml"
    profile.write_text("profile = [", encoding="utf-8")

    told = refused(nowhere.but(TEMPORAL_CONFIG_FILE=str(profile)), "schedule")

    assert told.startswith("TEMPORAL_…: ")


def test_settings_come_from_a_file_beside_the_command_too(nowhere: Terminal) -> None:
    (nowhere.folder / ".env").write_text("DUNLIN_SCAN_HOUR=25\n", encoding="utf-8")

    assert refused(nowhere, "status").startswith("DUNLIN_SCAN_HOUR: ")


@pytest.mark.parametrize(
    "url", ["postgresql://dunlin:s3cret@127.0.0.1:1/dunlin", "sqlite:////proc/1/no/such/place.db"]
)
def test_a_database_that_is_away_is_said_to_be_in_a_sentence(nowhere: Terminal, url: str) -> None:
    said = nowhere.but(DUNLIN_DATABASE_URL=url)("status")

    assert said.status == 1
    assert "Traceback" not in said.err
    assert "s3cret" not in said.err
    assert said.err.startswith("The database ")


def test_a_server_that_is_away_is_said_to_be_in_a_sentence(nowhere: Terminal) -> None:
    said = nowhere("schedule")

    assert said.status == 1
    assert said.err == (
        "No Temporal server answers at 127.0.0.1:1. Start one, or set TEMPORAL_ADDRESS.\n"
    )


def test_help_lists_every_command_and_needs_nothing(nowhere: Terminal) -> None:
    said = nowhere.but(DUNLIN_DATABASE_URL="mysql://nonsense").program("--help")

    assert said.status == 0
    for command in ("prepare", "doctor", "import", "backfill", "status", "timeline", "pay"):
        assert f"\n  {command} " in said.out
