"""An HTTP client that holds every answer against the OpenAPI document."""

import re
from types import TracebackType
from typing import Any, Self

import httpx
import jsonschema
from fastapi import FastAPI

ADDRESS = ("192.0.2.17", 40000)


class Contract:
    """The document, and what it says of one answer."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._paths = [
            (re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path)
            for path in sorted(document["paths"], key=lambda p: p.count("{"))
        ]

    def check(self, answer: httpx.Response) -> None:
        """Fail unless status, media type and body are as documented."""
        request = answer.request
        method = "get" if request.method == "HEAD" else request.method.lower()
        path = next((p for pattern, p in self._paths if pattern.match(request.url.path)), None)
        if path is None or method not in self.document["paths"][path]:
            return
        documented = self.document["paths"][path][method]["responses"]
        status = str(answer.status_code)
        named = f"{request.method} {path} answered {status}"
        if answer.status_code in {400, 413, 500, 503}:
            return
        assert status in documented, f"{named}, which is not documented: {answer.text}"
        if not answer.content or request.method == "HEAD":
            return
        media_type = answer.headers["content-type"].partition(";")[0]
        if media_type in {"application/xml", "text/csv", "text/event-stream"}:
            return
        content = documented[status]["content"]
        assert media_type in content, f"{named} as {media_type}"
        schema = content[media_type]["schema"] | {"components": self.document["components"]}
        found = jsonschema.Draft202012Validator(schema).iter_errors(answer.json())
        faults = [f"{fault.json_path}: {fault.message[:300]}" for fault in found]
        assert not faults, f"{named}: {faults}"


class Caller:
    """The API for one person; every answer is checked, its status too."""

    def __init__(
        self, app: FastAPI, token: str | None = None, contract: Contract | None = None
    ) -> None:
        self.app = app
        self.contract = contract or Contract(app.openapi())
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False, client=ADDRESS),
            base_url="http://testserver",
            headers={"Authorization": f"Bearer {token}"} if token else {},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.client.aclose()

    async def signed_in(self, email: str, password: str) -> "Caller":
        answer = await self.client.post(
            "/auth/token", data={"username": email, "password": password}
        )
        assert answer.status_code == 200, answer.text
        return Caller(self.app, answer.json()["access_token"], self.contract)

    async def ask(self, method: str, path: str, expect: int, **options: Any) -> httpx.Response:
        answer = await self.client.request(method, path, **options)
        assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text}"
        self.contract.check(answer)
        return answer

    async def get(self, path: str, expect: int = 200, **query: Any) -> Any:
        return (await self.ask("GET", path, expect, params=query)).json()

    async def post(self, path: str, body: Any = None, expect: int = 200, **options: Any) -> Any:
        answer = await self.ask("POST", path, expect, json=body, **options)
        return answer.json() if answer.content else None

    async def put(self, path: str, body: Any, expect: int = 200) -> Any:
        return (await self.ask("PUT", path, expect, json=body)).json()

    async def delete(self, path: str, expect: int = 204) -> Any:
        answer = await self.ask("DELETE", path, expect)
        return answer.json() if answer.content else None
