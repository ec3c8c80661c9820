"""Encryption and logins against real servers with a certificate made for the test."""

import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from integrations.mail.smtp import SmtpTransport
from models.errors import MailUnavailable, SettingInvalid
from tests.mail.post_office import LOGIN, LOOPBACK, PostOffice, letter_to, post_office

USERNAME, PASSWORD = LOGIN.login.decode(), LOGIN.password.decode()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PEM file of key and self-signed certificate for the loopback address."""
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=mail.example"),
            *("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-addext", f"subjectAltName=IP:{LOOPBACK}"),
            *("-addext", "keyUsage=critical,digitalSignature,keyCertSign"),
            *("-keyout", folder / "key.pem", "-out", folder / "certificate.pem"),
        ],
        check=True,
        capture_output=True,
    )
    both = folder / "both.pem"
    both.write_text((folder / "key.pem").read_text() + (folder / "certificate.pem").read_text())
    return both


@pytest.fixture(scope="module")
def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(params=["starttls", "tls"])
def security(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def office(security: str, server_side: ssl.SSLContext) -> AsyncIterator[PostOffice]:
    async with post_office(**{security: server_side}, pipelining=True) as office:
        yield office


@asynccontextmanager
async def mail_to(port: int, security: str, **settings: Any) -> AsyncIterator[SmtpTransport]:
    transport = SmtpTransport(LOOPBACK, port, security, timeout=5.0, **settings)  # type: ignore[arg-type]  # parametrised
    try:
        yield transport
    finally:
        await transport.close()


async def test_letters_travel_encrypted_over_one_kept_connection(
    office: PostOffice, security: str, certificate: Path
) -> None:
    async with mail_to(
        office.port, security, ca_file=certificate, username=USERNAME, password=PASSWORD
    ) as mail:
        assert "over TLSv1.3, logged in, with pipelining" in await mail.check()
        for number in range(3):
            await mail.send(letter_to(number=number))

    assert len(office.letters) == 3
    assert office.connections == 2
    assert office.logins == 2


async def test_an_encrypted_connection_that_the_server_closed_is_replaced(
    office: PostOffice, security: str, certificate: Path
) -> None:
    async with mail_to(office.port, security, ca_file=certificate) as mail:
        await mail.send(letter_to(number=1))
        await office.hang_up(b"421 4.4.2 idle\r\n")
        await mail.send(letter_to(number=2))

    assert len(office.letters) == 2


async def test_a_wrong_password_is_tried_once_and_the_settings_are_named(
    office: PostOffice, security: str, certificate: Path
) -> None:
    async with mail_to(
        office.port, security, ca_file=certificate, username=USERNAME, password="wrong"
    ) as mail:
        with pytest.raises(MailUnavailable) as unavailable:
            await mail.send(letter_to())

    assert "535" in str(unavailable.value)
    assert "DUNLIN_SMTP_USERNAME and DUNLIN_SMTP_PASSWORD" in str(unavailable.value)
    assert "wrong" not in str(unavailable.value)
    assert office.logins == 1


async def test_a_certificate_of_unknown_hand_is_not_trusted(
    office: PostOffice, security: str
) -> None:
    async with mail_to(office.port, security, username=USERNAME, password=PASSWORD) as mail:
        with pytest.raises(MailUnavailable, match="certificate is not to be trusted"):
            await mail.check()

    assert office.logins == 0


async def test_a_certificate_for_another_host_is_not_trusted(
    office: PostOffice, security: str, certificate: Path
) -> None:
    transport = SmtpTransport("localhost", office.port, security, ca_file=certificate)  # type: ignore[arg-type]  # parametrised
    with pytest.raises(MailUnavailable, match="Set DUNLIN_SMTP_HOST to the name"):
        await transport.send(letter_to())
    await transport.close()


async def test_a_server_without_starttls_gets_neither_letter_nor_password() -> None:
    async with (
        post_office() as office,
        mail_to(office.port, "starttls", username=USERNAME, password=PASSWORD) as mail,
    ):
        with pytest.raises(MailUnavailable, match="offers no STARTTLS"):
            await mail.send(letter_to())

    assert office.logins == 0
    assert office.letters == []


async def test_tls_to_a_port_that_speaks_none_names_the_settings() -> None:
    async with post_office() as office, mail_to(office.port, "tls") as mail:
        with pytest.raises(MailUnavailable, match="DUNLIN_SMTP_PORT and DUNLIN_SMTP_SECURITY"):
            await mail.send(letter_to())


async def test_a_login_in_the_clear_stays_on_this_machine() -> None:
    async with (
        post_office() as office,
        mail_to(office.port, "none", username=USERNAME, password=PASSWORD) as mail,
    ):
        await mail.send(letter_to())

    assert office.logins == 1


def test_a_file_that_holds_no_authority_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingInvalid, match="DUNLIN_SMTP_CA_FILE"):
        SmtpTransport("mail.firm.example", 587, "starttls", ca_file=tmp_path / "absent.pem")
