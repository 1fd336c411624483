"""Which settings of the environment operators are shown, and how: of a secret, whether it is set."""

from pydantic import SecretStr

from csms.api.settings import Variable
from csms.bootstrap.settings import Settings


def shown_variables(settings: Settings) -> tuple[Variable, ...]:
    """Return every setting by the name of its variable; `is_set` is false for a default."""
    shown = []
    for name, field in Settings.model_fields.items():
        value: object = getattr(settings, name)
        is_secret = "SecretStr" in str(field.annotation)
        shown.append(
            Variable(
                name=(field.alias or name).upper(),
                value=None if is_secret or value is None else _text(value),
                is_set=value is not None if is_secret else value != field.get_default(),
                is_secret=is_secret,
            )
        )
    return tuple(shown)


def _text(value: object) -> str:
    match value:
        case SecretStr():
            raise TypeError("a secret is not shown")
        case bool():
            return "true" if value else "false"
        case tuple():
            return ", ".join(str(part) for part in value)
        case _:
            return str(value)
