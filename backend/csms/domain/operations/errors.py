"""Why an operation is refused before it is sent. What we only believe is a warning instead."""

from csms.kernel.errors import ConflictError


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
