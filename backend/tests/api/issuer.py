"""A local issuer: real RSA keys, published over real HTTP, and an authorization server's answers."""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

PARTY = "https://csms.example.org"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class LocalIssuer:
    """Publishes its keys at its own address, counts who asks, fails when told to."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.keys = {"first": new_key()}
        self.is_down = False
        self.asked: list[str] = []
        self.codes: dict[str, dict[str, Any]] = {}
        self.users: dict[str, dict[str, Any]] = {}

    def pem(self, name: str = "first") -> str:
        public = self.keys[name].public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def claims(self, now: datetime, **more: Any) -> dict[str, Any]:
        moment = int(now.timestamp())
        return {
            "iss": self.url,
            "sub": "user_1",
            "sid": "sess_1",
            "azp": PARTY,
            "iat": moment,
            "nbf": moment,
            "exp": moment + 60,
            **more,
        }

    def sign(self, claims: dict[str, Any], name: str = "first", **options: Any) -> str:
        headers = {"kid": options.pop("kid", name)}
        key = options.pop("key", self.keys.get(name))
        return jwt.encode(claims, key, options.pop("algorithm", "RS256"), headers=headers)

    def answer(self, path: str, form: dict[str, str], bearer: str) -> tuple[int, Any]:
        self.asked.append(path)
        if self.is_down:
            return 503, {}
        match path:
            case "/.well-known/jwks.json":
                return 200, {"keys": [_jwk(name, key) for name, key in self.keys.items()]}
            case "/.well-known/openid-configuration":
                return 200, {
                    "issuer": self.url,
                    "authorization_endpoint": f"{self.url}/authorize",
                    "token_endpoint": f"{self.url}/token",
                    "jwks_uri": f"{self.url}/.well-known/jwks.json",
                }
            case "/token":
                return self._exchange(form)
            case _ if path.startswith("/v1/users/") and bearer == "sk_test_local":
                return 200, self.users.get(path.rpartition("/")[2], {})
        return 404, {}

    def _exchange(self, form: dict[str, str]) -> tuple[int, Any]:
        """Give the ID token of a code, once, to who shows the verifier (RFC 7636 §4.6)."""
        kept = self.codes.pop(form.get("code", ""), None)
        if kept is None:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if challenge != kept["challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"id_token": self.sign(kept["claims"]), "token_type": "Bearer"}


def _jwk(name: str, key: rsa.RSAPrivateKey) -> dict[str, Any]:
    numbers = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {**numbers, "kid": name, "use": "sig", "alg": "RS256"}


@contextmanager
def local_issuer() -> Iterator[LocalIssuer]:
    """Run an issuer on a port that the system picks."""
    issuer: LocalIssuer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
            status, document = issuer.answer(self.path, form, bearer)
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = LocalIssuer(f"http://127.0.0.1:{server.server_address[1]}")
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
        serving.join(10)
