"""Each secret of the server serves one purpose."""

import hashlib
import hmac

import httpx
import jwt
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
    session, csrf = answer.cookies["csms_session"], answer.cookies["csms_csrf"]
    claims = jwt.decode(session, options={"verify_signature": False})
    rows = await stage.on_database(
        lambda connection: connection.fetch("SELECT name, value FROM server_secret")
    )
    assert [name for name, value in rows if _csrf(value, claims) == csrf] == ["csrf_tokens"]


def _csrf(secret: bytes, claims: dict[str, str]) -> str:
    return hmac.new(secret, f"csrf:{claims['sid']}".encode(), hashlib.sha256).hexdigest()
