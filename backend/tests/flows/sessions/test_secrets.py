"""Each secret of the server serves one purpose."""

import hashlib
import hmac

import httpx
import pytest

from tests.flows.product import ADMIN_EMAIL
from tests.flows.sessions.stage import Stage, in_thread

pytestmark = pytest.mark.integration


async def test_the_csrf_token_comes_from_a_secret_of_its_own(stage: Stage) -> None:
    product = stage.product
    answer = await in_thread(
        httpx.post,
        f"{product.url}/auth/session",
        json={"email": ADMIN_EMAIL, "password": product.admin_password},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    csrf = answer.cookies["csms_csrf"]
    sessions = await stage.on_database(
        lambda connection: connection.fetch("SELECT id FROM user_session WHERE ended_at IS NULL")
    )
    rows = await stage.on_database(
        lambda connection: connection.fetch("SELECT name, value FROM server_secret")
    )
    made_by = [
        name
        for name, value in rows
        for (session_id,) in sessions
        if _csrf(value, session_id) == csrf
    ]
    assert made_by == ["csrf_tokens"]


def _csrf(secret: bytes, session_id: int) -> str:
    return hmac.new(secret, f"csrf:{session_id}".encode(), hashlib.sha256).hexdigest()
