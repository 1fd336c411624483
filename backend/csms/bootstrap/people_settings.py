"""Settings about how people sign in, and about letters to them."""

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings

from csms.adapters.mail.smtp import SmtpServer


class PeopleSettings(BaseSettings):
    """What `Settings` knows of people; checked together with the rest."""

    sign_up: bool | None = Field(default=None, alias="CSMS_SIGN_UP")
    smtp_url: SecretStr | None = Field(default=None, alias="CSMS_SMTP_URL")
    mail_from: str | None = Field(default=None, alias="CSMS_MAIL_FROM")
    smtp_timeout_s: float = Field(default=15, alias="CSMS_SMTP_TIMEOUT_S", gt=0, le=120)
    access_token_s: int = Field(default=3600, alias="CSMS_ACCESS_TOKEN_S", ge=60, le=86400)
    session_days: int = Field(default=30, alias="CSMS_SESSION_DAYS", ge=1, le=365)
    session_idle_days: int = Field(default=7, alias="CSMS_SESSION_IDLE_DAYS", ge=1, le=365)

    @field_validator("smtp_url")
    @classmethod
    def _smtp_is_understood(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None:
            SmtpServer.of_url(url.get_secret_value(), "someone@example.org", 1)
        return url

    @field_validator("mail_from")
    @classmethod
    def _sender_is_an_address(cls, sender: str | None) -> str | None:
        if sender is not None and ("@" not in sender or any(ord(c) < 32 for c in sender)):
            raise ValueError("must be an address such as csms@example.org")
        return sender

    @property
    def mail_server(self) -> SmtpServer | None:
        """Return where letters are handed over, None without a mail server."""
        if self.smtp_url is None or self.mail_from is None:
            return None
        return SmtpServer.of_url(
            self.smtp_url.get_secret_value(), self.mail_from, self.smtp_timeout_s
        )

    def mail_faults(self, public_url: str | None, *, is_production: bool) -> list[str]:
        """Return what does not go together, a sentence each."""
        faults = []
        if (self.smtp_url is None) != (self.mail_from is None):
            faults.append("CSMS_SMTP_URL and CSMS_MAIL_FROM go together; set both")
        if self.smtp_url is not None and public_url is None:
            faults.append("CSMS_SMTP_URL needs PUBLIC_URL: the links in letters lead there")
        if self.sign_up and is_production and self.smtp_url is None:
            faults.append("CSMS_SIGN_UP in production needs CSMS_SMTP_URL: addresses are confirmed")
        return faults
