"""A link from one document of the project to another leads somewhere."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[3]
PLACES = ("*.md", "docs/**/*.md")
_LINK = re.compile(r"\]\((?!\w+:|#)([^)\s#]+)")


def test_every_link_between_documents_leads_somewhere() -> None:
    documents = [file for place in PLACES for file in ROOT.glob(place)]
    links = [
        (file, target) for file in documents for target in _LINK.findall(file.read_text("utf-8"))
    ]
    lost = [
        f"{file.relative_to(ROOT)}: {target}"
        for file, target in links
        if not (file.parent / target).exists()
    ]
    assert links
    assert lost == []
