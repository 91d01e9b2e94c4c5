"""HTTP load, made by wrk: a fixed number of connections, each with one request under way."""

import dataclasses
import json
import pathlib
import subprocess
import tempfile

from figures import Failed, Figures
from stack import call

SCRIPT = pathlib.Path(__file__).with_name("load.lua")
HEADERS = 1024  # bytes; an answer's headers are shorter


@dataclasses.dataclass(frozen=True)
class Request:
    method: str
    path: str
    token: str = "-"
    range: str = "-"  # as in "bytes=" of the header

    def headers(self):
        """The headers as load.lua sends them."""
        return {"Accept-Encoding": "gzip"} | ({} if self.range == "-" else {"Range": f"bytes={self.range}"})


class Load:
    """Sends `requests` in turn. All must cost alike and get answers of the same size.

    wrk counts answers of 400 and above. To find wrong answers that are not errors (200 instead of 206,
    a redirect), the size of the answers is compared with that of one that was checked. `answered` is for
    loads whose first answer is known to have this many bytes.
    """

    def __init__(self, url, requests, connections, body=None, answered=None):
        self.url, self.requests, self.connections = url, requests, connections
        self.body, self.answered = body, answered

    def measure(self, seconds):
        size = self._probe()
        with tempfile.TemporaryDirectory(prefix="coredepot-load.") as folder:
            said = self._wrk(pathlib.Path(folder), seconds)
            if said["requests"] == 0:  # wrk drops what is under way when the time is over
                said = self._wrk(pathlib.Path(folder), 10 * seconds)
        errors = {name: said[name] for name in ("status", "connect", "read", "write", "timeout")}
        if any(errors.values()) or said["requests"] == 0:
            raise Failed(f"{self.requests[0].path}: {said['requests']} requests, errors: {errors}")
        mean = said["bytes"] / said["requests"]
        # wrk counts the bytes of the last requests of a run, but not the requests: one for each connection.
        spare = size * self.connections / said["requests"]
        if not size * 0.9 <= mean <= size * 1.1 + spare + HEADERS:
            raise Failed(f"{self.requests[0].path}: {mean:.0f} bytes an answer, expected {size}")
        return Figures(said["requests"] / said["microseconds"] * 1e6,
                       said["p50"] / 1000, said["p99"] / 1000)

    def _probe(self):
        first = self.requests[0]
        answer = call(first.method, self.url + first.path, first.token.strip("-"), self.body,
                      first.headers())
        if self.answered is not None and len(answer) != self.answered:
            raise Failed(f"{first.path}: {len(answer)} bytes instead of {self.answered}")
        return len(answer)

    def _wrk(self, folder, seconds):
        listing = folder / "requests"
        listing.write_text("".join(
            f"{one.method} {one.path} {one.token} {one.range}\n" for one in self.requests))
        arguments = [listing]
        if self.body is not None:
            (folder / "body").write_bytes(self.body)
            arguments.append(folder / "body")
        threads = min(2, self.connections)
        command = ["wrk", f"-t{threads}", f"-c{self.connections}", f"-d{seconds}s", "--timeout", "20s",
                   "-s", SCRIPT, self.url, "--", *arguments]
        output = subprocess.run(list(map(str, command)), check=True, text=True,
                                stdout=subprocess.PIPE).stdout
        return json.loads(output.splitlines()[-1])
