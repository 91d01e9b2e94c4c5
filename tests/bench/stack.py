"""Coredepot as tests/stack/run starts it, with as many processes of each handler as in production."""

import json
import os
import pathlib
import subprocess
import urllib.error
import urllib.request

import psycopg2

from figures import Failed

SOURCE = pathlib.Path(__file__).resolve().parents[2]


class Stack:
    """Runs from its construction until stop(). `settings` are variables of the handlers. `source` is its checkout,
    which may be another one. With a `journal` it logs there."""

    def __init__(self, build, state, settings, source=SOURCE, journal=None):
        self.state, self.source, self.journal = state, source, journal
        if journal:
            settings = {**settings, "LOG_TO_JOURNAL": "yes"}
        self.process = subprocess.Popen(
            [source / "tests/stack/run", "--die-with-parent", "--build", build, "--state", state,
             "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
            env={"PATH": os.environ["PATH"], **settings})
        word, _, self.url = self.process.stdout.readline().strip().partition(" ")
        if word != "ready":
            raise RuntimeError("the stack does not start")  # it has said why

    def database_url(self, role="coredepot"):
        """The URL for the owner, or for coredepot_reader, coredepot_writer or the superuser postgres."""
        owner = (self.state / "database_url").read_text().strip()
        return owner.replace("//coredepot@", f"//{role}@")

    def database(self, role="coredepot"):
        """A connection on which each statement is a transaction."""
        connection = psycopg2.connect(self.database_url(role))
        connection.autocommit = True
        return connection

    def expect_nothing_spooled(self):
        """Without the database an upload is answered 202, and quickly. That is not what is measured."""
        log = self.journal.of("upload") if self.journal else (self.state / "log/upload.log").read_text(errors="replace")
        if "is spooled" in log:
            raise Failed("uploads were spooled: " + log[-2000:])

    def processes(self):
        """The processes that do the work, together with their descendants."""
        return [self.process.pid, *([self.journal.process()] if self.journal else [])]

    def sidecar_url(self):
        conf = (self.state / "nginx/conf/sidecar.conf").read_text()
        return "http://" + conf.partition("\n    listen ")[2].partition(";")[0]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def call(method, url, token="", body=None, headers=()):
    """Returns the answer's body. Raises Failed unless the answer is a 2xx."""
    request = urllib.request.Request(url, body, dict(headers), method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if body is not None:
        request.add_header("Content-Type", "application/octet-stream")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.read()
    except urllib.error.HTTPError as error:
        raise Failed(f"{method} {url} was answered {error.code}: {error.read()[:500]}") from error


def call_json(*arguments, **named):
    return json.loads(call(*arguments, **named))
