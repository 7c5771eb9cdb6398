"""Settings for people outside Slack: e-mail, texts, payments, and who stands before the web process."""

import re

from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from bot.checks import mail_server, refuse, sender, web_address


class GuestSettings(BaseSettings):
    """How guests are reached, and pay. Part of ``bot.config.Settings``."""

    # Order matters: a check may look at the fields above it.
    smtp_url: str | None = Field(
        default=None,
        validation_alias="SMTP_URL",
        repr=False,
        description="The server that sends e-mail to guests: `smtp://user:password@host:587` (with "
        "STARTTLS), or `smtps://user:password@host:465`. Without it nobody is invited by e-mail.",
    )
    mail_from: str = Field(
        default="",
        validate_default=True,
        validation_alias="MAIL_FROM",
        description="Who these e-mails come from, such as `Sessions <sessions@example.com>`. "
        "Required with `SMTP_URL`.",
    )
    sms_url: str | None = Field(
        default=None,
        validation_alias="SMS_URL",
        repr=False,
        description="The gateway that sends text messages: an address that takes our JSON, see "
        "operations.md. Without it nobody is invited by text.",
    )
    sms_token: str | None = Field(
        default=None,
        validation_alias="SMS_TOKEN",
        repr=False,
        description="The word that we show the gateway, and that it shows us when it passes a reply on.",
    )
    stripe_api_key: str | None = Field(
        default=None,
        validation_alias="STRIPE_API_KEY",
        repr=False,
        description="Stripe's secret key, `sk_…` or `rk_…`. Without it nothing can be charged for.",
    )
    stripe_webhook_secret: str | None = Field(
        default=None,
        validation_alias="STRIPE_WEBHOOK_SECRET",
        repr=False,
        description="The secret Stripe signs its events with, `whsec_…`, for `<PUBLIC_URL>/stripe/webhook`. "
        "Without it Stripe is asked every minute.",
    )
    stripe_api_url: str = Field(
        default="https://api.stripe.com/",
        validation_alias="STRIPE_API_URL",
        description="Base address of Stripe's API. `http://` only for this computer.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        le=9,
        validation_alias="PROXIES",
        description="How many proxies stand before the web process, each of which adds to `X-Forwarded-For`: "
        "so that wrong access codes are counted by who typed them.",
    )

    @field_validator("stripe_api_url")
    @classmethod
    def _stripe(cls, value: str) -> str:
        return web_address(value, "STRIPE_API_URL")

    @field_validator("smtp_url")
    @classmethod
    def _smtp(cls, value: str | None) -> str | None:
        return None if value is None else mail_server(value)

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str, info: ValidationInfo) -> str:
        return sender(value, needed=info.data.get("smtp_url") is not None)

    @field_validator("sms_url")
    @classmethod
    def _gateway(cls, value: str | None) -> str | None:
        return None if value is None else web_address(value, "SMS_URL").rstrip("/")

    @field_validator("stripe_api_key", "stripe_webhook_secret")
    @classmethod
    def _stripe_word(cls, value: str | None, info: ValidationInfo) -> str | None:
        name, pattern, example = {
            "stripe_api_key": ("STRIPE_API_KEY", r"[sr]k_\w+", "sk_… or rk_…"),
            "stripe_webhook_secret": ("STRIPE_WEBHOOK_SECRET", r"whsec_\S+", "whsec_…"),
        }[str(info.field_name)]
        if value is not None and not re.fullmatch(pattern, value):
            raise refuse(f"{name} does not look like {example}: copy it from Stripe's dashboard, Developers.")
        return value
