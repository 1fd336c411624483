"""Letters by SMTP (RFC 5321): the standard library's client in a thread, with time-outs."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from csms.domain.identity.errors import MailRefusedError, MailServerUnavailableError
from csms.domain.identity.letters import Letter

Security = Literal["starttls", "tls", "none"]
DEFAULT_PORTS: Final[dict[Security, int]] = {"starttls": 587, "tls": 465, "none": 25}
SCHEMES: Final[dict[str, Security]] = {"smtp": "starttls", "smtps": "tls", "smtp+plain": "none"}


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where letters are handed over. `timeout_s` bounds every step of the conversation."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str | None = None
    timeout_s: float = 15

    @classmethod
    def of_url(cls, url: str, sender: str, timeout_s: float) -> "SmtpServer":
        """Read `smtp://user:password@host:port` (STARTTLS), `smtps://` or `smtp+plain://`.

        Raises ValueError.
        """
        parts = urlsplit(url)
        if parts.scheme not in SCHEMES or not parts.hostname:
            raise ValueError("must be smtp://, smtps:// or smtp+plain:// with a host")
        security = SCHEMES[parts.scheme]
        return cls(
            host=parts.hostname,
            port=parts.port or DEFAULT_PORTS[security],
            security=security,
            sender=sender,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            timeout_s=timeout_s,
        )


class SmtpMailer:
    """The domain's Mailer."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    async def send(self, letter_id: int, letter: Letter) -> None:
        """Hand the letter over. Raises MailServerUnavailableError, MailRefusedError."""
        message = self._message(letter_id, letter)
        # The thread cannot be cancelled; its own time-outs end it, and this wait a little later.
        try:
            async with asyncio.timeout(self._server.timeout_s * 6):
                await asyncio.to_thread(self._send, message)
        except TimeoutError as error:
            raise MailServerUnavailableError("the mail server did not answer in time") from error
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(max(code for code, _ in error.recipients.values())) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal(error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefusedError(
                f"the mail server lacks what the settings ask: {error}"
            ) from error
        except (OSError, smtplib.SMTPException) as error:
            raise MailServerUnavailableError(f"the mail server cannot be used: {error}") from error

    def _message(self, letter_id: int, letter: Letter) -> EmailMessage:
        domain = self._server.sender.rpartition("@")[2].rstrip(">")
        message = EmailMessage()
        message["From"] = self._server.sender
        message["To"] = letter.recipient
        message["Subject"] = letter.subject
        message["Date"] = formatdate()
        message["Message-ID"] = f"<letter-{letter_id}@{domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        return message

    def _send(self, message: EmailMessage) -> None:
        server = self._server
        context = ssl.create_default_context()
        connection: smtplib.SMTP
        if server.security == "tls":
            connection = smtplib.SMTP_SSL(
                server.host, server.port, timeout=server.timeout_s, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout_s)
        with connection:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.user is not None:
                connection.login(server.user, server.password or "")
            connection.send_message(message)


def _refusal(code: int) -> MailRefusedError | MailServerUnavailableError:
    """4xx passes, 5xx does not (RFC 5321 §4.2.1); wrong credentials are mended by a person."""
    if 400 <= code < 500 or code in {530, 534, 535}:
        return MailServerUnavailableError(f"the mail server answered {code}")
    return MailRefusedError(f"the mail server refused the letter with {code}")
