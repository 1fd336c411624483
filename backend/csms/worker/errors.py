"""How a handler says that another try is useless."""

from csms.kernel.errors import ConflictError


class JobIsHopelessError(ConflictError):
    """The job cannot succeed as it is; it goes among the dead, where a person sees it."""
