"""Bodies and answers about signing in, signing up, and the own account's security."""

from typing import Annotated, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from csms.api.schemas.body import Body, Name
from csms.api.schemas.users import Email, Password
from csms.domain.identity.letters import Locale
from csms.reads.moments import Moment

Code = Annotated[
    str,
    StringConstraints(min_length=6, max_length=40),
    Field(description="Of the authenticator app, or a recovery code.", examples=["492039"]),
]
LinkToken = Annotated[
    str,
    StringConstraints(min_length=20, max_length=200),
    Field(description="What stands behind `token=` in the letter's link.", examples=["x" * 43]),
]


class TokenForm(BaseModel):
    """The OAuth2 form (RFC 6749 §4.3 and §6); further members, such as `scope`, are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    grant_type: Literal["password", "refresh_token"] = "password"
    username: Annotated[str, Field(max_length=254, description="The email address.")] = ""
    password: Annotated[SecretStr, Field(max_length=256)] = SecretStr("")
    code: Annotated[
        str, Field(max_length=40, description="The second factor's, where one is set up.")
    ] = ""
    refresh_token: Annotated[str, Field(max_length=200)] = ""

    @model_validator(mode="after")
    def _grant_is_complete(self) -> "TokenForm":
        if self.grant_type == "refresh_token":
            if not self.refresh_token:
                raise ValueError("refresh_token is missing")
        elif not (self.username and self.password.get_secret_value()):
            raise ValueError("username and password are missing")
        return self


class SignInBody(Body):
    """A person's address and password, and the second factor's code where one is set up."""

    email: Email
    password: Password
    code: Code | None = None


class SignUpBody(Body):
    """Who wants an account; the letter that follows is in that language."""

    email: Email
    full_name: Annotated[Name, Field(examples=["Dana Driver"])]
    locale: Locale = "en"


class LinkAndPassword(Body):
    """The link's token and the password that is chosen."""

    token: LinkToken
    password: Password


class LinkBody(Body):
    """The link's token."""

    token: LinkToken


class ForgottenBody(Body):
    """Whose password was forgotten; the letter is in that language."""

    email: Email
    locale: Locale = "en"


class LocaleBody(Body):
    """In which language to write."""

    locale: Locale = "en"


class NewPasswordBody(Body):
    """The present password and the next; a letter in that language says that it was changed."""

    current_password: Password
    password: Password
    locale: Locale = "en"


class ProofBody(Body):
    """The present password, once more."""

    current_password: Password


class CodeBody(Body):
    """A code of the authenticator app."""

    code: Code


class ProofAndCode(Body):
    """The present password and a code."""

    current_password: Password
    code: Code


class IssuedTokenAnswer(msgspec.Struct, frozen=True):
    """A bearer token (RFC 6750), and the token for one use that brings the next one."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str


class SessionAnswer(msgspec.Struct, frozen=True):
    """The browser's session; `csrf_token` goes into the header X-CSRF-Token of unsafe calls."""

    user_id: int
    csrf_token: str
    expires_in: int


class Asked(msgspec.Struct, frozen=True):
    """What was asked for is taken up; whether there is such an account is not told."""

    status: Literal["asked"] = "asked"


class OpenSession(msgspec.Struct, frozen=True):
    """One sign-in. `device` is what the browser calls itself."""

    id: int
    kind: Literal["BROWSER", "API", "EXTERNAL"]
    device: str | None
    address: str | None
    created_at: Moment
    last_seen_at: Moment
    expires_at: Moment
    is_current: bool


class OpenSessions(msgspec.Struct, frozen=True):
    """A person's open sessions, the last used first."""

    data: list[OpenSession]


class EndedSessions(msgspec.Struct, frozen=True):
    """How many sessions were ended."""

    ended: int


class SecurityState(msgspec.Struct, frozen=True):
    """How the own account is secured. `has_password` False: another issuer signs the person in."""

    has_password: bool
    is_email_verified: bool
    has_second_factor: bool
    recovery_codes_left: int


class SecondFactorProposal(msgspec.Struct, frozen=True):
    """A secret for the authenticator app, as text and as what its QR code says."""

    secret: str
    address: str


class RecoveryCodes(msgspec.Struct, frozen=True):
    """Codes for the day when the device is lost, each for one use; shown this once."""

    recovery_codes: list[str]
