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
            "Bestätigen Sie Ihre E-Mail-Adresse",
            (
                "Jemand hat mit dieser Adresse ein Konto beantragt. Wenn Sie das waren, "
                "öffnen Sie diesen Link und wählen Sie ein Passwort:\n\n{link}\n\nDer Link gilt "
                "einmal und {hours} Stunden lang. Wenn Sie es nicht waren, tun Sie nichts: "
                "Es wird kein Konto angelegt."
            ),
        ),
        "already_registered": (
            "Sie haben schon ein Konto",
            (
                "Jemand hat mit dieser Adresse ein Konto beantragt, doch sie hat schon "
                "eines. Wenn Sie das Passwort vergessen haben, wählen Sie hier ein neues:\n\n"
                "{link}\n\nDer Link gilt einmal und {hours} Stunden lang. Wenn Sie es nicht "
                "waren, tun Sie nichts."
            ),
        ),
        "reset_password": (
            "Wählen Sie ein neues Passwort",
            (
                "Öffnen Sie diesen Link, um ein neues Passwort zu wählen:\n\n{link}\n\nDer Link "
                "gilt einmal und {hours} Stunden lang. Wenn Sie nicht darum gebeten haben, "
                "tun Sie nichts: Ihr Passwort bleibt, wie es ist."
            ),
        ),
        "verify_email": (
            "Bestätigen Sie Ihre E-Mail-Adresse",
            (
                "Öffnen Sie diesen Link, um zu bestätigen, dass dies Ihre Adresse ist:\n\n"
                "{link}\n\nDer Link gilt einmal und {hours} Stunden lang."
            ),
        ),
        "changed": (
            "Ihr Passwort wurde geändert",
            (
                "Das Passwort Ihres Kontos wurde geändert, andere Geräte wurden abgemeldet. "
                "Wenn Sie das nicht waren, wählen Sie sofort ein neues Passwort:\n\n{link}"
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
            "Confirme su dirección de correo",
            (
                "Alguien ha pedido una cuenta con esta dirección. Si ha sido usted, abra "
                "este enlace y elija una contraseña:\n\n{link}\n\nEl enlace sirve una vez, "
                "durante {hours} horas. Si no ha sido usted, no haga nada: no se crea "
                "ninguna cuenta."
            ),
        ),
        "already_registered": (
            "Ya tiene una cuenta",
            (
                "Alguien ha pedido una cuenta con esta dirección, que ya tiene una. Si ha "
                "olvidado la contraseña, elija una nueva aquí:\n\n{link}\n\nEl enlace sirve una "
                "vez, durante {hours} horas. Si no ha sido usted, no haga nada."
            ),
        ),
        "reset_password": (
            "Elija una contraseña nueva",
            (
                "Abra este enlace para elegir una contraseña nueva:\n\n{link}\n\nEl enlace sirve "
                "una vez, durante {hours} horas. Si no la ha pedido, no haga nada: su "
                "contraseña no cambia."
            ),
        ),
        "verify_email": (
            "Confirme su dirección de correo",
            (
                "Abra este enlace para confirmar que esta dirección es suya:\n\n{link}\n\nEl "
                "enlace sirve una vez, durante {hours} horas."
            ),
        ),
        "changed": (
            "Su contraseña ha cambiado",
            (
                "La contraseña de su cuenta ha cambiado y los demás dispositivos han quedado "
                "desconectados. Si no ha sido usted, elija enseguida una contraseña nueva:\n\n"
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
