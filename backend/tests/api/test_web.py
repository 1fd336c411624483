"""The exported web app beside the API: pages, ids, assets, policies, and what stays JSON."""

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import httpx
import pytest

from csms.api.app import create_app
from csms.api.services import Services
from csms.api.settings import ApiSettings
from csms.api.web import NoWebAppError, mount_web

pytestmark = pytest.mark.unit

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
INLINE = "document.title = 'a && b'"
FILES = {
    "index.html": f"<html><script>{INLINE}</script><script src='/a.js'></script>start</html>",
    "404.html": "<html>lost</html>",
    "overview.html": "<html>overview</html>",
    "overview.txt": "flight of overview",
    "chargers.html": "<html>chargers</html>",
    "chargers/_.html": "<html>one charger</html>",
    "chargers/_.txt": "flight of one charger",
    "chargers/_/__next._tree.txt": "tree of one charger",
    "sw.js": "keep()",
    "_next/static/chunks/app-0a1b.js": "run()",
    "_next/static/chunks/app-0a1b.js.br": "brotli of run()",
    "_next/static/chunks/app-0a1b.js.gz": "gzip of run()",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    exported = tmp_path / "out"
    for name, text in FILES.items():
        target = exported / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    (tmp_path / "secret.html").write_text("not part of the app")
    return exported


@pytest.fixture
async def client(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(cast("Services", None), ApiSettings(csrf_secret=bytes(32)))
    mount_web(app, folder, image_sources=["https://tiles.example.org"])
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://csms.test") as client:
        yield client


async def test_front_page_is_html_for_browsers_and_json_for_programs(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/", headers=BROWSER)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "start" in page.text
    assert "accept" in page.headers["vary"].lower()
    plain = await client.get("/", headers={"Accept": "*/*"})
    assert plain.json()["name"] == "csms"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/overview", "<html>overview</html>"),
        ("/overview/", "<html>overview</html>"),
        ("/overview.txt", "flight of overview"),
        ("/chargers", "<html>chargers</html>"),
        ("/chargers/17", "<html>one charger</html>"),
        ("/chargers/a%2Fb", "<html>one charger</html>"),
        ("/chargers/17.txt", "flight of one charger"),
        ("/chargers/17/__next._tree.txt", "tree of one charger"),
    ],
)
async def test_every_address_of_a_page_gets_its_file(
    client: httpx.AsyncClient, path: str, text: str
) -> None:
    response = await client.get(path, headers=BROWSER)
    assert (response.status_code, response.text) == (200, text)


@pytest.mark.parametrize(
    "path", ["/api/nothing", "/users/x/y", "/auth/nothing", "/webhooks/x", "/docs/x", "/ocpp/CP1"]
)
async def test_unknown_address_of_the_api_is_a_json_404(
    client: httpx.AsyncClient, path: str
) -> None:
    response = await client.get(path, headers=BROWSER)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_unknown_page_is_a_page_for_browsers_and_json_for_programs(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/nowhere", headers=BROWSER)
    assert (page.status_code, page.text) == (404, "<html>lost</html>")
    plain = await client.get("/nowhere", headers={"Accept": "application/json"})
    assert plain.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/../secret.html", "/%2e%2e/secret.html", "/chargers/..%2f..%2fsecret.html"]
)
async def test_nothing_outside_the_export_is_served(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert "not part of the app" not in response.text


async def test_head_answers_as_get_without_a_body(client: httpx.AsyncClient) -> None:
    response = await client.head("/chargers/17", headers=BROWSER)
    assert response.status_code == 200
    assert response.headers["content-length"] == str(len(FILES["chargers/_.html"]))
    assert response.content == b""


async def test_hashed_assets_are_kept_for_ever_and_pages_asked_for_again(
    client: httpx.AsyncClient,
) -> None:
    asset = await client.get(
        "/_next/static/chunks/app-0a1b.js", headers={"Accept-Encoding": "identity"}
    )
    assert "immutable" in asset.headers["cache-control"]
    assert asset.headers["content-type"].startswith("text/javascript")
    page = await client.get("/overview", headers=BROWSER)
    assert page.headers["cache-control"] == "no-cache"
    again = await client.get("/overview", headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br;q=0.9", "br"), ("gzip", "gzip"), ("identity", None)]
)
async def test_compressed_twin_is_sent_to_whoever_takes_it(
    client: httpx.AsyncClient, accepted: str, encoding: str | None
) -> None:
    request = client.build_request(
        "GET", "/_next/static/chunks/app-0a1b.js", headers={"Accept-Encoding": accepted}
    )
    response = await client.send(request, stream=True)
    assert response.headers.get("content-encoding") == encoding
    assert response.headers["vary"] == "Accept-Encoding"
    await response.aclose()


async def test_policy_lets_run_only_the_pages_own_scripts(client: httpx.AsyncClient) -> None:
    policy = (await client.get("/", headers=BROWSER)).headers["content-security-policy"]
    digest = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in policy
    (scripts,) = [part for part in policy.split("; ") if part.startswith("script-src")]
    assert "unsafe-inline" not in scripts
    assert "https://tiles.example.org" in policy
    assert "frame-ancestors 'none'" in policy


async def test_the_service_worker_may_fetch_the_apps_own_files(client: httpx.AsyncClient) -> None:
    worker = await client.get("/sw.js")
    assert worker.headers["content-type"] == "text/javascript; charset=utf-8"
    assert worker.headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in worker.headers["content-security-policy"]


def test_a_folder_without_an_export_is_refused(tmp_path: Path) -> None:
    app = create_app(cast("Services", None), ApiSettings(csrf_secret=bytes(32)))
    with pytest.raises(NoWebAppError):
        mount_web(app, tmp_path)
