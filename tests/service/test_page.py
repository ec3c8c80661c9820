"""docs/service-webhooks.md tells a receiver the truth: its examples are run."""

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from integrations.service.webhook import ServiceWebhook
from models.service import ServiceAct, ServiceOrder
from tests.alerts.receiver import Received, Receiver
from tests.docs.pages import blocks, rows, section, words

_PAGE = "docs/service-webhooks.md"
_SECRET = "whsec_ZXhhbXBsZS1zZWNyZXQtb2YtMzItb2N0ZXRzLWhlcmU="
_ORDER = ServiceOrder(
    key="C-17/suspend/1",
    act=ServiceAct.SUSPEND,
    customer_id="C-17",
    invoice_ids=("INV-1042", "INV-1050"),
    why="45 days past due; the final letter has run out",
    at=datetime(2026, 3, 12, 8, 30, tzinfo=UTC),
)


def block(language: str, number: int = 0) -> str:
    here = (one.text for one in blocks(language) if one.page == _PAGE)
    return next(islice(here, number, None))


def in_a_shell(script: str) -> str:
    done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True)
    return done.stdout


async def sent(receiver: Receiver) -> Received:
    webhook = ServiceWebhook(receiver.url(), (_SECRET,))
    await webhook.tell(_ORDER)
    await webhook.close()
    return receiver.requests[-1]


async def test_the_body_and_the_id_are_those_of_the_page(receiver: Receiver) -> None:
    request = await sent(receiver)

    assert request.json == json.loads(block("json"))
    assert f"body='{request.body.decode()}'" in block("sh")
    assert f"id={request.headers['webhook-id']}" in block("sh")


def test_the_line_for_a_shell_prints_the_signature_of_the_page() -> None:
    assert in_a_shell(block("sh")) == block("text").strip()


async def test_the_line_for_a_shell_verifies_what_is_sent(receiver: Receiver) -> None:
    request = await sent(receiver)
    line = block("sh").splitlines()[-1]
    given = {
        "secret": _SECRET,
        "id": request.headers["webhook-id"],
        "timestamp": request.headers["webhook-timestamp"],
        "body": request.body.decode(),
    }
    script = "\n".join((*(f"{name}='{value}'" for name, value in given.items()), line))

    assert f"v1,{in_a_shell(script)}" == request.headers["webhook-signature"]


async def test_the_function_for_python_verifies_what_is_sent(receiver: Receiver) -> None:
    request = await sent(receiver)
    names: dict[str, Any] = {}
    exec(block("python"), names)  # noqa: S102 - the example of our own page
    verified: Callable[..., Any] = names["verified"]

    assert verified(request.body, request.headers, _SECRET) == request.json
    assert verified(request.body + b" ", request.headers, _SECRET) is None
    assert verified(request.body, {}, _SECRET) is None
    spoiled = {**request.headers, "webhook-signature": "nonsense"}
    assert verified(request.body, spoiled, _SECRET) is None


def test_the_line_that_makes_a_secret_makes_one() -> None:
    (line,) = (word for word in words(section(_PAGE, "Setting it up")) if word.startswith("echo"))

    ServiceWebhook("https://service.example/orders", (in_a_shell(line),))


def test_every_type_and_field_is_explained() -> None:
    text = section(_PAGE, "The two webhooks")
    said = json.loads(block("json"))
    fields = [
        *(name for name in said if name != "data"),
        *(f"data.{name}" for name in said["data"]),
    ]

    assert [words(row[0]) for row in rows(text)] == [[act.value] for act in ServiceAct]
    assert [words(row[0])[0] for row in rows(text.partition("```\n")[2])] == fields
