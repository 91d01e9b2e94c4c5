"""Coredepot as tests/stack/run brings it up, with OIDC off and no limit for uploads."""

import json
import os
import pathlib
import subprocess
import urllib.error
import urllib.request

SOURCE = pathlib.Path(__file__).resolve().parents[2]


class Stack:
    """Runs from its making until stop(), or until this program ends, however it ends."""

    def __init__(self, build, state, settings=None):
        self.state = pathlib.Path(state)
        environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
        environment["UPLOAD_RATE_PER_MINUTE"] = "0"
        environment.update(settings or {})
        self.process = subprocess.Popen(
            [SOURCE / "tests/stack/run", "--build", build, "--state", state, "--port", "0", "--die-with-parent"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, env=environment)
        word, _, self.url = self.process.stdout.readline().strip().partition(" ")
        if word != "ready":
            raise RuntimeError("the stack does not start")  # it has said why

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def request(self, method, path, body=None, headers=()):
        """Status, headers and bytes of the answer, whatever the status."""
        request = urllib.request.Request(self.url + path, body, dict(headers), method=method)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60) as answer:
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read()

    def call(self, method, path, body=None):
        """The answer's JSON. `body` may be bytes, or what becomes JSON."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        status, _, answer = self.request(method, path, body)
        if not 200 <= status < 300:
            raise RuntimeError(f"{method} {path} was answered {status}: {answer[:500]!r}")
        return json.loads(answer) if answer else None
