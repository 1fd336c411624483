"""What can go wrong with people and their accounts."""

from csms.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    TooManyError,
    UnauthenticatedError,
    UnavailableError,
)


class AccountNotFoundError(NotFoundError):
    """No such person in this organization."""


class EmailTakenError(ConflictError):
    """Another account has this address."""


class LastOperatorError(ConflictError):
    """Without this account nobody could run the network."""


class AccountErasedError(ConflictError):
    """The person behind the account was erased; nothing of it can be changed."""


class OpenSessionsError(ConflictError):
    """The person still has sessions that must be ended and billed."""


class WeakPasswordError(InvalidError):
    """The password breaks the policy; `detail` says how."""


class BadEmailError(InvalidError):
    """The address cannot be one."""


class BadCredentialsError(UnauthenticatedError):
    """Address and password do not belong together, or the account is not active."""


class BadTokenError(UnauthenticatedError):
    """The token is malformed, expired or withdrawn."""


class SecondFactorNeededError(UnauthenticatedError):
    """The password is right; the code of the second factor is missing."""


class BadSecondFactorError(UnauthenticatedError):
    """The code of the second factor is wrong, or was used before."""


class TooManyTriesError(TooManyError):
    """Somebody guesses."""


class SecondFactorStateError(ConflictError):
    """The second factor is set up already, or is not set up."""


class SessionNotFoundError(NotFoundError):
    """The person has no such open session."""


class SignUpClosedError(ForbiddenError):
    """People cannot make accounts themselves here."""


class BadMailLinkError(InvalidError):
    """The link was used before, is too old, or was never sent."""


class MailServerUnavailableError(UnavailableError):
    """The mail server does not take the letter at present."""


class MailRefusedError(ConflictError):
    """The letter cannot be sent; another try is useless."""


class IssuerUnreachableError(UnavailableError):
    """Whoever signs people in does not answer, so tokens cannot be checked at present."""


class BadWebhookError(UnauthenticatedError):
    """The webhook's signature is wrong, or its time is too far from ours."""


class NotOneselfError(ForbiddenError):
    """A driver sees and changes only the own account."""


class TooManyGrantsError(InvalidError):
    """More roles than a person can sensibly hold."""
