"""Where the exported web app lies: given, in the package, or in the checkout."""

from pathlib import Path
from urllib.parse import urlsplit

from csms.bootstrap.settings import Settings

_PACKAGED = Path(__file__).parents[1] / "web"
_CHECKOUT = Path(__file__).parents[3] / "frontend" / "out"


def web_app_folder(settings: Settings) -> Path | None:
    """Return the folder to serve, None when no web app was built."""
    if settings.web_dir is not None:
        return settings.web_dir
    return next((f for f in (_PACKAGED, _CHECKOUT) if (f / "index.html").is_file()), None)


def tile_origins(settings: Settings) -> tuple[str, ...]:
    """Return the origin of the map tiles for the pages' content security policy."""
    if settings.map_tiles_url is None:
        return ()
    parts = urlsplit(settings.map_tiles_url)
    host = parts.netloc.replace("{s}", "*")
    return (f"{parts.scheme}://{host}",)
