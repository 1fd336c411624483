"""What a person reads when the product is ready."""

from csms.bootstrap.database_place import data_dir_of
from csms.bootstrap.settings import Settings
from csms.domain.identity.registry import FirstAdministrator
from csms.domain.security.tls_port import TlsState


def describe_ready(
    url: str,
    database: str,
    administrator: FirstAdministrator | None,
    *,
    has_web_app: bool,
    tls: tuple[str, ...] = (),
) -> str:
    """Return where to go, how to sign in, and how to connect a charger."""
    ocpp = url.replace("http", "ws", 1)
    lines = [
        "",
        f"  Ready on        {url}",
        f"  Web app         {url if has_web_app else 'not built: python3 run.py web'}",
        f"  API             {url}/docs",
        f"  Chargers        {ocpp}/ocpp/<charge point id>",
        *tls,
        f"  Database        {database}",
    ]
    if administrator is not None:
        lines.append(f"  Administrator   {administrator.email}")
        if administrator.password is not None:
            lines += [
                f"  Password        {administrator.password}",
                "                  (shown this once; change it after signing in)",
            ]
    lines += ["", "  Ctrl-C stops everything in order.", ""]
    return "\n".join(lines)


def describe_tls(state: TlsState, host: str, settings: Settings) -> tuple[str, ...]:
    """Return where chargers of profiles 2 and 3 connect, and whose certificates they see."""
    if state.port is None:
        return ()
    url = settings.ocpp_tls_url or f"wss://{host}:{state.port}"
    if any(one.is_own for one in state.certificates):
        folder = data_dir_of(settings) / "tls"
        origin = f"our own authority made them: chargers need {folder / 'roots.pem'}"
    else:
        origin = "as the settings name them"
    return (
        f"  Chargers, TLS   {url}/ocpp/<charge point id>",
        f"  Certificates    {origin}",
    )
