"""A request is the provider's when it is signed with one of the secrets, and fresh."""

import hmac
from datetime import timedelta

import pytest

from models.errors import SettingInvalid, SignatureWrong, TooOld
from tests.webhooks.signing import NOW, PROVIDERS, Signed

BODY = b'{"hello": "w\xc3\xb6rld"}'
ALL = pytest.mark.parametrize("signed", PROVIDERS.values(), ids=PROVIDERS)
TIMED = pytest.mark.parametrize(
    "signed",
    [one for one in PROVIDERS.values() if one.is_timed],
    ids=[name for name, one in PROVIDERS.items() if one.is_timed],
)
GARBAGE = [
    *("", " ", "=", ",", "x", "t=,v1=", "t=1,v1=é", "é" * 10, "\0", "v1,", "v1,é", "Basic "),
    *("Basic é", "Basic AAA", "\ud800", "A" * 100_000),
]


@ALL
@pytest.mark.parametrize("which", [0, 1])
def test_each_of_two_secrets_counts(signed: Signed, which: int) -> None:
    headers = signed.sign(BODY, signed.secrets[which], NOW)

    signed.source().verify(BODY, headers, NOW)


@ALL
def test_another_secret_does_not_count(signed: Signed) -> None:
    headers = signed.sign(BODY, signed.secrets[1], NOW)

    with pytest.raises(SignatureWrong):
        signed.source(count=1).verify(BODY, headers, NOW)


@ALL
def test_a_request_without_its_header_is_not_taken(signed: Signed) -> None:
    with pytest.raises(SignatureWrong):
        signed.source().verify(BODY, {}, NOW)


@ALL
@pytest.mark.parametrize("value", GARBAGE)
def test_a_header_of_garbage_is_not_taken(signed: Signed, value: str) -> None:
    for name in signed.sign(BODY, signed.secrets[0], NOW):
        headers = {**signed.sign(BODY, signed.secrets[0], NOW), name: value}
        with pytest.raises(SignatureWrong):
            signed.source().verify(BODY, headers, NOW)


@ALL
def test_a_header_that_was_sent_twice_is_not_taken(signed: Signed) -> None:
    headers = signed.sign(BODY, signed.secrets[0], NOW)
    twice = {name: f"{value}, {value}" for name, value in headers.items()}

    with pytest.raises(SignatureWrong):
        signed.source().verify(BODY, twice, NOW)


@TIMED
@pytest.mark.parametrize("minutes", [-5, -4, 0, 4, 5])
def test_five_minutes_off_are_borne(signed: Signed, minutes: int) -> None:
    headers = signed.sign(BODY, signed.secrets[0], NOW - timedelta(minutes=minutes))

    signed.source().verify(BODY, headers, NOW)


@TIMED
@pytest.mark.parametrize("seconds", [301, 86_400, -301, -86_400])
def test_older_or_ahead_is_too_old(signed: Signed, seconds: int) -> None:
    headers = signed.sign(BODY, signed.secrets[0], NOW - timedelta(seconds=seconds))

    with pytest.raises(TooOld):
        signed.source().verify(BODY, headers, NOW)


@TIMED
def test_a_wrong_signature_is_wrong_before_it_is_old(signed: Signed) -> None:
    headers = signed.sign(BODY, signed.secrets[1], NOW - timedelta(days=1))

    with pytest.raises(SignatureWrong):
        signed.source(count=1).verify(BODY, headers, NOW)


@ALL
@pytest.mark.parametrize("secrets", [[], [""], ["  "]])
def test_without_a_secret_it_cannot_be_set_up(signed: Signed, secrets: list[str]) -> None:
    name = signed.source().name.upper()
    with pytest.raises(SettingInvalid) as refused:
        signed.make(secrets)

    assert refused.value.variable == f"DUNLIN_{name}_WEBHOOK_SECRETS".replace("_GENERIC", "")


@ALL
def test_one_blank_secret_among_others_is_refused(signed: Signed) -> None:
    with pytest.raises(SettingInvalid) as refused:
        signed.make([*signed.secrets, " "])

    assert not any(secret in str(refused.value) for secret in signed.secrets)


@ALL
def test_a_refusal_quotes_neither_secret_nor_request(signed: Signed) -> None:
    headers = signed.sign(BODY, signed.secrets[1], NOW)
    with pytest.raises(SignatureWrong) as refused:
        signed.source(count=1).verify(BODY, headers, NOW)

    shown = str(refused.value)
    assert not any(part in shown for part in (*signed.secrets, "world", *headers.values()))


def test_a_changed_body_does_not_count() -> None:
    for name, signed in PROVIDERS.items():
        headers = signed.sign(BODY, signed.secrets[0], NOW)
        if name != "chargebee":  # it signs nothing: its password says who speaks
            with pytest.raises(SignatureWrong):
                signed.source().verify(BODY + b" ", headers, NOW)


@ALL
def test_every_secret_is_compared_even_when_the_first_has_matched(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[bytes] = []
    compare = hmac.compare_digest

    def noting(ours: bytes, theirs: bytes) -> bool:
        compared.append(ours)
        return compare(ours, theirs)

    monkeypatch.setattr(hmac, "compare_digest", noting)

    signed.source().verify(BODY, signed.sign(BODY, signed.secrets[0], NOW), NOW)

    assert len(set(compared)) == 2
