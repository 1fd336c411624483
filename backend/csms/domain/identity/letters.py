"""The letters that people get, in their language.

Nothing that a stranger typed in stands in them: a name could be an advertisement.
"""

from dataclasses import dataclass
from typing import Final, Literal

from csms.kernel.ids import OrganizationId

Locale = Literal["en", "de", "fr", "es"]
LetterKind = Literal["sign_up", "already_registered", "reset_password", "verify_email", "changed"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, ready to be sent."""

    organization_id: OrganizationId
    kind: LetterKind
    recipient: str
    subject: str
    body: str


_TEXTS: Final[dict[Locale, dict[LetterKind, tuple[str, str]]]] = {
    "en": {
        "sign_up": (
            "Confirm your email address",
            (
                "Somebody asked for an account with this address. If it was you, open this "
                "link and choose a password:\n\n{link}\n\nThe link works once, for {hours} "
                "hours. If it was not you, do nothing: no account is made."
            ),
        ),
        "already_registered": (
            "You have an account already",
            (
                "Somebody asked for an account with this address, which has one already. If "
                "you forgot the password, choose a new one here:\n\n{link}\n\nThe link works "
                "once, for {hours} hours. If it was not you, do nothing."
            ),
        ),
        "reset_password": (
            "Choose a new password",
            (
                "Open this link to choose a new password:\n\n{link}\n\nThe link works once, for "
                "{hours} hours. If you did not ask for it, do nothing: your password stays "
                "as it is."
            ),
        ),
        "verify_email": (
            "Confirm your email address",
            (
                "Open this link to confirm that this is your address:\n\n{link}\n\nThe link "
                "works once, for {hours} hours."
            ),
        ),
        "changed": (
            "Your password was changed",
            (
                "The password of your account was changed, and other devices were signed "
                "out. If it was not you, choose a new password at once:\n\n{link}"
            ),
        ),
    },
    "de": {
        "sign_up": (
            "Bestätige deine E-Mail-Adresse",
            (
                "Jemand hat mit dieser Adresse ein Konto beantragt. Wenn du das warst, öffne "
                "diesen Link und wähle ein Passwort:\n\n{link}\n\nDer Link gilt einmal, {hours} "
                "Stunden lang. Wenn du es nicht warst, tu nichts: Es wird kein Konto "
                "angelegt."
            ),
        ),
        "already_registered": (
            "Du hast schon ein Konto",
            (
                "Jemand hat mit dieser Adresse ein Konto beantragt, doch sie hat schon "
                "eines. Wenn du das Passwort vergessen hast, wähle hier ein neues:\n\n{link}\n\n"
                "Der Link gilt einmal, {hours} Stunden lang. Wenn du es nicht warst, tu "
                "nichts."
            ),
        ),
        "reset_password": (
            "Wähle ein neues Passwort",
            (
                "Öffne diesen Link, um ein neues Passwort zu wählen:\n\n{link}\n\nDer Link gilt "
                "einmal, {hours} Stunden lang. Wenn du nicht darum gebeten hast, tu nichts: "
                "Dein Passwort bleibt, wie es ist."
            ),
        ),
        "verify_email": (
            "Bestätige deine E-Mail-Adresse",
            (
                "Öffne diesen Link, um zu bestätigen, dass dies deine Adresse ist:\n\n{link}\n\n"
                "Der Link gilt einmal, {hours} Stunden lang."
            ),
        ),
        "changed": (
            "Dein Passwort wurde geändert",
            (
                "Das Passwort deines Kontos wurde geändert, andere Geräte wurden abgemeldet. "
                "Wenn du das nicht warst, wähle sofort ein neues Passwort:\n\n{link}"
            ),
        ),
    },
    "fr": {
        "sign_up": (
            "Confirmez votre adresse e-mail",
            (
                "Quelqu'un a demandé un compte avec cette adresse. Si c'était vous, ouvrez "
                "ce lien et choisissez un mot de passe :\n\n{link}\n\nLe lien est valable une "
                "fois, pendant {hours} heures. Si ce n'était pas vous, ne faites rien : "
                "aucun compte n'est créé."
            ),
        ),
        "already_registered": (
            "Vous avez déjà un compte",
            (
                "Quelqu'un a demandé un compte avec cette adresse, qui en a déjà un. Si vous "
                "avez oublié le mot de passe, choisissez-en un nouveau ici :\n\n{link}\n\nLe "
                "lien est valable une fois, pendant {hours} heures. Si ce n'était pas vous, "
                "ne faites rien."
            ),
        ),
        "reset_password": (
            "Choisissez un nouveau mot de passe",
            (
                "Ouvrez ce lien pour choisir un nouveau mot de passe :\n\n{link}\n\nLe lien est "
                "valable une fois, pendant {hours} heures. Si vous ne l'avez pas demandé, ne "
                "faites rien : votre mot de passe reste inchangé."
            ),
        ),
        "verify_email": (
            "Confirmez votre adresse e-mail",
            (
                "Ouvrez ce lien pour confirmer que cette adresse est la vôtre :\n\n{link}\n\nLe "
                "lien est valable une fois, pendant {hours} heures."
            ),
        ),
        "changed": (
            "Votre mot de passe a été changé",
            (
                "Le mot de passe de votre compte a été changé et les autres appareils ont "
                "été déconnectés. Si ce n'était pas vous, choisissez tout de suite un "
                "nouveau mot de passe :\n\n{link}"
            ),
        ),
    },
    "es": {
        "sign_up": (
            "Confirma tu dirección de correo",
            (
                "Alguien ha pedido una cuenta con esta dirección. Si has sido tú, abre este "
                "enlace y elige una contraseña:\n\n{link}\n\nEl enlace sirve una vez, durante "
                "{hours} horas. Si no has sido tú, no hagas nada: no se crea ninguna cuenta."
            ),
        ),
        "already_registered": (
            "Ya tienes una cuenta",
            (
                "Alguien ha pedido una cuenta con esta dirección, que ya tiene una. Si has "
                "olvidado la contraseña, elige una nueva aquí:\n\n{link}\n\nEl enlace sirve una "
                "vez, durante {hours} horas. Si no has sido tú, no hagas nada."
            ),
        ),
        "reset_password": (
            "Elige una contraseña nueva",
            (
                "Abre este enlace para elegir una contraseña nueva:\n\n{link}\n\nEl enlace sirve "
                "una vez, durante {hours} horas. Si no la has pedido, no hagas nada: tu "
                "contraseña no cambia."
            ),
        ),
        "verify_email": (
            "Confirma tu dirección de correo",
            (
                "Abre este enlace para confirmar que esta dirección es tuya:\n\n{link}\n\nEl "
                "enlace sirve una vez, durante {hours} horas."
            ),
        ),
        "changed": (
            "Tu contraseña ha cambiado",
            (
                "La contraseña de tu cuenta ha cambiado y los demás dispositivos han quedado "
                "desconectados. Si no has sido tú, elige enseguida una contraseña nueva:\n\n"
                "{link}"
            ),
        ),
    },
}


def write_letter(
    kind: LetterKind,
    locale: Locale,
    *,
    organization_id: OrganizationId,
    recipient: str,
    link: str,
    hours: int = 0,
) -> Letter:
    """Return the letter in the reader's language; `hours` is how long its link works."""
    subject, text = _TEXTS[locale][kind]
    body = text.format(link=link, hours=hours) + "\n"
    return Letter(organization_id, kind, recipient, subject, body)
