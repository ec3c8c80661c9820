"""Who uses the command line wrongly is told what and how, with exit status 2 and no traceback."""

import pytest

import starter
from integrations.mail.address import on_the_wire
from models.errors import AddressRejected, SettingInvalid
from models.settings import load_settings
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
        ("12,50", "write it as 1234.56 or 1,234.56"),
        ("1.234,56", "write it as 1234.56 or 1,234.56"),
        ("0,500", "is no amount"),
        ("1234,567", "is no amount"),
        ("1,23,456", "is no amount"),
        ("1,234,56.00", "is no amount"),
        (",5", "is no amount"),
        ("-1,000", "is no amount"),
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
        ("DUNLIN_FIRM_COUNTRY", "USA", "ISO code"),
        ("DUNLIN_FIRM_COUNTRY", "UK", "ISO code"),
        ("DUNLIN_FIRM_COUNTRY", "XX", "ISO code"),
        ("DUNLIN_BASE_CURRENCY", "dollars", "ISO code"),
        ("DUNLIN_BASE_CURRENCY", "US", "ISO code"),
        ("DUNLIN_BASE_CURRENCY", "usd", "ISO code"),
        ("DUNLIN_BASE_CURRENCY", "XXX", "ISO code"),
        ("DUNLIN_BASE_CURRENCY", "ABC", "ISO code"),
        ("DUNLIN_SENDER_EMAIL", "ar@localhost", "expected a mail address"),
        ("DUNLIN_SENDER_EMAIL", "Robin Vale <ar@harbour.example>", "expected a mail address"),
        ("DUNLIN_REPLY_TO", "nonsense", "expected a mail address"),
        ("DUNLIN_STAFF_EMAIL", "a@harbour.example, b@harbour.example", "expected a mail address"),
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


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DUNLIN_FIRM_COUNTRY", "DE"),
        ("DUNLIN_BASE_CURRENCY", "CHF"),
        ("DUNLIN_SENDER_EMAIL", "ar@bücher.example"),
        ("DUNLIN_REPLY_TO", '"accounts receivable"@harbour.example'),
        ("DUNLIN_STAFF_EMAIL", " ar+eu@harbour.example "),
    ],
)
def test_a_setting_that_is_rare_but_right_is_taken(
    nowhere: Terminal, variable: str, value: str
) -> None:
    assert nowhere.but(**{variable: value})("status").status == 0


@pytest.mark.parametrize(
    "address",
    [
        "ar@harbour.example",
        "ar@localhost",
        "ar@127.0.0.1",
        "ar@[127.0.0.1]",
        "a..b@harbour.example",
        ".a@harbour.example",
        "a b@harbour.example",
        '"a b"@harbour.example',
        '"a"b"@harbour.example',
        "a@b@harbour.example",
        "ar@-harbour.example",
        "ar@harbour-.example",
        "ar@harbour..example",
        "ar@harbour.example.",
        "@harbour.example",
        "ar@",
        f"{'a' * 64}@harbour.example",
        f"{'a' * 65}@harbour.example",
        f"{'ä' * 33}@harbour.example",
        f"ar@{'a' * 63}.example",
        f"ar@{'a' * 64}.example",
        f"ar@{'a.' * 125}example",
        "ärger@harbour.example",
        "ar@bücher.example",
        "a\u200bb@harbour.example",
        "a\udcffb@harbour.example",
        "a\nb@harbour.example",
    ],
)
def test_settings_take_the_addresses_that_mail_takes(address: str) -> None:
    assert _settings_take(address) == _mail_takes(address)


def _settings_take(address: str) -> bool:
    try:
        load_settings(sender_email=address)
    except SettingInvalid:
        return False
    return True


def _mail_takes(address: str) -> bool:
    try:
        on_the_wire(address)
    except AddressRejected:
        return False
    return True


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

    assert told.startswith("TEMPORAL_CONFIG_FILE: ")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("variables", "blamed"),
    [
        ({"TEMPORAL_PROFILE": "nobody's"}, "TEMPORAL_PROFILE: "),
        ({"TEMPORAL_ADDRESS": "localhost:port"}, "TEMPORAL_ADDRESS: "),
        ({"TEMPORAL_TLS_CLIENT_CERT_PATH": "/no/such.pem"}, "TEMPORAL_TLS_CLIENT_CERT_PATH: "),
        ({"TEMPORAL_TLS_CLIENT_CERT_DATA": "x"}, "TEMPORAL_TLS_CLIENT_…: "),
        (
            {
                "TEMPORAL_TLS_CLIENT_CERT_PATH": "/no/such.pem",
                "TEMPORAL_TLS_CLIENT_KEY_PATH": "/no/such.key",
            },
            "TEMPORAL_…: ",
        ),
    ],
)
def test_a_temporal_variable_that_is_wrong_is_named_where_it_can_be_known(
    nowhere: Terminal, variables: dict[str, str], blamed: str
) -> None:
    told = refused(nowhere.but(**variables), "schedule")

    assert told.startswith(blamed)
    assert len(told.splitlines()) == 1


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


@pytest.mark.parametrize(
    "command",
    [
        *(name for name in starter.COMMANDS if name != "customer"),
        *(f"customer {name}" for name in ("show", "flag", "contacts", "import")),
    ],
)
def test_help_has_an_example_that_begins_with_the_command(nowhere: Terminal, command: str) -> None:
    said = nowhere(*command.split(), "--help")

    assert said.status == 0
    assert f"Example: starter.py {command} " in " ".join(said.out.split())
