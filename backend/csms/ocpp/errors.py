"""OCPP 1.6 error codes and the exceptions that carry them (OCPP-J 1.6 §4.2.3, table 7)."""

from enum import StrEnum
from typing import ClassVar


class ErrorCode(StrEnum):
    """The codes of a CALLERROR in OCPP 1.6, spelled as the specification does (EJ 5.1, 5.2)."""

    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    INTERNAL_ERROR = "InternalError"
    PROTOCOL_ERROR = "ProtocolError"
    SECURITY_ERROR = "SecurityError"
    FORMATION_VIOLATION = "FormationViolation"
    PROPERTY_CONSTRAINT_VIOLATION = "PropertyConstraintViolation"
    OCCURENCE_CONSTRAINT_VIOLATION = "OccurenceConstraintViolation"
    TYPE_CONSTRAINT_VIOLATION = "TypeConstraintViolation"
    GENERIC_ERROR = "GenericError"


class WireError(Exception):
    """A payload or call that is answered with a CALLERROR.

    `detail` is a sentence for a person; `path` names the member (`meterValue[0].timestamp`),
    empty for the payload as a whole.
    """

    code: ClassVar[ErrorCode] = ErrorCode.GENERIC_ERROR

    def __init__(self, detail: str, path: str = "") -> None:
        super().__init__(f"{path}: {detail}" if path else detail)
        self.detail = detail
        self.path = path


class UnknownActionError(WireError):
    """No version of the protocol that we speak on this link knows the action."""

    code = ErrorCode.NOT_IMPLEMENTED


class UnsupportedActionError(WireError):
    """The action exists and is not one that a Central System receives."""

    code = ErrorCode.NOT_SUPPORTED


class FormationError(WireError):
    """Not JSON, not an object, or a member that the message does not have."""

    code = ErrorCode.FORMATION_VIOLATION


class OccurrenceError(WireError):
    """A required member is missing, or a list has too few or too many items."""

    code = ErrorCode.OCCURENCE_CONSTRAINT_VIOLATION


class TypeConstraintError(WireError):
    """A member has another JSON type than the schema says."""

    code = ErrorCode.TYPE_CONSTRAINT_VIOLATION


class PropertyConstraintError(WireError):
    """A member has the right type and a value outside its enumeration, length or range."""

    code = ErrorCode.PROPERTY_CONSTRAINT_VIOLATION


class ProtocolViolationError(WireError):
    """The call is well-formed and breaks the protocol in another way."""

    code = ErrorCode.PROTOCOL_ERROR


class SecurityRefusalError(WireError):
    """The call is not allowed now, as before the charger was accepted (EJ 3.8)."""

    code = ErrorCode.SECURITY_ERROR


class InternalFailureError(WireError):
    """We failed; the charger did nothing wrong."""

    code = ErrorCode.INTERNAL_ERROR


class GenericWireError(WireError):
    """Any case that no other code covers."""

    code = ErrorCode.GENERIC_ERROR
