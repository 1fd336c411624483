"""A person with a browser, and what went wrong in it."""

from pathlib import Path
from typing import Any

from tests.flows.product import ADMIN_EMAIL, Network, Product

AXE = Path(__file__).parents[3] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
AXE_RUN = """async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
})).violations"""


class Visitor:
    """Collects console errors, uncaught errors and failed requests of the page."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("response", self._on_response)

    def _on_console(self, message: Any) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _on_response(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def expect(self, status: int, ending: str) -> None:
        """Take a refusal that the story is about off the faults; fails when there was none."""
        meant = [f for f in self.faults if f.startswith(f"{status} ") and f.endswith(ending)]
        assert meant, f"no {status} of {ending} among {self.faults}"
        self.faults = [fault for fault in self.faults if fault not in meant]

    def sign_in(self, email: str, password: str) -> None:
        """Sign in and wait for the first page."""
        self.page.goto("/sign-in")
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def sign_in_as_operator(self, product: Product) -> None:
        """Sign in as the first administrator."""
        self.sign_in(ADMIN_EMAIL, product.admin_password)

    def sign_in_as_driver(self, network: Network) -> None:
        """Sign in as the network's driver."""
        self.sign_in(network.driver["email"], network.driver_password)

    def open(self, path: str, heading: str) -> None:
        """Open a page and wait until its heading is there."""
        self.page.goto(path)
        self.page.get_by_role("heading", level=1, name=heading).wait_for(state="attached")

    def wait_until_loaded(self) -> None:
        """Wait until nothing on the page stands for what is still to come."""
        self.page.locator(".skeleton").first.wait_for(state="detached")

    def serious_faults_of_access(self) -> list[str]:
        """Return what axe finds serious or critical on the page as it stands."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(AXE_RUN)
        return [
            f"{violation['id']}: {node['html'][:160]}"
            for violation in found
            if violation["impact"] in {"serious", "critical"}
            for node in violation["nodes"]
        ]
