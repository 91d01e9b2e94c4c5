"""A host of Coredepot: a stack that has a host name, processes and a state folder of its own."""

import http.client
import json
import os
import pathlib
import shutil
import signal

from child import Child
from waiting import Failed, until

SOURCE = pathlib.Path(__file__).resolve().parents[2]

# As a machine has it: host name, process numbers, and the id that tells machines of one name apart.
MACHINE = """
hostname "$1"
[ ! -e /etc/machine-id ] || mount --bind "$2" /etc/machine-id
shift 2
exec "$@"
"""


def ask(port, path, method="GET", body=None):
    """Status and bytes of an answer; status 0: the connection ended without one."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()


class Host:
    """Runs from start() to stop() or die()."""

    def __init__(self, name, port, folder, build, settings):
        self.name, self.port, self.build, self.settings = name, port, build, settings
        self.folder = folder / name
        self.state = self.folder / "state"
        self.child = None

    def start(self):
        """Returns at once; see wait_until_ready()."""
        etc = self.state / "nginx/etc"
        etc.mkdir(parents=True, exist_ok=True)
        # Of clients the balancer knows the addresses: docs/internet.md.
        (etc / "real-ip.conf").write_text("set_real_ip_from 127.0.0.1;\nreal_ip_header X-Forwarded-For;\n")
        (self.folder / "machine-id").write_text(os.urandom(16).hex() + "\n")
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        environment |= {"UPLOAD_RATE_PER_MINUTE": "0", "MAX_COREDUMPS": "1000000", **self.settings}
        self.child = Child(
            f"host {self.name}",
            ["unshare", "--uts", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--",
             "sh", "-euc", MACHINE, "sh", self.name, self.folder / "machine-id",
             SOURCE / "tests/stack/run", "--build", self.build, "--state", self.state, "--port", self.port],
            self.folder / "run.log", env=environment)

    def wait_until_ready(self):
        self.child.wait_until(f"host {self.name} is ready", lambda: "ready http" in self.child.last_words(), 300)

    def ask(self, path, method="GET", body=None):
        """As ask(): of this host, without the balancer."""
        return ask(self.port, path, method, body)

    def call(self, method, path, body=None):
        """The answer's JSON, which has to be good. `body` may be bytes, or what becomes JSON."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        status, answer = self.ask(path, method, body)
        if not 200 <= status < 300:
            raise Failed(f"{method} {path} was answered {status}: {answer[:500]!r}")
        return json.loads(answer) if answer else None

    def has_parsed(self, device, filename):
        """Whether a core dump is PARSED. It is not listed while it is spooled, or the standby a little behind."""
        for coredump in self.call("GET", f"/api/devices/{device['id']}/coredumps")["coredumps"]:
            if coredump["filename"] == filename:
                if coredump["parse_status"] == "ERROR":
                    raise Failed(f"it cannot be parsed: {coredump}")
                return coredump["parse_status"] == "PARSED"
        return False

    def log(self, name):
        """Lines that one of its programs wrote."""
        path = self.state / "log" / f"{name}.log"
        return path.read_text(errors="replace").splitlines() if path.exists() else []

    def die(self):
        """Without a word, as a machine does, and nothing that it kept is ever seen again.

        Returns what was in its own spool, and maybe nowhere else: keys of devices and names of core dumps.
        """
        sockets = os.path.realpath(self.state / "run")
        self.child.process.kill()  # unshare takes all of its processes along
        self.child.process.wait()
        spooled = set()
        for path in self.state.glob("machine/.spool/*/*.spool"):
            key, _, moment = path.stem.partition("-")
            spooled.add((key, f"coredump_{moment}.dmp"))
        shutil.rmtree(self.folder)
        shutil.rmtree(sockets, ignore_errors=True)  # in /tmp, of the machine that we are
        return spooled

    def stop(self):
        if self.child is None or not self.child.runs:
            return
        # unshare itself does not heed signals while it waits.
        children = pathlib.Path(f"/proc/{self.child.process.pid}/task/{self.child.process.pid}/children")
        for pid in children.read_text().split():
            os.kill(int(pid), signal.SIGTERM)
        until(f"host {self.name} has stopped", lambda: not self.child.runs)
