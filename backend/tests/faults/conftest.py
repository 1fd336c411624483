"""A running product, as for the stories."""

from tests.flows.conftest import network, operator, product

__all__ = ["network", "operator", "product"]
