"""Access tokens are renewed when they have to be, once, and what a renewal brings is kept."""

import asyncio
from datetime import timedelta

import pytest

from integrations.registers import Tokens
from models.errors import DatabaseUnavailable, PeerRefused, PeerUnavailable
from tests.crm.http_server import Answer
from tests.registers.conftest import Open
from tests.registers.fake_tokens import CLIENT_SECRET, PATH
from tests.registers.firm import Firm, read_all
from tests.registers.keeper import Keeper

BOTH = pytest.mark.parametrize("provider", ["quickbooks", "xero"])


def _renewals(firm: Firm) -> int:
    return int(firm.books.tokens.renewals)  # type: ignore[attr-defined]


def _asked(firm: Firm) -> list[str]:
    return [one.path for one in firm.line.requests if one.path != PATH]


@BOTH
async def test_the_refresh_token_of_a_renewal_is_kept(provider: str, open_at: Open) -> None:
    keeper = Keeper()
    firm = await open_at(provider, keeper=keeper)

    await firm.source.page(None, "")

    assert [one.refresh_token for one in keeper.kept] == ["first refresh token", "r-1"]
    assert keeper.kept[-1].expires_at == firm.books.time.now + timedelta(seconds=1800)


@BOTH
async def test_the_next_process_goes_on_with_what_was_kept(provider: str, open_at: Open) -> None:
    keeper = Keeper()
    firm = await open_at(provider, keeper=keeper)
    await firm.source.page(None, "")
    firm.books.time.pass_by(days=1)
    other = await open_at(provider, books=firm.books, keeper=keeper)

    await other.source.page(None, "")

    assert [one.refresh_token for one in keeper.kept[1:]] == ["r-1", "r-2"]


@BOTH
async def test_a_token_that_is_still_good_is_not_renewed(provider: str, open_at: Open) -> None:
    keeper = Keeper()
    firm = await open_at(provider, keeper=keeper)
    await read_all(firm.source)
    other = await open_at(provider, books=firm.books, keeper=keeper)
    await read_all(other.source)

    assert _renewals(firm) == 1


@BOTH
async def test_a_token_about_to_end_is_renewed_before_it_does(provider: str, open_at: Open) -> None:
    firm = await open_at(provider)
    await firm.source.page(None, "")
    firm.books.time.pass_by(seconds=1770)
    asked = len(_asked(firm))

    await firm.source.page(None, "")

    assert _renewals(firm) == 2
    assert len(_asked(firm)) == asked + 1


@BOTH
async def test_a_token_that_was_ended_early_is_renewed_once(provider: str, open_at: Open) -> None:
    firm = await open_at(provider)
    firm.books.open_invoice(0)
    await firm.source.page(None, "")
    firm.books.tokens.end()  # type: ignore[attr-defined]

    assert (await firm.source.page(None, "")).news
    assert _renewals(firm) == 2


@BOTH
async def test_calls_at_a_time_share_one_renewal(provider: str, open_at: Open) -> None:
    firm = await open_at(provider)
    firm.books.tokens.after = 0.1  # type: ignore[attr-defined]

    await asyncio.gather(*(firm.source.page(None, "") for _ in range(5)))
    assert _renewals(firm) == 1

    firm.books.tokens.end()  # type: ignore[attr-defined]
    await asyncio.gather(*(firm.source.page(None, "") for _ in range(5)))
    assert _renewals(firm) == 2


@BOTH
async def test_what_another_worker_renewed_is_taken_over(provider: str, open_at: Open) -> None:
    keeper = Keeper()
    one = await open_at(provider, keeper=keeper)
    other = await open_at(provider, books=one.books, keeper=keeper)
    await one.source.page(None, "")
    await other.source.page(None, "")
    one.books.tokens.end()  # type: ignore[attr-defined]
    await one.source.page(None, "")

    await other.source.page(None, "")

    assert _renewals(one) == 2


@BOTH
async def test_a_token_that_could_not_be_kept_is_kept_before_it_is_used(
    provider: str, open_at: Open
) -> None:
    keeper = Keeper(is_away=True)
    firm = await open_at(provider, keeper=keeper)
    with pytest.raises(DatabaseUnavailable):
        await firm.source.page(None, "")
    with pytest.raises(DatabaseUnavailable):
        await firm.source.page(None, "")
    assert _asked(firm) == []
    keeper.is_away = False

    await firm.source.page(None, "")

    assert keeper.kept[-1].refresh_token == "r-1"
    assert _renewals(firm) == 1


@BOTH
async def test_a_refused_renewal_names_the_variables_and_no_secret(
    provider: str, open_at: Open
) -> None:
    firm = await open_at(provider, keeper=Keeper([Tokens("an old refresh token")]))

    with pytest.raises(PeerRefused) as refused:
        await firm.source.page(None, "")

    said = str(refused.value)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN"):
        assert f"DUNLIN_{provider.upper()}_{name}" in said
    assert "invalid_grant" in said
    for secret in ("an old refresh token", CLIENT_SECRET, "secret words"):
        assert secret not in said


@BOTH
async def test_a_renewal_lost_to_another_worker_is_no_refusal(provider: str, open_at: Open) -> None:
    """Two workers renew at a time; the provider takes the first and refuses the second."""
    firm = await open_at(provider)
    theirs = Tokens("r-9", "access-9", firm.books.time.now + timedelta(hours=1))
    firm.books.tokens.refresh = "r-9"  # type: ignore[attr-defined]
    firm.books.tokens.valid.add("access-9")  # type: ignore[attr-defined]

    class Late(Keeper):
        loads = 0

        async def load(self) -> Tokens:
            self.loads += 1
            return self.kept[-1] if self.loads == 1 else theirs

    late = await open_at(provider, books=firm.books, keeper=Late())

    assert (await late.source.page(None, "")).news == ()


@BOTH
async def test_a_new_token_that_does_not_work_is_refused_and_not_asked_for_on_and_on(
    provider: str, open_at: Open
) -> None:
    firm = await open_at(provider)
    firm.line.before = lambda _: firm.books.tokens.end()  # type: ignore[attr-defined]

    with pytest.raises(PeerRefused, match="401"):
        await firm.source.page(None, "")

    assert _renewals(firm) == 2


@BOTH
async def test_a_token_endpoint_that_is_away_can_be_asked_later(
    provider: str, open_at: Open
) -> None:
    firm = await open_at(provider)
    firm.line.fail_next(Answer(503, headers={"Retry-After": "7"}))

    with pytest.raises(PeerUnavailable) as away:
        await firm.source.page(None, "")

    assert away.value.retry_after == timedelta(seconds=7)
    assert (await firm.source.page(None, "")).news == ()


@BOTH
@pytest.mark.parametrize(
    "granted",
    [
        b"no json",
        {},
        {"access_token": "a", "refresh_token": "r"},
        {"access_token": "", "refresh_token": "r", "expires_in": 1},
        {"access_token": "a\nb", "refresh_token": "r", "expires_in": 1},
        {"access_token": "a", "expires_in": "soon"},
    ],
)
async def test_a_grant_that_is_none_is_refused(
    provider: str, granted: object, open_at: Open
) -> None:
    firm = await open_at(provider)
    firm.line.fail_next(Answer(200, granted))

    with pytest.raises(PeerRefused):
        await firm.source.page(None, "")


def test_tokens_do_not_show_what_they_are() -> None:
    assert "secret" not in repr(Tokens("secret-1", "secret-2"))
