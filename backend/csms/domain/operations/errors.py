"""Why an operation is refused before it is sent. What we only believe is a warning instead."""

from csms.kernel.errors import ConflictError, UnavailableError


class NotSettledError(UnavailableError):
    """The charger is there and has not settled what was asked; a job asks it again."""


class ChargerArchivedError(ConflictError):
    """The charger is archived and is asked for nothing."""


class NoCreditError(ConflictError):
    """The tag's person has too little to spend."""


class NoOpenSessionError(ConflictError):
    """There is no session to stop."""


class SeveralOpenSessionsError(ConflictError):
    """More than one session is open: say which."""


class KeyChangeOpenError(ConflictError):
    """The charger has not yet decided on an earlier change of its key."""
