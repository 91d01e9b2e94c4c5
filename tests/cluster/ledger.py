"""What was sent, what was answered, and whether what was promised is kept."""

import concurrent.futures
import dataclasses
import hashlib
import http.client
import json
import threading
import time
import urllib.parse

from balancer import PORT

ADDRESS = "127.0.0.9"  # that devices have; hosts learn it from the balancer
RETRIES = 30
KINDS = ("stored", "spooled", "refused", "unanswered")


@dataclasses.dataclass(frozen=True)
class Entry:
    """One upload. Each has bytes that no other has."""

    device: str      # its key
    sha256: str
    status: int      # 0: the connection ended without an answer
    host: str        # that answered, "" where HAProxy did itself
    filename: str    # "" unless it was accepted
    request: str     # its X-Request-Id
    act: str
    at: float        # when the answer was there (time.monotonic())

    @property
    def kind(self):
        return {201: "stored", 202: "spooled", 0: "unanswered"}.get(self.status, "refused")


def bytes_of(number):
    """Of up to 16 KB."""
    return f"core dump {number}\n".encode() + bytes([ord("a") + number % 26]) * (number * 7919 % 16384)


class Ledger:
    """Uploads through the balancer. For any number of threads."""

    def __init__(self, devices):
        self.devices = devices
        self.act = ""
        self._entries = []
        self._lock = threading.Lock()
        self._next = 0

    def upload(self):
        """Sends one more, once, as a device does: the entry."""
        with self._lock:
            number = self._next
            self._next += 1
        device = self.devices[number % len(self.devices)]
        body, act = bytes_of(number), self.act
        status, headers, answer = 0, {}, b""
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120, source_address=(ADDRESS, 0))
        try:
            connection.request("POST", "/api/iot/coredump?" + urllib.parse.urlencode(
                {"chip": "esp32c3", "firmware_version": "1.0.0", "device_key": device["key"]}), body)
            response = connection.getresponse()
            answer = response.read()
            status, headers = response.status, response.headers
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        filename = json.loads(answer)["filename"] if status in (201, 202) else ""
        entry = Entry(device["key"], hashlib.sha256(body).hexdigest(), status, headers.get("X-Host", ""), filename,
                      headers.get("X-Request-Id", ""), act, time.monotonic())
        with self._lock:
            self._entries.append(entry)
        return entry

    @property
    def entries(self):
        with self._lock:
            return list(self._entries)

    def count(self, kind, act=None):
        return sum(entry.kind == kind and act in (None, entry.act) for entry in self.entries)

    def tally(self, act=None):
        return ", ".join(f"{self.count(kind, act)} {kind}" for kind in KINDS)


class Load:
    """Devices that go on crashing while the story goes on. `pause`: of each thread between two uploads, seconds."""

    def __init__(self, ledger, threads, pause):
        self._ledger, self._pause = ledger, pause
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for thread in self._threads:
            thread.start()

    def _run(self):
        while not self._done.wait(self._pause):
            self._ledger.upload()

    @property
    def goes_on(self):
        return not self._done.is_set()

    def stop(self):
        self._done.set()
        for thread in self._threads:
            thread.join()


def found(host, devices):
    """Of each sha256 how often a host shows it, by lists and downloads; and core dumps it shows and does not have."""
    times, missing = {}, []

    def look_at(device):
        shown = []
        connection = http.client.HTTPConnection("127.0.0.1", host.port, timeout=120)

        def get(path):
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()

        def get_patiently(path):
            # 503 says that the store is busy, and not what is there.
            for _ in range(RETRIES):
                status, answer = get(path)
                if status != 503:
                    break
                time.sleep(1)
            return status, answer
        path = f"/api/devices/{device['id']}/coredumps"
        query = "?limit=1000"
        while query:
            status, answer = get(path + query)
            if status != 200:
                raise RuntimeError(f"{path}{query} was answered {status}: {answer[:300]!r}")
            page = json.loads(answer)
            for coredump in page["coredumps"]:
                status, content = get_patiently(f"{path}/{coredump['id']}/download")
                shown.append((status, hashlib.sha256(content).hexdigest(), coredump["filename"]))
            query = "?limit=1000&cursor=" + urllib.parse.quote(page["next"], safe="") if page["next"] else ""
        connection.close()
        return shown
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for device, shown in zip(devices, pool.map(look_at, devices)):
            for status, sha256, filename in shown:
                if status == 200:
                    times[sha256] = times.get(sha256, 0) + 1
                else:
                    missing.append((device["id"], filename, status))
    return times, missing
