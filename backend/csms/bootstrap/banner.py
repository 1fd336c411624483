"""What a person reads when the product is ready."""

from csms.domain.identity.registry import FirstAdministrator


def describe_ready(
    url: str, database: str, administrator: FirstAdministrator | None, *, has_web_app: bool
) -> str:
    """Return where to go, how to sign in, and how to connect a charger."""
    ocpp = url.replace("http", "ws", 1)
    lines = [
        "",
        f"  Ready on        {url}",
        f"  Web app         {url if has_web_app else 'not built: python3 run.py web'}",
        f"  API             {url}/docs",
        f"  Chargers        {ocpp}/ocpp/<charge point id>",
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
