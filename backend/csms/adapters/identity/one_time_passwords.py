"""Time-based one-time passwords (RFC 6238) on pyotp: six digits, SHA-1, thirty seconds."""

from datetime import datetime
from typing import Final

import pyotp

ISSUER: Final = "CSMS"
STEP_S: Final = 30
STEPS_BESIDE: Final = 1
"""Clocks of telephones are off by some seconds (RFC 6238 §5.2)."""


class TotpPasswords:
    """The domain's OneTimePasswords."""

    def __init__(self, issuer: str = ISSUER) -> None:
        self._issuer = issuer

    def new_secret(self) -> str:
        """Return a fresh secret of 160 bits in base 32."""
        return pyotp.random_base32()

    def address(self, secret: str, *, email: str) -> str:
        """Return the otpauth URI that authenticator apps read from a QR code."""
        return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=self._issuer)

    def step_of(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the time step whose code this is, at most one before or after now."""
        if not (len(code) == 6 and code.isascii() and code.isdigit()):
            return None
        password = pyotp.TOTP(secret, interval=STEP_S)
        present = int(now.timestamp()) // STEP_S
        fitting = [
            step
            for step in range(present - STEPS_BESIDE, present + STEPS_BESIDE + 1)
            if pyotp.utils.strings_equal(password.generate_otp(step), code)
        ]
        return fitting[-1] if fitting else None
