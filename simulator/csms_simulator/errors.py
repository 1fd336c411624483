"""What can go wrong for a virtual charger, one class per case."""

from typing import Any


class SimulatorError(Exception):
    """The family of every error that a virtual charger raises."""


class ConnectRefusedError(SimulatorError):
    """No WebSocket came up: the server is unreachable, or refused the upgrade."""

    def __init__(self, reason: str, *, status_code: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status_code = status_code

    @property
    def is_unreachable(self) -> bool:
        """True when nothing answered, false when something answered with a refusal."""
        return self.status_code is None


class LinkLostError(SimulatorError):
    """The link is down, or went down before the answer came."""


class NoAnswerError(SimulatorError):
    """The server kept the link but did not answer a CALL in time."""

    def __init__(self, action: str, timeout_s: float) -> None:
        super().__init__(f"no answer to {action} within {timeout_s:g} s")
        self.action = action
        self.timeout_s = timeout_s


class CallRefusedError(SimulatorError):
    """A CALLERROR: the server's answer to our CALL, or ours to its CALL (OCPP-J 1.6 §4.2.3)."""

    def __init__(
        self, code: str, description: str = "", details: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {description}" if description else code)
        self.code = code
        self.description = description
        self.details = details or {}


class InvalidFrameError(SimulatorError):
    """A text that is no OCPP-J frame, or a payload that its schema refuses."""


class ScenarioFailedError(SimulatorError):
    """A scenario met an answer with which it cannot go on."""
