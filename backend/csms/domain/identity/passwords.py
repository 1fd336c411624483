"""The password policy: long enough, not the address, not what everybody tries first."""

from typing import Final

from csms.domain.identity.errors import WeakPasswordError

MIN_LENGTH: Final = 8
"""Characters; composition rules are left out on purpose (NIST SP 800-63B §5.1.1.2)."""
MAX_LENGTH: Final = 256
COMMON: Final = frozenset(
    {
        "12345678",
        "123456789",
        "1234567890",
        "11111111",
        "00000000",
        "abcd1234",
        "admin123",
        "administrator",
        "changeme",
        "iloveyou",
        "letmein1",
        "passw0rd",
        "password",
        "password1",
        "password123",
        "qwerty123",
        "qwertyui",
        "qwertyuiop",
        "welcome1",
    }
)


def check_password(password: str, *, email: str) -> None:
    """Raise WeakPasswordError when `password` breaks the policy for the owner of `email`."""
    if len(password) < MIN_LENGTH:
        raise WeakPasswordError(f"a password has at least {MIN_LENGTH} characters")
    if len(password) > MAX_LENGTH:
        raise WeakPasswordError(f"a password has at most {MAX_LENGTH} characters")
    folded = password.casefold()
    if folded in COMMON or len(set(folded)) < 4:
        raise WeakPasswordError("this password is among the first that anybody tries")
    if folded == email.casefold() or folded == email.partition("@")[0].casefold():
        raise WeakPasswordError("the password must not be the email address")
