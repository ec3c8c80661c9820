"""Whatever goes wrong on the way is one of two: try later, or a person has to look."""

from datetime import timedelta

import httpx
import pytest

from models.billing import ObjectChanged, ObjectKind
from models.errors import PeerRefused, PeerUnavailable
from tests.crm.http_server import Answer
from tests.registers.conftest import INVOICING, Open
from tests.registers.firm import NOW, Firm

_ALL = (*INVOICING, "gocardless")
EVERY = pytest.mark.parametrize("provider", _ALL)
_IDS = {"xero": "d4956132-ed94-4dd7-9eaa-aa22dfdf06f2", "quickbooks": "264"}


async def _ready(firm: Firm) -> Firm:
    """One that holds a token already, so that the next request is the one for a page."""
    await firm.source.page(None, "")
    return firm


def _changed(firm: Firm, kind: ObjectKind = ObjectKind.PAYMENT) -> ObjectChanged:
    return ObjectChanged(object=kind, id=_IDS.get(firm.source.name, "x1"), happened_at=NOW)


async def test_too_many_calls_say_when_to_come_back(any_firm: Firm) -> None:
    firm = await _ready(any_firm)
    firm.line.fail_next(Answer(429, headers={"Retry-After": "45"}))

    with pytest.raises(PeerUnavailable) as away:
        await firm.source.page(None, "")

    assert away.value.retry_after == timedelta(seconds=45)


@pytest.mark.parametrize("limit", ["minute", "day"])
async def test_xero_says_which_limit_is_reached(limit: str, open_at: Open) -> None:
    firm = await _ready(await open_at("xero"))
    headers = {"X-Rate-Limit-Problem": limit, "Retry-After": "20000"}
    firm.line.fail_next(Answer(429, headers=headers))

    with pytest.raises(PeerUnavailable, match=rf"429 .*\({limit}\)") as away:
        await firm.source.page(None, "")

    assert away.value.retry_after == timedelta(seconds=20_000)


async def test_a_limit_said_in_other_words_is_not_repeated(open_at: Open) -> None:
    firm = await _ready(await open_at("xero"))
    firm.line.fail_next(Answer(429, headers={"X-Rate-Limit-Problem": "Harbour Ltd 1"}))

    with pytest.raises(PeerUnavailable) as away:
        await firm.source.page(None, "")

    assert "Harbour" not in str(away.value)


@pytest.mark.parametrize("status", [500, 502, 503, 408])
async def test_a_server_that_fails_can_be_asked_later(any_firm: Firm, status: int) -> None:
    firm = await _ready(any_firm)
    firm.line.fail_next(Answer(status, b"secret words"))

    with pytest.raises(PeerUnavailable):
        await firm.source.page(None, "")


@pytest.mark.parametrize("status", [403, 405, 422, 302])
async def test_what_is_refused_is_refused(any_firm: Firm, status: int) -> None:
    firm = await _ready(any_firm)
    firm.line.fail_next(Answer(status, b"secret words"))

    with pytest.raises(PeerRefused, match=str(status)) as refused:
        await firm.source.page(None, "")

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"[]", b"{", b"1e999", b'{"a": NaN}', b"[" * 20_000, b"\xff"]
)
async def test_an_answer_that_is_no_object_is_refused(any_firm: Firm, content: bytes) -> None:
    firm = await _ready(any_firm)
    firm.line.fail_next(Answer(200, content))

    with pytest.raises(PeerRefused):
        await firm.source.page(None, "")


@EVERY
async def test_a_server_that_does_not_answer_in_time_can_be_asked_later(
    provider: str, open_at: Open
) -> None:
    firm = await open_at(provider, timeout=httpx.Timeout(0.2))
    firm.line.fail_next(Answer(200, {}, after=5))

    with pytest.raises(PeerUnavailable, match="in time"):
        await firm.source.page(None, "")


async def test_trouble_in_fetching_one_object_is_the_same_trouble(any_firm: Firm) -> None:
    firm = await _ready(any_firm)
    firm.line.fail_next(Answer(429, headers={"Retry-After": "5"}))

    with pytest.raises(PeerUnavailable) as away:
        await firm.source.fetch(_changed(firm))

    assert away.value.retry_after == timedelta(seconds=5)


@pytest.mark.parametrize("provider", ["stripe", "xero", "chargebee", "gocardless"])
@pytest.mark.parametrize("kind", list(ObjectKind))
async def test_an_object_that_was_never_there_tells_nothing(
    provider: str, kind: ObjectKind, open_at: Open
) -> None:
    firm = await open_at(provider)
    news = await firm.source.fetch(_changed(firm, kind))

    # A payment method that is not there any more cannot be charged.
    assert [one.kind for one in news] in ([], ["means_stated"])


@EVERY
@pytest.mark.parametrize("id", ["..", ".", "a/../b", "x?y=1", "x y", "é", "%2e", "'"])
async def test_an_id_cannot_lead_to_another_path(provider: str, id: str, open_at: Open) -> None:  # noqa: A002
    firm = await _ready(await open_at(provider))
    asked = len(firm.line.requests)
    root = {"chargebee": "/api/v2/transactions/"}.get(provider, "none is asked")

    changed = ObjectChanged(object=ObjectKind.PAYMENT, id=id, happened_at=NOW)
    await firm.source.fetch(changed)

    for request in firm.line.requests[asked:]:
        assert request.path == f"{root}{id}"


@pytest.mark.parametrize("provider", ["quickbooks", "xero"])
async def test_what_changed_in_another_company_tells_nothing(provider: str, open_at: Open) -> None:
    firm = await open_at(provider)
    changed = _changed(firm).model_copy(update={"account": "another", "deleted": True})

    assert await firm.source.fetch(changed) == ()
    assert firm.line.requests == []


async def test_an_answer_whose_lists_are_none_is_refused(any_firm: Firm) -> None:
    firm = await _ready(any_firm)
    names = ("data", "list", "Invoices", "QueryResponse", "payments")
    firm.line.fail_next(Answer(200, dict.fromkeys(names, 1)))

    with pytest.raises(PeerRefused, match="missing or wrong"):
        await firm.source.page(None, "")
