"""What can go wrong with people and their accounts."""

from csms.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnauthenticatedError,
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


class NotOneselfError(ForbiddenError):
    """A driver sees and changes only the own account."""


class TooManyGrantsError(InvalidError):
    """More roles than a person can sensibly hold."""
