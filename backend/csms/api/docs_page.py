"""Interactive documents at /docs: our own page over /openapi.json, without any other server."""

from pathlib import Path
from typing import Final

from fastapi import Response

from csms.api.access import public_router

router = public_router("/docs", "documents")

_FOLDER: Final = Path(__file__).parent / "docs_files"
_POLICY: Final = (
    "default-src 'self'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


def _file(name: str, media_type: str) -> Response:
    return Response(
        (_FOLDER / name).read_bytes(),
        media_type=media_type,
        headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"},
    )


@router.get("", include_in_schema=False)
def page() -> Response:
    """The page."""
    return _file("index.html", "text/html; charset=utf-8")


@router.get("/docs.js", include_in_schema=False)
def script() -> Response:
    """What makes it work."""
    return _file("docs.js", "text/javascript; charset=utf-8")


@router.get("/docs.css", include_in_schema=False)
def style() -> Response:
    """What makes it readable."""
    return _file("docs.css", "text/css; charset=utf-8")
