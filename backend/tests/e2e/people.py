"""People of a test's own, so that tests do not find what others changed."""

from tests.flows.product import Network


def new_driver(network: Network, name: str, *, top_up: str | None = "50.00") -> tuple[str, str]:
    """Make a driver of the test's own, with money unless told otherwise; return how to sign in."""
    email, password = f"{name}@example.org", f"{name} has a long password"
    made = network.rest.post(
        "/users", {"email": email, "full_name": name, "role": "USER", "password": password}, 201
    )
    if top_up is not None:
        network.rest.post(
            f"/users/{made['id']}/wallet/top-ups",
            {"amount": {"amount": top_up, "currency": "EUR"}, "note": "cash at the counter"},
        )
    return email, password
