"""Lets these tests import `devtools`, which stands beside run.py and is not installed."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3]))

from tests.flows.conftest import network, operator, product

__all__ = ["network", "operator", "product"]
