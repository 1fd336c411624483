"""The rules under which another host serves the web app's export (frontend/vercel.json)."""

import json
from pathlib import Path

import pytest

from csms.api.edges import SECURITY_HEADERS
from csms.api.web import RESERVED
from tests.e2e.other_origin import RULES, Rules

pytestmark = pytest.mark.unit

PAGES = RULES.parent / "app"
NOT_PASSED_ON = {"ocpp", "metrics"}
"""Chargers and those who measure come to the product itself."""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export with every page that exists in the source."""
    for page in PAGES.rglob("page.tsx"):
        parts = [p for p in page.parent.relative_to(PAGES).parts if not p.startswith("(")]
        name = "/".join("_" if part.startswith("[") else part for part in parts) or "index"
        for file in (f"{name}.html", f"{name}.txt", f"{name}/__next._tree.txt"):
            target = tmp_path / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(file)
    (tmp_path / "404.html").write_text("lost")
    return tmp_path


def test_every_page_with_an_id_is_served_for_every_id(export: Path) -> None:
    rules = Rules(export)
    pages = sorted(path.relative_to(export) for path in export.rglob("_.html"))
    assert len(pages) >= 5
    for page in pages:
        folder = page.parent.as_posix()
        for asked, given in (
            (f"/{folder}/4711", f"{folder}/_.html"),
            (f"/{folder}/Quay%2F2", f"{folder}/_.html"),
            (f"/{folder}/4711.txt", f"{folder}/_.txt"),
            (f"/{folder}/4711/__next._tree.txt", f"{folder}/_/__next._tree.txt"),
        ):
            found = rules.find(asked)
            assert found.file == export / given, asked
            assert found.status == 200


def test_pages_without_an_id_are_themselves_and_others_are_not_found(export: Path) -> None:
    rules = Rules(export)
    assert rules.find("/").file == export / "index.html"
    assert rules.find("/wallet").file == export / "wallet.html"
    assert rules.find("/nowhere").status == 404
    assert rules.find("/charge/a/b").status == 404


def test_what_the_product_serves_is_passed_on(export: Path) -> None:
    rules = Rules(export)
    for part in sorted(RESERVED - NOT_PASSED_ON):
        address = f"/{part}"
        assert rules.find(address).api_path == address
        if "." not in part and not part.endswith("z"):
            assert rules.find(f"{address}/x/y").api_path == f"{address}/x/y"
    for part in NOT_PASSED_ON:
        assert rules.find(f"/{part}").api_path is None


def test_the_host_adds_the_headers_that_the_product_adds(export: Path) -> None:
    rules = Rules(export)
    added = {name.lower(): value for name, value in rules.headers("/find").items()}
    for name, value in SECURITY_HEADERS:
        assert added[name.decode()] == value.decode()
    assert "frame-ancestors 'none'" in added["content-security-policy"]
    assert "immutable" in rules.headers("/_next/static/chunks/a.js")["Cache-Control"]
    assert rules.headers("/sw.js")["Cache-Control"] == "no-cache"


def test_the_worker_leaves_alone_what_the_product_serves() -> None:
    worker = (RULES.parent / "public" / "sw.js").read_text("utf-8")
    (line,) = [line for line in worker.splitlines() if line.startswith("const SERVED")]
    named = line.split("(", 1)[1].split(")", 1)[0].replace("\\.", ".").split("|")
    assert set(named) == RESERVED


def test_the_rules_are_json_that_names_the_export() -> None:
    rules = json.loads(RULES.read_text("utf-8"))
    assert rules["outputDirectory"] == "out"
    assert rules["framework"] is None, "the files are served as they are"
