"""The part of an identity provider that checkers of its tokens see: discovery and one key."""

import http.server
import json
import threading
import time

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

AUDIENCE = "coredepot"
KEY_ID = "bench"


class Issuer:
    """Serves on a port of 127.0.0.1 from its construction to the end of this process.

    Its tokens are valid for a day. The handlers that check them ask for its key only every five minutes,
    so it does not affect what is measured.
    """

    def __init__(self):
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._pages = {}
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        public |= {"kid": KEY_ID, "use": "sig", "alg": "RS256"}
        public.pop("key_ops", None)
        self._pages["/.well-known/openid-configuration"] = {
            "issuer": self.url, "jwks_uri": f"{self.url}/jwks", "token_endpoint": f"{self.url}/token"}
        self._pages["/jwks"] = {"keys": [public]}
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def _handler(self):
        pages = self._pages

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = json.dumps(pages.get(self.path, {})).encode()
                self.send_response(200 if self.path in pages else 404)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass
        return Handler

    def settings(self):
        """The settings of a stack that trusts this issuer."""
        return {"OIDC_ENABLED": "true", "OIDC_ISSUER_URL": self.url, "OIDC_CLIENT_ID": AUDIENCE}

    def device(self, model_code, key):
        return self._token(azp=f"iotdevice-{model_code}-{key}")

    def admin(self):
        return self._token(azp="bench", realm_access={"roles": ["admin"]})

    def _token(self, **claims):
        now = int(time.time())
        claims |= {"iss": self.url, "aud": AUDIENCE, "iat": now, "exp": now + 86400}
        return jwt.encode(claims, self._key, "RS256", {"kid": KEY_ID})
