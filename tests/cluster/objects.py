"""An object store, asked in S3's words by hands other than the product's.

Signature: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
"""

import datetime
import hashlib
import hmac
import http.client
import urllib.parse
import xml.etree.ElementTree as xml

from waiting import Failed

REGION = "us-east-1"
NAMES = {"s3": "http://s3.amazonaws.com/doc/2006-03-01/"}


def _hmac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


class Objects:
    """A store behind a port of the loopback."""

    def __init__(self, port, access_key="", secret_key="", bucket=""):
        self.port, self.bucket = port, bucket
        self._access_key, self._secret_key = access_key, secret_key

    def is_there(self):
        """Whether anything answers, however it does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status < 500
        except OSError:
            return False
        finally:
            connection.close()

    def _ask(self, method, path, query=None, body=b""):
        path = urllib.parse.quote(path)
        words = "&".join(f"{urllib.parse.quote(name, safe='')}={urllib.parse.quote(value, safe='')}"
                         for name, value in sorted((query or {}).items()))
        now = datetime.datetime.now(datetime.timezone.utc)
        headers = {"host": f"127.0.0.1:{self.port}", "x-amz-content-sha256": hashlib.sha256(body).hexdigest(),
                   "x-amz-date": now.strftime("%Y%m%dT%H%M%SZ")}
        signed = ";".join(headers)
        canonical = "\n".join([method, path, words, *(f"{name}:{value}" for name, value in headers.items()), "", signed,
                               headers["x-amz-content-sha256"]])
        scope = f"{now:%Y%m%d}/{REGION}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], scope,
                          hashlib.sha256(canonical.encode()).hexdigest()])
        key = b"AWS4" + self._secret_key.encode()
        for word in scope.split("/"):
            key = _hmac(key, word)
        headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={self._access_key}/{scope}, SignedHeaders={signed}, "
                                    f"Signature={_hmac(key, text).hex()}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path + ("?" + words if words else ""), body, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise Failed(f"{method} {path} was answered {answer.status} by the object store: {content[:500]!r}")
        return content

    def make_bucket(self):
        self._ask("PUT", f"/{self.bucket}")

    def keys(self, prefix=""):
        """Of all objects below it."""
        found, after = [], None
        while True:
            query = {"list-type": "2", "prefix": prefix}
            if after:
                query["continuation-token"] = after
            page = xml.fromstring(self._ask("GET", f"/{self.bucket}", query))
            found += [key.text for key in page.iterfind("s3:Contents/s3:Key", NAMES)]
            after = page.findtext("s3:NextContinuationToken", None, NAMES)
            if not after:
                return found
