"""What can go wrong with certificates."""

from csms.kernel.errors import ConflictError, InvalidError, NotFoundError


class CertificateRequestNotFoundError(NotFoundError):
    """No such request for a signature in this organization."""


class CertificateRequestDecidedError(ConflictError):
    """The request does not wait any more."""


class CertificateNotFoundError(NotFoundError):
    """No such certificate in this organization."""


class SigningRequestRefusedError(InvalidError):
    """The request cannot be signed as it stands."""


class AuthorityKeyUnreadableError(ConflictError):
    """The authority's private key cannot be opened with the passphrase of this installation."""


class CertificateRefusedError(Exception):
    """A presented client certificate is not admitted; `detail` says why, for a person."""

    def __init__(self, detail: str, *, is_revoked: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.is_revoked = is_revoked


class TlsFilesUnusableError(ConflictError):
    """A certificate, key or list that the settings name cannot be used."""
