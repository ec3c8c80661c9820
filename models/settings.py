"""Settings from the environment and `.env`: every `DUNLIN_…` variable, its meaning and default."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.errors import SettingInvalid
from models.letter import Firm
from models.vocabulary import NO_MONEY

_PREFIX = "DUNLIN_"

# The grammar of integrations/mail/address.py, which alone can judge a domain that is not ASCII: a
# letter from an address that it refuses would spend its step for nothing.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]+"
_LOCAL = rf'{_ATOM}(?:\.{_ATOM})*|"(?:[ !#-\[\]-~]|\\[ -~])+"'
_ALNUM = r"[A-Za-z0-9\u0080-\U0010ffff]"
_LABEL = rf"{_ALNUM}(?:(?:{_ALNUM}|-){{0,61}}{_ALNUM})?"
_ADDRESS = re.compile(rf"(?P<local>{_LOCAL})@{_LABEL}(?:\.{_LABEL})+")
_LOCAL_OCTETS = 64
_ADDRESS_OCTETS = 254


class Settings(BaseSettings):
    """Everything a process of Dunlin can be told. docs/settings.md lists it and is tested."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: Annotated[
        str, Field(description="Where the facts are kept: sqlite:///FILE or postgresql://…")
    ] = "sqlite:///.dunlin/dunlin.db"

    firm_name: Annotated[str, Field(description="Our name in letters")] = "Our firm"
    firm_address: Annotated[str, Field(description="Our postal address in letters, one line")] = ""
    firm_phone: Annotated[str, Field(description="Our number in letters")] = ""
    firm_country: Annotated[
        str, Field(description="Our country (ISO 3166 alpha-2), for banking days")
    ] = "US"
    firm_zone: Annotated[str, Field(description="Our time zone, for the daily scan")] = "UTC"
    base_currency: Annotated[
        str, Field(description="The currency that a policy's thresholds are in (ISO 4217)")
    ] = "USD"

    sender_name: Annotated[str, Field(description="Who signs letters")] = "Accounts Receivable"
    sender_email: Annotated[str, Field(description="From address of letters")] = "ar@example.com"
    reply_to: Annotated[str, Field(description="Where answers go; the From address if empty")] = ""
    staff_email: Annotated[
        str, Field(description="Who is told when an account has no owner of its own")
    ] = "ar@example.com"

    backup_email: Annotated[
        str, Field(description="Told of what nobody took up, where a customer names no backup")
    ] = ""
    manager_email: Annotated[
        str, Field(description="Told after the backup, where a customer names no manager")
    ] = ""
    leadership_email: Annotated[
        str, Field(description="Gets the weekly digest of all accounts; empty for none")
    ] = ""
    rounds_minutes: Annotated[
        int, Field(ge=1, le=240, description="The longest time between two rounds among our people")
    ] = 5

    alerts_by: Annotated[
        Literal["mail", "slack", "crm"], Field(description="By what our own people are told")
    ] = "mail"
    slack_webhook: Annotated[
        SecretStr, Field(description="Incoming webhook of Slack or of what speaks like it")
    ] = SecretStr("")
    slack_members: Annotated[
        dict[str, str],
        Field(description="Slack member ids by mail address, as JSON, to mention people"),
    ] = {}
    crm: Annotated[
        Literal["", "hubspot", "salesforce"],
        Field(description="The system that knows the relationship; empty for none"),
    ] = ""
    crm_mapping: Annotated[
        Path | None, Field(description="Which of its properties mean what (docs/crm.md)")
    ] = None
    hubspot_token: Annotated[SecretStr, Field(description="Token of a HubSpot private app")] = (
        SecretStr("")
    )
    salesforce_login_url: Annotated[str, Field(description="The Salesforce org's own address")] = ""
    salesforce_client_id: Annotated[str, Field(description="Key of its connected app")] = ""
    salesforce_client_secret: Annotated[SecretStr, Field(description="Secret of that app")] = (
        SecretStr("")
    )
    service_webhook_url: Annotated[
        str, Field(description="Told to suspend and restore services; empty asks a person")
    ] = ""
    service_webhook_secrets: Annotated[
        SecretStr, Field(description="Secrets that sign it, the newest first, with commas between")
    ] = SecretStr("")

    web_host: Annotated[str, Field(description="Address that the web service listens on")] = (
        "127.0.0.1"
    )
    web_port: Annotated[int, Field(ge=1, le=65535, description="Its port")] = 8080
    web_workers: Annotated[
        int, Field(ge=1, le=64, description="How many processes serve the web")
    ] = 2
    web_proxies: Annotated[
        str,
        Field(description="Proxies whose word on a caller's address counts, with commas between"),
    ] = "127.0.0.1"
    webhook_secrets: Annotated[
        SecretStr,
        Field(description="Secrets of webhooks in our own format, with commas between"),
    ] = SecretStr("")
    stripe_webhook_secrets: Annotated[
        SecretStr, Field(description="Signing secrets of Stripe's webhooks, with commas between")
    ] = SecretStr("")
    gocardless_webhook_secrets: Annotated[
        SecretStr, Field(description="Secrets of GoCardless's webhooks, with commas between")
    ] = SecretStr("")
    chargebee_webhook_secrets: Annotated[
        SecretStr, Field(description="USER:PASSWORD of Chargebee's webhooks, with commas between")
    ] = SecretStr("")
    quickbooks_webhook_secrets: Annotated[
        SecretStr, Field(description="Verifier tokens of QuickBooks, with commas between")
    ] = SecretStr("")
    xero_webhook_secrets: Annotated[
        SecretStr, Field(description="Signing keys of Xero's webhooks, with commas between")
    ] = SecretStr("")

    register_source: Annotated[
        Literal["", "stripe", "quickbooks", "xero", "chargebee"],
        Field(description="The billing system that the daily scan reads; empty for none"),
    ] = ""
    secret_key: Annotated[
        SecretStr, Field(description="Encrypts tokens that have to be kept in the database")
    ] = SecretStr("")
    stripe_key: Annotated[SecretStr, Field(description="Restricted key of a Stripe account")] = (
        SecretStr("")
    )
    chargebee_site: Annotated[str, Field(description="Name of the Chargebee site")] = ""
    chargebee_key: Annotated[SecretStr, Field(description="Its read-only API key")] = SecretStr("")
    quickbooks_client_id: Annotated[str, Field(description="Id of the QuickBooks app")] = ""
    quickbooks_client_secret: Annotated[SecretStr, Field(description="Its secret")] = SecretStr("")
    quickbooks_realm: Annotated[str, Field(description="Id of the QuickBooks company")] = ""
    quickbooks_refresh_token: Annotated[
        SecretStr, Field(description="The first refresh token that QuickBooks gave")
    ] = SecretStr("")
    quickbooks_sandbox: Annotated[bool, Field(description="Use QuickBooks's sandbox")] = False
    xero_client_id: Annotated[str, Field(description="Id of the Xero app")] = ""
    xero_client_secret: Annotated[SecretStr, Field(description="Its secret")] = SecretStr("")
    xero_tenant: Annotated[str, Field(description="Id of the Xero organisation")] = ""
    xero_refresh_token: Annotated[
        SecretStr, Field(description="The first refresh token that Xero gave")
    ] = SecretStr("")
    gocardless_token: Annotated[SecretStr, Field(description="Access token of GoCardless")] = (
        SecretStr("")
    )
    gocardless_sandbox: Annotated[bool, Field(description="Use GoCardless's sandbox")] = False

    outbox: Annotated[
        Path, Field(description="Maildir that receives letters while no SMTP server is set")
    ] = Path(".dunlin/outbox")
    smtp_host: Annotated[
        str, Field(description="Mail server; empty keeps letters in the outbox")
    ] = ""
    smtp_port: Annotated[int, Field(ge=1, le=65535, description="Its port")] = 587
    smtp_security: Annotated[
        Literal["starttls", "tls", "none"], Field(description="How the connection is secured")
    ] = "starttls"
    smtp_username: Annotated[str, Field(description="Account at the mail server, if it asks")] = ""
    smtp_password: Annotated[SecretStr, Field(description="Its password")] = SecretStr("")
    smtp_ca_file: Annotated[
        Path | None, Field(description="Certificate authority of the mail server, if private")
    ] = None
    smtp_timeout: Annotated[
        float, Field(gt=0, description="Seconds to wait for an answer; ten minutes for the last")
    ] = 30

    policies: Annotated[Path, Field(description="Folder of policies")] = Path("policies")
    templates: Annotated[Path, Field(description="Folder of letter templates")] = Path("templates")
    payment_link: Annotated[
        str, Field(description="Link to pay, with {invoice_id} and {number}; for invoices without")
    ] = ""

    task_queue: Annotated[str, Field(description="Temporal task queue")] = "dunlin"
    deployment: Annotated[str, Field(description="Temporal worker deployment name")] = "dunlin"
    build_id: Annotated[
        str, Field(description="Version of this worker; set it to use Worker Versioning")
    ] = ""
    drain_seconds: Annotated[
        int, Field(ge=0, description="How long a stopping worker may finish its work")
    ] = 30
    alive_file: Annotated[
        Path | None, Field(description="File that a healthy worker touches every ten seconds")
    ] = None
    scan_hour: Annotated[int, Field(ge=0, le=23, description="Hour of the daily scan")] = 8

    log_format: Annotated[Literal["console", "json"], Field(description="How logs look")] = (
        "console"
    )
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="What is logged")
    ] = "info"

    @field_validator(
        "sender_email",
        "reply_to",
        "staff_email",
        "backup_email",
        "manager_email",
        "leadership_email",
        mode="after",
    )
    @classmethod
    def _takes_mail(cls, value: str) -> str:
        address = value.strip()
        if address and not _is_address(address):
            raise ValueError("expected a mail address such as ar@example.com")
        return address

    # What knows every country and currency takes longer to load than all else here, and is needed
    # only where another than the default is set.
    @field_validator("firm_country", mode="after")
    @classmethod
    def _is_a_country(cls, value: str) -> str:
        from holidays.utils import list_supported_countries

        if len(value) != 2 or value not in list_supported_countries(include_aliases=False):
            raise ValueError("expected the ISO code of a country in capitals, such as US")
        return value

    @field_validator("base_currency", mode="after")
    @classmethod
    def _is_a_currency(cls, value: str) -> str:
        from babel.numbers import list_currencies

        if value in NO_MONEY or value not in list_currencies():
            raise ValueError("expected the ISO code of a currency in capitals, such as USD")
        return value

    @field_validator("firm_zone", mode="after")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
            raise ValueError("expected a time zone such as Europe/Berlin") from unknown
        return value

    @field_validator("database_url", mode="after")
    @classmethod
    def _is_an_engine_we_speak(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
            raise ValueError("expected sqlite:///FILE or postgresql://USER@HOST/NAME")
        try:
            urlsplit(value).port  # noqa: B018  (reading it is the check)
        except ValueError:
            raise ValueError("expected a number between 1 and 65535 as the port") from None
        return value

    @model_validator(mode="after")
    def _password_goes_with_a_name(self) -> Self:
        if self.smtp_password.get_secret_value() and not self.smtp_username:
            raise ValueError("smtp_username: is needed with a password")
        return self

    @model_validator(mode="after")
    def _what_is_connected_is_known(self) -> Self:
        needed = {
            "slack_webhook": self.alerts_by == "slack",
            "crm": self.alerts_by == "crm",
            "crm_mapping": self.crm != "",
            "hubspot_token": self.crm == "hubspot",
            "salesforce_login_url": self.crm == "salesforce",
            "salesforce_client_id": self.crm == "salesforce",
            "salesforce_client_secret": self.crm == "salesforce",
            "service_webhook_secrets": self.service_webhook_url != "",
            "stripe_key": self.register_source == "stripe",
            "chargebee_site": self.register_source == "chargebee",
            "chargebee_key": self.register_source == "chargebee" or self.chargebee_site != "",
            "quickbooks_client_id": self.register_source == "quickbooks",
            "quickbooks_client_secret": self.quickbooks_client_id != "",
            "quickbooks_realm": self.quickbooks_client_id != "",
            "quickbooks_refresh_token": self.quickbooks_client_id != "",
            "xero_client_id": self.register_source == "xero",
            "xero_client_secret": self.xero_client_id != "",
            "xero_tenant": self.xero_client_id != "",
            "xero_refresh_token": self.xero_client_id != "",
            "secret_key": self.quickbooks_client_id != "" or self.xero_client_id != "",
        }
        for name, is_needed in needed.items():
            value = getattr(self, name)
            said = value.get_secret_value() if isinstance(value, SecretStr) else value
            if is_needed and not said:
                raise ValueError(f"{name}: is needed for what is connected")
        return self

    @property
    def firm(self) -> Firm:
        """The sender as letters show it."""
        return Firm(
            name=self.firm_name,
            address=self.firm_address,
            sender_name=self.sender_name,
            sender_email=self.sender_email,
            reply_to=self.reply_to or self.sender_email,
            phone=self.firm_phone,
        )


def _is_address(text: str) -> bool:
    found = _ADDRESS.fullmatch(text)
    return (
        found is not None
        # Bars invisible marks that the expression would let through.
        and text.isprintable()
        and len(found["local"].encode()) <= _LOCAL_OCTETS
        and len(text.encode()) <= _ADDRESS_OCTETS
    )


def load_settings(**told: Any) -> Settings:
    """Settings from the environment, `.env`, and `told` on top.

    Raises:
        SettingInvalid: naming the variable and what it should be.
    """
    try:
        return Settings(**told)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        problem = first["msg"].removeprefix("Value error, ")
        if first["loc"]:
            name = str(first["loc"][0])
        else:
            name, _, problem = problem.partition(": ")
        raise SettingInvalid(f"{_PREFIX}{name.upper()}", problem) from None
